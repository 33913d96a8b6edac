"""The inline executor: runs one task at a time, right here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from luigi.interfaces import Job, Outcome, Scheduler
from luigi.task_status import PENDING
from luigi.worker.attempt import Attempt, IsComplete, RunTask
from luigi.worker.context import Reporter, Rules

if TYPE_CHECKING:
    from luigi.interfaces import Executor


class ExecutorSetup(NamedTuple):
    """What the worker gives to the factory of an executor."""

    rules: Rules
    is_complete: IsComplete
    run_task: RunTask
    scheduler: Scheduler
    workers: int
    """How many tasks the user wants at a time."""


class InlineExecutor:
    """Runs each job when it is submitted. Suspended tasks wait here for their turn to go on."""

    def __init__(self, setup: ExecutorSetup) -> None:
        self._setup = setup
        self._ended: list[Outcome] = []
        self._suspended: dict[str, Attempt] = {}

    @property
    def capacity(self) -> int:
        """One, when nothing is waiting to be polled."""
        return 0 if self._ended else 1

    def submit(self, job: Job) -> None:
        """Run the job; `poll` gives its outcome."""
        setup = self._setup
        task = job.task
        task_id = task.task_id
        attempt = self._suspended.pop(task_id, None) if self._suspended else None
        if attempt is None:
            attempt = Attempt(task, setup.rules, setup.is_complete, setup.run_task)
        outcome = attempt.go(job.token, Reporter(setup.scheduler, task_id, setup.rules.worker_id, job.token))
        if outcome.status == PENDING:
            self._suspended[task_id] = attempt
        self._ended.append(outcome)

    def poll(self) -> Sequence[Outcome]:
        """What ended since the last call."""
        ended, self._ended = self._ended, []
        return ended

    def cancel(self, task_id: str) -> bool:
        """Give up a suspended task. A running one cannot be ended from its own thread."""
        attempt = self._suspended.pop(task_id, None)
        if attempt is None:
            return False
        attempt.close()
        return True

    def close(self) -> None:
        """Give up all suspended tasks."""
        for task_id in list(self._suspended):
            self.cancel(task_id)


def inline_executor(setup: ExecutorSetup) -> Executor:
    """The factory of the kernel's own executor."""
    return InlineExecutor(setup)
