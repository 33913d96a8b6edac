"""Answers that take a while are made once for all who ask at about the same time, and kept as long as they hold."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from luigi.clock import Clock

MOST: Final = 16
"""How many are kept: those asked for last."""

SHARE: Final = 8
"""What took a second holds for so many at least, so that no more than such a part of the time goes into it."""

HOLDS: Final = 2.0
"""Seconds for which an answer is given though tasks have changed since, unless another number is asked for."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Made(Generic[Value]):
    """An answer, and which state it is of."""

    value: Value
    state: str
    good_until: float
    """Until when it holds whatever the state is; in seconds of the monotonic clock."""


class Reused(Generic[Value]):
    """Keeps answers by what was asked. `least`: seconds for which one holds though the state is another."""

    def __init__(self, clock: Clock, *, least: float = HOLDS, most: int = MOST) -> None:
        self._clock, self._least, self._most = clock, least, most
        self._kept: OrderedDict[Hashable, Made[Value]] = OrderedDict()
        self._guard, self._making = threading.Lock(), threading.Lock()

    def get(self, asked: Hashable, state: str, make: Callable[[], Value]) -> Made[Value]:
        """What there is, if it is of this state or holds still; else what `make` gives, one at a time of all.

        `state` was read before, so that what is made is not older than it says.
        """
        found = self._holding(asked, state)
        if found is None:
            with self._making:
                found = self._holding(asked, state) or self._make(asked, state, make)
        return found

    def forget(self) -> None:
        """Keep none of them."""
        with self._guard:
            self._kept.clear()

    def _holding(self, asked: Hashable, state: str) -> Made[Value] | None:
        with self._guard:
            made = self._kept.get(asked)
            if made is None or (made.state != state and self._clock.monotonic() >= made.good_until):
                return None
            self._kept.move_to_end(asked)
            return made

    def _make(self, asked: Hashable, state: str, make: Callable[[], Value]) -> Made[Value]:
        began = self._clock.monotonic()
        value = make()
        ended = self._clock.monotonic()
        made = Made(value, state, ended + max(self._least, SHARE * (ended - began)))
        with self._guard:
            self._kept[asked] = made
            self._kept.move_to_end(asked)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made
