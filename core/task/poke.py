"""How one looks for what others make: `Poke`, set on an external task that is to be waited for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from luigi.errors import KernelError, did_you_mean

Duration = float | timedelta


class BadPoke(KernelError):
    """What a task says of how it is to be waited for cannot be followed."""

    def __init__(self, task: object, why: str, hint: str = "") -> None:
        super().__init__(f"{type(task).__name__}.poke: {why}")
        self.hint = hint or "it is luigi.Poke(interval=60, backoff=1, most=3600, timeout=None), or a dict of these"


class Poke(NamedTuple):
    """How often one looks whether an external task is complete, and for how long. Times: seconds, or a timedelta."""

    interval: Duration = 60
    """From one look to the next."""
    backoff: float = 1
    """What the interval is multiplied by with every further look."""
    most: Duration = 3600
    """The longest interval that leads to."""
    timeout: Duration | None = None
    """After so long it is missing; None to look as long as it takes."""

    def delay(self, looks: int) -> float:
        """The seconds from the look before to the next, after so many."""
        interval, most = _seconds(self.interval), _seconds(self.most)
        try:
            return max(interval, min(interval * self.backoff**looks, most))
        except OverflowError:
            return max(interval, most)

    @property
    def patience(self) -> float | None:
        """The seconds after which it is missing; None for never."""
        return None if self.timeout is None else _seconds(self.timeout)


def poke_of(task: Any) -> Poke | None:
    """How a task that others make is to be waited for; None where it is not. Raises BadPoke.

    A parameter or a method of that name is the program's own, and says nothing of it.
    """
    given = getattr(task, "poke", None)
    if given is None or callable(given) or "poke" in task.param_kwargs:
        return None
    poke = given if isinstance(given, Poke) else _made(task, given)
    for name, value in (("interval", poke.interval), ("most", poke.most), ("timeout", poke.timeout)):
        if value is not None and not (isinstance(value, int | float | timedelta) and _seconds(value) > 0):
            raise BadPoke(task, f"{name} = {value!r} is no time above 0")
    if not isinstance(poke.backoff, int | float) or poke.backoff < 1:
        raise BadPoke(task, f"backoff = {poke.backoff!r} is no number from 1")
    return poke


def _made(task: Any, given: object) -> Poke:
    if not isinstance(given, Mapping):
        raise BadPoke(task, f"{given!r} says nothing")
    for name in given:
        if name not in Poke._fields:
            raise BadPoke(task, f"there is no {name!r}", did_you_mean(str(name), Poke._fields))
    return Poke(**given)


def _seconds(duration: Duration) -> float:
    return duration.total_seconds() if isinstance(duration, timedelta) else float(duration)
