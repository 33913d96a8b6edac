"""Counts of a run in progress: tasks by family and status, and those that run now. Each event costs the same."""

from __future__ import annotations

from luigi.task_status import BATCH_RUNNING, DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN

SHOWN = (DONE, RUNNING, PENDING, FAILED, DISABLED)
"""The statuses that are counted, in the order they are told."""

ENDED = (DONE, FAILED, DISABLED)


class Tally:
    """What happened so far, fed by transitions."""

    __slots__ = ("attempts", "families", "running")

    def __init__(self) -> None:
        self.families: dict[str, dict[str, int]] = {}
        """Family → status → tasks."""
        self.running: dict[str, None] = {}
        """The ids of tasks that run now, in the order they began."""
        self.attempts = 0
        """How many tries have come to an end: the measure of speed."""

    def moved(self, task_id: str, family: str, before: str, after: str) -> None:
        """Take in that a task went from one status to another. Every task starts as UNKNOWN."""
        try:
            counts = self.families[family]
        except KeyError:
            counts = self.families[family] = dict.fromkeys((*SHOWN, BATCH_RUNNING, UNKNOWN), 0)
        counts[before] -= 1
        counts[after] += 1
        if after == RUNNING:
            self.running[task_id] = None
        elif before == RUNNING:
            self.running.pop(task_id, None)
            if after != PENDING:
                self.attempts += 1

    def counts(self) -> dict[str, int]:
        """Status → tasks, over all families. Without those that are only known as somebody's requirement."""
        families = list(self.families.values())  # another thread may add one meanwhile
        return {status: sum(counts[status] for counts in families) for status in SHOWN}
