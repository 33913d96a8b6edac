"""How long calls took, by verb: counts by size, so that those of a million calls, and of several processes, add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import ceil, log
from typing import Any, Final

STEP: Final = 1.05
"""Each size is so many times the one below: what is told of calls is right within five in a hundred."""

LEAST: Final = 1e-5


class Latencies:
    """Of each verb, how many calls took how long, and the longest, in seconds."""

    def __init__(self, told: Mapping[str, Any] | None = None) -> None:
        """`told`: what `as_json` gave."""
        self._sizes: dict[str, Counter[int]] = {}
        self._longest: dict[str, float] = {}
        if told is not None:
            self.add(told)

    def note(self, verb: str, seconds: float) -> None:
        """Take in a call."""
        sizes = self._sizes.setdefault(verb, Counter())
        sizes[max(0, ceil(log(seconds / LEAST, STEP)))] += 1
        if seconds > self._longest.get(verb, 0.0):
            self._longest[verb] = seconds

    def add(self, told: Mapping[str, Any]) -> None:
        """Take in what another process measured."""
        for verb, (sizes, longest) in told.items():
            self._sizes.setdefault(verb, Counter()).update({int(size): number for size, number in sizes.items()})
            self._longest[verb] = max(longest, self._longest.get(verb, 0.0))

    def as_json(self) -> dict[str, Any]:
        """All of it, for another process."""
        return {verb: (sizes, self._longest[verb]) for verb, sizes in self._sizes.items()}

    @property
    def verbs(self) -> list[str]:
        """Those there were calls of."""
        return list(self._sizes)

    def calls(self, verb: str = "") -> int:
        """How many there were of a verb, or of all."""
        return sum(self._of(verb).values())

    def longest(self, verb: str = "") -> float:
        """The longest call of a verb, or of all."""
        return max((found for name, found in self._longest.items() if verb in ("", name)), default=0.0)

    def within(self, share: float, verb: str = "") -> float:
        """The seconds within which such a share of the calls of a verb, or of all, were answered."""
        sizes, passed = self._of(verb), 0
        for size in sorted(sizes):
            passed += sizes[size]
            if passed >= share * sizes.total():
                return LEAST * STEP**size
        return 0.0

    def _of(self, verb: str) -> Counter[int]:
        if verb:
            return self._sizes.get(verb, Counter())
        together: Counter[int] = Counter()
        for sizes in self._sizes.values():
            together.update(sizes)
        return together
