"""The rounds of a running worker: hand in what ended, take what is next, run it; until nothing is left.

One exchange with the scheduler for each finished task. While the graph is still being walked a slice is walked between
rounds, so that the first ready task need not wait for the last one to be found.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from luigi.clock import SYSTEM
from luigi.event import Event
from luigi.graph import is_external
from luigi.interfaces import Assignment, Job, Progress, Reply, Report, Said
from luigi.task.poke import poke_of
from luigi.task_register import load_task
from luigi.task_status import FAILED, PENDING, RUNNING
from luigi.worker.batches import Batches
from luigi.worker.cancelling import Cancelling
from luigi.worker.record import RunRecord, Seen
from luigi.worker.refusals import NotTheSameTask, WasCancelled, explain
from luigi.worker.settling import Settling
from luigi.worker.spent import RUNNING as RUNS
from luigi.worker.spent import SCHEDULER, WAITING
from luigi.worker.staying import Staying

if TYPE_CHECKING:
    from luigi.interfaces import Executor, Outcome
    from luigi.task import Task
    from luigi.watchers import Telling
    from luigi.worker.line import ToScheduler
    from luigi.worker.planning.planner import Planner
    from luigi.worker.poking.poking import Poking

logger = logging.getLogger("luigi-interface")

MOST_PATIENT = 1000
"""How many tasks that only wait are taken in one round."""

SLICE = 100, 0.1
"""Tasks, and seconds, walked at most between two rounds: what runs may end meanwhile and leave a place free."""


@dataclass(slots=True, kw_only=True)
class Rounds:
    """One run of one worker."""

    worker_id: str
    line: ToScheduler
    executor: Executor
    record: RunRecord
    planning: Planner
    settling: Settling
    batches: Batches
    staying: Staying
    timeout: float
    """Seconds for tasks that set none; 0 for as long as they take."""
    tell_watchers: Telling | None = None
    """Tells those who watch `luigi_task_event`; None when nobody does."""
    fail_fast: bool = False
    """Whether nothing more begins once a task has failed."""
    make_poking: Callable[[], Poking] | None = None
    """Makes what looks for things that tasks wait for."""
    poking: Poking | None = None
    """What does so; None until there is such a task."""
    workers: int = 0
    """How many tasks at a time are wanted from now on; 0 for no change. Any thread may set it."""
    cancelling: Cancelling = field(init=False)
    _running: dict[str, int] = field(default_factory=dict)
    """Task id → token, of what the executor has."""
    _cancelled: set[int] = field(default_factory=set)
    """Tokens of what the executor is ending, since it is not this worker's any more."""
    _walking: bool = False
    _has_failed: bool = False
    """Whether a task has, for good."""
    _failure: Exception | None = None
    """What ended the walk."""

    def __post_init__(self) -> None:
        self.cancelling = Cancelling(self.worker_id, self.line, self.executor)

    def go(self) -> None:
        """Go round until nothing is left to do. Raises what the rest of the walk raised, once what runs has ended."""
        said: list[Said] = []
        spent = self.record.spent
        self._walking = self.planning.walking
        while True:
            reply = self._exchange(said)
            heeded = bool(self.line.unheeded) and self._heed()
            again = bool(self.settling.again) and self._schedule_again()
            said = [refusal for assignment in reply.assignments if (refusal := self._start(assignment)) is not None]
            self._end_unwanted()
            walked = self._walking and self._walk()
            with spent.on(RUNS if self._running else WAITING):
                outcomes = self.executor.poll(0 if walked or again else max(self.staying.look_around, self.line.pace))
            said += [report for outcome in outcomes if (report := self._settle(outcome)) is not None]
            said += self._found_out()
            if self.poking is not None:
                said += self._looked(self.poking, waits=not (self._running or said or walked or again))
            if said or outcomes:
                self.staying.worked()
            elif self._running or self._cancelled:
                said = [] if walked or again else self._still_running()
            elif not (walked or again or heeded or self.line.unheeded or self.poking):
                if self.line.is_away and self._wait_for_the_scheduler():
                    continue
                if self._failure is not None or not self.staying.stays(reply.counts):
                    break
                with spent.on(WAITING):
                    self.staying.wait(reply.counts.soonest, self.line.pace)
        if self._failure is not None:
            raise self._failure

    # --- asking ------------------------------------------------------------------------------------------------

    def _exchange(self, said: Sequence[Said]) -> Reply:
        if self.fail_fast and (self._has_failed or not self.record.scheduling_succeeded):
            self.staying.draining = True
        takes_none = self.staying.draining or self.settling.again or self._failure
        with self.record.spent.on(SCHEDULER):
            want, waits = (0, 0) if takes_none else (self._room(), MOST_PATIENT if self.record.waits else 0)
            reply = self.line.ask(self.worker_id, said, want, waits)
        if reply.counts.running_elsewhere:
            self._note_elsewhere(reply.counts.running_elsewhere)
        if self.workers:
            self.workers, wanted = 0, self.workers
            self.executor.resize(wanted)
        return reply

    def _room(self) -> int:
        """How many tasks to ask for."""
        return self.executor.capacity

    def _wait_for_the_scheduler(self) -> bool:
        """There is nothing to do but to say what came of it; whether to go on with that.

        Raises KernelError when the scheduler is away for good.
        """
        self.staying.waiting = True
        try:
            with self.record.spent.on(WAITING):
                self.line.wait()
        finally:
            self.staying.waiting = False
        return True

    def _heed(self) -> bool:
        """See to what was said of this worker's standing, to it or to its tasks. Whether that may bring work."""
        unheeded, self.line.unheeded = self.line.unheeded, []
        for reply in unheeded:
            if reply.stranger:
                self.planning.declare_again({task_id for task_id, seen in self.record.seen.items() if seen.foreign})
            if not reply.enabled:
                self.staying.draining = True
            for task_id in reply.refused:
                self._note_refused(task_id)
        return any(reply.stranger or reply.refused for reply in unheeded)

    def _note_refused(self, task_id: str) -> None:
        """The scheduler had taken the task from this worker: it is not its work any more, ended or not.

        Unless it is complete, and nobody else runs it, it is to be run all the same.
        """
        if self.poking is not None and self.poking.drop(task_id):
            self.record.seen[task_id].status = PENDING
            return
        self.batches.forget(task_id)
        token = self._running.pop(task_id, None)
        if token is None:
            logger.warning("The scheduler refused the report on   %s   : it is not assigned to this worker", task_id)
        else:
            logger.warning("The scheduler has taken   %s   from this worker: it is ended here", task_id)
            self._cancelled.add(token)
            self.executor.cancel(task_id)
        seen = self.record.seen.get(task_id)
        if seen is not None:
            seen.ran, seen.status = False, PENDING
            if not seen.foreign:
                self.settling.schedule(seen.task)

    def _note_elsewhere(self, running: Mapping[str, str]) -> None:
        for task_id, other in running.items():
            if task_id in self.record.seen:
                self.record.seen[task_id].running_by = other

    def _still_running(self) -> list[Said]:
        """For the leases' sake."""
        return [Progress(task_id, token) for task_id, token in self._running.items()]

    # --- running -----------------------------------------------------------------------------------------------

    def _start(self, assignment: Assignment) -> Report | None:
        """Run what was assigned; a report when that cannot even begin."""
        if self.cancelling.concerns(assignment.token):
            return self._cannot_begin(assignment, WasCancelled(assignment.task_id))
        try:
            task, began = self.batches.combine(assignment) if assignment.batch else (self._task(assignment), None)
        except Exception as error:  # a program's own modules, parameters and batch methods
            return self._cannot_begin(assignment, error)
        if began is not None and self.line.exchange(self.worker_id, [began], 0).refused:
            return None  # the scheduler has given the batch away meanwhile
        if assignment.waited is not None or (self.record.waits and is_external(task) and poke_of(task) is not None):
            self._wait_for(task, assignment)
        else:
            self._submit(task, assignment.token)
        return None

    def _wait_for(self, task: Task, assignment: Assignment) -> None:
        """Look for what others make, beside what runs."""
        if self.poking is None:
            assert self.make_poking is not None
            self.poking = self.make_poking()
        self.poking.begin(task, assignment)

    def _looked(self, poking: Poking, *, waits: bool) -> Sequence[Said]:
        """What is to be said of tasks that wait. `waits`: there is nothing else to do than to wait for news."""
        said = poking.cancelled(self.cancelling.concerns) if self.cancelling.pending else []
        if self.staying.draining or self._failure is not None:
            return [*said, *poking.given_back()]
        with self.record.spent.on(WAITING):
            return [*said, *poking.said(max(self.staying.look_around, self.line.pace) if waits and not said else 0)]

    def _submit(self, task: Task, token: int) -> None:
        task_id = task.task_id
        self._running[task_id] = token
        seen = self.record.seen[task_id]
        seen.status = RUNNING
        if self.tell_watchers is not None and not seen.missing_dynamic and self.tell_watchers.hears():
            self.tell_watchers(task_id, task.task_family, Event.START, "", token, SYSTEM.now())
        timeout = task.worker_timeout
        with self.record.spent.on(RUNS):
            self.executor.submit(Job(task, token, self.timeout if timeout is None else timeout))

    def _task(self, assignment: Assignment) -> Task:
        seen = self.record.seen.get(assignment.task_id)
        if seen is None:  # another worker declared it, and this one assists
            task = load_task(assignment.module, assignment.family, assignment.params)
            if task.task_id != assignment.task_id:
                raise NotTheSameTask(assignment.task_id, task, assignment.params)
            seen = self.record.seen[task.task_id] = Seen(task, PENDING, foreign=True)
        return seen.task

    def _cannot_begin(self, assignment: Assignment, error: Exception) -> Report:
        logger.error("Worker %s cannot begin %s: %s", self.worker_id, assignment.task_id, error)
        explanation = explain(error)
        self._has_failed = True
        self.settling.cannot_begin(assignment, explanation)
        for task_id in assignment.batch or [assignment.task_id]:
            if task_id in self.record.seen:
                self.record.seen[task_id].failures += 1
        return Report(assignment.task_id, assignment.token, FAILED, (), explanation)

    def _settle(self, outcome: Outcome) -> Report | None:
        """How a job ended, as a report; nothing of one that was cancelled."""
        task_id = outcome.task.task_id
        if outcome.token in self._cancelled:
            self._cancelled.remove(outcome.token)
            return None
        del self._running[task_id]
        report = self.settling.settle(self.cancelling.settled(outcome), self.executor)
        if report.status == FAILED and outcome.task not in self.settling.again:
            self._has_failed = True
        self.batches.follow(task_id, report.status)
        return report

    def _end_unwanted(self) -> None:
        """End what operators want ended."""
        self.cancelling.end(self._running)

    # --- planning on -------------------------------------------------------------------------------------------

    def _found_out(self) -> Sequence[Report]:
        """What walks have found of tasks that are assigned to this worker: nothing, for these were walked before."""
        return ()

    def _schedule_again(self) -> bool:
        """Tasks whose requirements vanished are declared anew, after they were reported on."""
        self.settling.schedule_again()
        return True

    def _walk(self) -> bool:
        """Walk a slice of the graph. Whether it was walked on."""
        if self.staying.draining:
            return False
        try:
            self._walking = self.planning.step(*SLICE)
        except Exception as error:
            self._walking, self._failure = False, error
        return True
