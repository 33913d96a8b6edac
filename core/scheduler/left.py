"""What is left for each worker, kept count of: tasks that may still come to run.

Those are PENDING or FAILED and wait for no dead end: a disabled task, or one that waits for one.
"""

from __future__ import annotations

from luigi.interfaces import Counts
from luigi.scheduler.records import TaskRecord


class Left:
    """Counts by worker: of its tasks, of those it alone can run, of those it was the last to declare."""

    def __init__(self) -> None:
        self._counts: dict[str, list[int]] = {}

    def of(self, worker: str) -> Counts:
        """What is left for one worker."""
        return Counts(*self._counts.get(worker, (0, 0, 0)))

    def forget(self, worker: str) -> None:
        """Count for a worker no more. Its tasks have to be tallied out before."""
        self._counts.pop(worker, None)

    def tally(self, task: TaskRecord, by: int) -> None:
        """Count a task in (1) or out (-1) for each worker that can run it."""
        runners = task.runners
        alone = by if len(runners) == 1 else 0
        for worker in runners:
            counts = self._counts.get(worker)
            if counts is None:
                counts = self._counts[worker] = [0, 0, 0]
            counts[0] += by
            counts[1] += alone
            if worker == runners[-1]:
                counts[2] += by
