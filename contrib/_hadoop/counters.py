"""Counters of a job, as its mappers and reducers tell Hadoop of them: by lines on the standard error."""

from __future__ import annotations

import sys


class Counters:
    """Adds up what is counted, so that not every step is told."""

    def __init__(self) -> None:
        self._untold: dict[tuple[str, ...], int] = {}

    def add(self, name: tuple[str, ...], count: int, at_least: int) -> None:
        """Count, and tell when it comes to `at_least`. `name` is a group and a name, or a name alone."""
        untold = self._untold.get(name, 0) + count
        if untold >= at_least:
            _tell(name, untold)
            untold = 0
        self._untold[name] = untold

    def tell_all(self) -> None:
        """Tell what is left."""
        for name, untold in self._untold.items():
            if untold:
                _tell(name, untold)
        self._untold.clear()


def _tell(name: tuple[str, ...], count: int) -> None:
    words = [part.replace(",", ";").replace("\n", " ") for part in name]  # a comma divides, a line feed ends
    print(f"reporter:counter:{','.join([*words, str(count)])}", file=sys.stderr)
