"""The inline executor: runs one task at a time, right here."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

from luigi.clock import SYSTEM
from luigi.executors.setup import ExecutorSetup
from luigi.interfaces import Job, Message, Outcome
from luigi.task_status import PENDING
from luigi.worker.attempt import Attempt
from luigi.worker.context import Reporter

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from luigi.interfaces import Executor
    from luigi.output.right_here import RightHere


class InlineExecutor:
    """Runs each job when it is submitted. Suspended tasks wait here for their turn to go on.

    A task that runs in the caller's own thread cannot be ended from outside: timeouts are not kept, and a resize
    changes nothing.
    """

    def __init__(self, setup: ExecutorSetup) -> None:
        self._setup = setup
        self._ended: list[Outcome] = []
        self._suspended: dict[str, Attempt] = {}
        self._running: Reporter | None = None
        self._output = _taking(setup)
        self._runs = ""
        """The id of the task that runs."""

    @property
    def capacity(self) -> int:
        """One, when nothing is waiting to be polled."""
        return 0 if self._ended else 1

    def submit(self, job: Job) -> None:
        """Run the job; `poll` gives its outcome."""
        setup = self._setup
        task = job.task
        attempt = self._suspended.pop(task.task_id, None) if self._suspended else None
        if attempt is None:
            attempt = Attempt(task, setup.rules, setup.is_complete, setup.run_task)
        self._running = reporter = Reporter(setup.scheduler, task, setup.rules.worker_id, job.token)
        self._runs = task.task_id
        with self._taken(job):
            outcome = attempt.go(job.token, reporter)
        self._running, self._runs = None, ""
        if outcome.status == PENDING:
            self._suspended[task.task_id] = attempt
        self._ended.append(outcome)

    def _taken(self, job: Job) -> AbstractContextManager[None]:
        """What is printed meanwhile is the job's, if anybody wants it."""
        return _LEFT_ALONE if self._output is None else self._output.taken(job.task.task_id, job.token)

    def poll(self, timeout: float | None = None) -> Sequence[Outcome]:
        """What ended since the last call. There is never anything to wait for."""
        ended, self._ended = self._ended, []
        return ended

    def cancel(self, task_id: str) -> bool:
        """Give up a suspended task. A running one cannot be ended from its own thread."""
        attempt = self._suspended.pop(task_id, None)
        if attempt is None:
            return False
        attempt.close()
        return True

    def send(self, task_id: str, message: Message) -> bool:
        """Put a message into the queue of the running task. Other threads may call this."""
        running = self._running
        return running is not None and running.deliver(task_id, message)

    def runs(self, task_id: str) -> bool:
        """Whether it runs the task at this moment. Other threads may call this."""
        return self._runs == task_id

    def resize(self, workers: int) -> None:
        """One task at a time it stays."""

    def close(self) -> None:
        """Give up all suspended tasks."""
        for task_id in list(self._suspended):
            self.cancel(task_id)
        if self._output is not None:
            self._output.close()


_LEFT_ALONE: Final = nullcontext()


def _taking(setup: ExecutorSetup) -> RightHere | None:
    if setup.output is None:
        return None
    from luigi.output.right_here import RightHere

    return RightHere(setup.output, SYSTEM)


def inline_executor(setup: ExecutorSetup) -> Executor:
    """The factory of this executor."""
    return InlineExecutor(setup)
