"""Which tasks wait for something to be there, the one to be looked for next first. Times are in seconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

from luigi.task import Task
from luigi.task.poke import Poke


@dataclass(slots=True, eq=False)
class Waiter:
    """One task that waits."""

    task: Task
    token: int
    """Of the assignment."""
    poke: Poke
    since: float
    """When it began to wait, by the clock of whoever looks."""
    looks: int = 0
    """How often it was looked for, here."""
    error: str = ""
    """What the last look raised, if it did."""
    gone: bool = False
    """Whether nobody wants it to be looked for any more."""

    @property
    def until(self) -> float | None:
        """When it is missing; None for never."""
        patience = self.poke.patience
        return None if patience is None else self.since + patience

    def next_look(self, now: float) -> float:
        """When it is to be looked for after a look `now`: the last time just when it is missing."""
        when, until = now + self.poke.delay(self.looks), self.until
        return when if until is None else min(when, until)

    def is_missing(self, now: float) -> bool:
        """Whether its time is over."""
        until = self.until
        return until is not None and now >= until


class Waiters:
    """Those that wait for their next look."""

    def __init__(self) -> None:
        self._entries: list[tuple[float, int, Waiter]] = []
        self._count = 0

    def add(self, waiter: Waiter, when: float) -> None:
        """Have it looked for at `when`."""
        self._count += 1
        heappush(self._entries, (when, self._count, waiter))

    def due(self, now: float, most: int) -> Iterator[Waiter]:
        """Take out up to so many of those that are to be looked for by `now`."""
        while most and self._entries and self._entries[0][0] <= now:
            waiter = heappop(self._entries)[2]
            if not waiter.gone:
                most -= 1
                yield waiter

    @property
    def soonest(self) -> float | None:
        """When one is to be looked for next."""
        while self._entries and self._entries[0][2].gone:
            heappop(self._entries)
        return self._entries[0][0] if self._entries else None
