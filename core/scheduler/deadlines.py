"""Which tasks wait for time to pass, soonest first.

An entry is never taken out early: whoever takes it asks the task whether something is due by then.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from math import inf

from luigi.scheduler.records import TaskRecord


class Deadlines:
    """Times, in seconds since the epoch, and the tasks that wait for them."""

    def __init__(self) -> None:
        self._entries: list[tuple[float, int, TaskRecord]] = []
        self._count = 0

    def add(self, when: float | None, task: TaskRecord) -> None:
        """Have `task` looked at as soon as it is `when`; never, if that is None or infinite."""
        if when is None or when == inf:
            return
        self._count += 1
        heappush(self._entries, (when, self._count, task))

    def reached(self, now: float) -> Iterator[TaskRecord]:
        """Take out the tasks whose time has come, soonest first. What is added meanwhile is among them."""
        while self._entries and self._entries[0][0] <= now:
            yield heappop(self._entries)[2]

    @property
    def soonest(self) -> float | None:
        """When a task is to be looked at next."""
        return self._entries[0][0] if self._entries else None
