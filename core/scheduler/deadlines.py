"""Which tasks wait for time to pass, soonest first.

An entry counts if something is due at just that time: when that changes there is a new one, and the old one is stale.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import heapify, heappop, heappush
from math import inf

from luigi.scheduler.records import FEW, TaskRecord


class Deadlines:
    """Times, in seconds since the epoch, and the tasks that wait for them.

    `counts` says whether something is due for a task at just that time.
    """

    def __init__(self, counts: Callable[[float, TaskRecord], bool]) -> None:
        self._entries: list[tuple[float, int, int, TaskRecord]] = []
        self._count = 0
        self._counts = counts
        self._bound = FEW

    def add(self, when: float | None, task: TaskRecord) -> None:
        """Have `task` looked at as soon as it is `when`; never, if that is None or infinite."""
        if when is None or when == inf:
            return
        self._count += 1
        heappush(self._entries, (when, task.age, self._count, task))
        if len(self._entries) > self._bound:
            self._drop_stale()

    def _drop_stale(self) -> None:
        """Some deadlines are years away, and what waits for them may be long gone."""
        self._entries = [entry for entry in self._entries if self._counts(entry[0], entry[3])]
        heapify(self._entries)
        self._bound = 2 * len(self._entries) + FEW

    def reached(self, now: float) -> Iterator[tuple[float, TaskRecord]]:
        """Take out the tasks whose time has come, soonest first, of one time the oldest first.

        What is added meanwhile is among them.
        """
        while self._entries and self._entries[0][0] <= now:
            when, _, _, task = heappop(self._entries)
            yield when, task

    @property
    def soonest(self) -> float | None:
        """When a task is to be looked at next."""
        return self._entries[0][0] if self._entries else None
