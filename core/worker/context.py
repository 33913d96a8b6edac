"""What a running task has around it: where it runs, and the line to its scheduler."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from luigi.errors import ConfigurationError
from luigi.interfaces import Answer, Message, Progress

if TYPE_CHECKING:
    from luigi.task import Task
    from luigi.worker.task_process import TaskProcess

ProcessContext = Callable[["TaskProcess"], AbstractContextManager[Any]]


@dataclass(frozen=True, slots=True)
class Rules:
    """How attempts are made in one run, from the `[worker]` section."""

    worker_id: str
    check_unfulfilled_deps: bool = True
    check_complete_on_run: bool = False
    process_context: ProcessContext | None = None
    """What `task_process_context` names: called with a TaskProcess, it gives the context of one stretch of a run."""
    run_id: str = ""
    """Names the run, as in `RunRecord`."""
    redone: frozenset[str] = frozenset()
    """Ids of tasks that are done again: what they write takes the place of what is there."""


def process_context(name: str | None) -> ProcessContext | None:
    """The class that `[worker] task_process_context` names; None when it names none.

    Raises ConfigurationError when there is no such class.
    """
    if not name:
        return None
    from importlib import import_module

    module, _, attribute = name.rpartition(".")
    try:
        found: ProcessContext = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigurationError(
            f"[worker] task_process_context: there is no {name!r}: {error}",
            hint="it is the full name of a class: module.Class, where module can be imported",
        ) from error
    return found


class Context(NamedTuple):
    """What `luigi_run_task` is told beside the task."""

    worker_id: str
    token: int
    """The assignment: unique among all attempts the scheduler ever handed out."""
    run: Callable[[], Sequence[Task] | None]
    """Runs the task, from its start or from where it waits; gives what it now waits for, None when it has ended."""
    run_id: str = ""
    """Names the run, as in `RunRecord`."""


class Hearer(Protocol):
    """Whoever hears what a running task says: the scheduler, or somebody on the way to it."""

    def exchange(self, worker: str, said: Sequence[Progress | Answer], want: int) -> object:
        """As `interfaces.Scheduler.exchange`."""
        ...


class Reporter:
    """Passes on what a running task says of itself, and gives it the messages it is sent.

    What cannot be passed on raises here, where the task's author sees it: TypeError or ValueError. Values of private
    parameters are not passed on.
    """

    __slots__ = ("_scheduler", "_task", "_task_id", "_token", "_worker_id", "scheduler_messages")

    def __init__(self, scheduler: Hearer, task: Task, worker_id: str, token: int) -> None:
        self._scheduler = scheduler
        self._task = task
        self._task_id = task.task_id
        self._worker_id = worker_id
        self._token = token
        self.scheduler_messages: Any = _queue() if task.accepts_messages else None
        """The queue the task reads; None for a task that takes no messages."""

    def update_tracking_url(self, tracking_url: str) -> None:
        """Where the work can be followed."""
        self._say(Progress(self._task_id, self._token, tracking_url=self._shown(tracking_url)))

    def update_status_message(self, message: str) -> None:
        """A line about the work's state."""
        self._say(Progress(self._task_id, self._token, status_message=self._shown(message)))

    def update_progress_percentage(self, percentage: float) -> None:
        """How much is done, 0 to 100."""
        done = None if percentage is None else _number(percentage)
        self._say(Progress(self._task_id, self._token, percentage=done))

    def decrease_running_resources(self, decrease_resources: Mapping[str, int]) -> None:
        """Give back part of what the task holds: name → amount."""
        # Half of a resource is nobody's promise, but Luigi's programs may have it.
        amounts: dict[str, Any] = {str(name): _number(amount) for name, amount in decrease_resources.items()}
        self._say(Progress(self._task_id, self._token, given_back=amounts))

    def deliver(self, task_id: str, message: Message) -> bool:
        """Put a message of the scheduler's into the task's queue. False when it is another's, or takes none."""
        if self.scheduler_messages is None or task_id != self._task_id:
            return False
        from luigi.worker.messages import SchedulerMessage

        self.scheduler_messages.put(SchedulerMessage(self, **{"task_id": task_id, **message.kwargs}))
        return True

    def add_scheduler_message_response(self, task_id: str, message_id: str, response: object) -> None:
        """What the task answers to a message."""
        self._say(Answer(task_id, message_id, self._shown(str(response)) or ""))

    def _shown(self, said: object) -> str | None:
        """What was said as a text, also of an object that stands for one. None is nothing said, as with Luigi."""
        from luigi.private_values import masked

        return None if said is None else masked(self._task, str(said))

    def _say(self, said: Progress | Answer) -> None:
        self._scheduler.exchange(self._worker_id, [said], 0)


def _number(said: Any) -> int | float:
    """A plain number, of whatever kind it was. Raises TypeError and ValueError for what no scheduler takes."""
    from luigi.rpc.values import LARGEST

    try:
        number: int | float = int(operator.index(said))
    except TypeError:
        number = _decimal(said)
    if not -LARGEST <= number <= LARGEST:
        raise ValueError(f"a scheduler can be told numbers from {-LARGEST} to {LARGEST}, not {said!r}")
    return number


def _decimal(said: Any) -> float:
    try:
        return float(said)
    except OverflowError as error:  # of a fraction, say
        raise ValueError(f"a scheduler can be told no such number: {error}") from error


def _queue() -> Any:
    from queue import SimpleQueue

    return SimpleQueue()
