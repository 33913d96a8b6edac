"""Tasks by status, those that changed last at the end: what views read, so that none has to look at every task."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Final

from luigi.scheduler.records import NEXT, TaskRecord

REMEMBERED: Final = 10_000
"""How many removals are remembered for those who ask what changed."""


class Index:
    """Keeps each task where its status says, and numbers the changes."""

    def __init__(self) -> None:
        self.by_status: dict[str, dict[TaskRecord, None]] = {status: {} for status in NEXT}
        self.families: dict[str, dict[str, int]] = {}
        """How many tasks of each family have each status."""
        self.version = 0
        """The number of the last change."""
        self.removed: deque[tuple[int, str]] = deque(maxlen=REMEMBERED)
        """Version and id of the tasks forgotten last."""

    def add(self, task: TaskRecord) -> None:
        """Take in a new task."""
        self.take_in(task)
        self.version = task.version = self.version + 1

    def take_in(self, task: TaskRecord) -> None:
        """Take in a task that changed last when its version says. Those that changed later come later."""
        self.by_status[task.status][task] = None
        self._count_in(task)

    def moved(self, task: TaskRecord, before: str) -> None:
        """Note that the task had the status `before` and has another."""
        after = task.status
        del self.by_status[before][task]
        self.by_status[after][task] = None
        counts = self.families[task.family]
        counts[before] -= 1
        counts[after] += 1
        self.version = task.version = self.version + 1

    def touched(self, task: TaskRecord) -> None:
        """Note that something else about the task changed."""
        tasks = self.by_status[task.status]
        del tasks[task]
        tasks[task] = None
        self.version = task.version = self.version + 1

    def renamed(self, task: TaskRecord, family: str) -> None:
        """Note that the task, known by its id alone so far, is one of `family`."""
        self._count_out(task)
        task.family = family
        self._count_in(task)

    def remove(self, task: TaskRecord) -> None:
        """Know the task no more."""
        del self.by_status[task.status][task]
        self._count_out(task)
        self.version += 1
        self.removed.append((self.version, task.task_id))

    def changed_since(self, version: int) -> Iterator[TaskRecord]:
        """The tasks changed after `version`, of each status the newest first."""
        for tasks in self.by_status.values():
            for task in reversed(tasks):
                if task.version <= version:
                    break
                yield task

    def _count_out(self, task: TaskRecord) -> None:
        counts = self.families[task.family]
        counts[task.status] -= 1
        if not any(counts.values()):
            del self.families[task.family]

    def _count_in(self, task: TaskRecord) -> None:
        counts = self.families.get(task.family)
        if counts is None:
            counts = self.families[task.family] = dict.fromkeys(NEXT, 0)
        counts[task.status] += 1
