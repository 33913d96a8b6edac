"""What a running task has around it: where it runs, and the line to its scheduler."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from luigi.interfaces import Progress

if TYPE_CHECKING:
    from luigi.interfaces import Scheduler
    from luigi.task import Task


@dataclass(frozen=True, slots=True)
class Rules:
    """How attempts are made in one run, from the `[worker]` section."""

    worker_id: str
    check_unfulfilled_deps: bool = True
    check_complete_on_run: bool = False


class Context(NamedTuple):
    """What `luigi_run_task` is told beside the task."""

    worker_id: str
    token: int
    """The assignment: unique among all attempts the scheduler ever handed out."""
    run: Callable[[], Sequence[Task] | None]
    """Runs the task, from its start or from where it waits; gives what it now waits for, None when it has ended."""


class Reporter:
    """Passes on what a running task says of itself."""

    __slots__ = ("_scheduler", "_task_id", "_token", "_worker_id", "scheduler_messages")

    def __init__(self, scheduler: Scheduler, task_id: str, worker_id: str, token: int) -> None:
        self._scheduler = scheduler
        self._task_id = task_id
        self._worker_id = worker_id
        self._token = token
        self.scheduler_messages: Any = None

    def update_tracking_url(self, tracking_url: str) -> None:
        """Where the work can be followed."""
        self._say(Progress(self._task_id, self._token, tracking_url=tracking_url))

    def update_status_message(self, message: str) -> None:
        """A line about the work's state."""
        self._say(Progress(self._task_id, self._token, status_message=message))

    def update_progress_percentage(self, percentage: float) -> None:
        """How much is done, 0 to 100."""
        self._say(Progress(self._task_id, self._token, percentage=percentage))

    def decrease_running_resources(self, decrease_resources: Mapping[str, int]) -> None:
        """Give back part of what the task holds: name → amount."""
        self._say(Progress(self._task_id, self._token, given_back=dict(decrease_resources)))

    def _say(self, progress: Progress) -> None:
        self._scheduler.exchange(self._worker_id, [progress], 0)
