"""Luigi's shape of a task history: three calls, made by the scheduler as a task comes, starts and ends.

A program hands one to `luigi.scheduler.Scheduler(task_history_impl=…)`; `luigi.recording` calls it, in a thread of its
own. What plugins offer keeps more, and many facts at once: `luigi.telling.TaskHistory`.
"""

from __future__ import annotations

import abc
from collections.abc import Mapping
from typing import Any


class StoredTask:
    """A task as a history keeps it: with the status it had, and where it ran."""

    def __init__(self, task: Any, status: str, host: str | None = None) -> None:
        """`task` has a `family` and `params`, as the scheduler's tasks and `luigi.telling.TaskFacts` have."""
        self._task = task
        self.status = status
        self.record_id: int | None = None
        """Where the history keeps it; set by the history."""
        self.host = host

    @property
    def task_family(self) -> str:
        """The name of its class."""
        return self._task.family  # type: ignore[no-any-return]

    @property
    def parameters(self) -> Mapping[str, str]:
        """Values as texts, by name; no private ones."""
        return self._task.params  # type: ignore[no-any-return]


class TaskHistory(abc.ABC):
    """Keeps what happens to tasks. `task` has the names of the scheduler's tasks: id, family, params, status, …"""

    @abc.abstractmethod
    def task_scheduled(self, task: Any) -> None:
        """A task waits for its turn."""

    @abc.abstractmethod
    def task_finished(self, task: Any, successful: bool) -> None:
        """An attempt ended, or the task was found done."""

    @abc.abstractmethod
    def task_started(self, task: Any, worker_host: str) -> None:
        """A task was handed out to a worker on that machine."""


class NopHistory(TaskHistory):
    """Keeps nothing."""

    def task_scheduled(self, task: Any) -> None:
        """Nothing is kept."""

    def task_finished(self, task: Any, successful: bool) -> None:
        """Nothing is kept."""

    def task_started(self, task: Any, worker_host: str) -> None:
        """Nothing is kept."""
