"""How an attempt ended: written down, told on, and what follows from it seen to."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from luigi.clock import SYSTEM
from luigi.errors import BadOutput, BadRequirement, CircularRequirement, KernelError
from luigi.event import Event
from luigi.interfaces import Assignment, Outcome, Report
from luigi.task import Task
from luigi.task_status import DONE, FAILED, PENDING
from luigi.worker.attempt import UnfulfilledDependencies
from luigi.worker.record import RunRecord
from luigi.worker.refusals import CannotTravel

if TYPE_CHECKING:
    from luigi.interfaces import Executor
    from luigi.notifying.of_worker import WorkerNotices
    from luigi.watchers import Telling
    from luigi.worker.planning.planner import Planner

logger = logging.getLogger("luigi-interface")

NEVER_TO_BE_RUN = (BadRequirement, BadOutput, CircularRequirement, CannotTravel, UnfulfilledDependencies)
"""What is wrong with something that a running task wants."""


class Settling:
    """Turns outcomes into reports for one worker, and keeps its record of them."""

    def __init__(
        self,
        worker_id: str,
        record: RunRecord,
        planning: Planner,
        tell: Telling | None,
        notices: Callable[[], WorkerNotices],
        *,
        max_reschedules: int,
    ) -> None:
        self.succeeded = True
        """Whether no attempt has failed."""
        self._worker_id = worker_id
        self._record = record
        self._planning = planning
        self._tell_watchers = tell
        self._notices = notices
        self._max_reschedules = max_reschedules
        self._reschedules: dict[str, int] = {}
        self._in_vain: dict[str, int] = {}
        self.again: list[Task] = []
        """Tasks that wait to be scheduled anew."""

    def schedule_again(self) -> None:
        """Walk and declare them once more."""
        again, self.again = self.again, []
        self._planning.plan(again)

    def settle(self, outcome: Outcome, executor: Executor) -> Report:
        """Write down how an attempt ended, see to what follows from it, and make the report."""
        task_id = outcome.task.task_id
        seen = self._record.seen[task_id]
        new_deps: list[str] = []
        if outcome.status == PENDING:
            try:
                self._refuse_waiting_in_vain(outcome)
                new_deps = self._planning.plan_for(outcome.task, outcome.new_requirements)
            except NEVER_TO_BE_RUN as error:
                executor.cancel(task_id)
                outcome = self._refuse(outcome, error)
        seen.status = outcome.status
        seen.missing_dynamic = outcome.status == PENDING
        if self._tell_watchers is not None and self._tell_watchers.hears():
            self._tell_end(outcome, self._tell_watchers)
        if outcome.status == DONE:
            seen.ran = True
            if seen.failures:
                self._notices().recovered(outcome.task, seen.failures)
        elif outcome.status == FAILED:
            seen.failures += 1
            self.succeeded = False
            if not outcome.cancelled:
                self._notices().task_failed(outcome.task, outcome.explanation, seen.failures)
            if outcome.missing:
                self.schedule(outcome.task)
        if logger.isEnabledFor(logging.INFO):
            logger.info("Informed scheduler that task   %s   has status   %s", task_id, outcome.status)
        return Report(task_id, outcome.token, outcome.status, new_deps, outcome.explanation, outcome.retriable)

    def cannot_begin(self, assignment: Assignment, explanation: str) -> None:
        """Note that what was assigned cannot even be begun, and tell of it."""
        self.succeeded = False
        self._notices().cannot_begin(assignment, explanation)

    def _refuse_waiting_in_vain(self, outcome: Outcome) -> None:
        """A task that yields what has run and is still not complete would wait for ever."""
        seen = self._record.seen
        if not all(task.task_id in seen and seen[task.task_id].ran for task in outcome.new_requirements):
            return
        task_id = outcome.task.task_id
        self._in_vain[task_id] = self._in_vain.get(task_id, 0) + 1
        if self._in_vain[task_id] > self._max_reschedules:
            raise UnfulfilledDependencies(list(outcome.new_requirements))

    def _refuse(self, outcome: Outcome, error: KernelError) -> Outcome:
        """What a task yielded can never be run: that is its failure, not the end of the run."""
        task = outcome.task
        logger.error("[pid %s] Worker %s failed    %s: %s", os.getpid(), self._worker_id, task, error)
        task.trigger_event(Event.FAILURE, task, error)
        return outcome._replace(status=FAILED, explanation=f"{error}\n{error.hint}", new_requirements=())

    def _tell_end(self, outcome: Outcome, tell: Telling) -> None:
        task, now, said = outcome.task, SYSTEM.now(), outcome.explanation or ""
        task_id, family = task.task_id, task.task_family
        if outcome.status == DONE:
            tell(task_id, family, Event.PROCESSING_TIME, f"{outcome.seconds:.6f}", outcome.token, now)
            tell(task_id, family, Event.SUCCESS, said, outcome.token, now)
        elif outcome.status == FAILED:
            tell(task_id, family, Event.FAILURE, said, outcome.token, now)

    def schedule(self, task: Task) -> None:
        """Have a task walked and declared once more, with its requirements. A few times only, or it might never end."""
        times = self._reschedules.get(task.task_id, 0)
        if times < self._max_reschedules:
            self._reschedules[task.task_id] = times + 1
            self.again.append(task)
