"""What a running task and its scheduler say to each other, in Luigi's classes."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any


class SchedulerMessage:
    """A message from the scheduler, as a task finds it in its `scheduler_messages`. Equal to its own text."""

    def __init__(self, scheduler: Any, task_id: str, message_id: str, content: str, **payload: Any) -> None:
        self._scheduler = scheduler
        self._task_id = task_id
        self._message_id = message_id
        self.content = content
        self.payload = payload

    def __str__(self) -> str:
        return str(self.content)

    def __eq__(self, other: object) -> bool:
        return self.content == (other.content if isinstance(other, SchedulerMessage) else other)

    def __hash__(self) -> int:
        return hash(self.content)

    def respond(self, response: object) -> None:
        """Answer; who sent the message can read it."""
        self._scheduler.add_scheduler_message_response(self._task_id, self._message_id, response)


class TaskStatusReporter:
    """Passes on what a running task says of itself, by the scheduler's methods of Luigi's names.

    The kernel's own runs use `luigi.worker.context.Reporter`, which knows the assignment too.
    """

    def __init__(self, scheduler: Any, task_id: str, worker_id: str, scheduler_messages: Any) -> None:
        self._scheduler = scheduler
        self._task_id = task_id
        self._worker_id = worker_id
        self.scheduler_messages = scheduler_messages

    def update_tracking_url(self, tracking_url: str) -> None:
        """Where the work can be followed."""
        self._scheduler.add_task(
            task_id=self._task_id, worker=self._worker_id, status="RUNNING", tracking_url=tracking_url
        )

    def update_status_message(self, message: str) -> None:
        """A line about the work's state."""
        self._scheduler.set_task_status_message(self._task_id, message)

    def update_progress_percentage(self, percentage: float) -> None:
        """How much is done, 0 to 100."""
        self._scheduler.set_task_progress_percentage(self._task_id, percentage)

    def decrease_running_resources(self, decrease_resources: Mapping[str, int]) -> None:
        """Give back part of what the task holds: name → amount."""
        self._scheduler.decrease_running_task_resources(self._task_id, decrease_resources)

    def report_task_statistics(self, statistics: Mapping[str, Any]) -> None:
        """Numbers about the work, for the scheduler's metrics."""
        self._scheduler.report_task_statistics(self._task_id, statistics)


class DequeQueue(deque[Any]):
    """A queue of this process with the methods of `multiprocessing.Queue`. It never waits."""

    def put(self, obj: Any, block: bool | None = None, timeout: float | None = None) -> None:
        """Append `obj`."""
        self.append(obj)

    def get(self, block: bool | None = None, timeout: float | None = None) -> Any:
        """The oldest object. Raises queue.Empty when there is none."""
        try:
            return self.popleft()
        except IndexError:
            from queue import Empty

            raise Empty from None

    def empty(self) -> bool:
        """Whether there is nothing to get."""
        return not self
