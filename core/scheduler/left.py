"""What is left for each worker, kept count of: tasks that may still come to run.

Those are PENDING or FAILED and wait for no dead end: a disabled task, or one that waits for one.
"""

from __future__ import annotations

from luigi.interfaces import Counts
from luigi.scheduler.records import TaskRecord

NO_COUNTS = Counts(0, 0, 0)


class Left:
    """Counts by worker."""

    def __init__(self) -> None:
        self._counts: dict[str, Counts] = {}

    def of(self, worker: str) -> Counts:
        """What is left for one worker."""
        return self._counts.get(worker, NO_COUNTS)

    def forget(self, worker: str) -> None:
        """Count for a worker no more. Its tasks have to be tallied out before."""
        self._counts.pop(worker, None)

    def tally(self, task: TaskRecord, by: int) -> None:
        """Count a task in (1) or out (-1) for each worker that can run it."""
        runners = task.runners
        for worker in runners:
            pending, unique, last, elsewhere = self._counts.get(worker, NO_COUNTS)
            alone = by if len(runners) == 1 else 0
            mine = by if runners[-1] == worker else 0
            self._counts[worker] = Counts(pending + by, unique + alone, last + mine, elsewhere)
