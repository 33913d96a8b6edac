"""The rounds of a pool's worker: as any worker's, with tasks among the assigned ones that are planned before they run.

It stays for long, so it forgets: what it noted of tasks that ended, equal tasks it made before, runs that were
suspended and that nobody has gone on with.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from luigi.clock import Clock
from luigi.interfaces import Assignment, Reply, Report, Said
from luigi.task_register import Register
from luigi.task_status import DONE, FAILED, PENDING
from luigi.worker.pool.loading import ModuleNotHere, is_stand_in, load
from luigi.worker.record import Seen
from luigi.worker.refusals import WasCancelled
from luigi.worker.rounds import SLICE, Rounds

if TYPE_CHECKING:
    from luigi.interfaces import Outcome
    from luigi.task import Task
    from luigi.worker.poking.poking import Poking
    from luigi.worker.pool.membership import Pool
    from luigi.worker.pool.planning import Planned, PoolPlanning
    from luigi.worker.pool.settling import PoolSettling
    from luigi.worker.pool.staying import PoolStaying

logger = logging.getLogger("luigi-interface")

REMEMBERED = 1000
"""Tasks that ended and are still known here: what they printed last may be on its way yet."""
MOST_SUSPENDED = 100
LONGEST_SUSPENDED = 3600.0
"""Seconds: another worker may have gone on with the task from its beginning, and nobody tells this one."""


# Methods of `Rounds` are called by its name: of a dataclass with slots Python makes two classes, and `super()` means
# the one that is not used.
@dataclass(slots=True, kw_only=True)
class PoolRounds(Rounds):
    """The rounds of one worker of a pool, for as long as it stays."""

    planning: PoolPlanning
    settling: PoolSettling
    staying: PoolStaying
    pool: Pool
    clock: Clock
    done: int = 0
    """Tasks that were done here."""
    failed: int = 0
    """Attempts that failed here, and tasks that could not be begun."""
    _counted: int = 0
    _ended: dict[str, None] = field(default_factory=dict)
    """Ids of tasks that ended, that which ended last at the end."""
    _suspended: dict[str, float] = field(default_factory=dict)
    """Ids of tasks whose run waits here, and since when."""

    def give_back(self) -> None:
        """Let others have what is not ended and will not be: it is theirs at once, and no failure."""
        said = [Report(task_id, token, PENDING) for task_id, token in self._running.items()]
        self._running.clear()
        if said:
            self.line.exchange(self.worker_id, said, 0)

    # --- asking ------------------------------------------------------------------------------------------------

    def _exchange(self, said: Sequence[Said]) -> Reply:
        self.staying.look()
        self._give_up_suspended()
        return Rounds._exchange(self, said)

    def _room(self) -> int:
        return max(0, self.executor.capacity - self.planning.under_way)

    def _wait_for_the_scheduler(self) -> bool:
        """One that has nothing to say to it need not wait for it to leave."""
        if self.staying.draining and not self.line.is_owing:
            return False
        with self.staying.woken():
            Rounds._wait_for_the_scheduler(self)
        return True

    def _note_refused(self, task_id: str) -> None:
        if self.planning.is_planning(task_id):
            logger.warning("The scheduler has taken   %s   from this worker: it is planned no further", task_id)
            del self._running[task_id]
        else:
            Rounds._note_refused(self, task_id)
        self._forget_later(task_id)
        self.planning.forget(task_id)

    # --- beginning ---------------------------------------------------------------------------------------------

    def _start(self, assignment: Assignment) -> Report | None:
        self._ended.pop(assignment.task_id, None)
        self._suspended.pop(assignment.task_id, None)
        self.planning.note(assignment)
        if assignment.unplanned:
            return self._begin_planning(assignment)
        if is_stand_in(assignment):  # what it stands for is done
            self._forget_later(assignment.task_id)
            return Report(assignment.task_id, assignment.token, DONE)
        report = Rounds._start(self, assignment)
        if assignment.batch:  # what runs for all of it is wanted by the same
            for task_id in [one for one, token in self._running.items() if token == assignment.token]:
                self.planning.note(assignment._replace(task_id=task_id))
        return report

    def _begin_planning(self, assignment: Assignment) -> Report | None:
        task_id, token = assignment.task_id, assignment.token
        if self.cancelling.concerns(token):
            return self._cannot_begin(assignment, WasCancelled(task_id))
        try:
            task = load(assignment, self.pool) if is_stand_in(assignment) else self._task(assignment)
        except Exception as error:  # a program's own modules and parameters
            return self._cannot_begin(assignment, error)
        self._running[task_id] = token
        self.planning.begin(task, task_id, token)
        self._walking = True
        return None

    def _task(self, assignment: Assignment) -> Task:
        seen = self.record.seen.get(assignment.task_id)
        if seen is None:
            task = load(assignment, self.pool)
            seen = self.record.seen[task.task_id] = Seen(task, PENDING, foreign=True)
        return seen.task

    def _cannot_begin(self, assignment: Assignment, error: Exception) -> Report:
        self.failed += 1
        self._forget_later(assignment.task_id)
        report = Rounds._cannot_begin(self, assignment, error)
        return report._replace(lacks_module=isinstance(error, ModuleNotHere))

    # --- planning ----------------------------------------------------------------------------------------------

    def _end_unwanted(self) -> None:
        for task_id in self.planning.give_up(self.cancelling.concerns, "it was cancelled while it was planned"):
            del self._running[task_id]
        Rounds._end_unwanted(self)

    def _walk(self) -> bool:
        """Plan on, also while the worker is drained: what is being planned is part of what it has begun."""
        self._walking = self.planning.step(*SLICE)
        return True

    def _found_out(self) -> Sequence[Report]:
        return [report for planned in self.planning.take_planned() if (report := self._see_to(planned)) is not None]

    def _see_to(self, planned: Planned) -> Report | None:
        """Run what needs nothing more, and report on the rest."""
        task_id, report = planned.task_id, planned.report
        if report is None:
            self._submit(planned.task, planned.token)
            return None
        self._running.pop(task_id, None)
        if report.status == FAILED:
            logger.error("Worker %s cannot plan %s: %s", self.worker_id, task_id, report.explanation)
        self._count(report)
        return report

    # --- ends --------------------------------------------------------------------------------------------------

    def _settle(self, outcome: Outcome) -> Report | None:
        report = Rounds._settle(self, outcome)
        if report is not None:
            self._count(report)
        return report

    def _looked(self, poking: Poking, *, waits: bool) -> Sequence[Said]:
        said = Rounds._looked(self, poking, waits=waits)
        for one in said:
            if isinstance(one, Report):
                self._count(one)
        return said

    def _count(self, report: Report) -> None:
        self.done += report.status == DONE
        self.failed += report.status == FAILED
        seen = self.record.seen.get(report.task_id)
        if report.status == PENDING and seen is not None and seen.missing_dynamic:
            self._suspended[report.task_id] = self.clock.monotonic()
        else:
            self._forget_later(report.task_id)
        self._begin_anew()

    def _begin_anew(self) -> None:
        """Tasks are one object as long as they are equal, which nobody relies on any more when so many have ended."""
        self._counted += 1
        if self._counted >= REMEMBERED:
            self._counted = 0
            Register.clear_instance_cache()

    def _forget_later(self, task_id: str) -> None:
        self._suspended.pop(task_id, None)
        self._ended.pop(task_id, None)
        self._ended[task_id] = None
        while len(self._ended) > REMEMBERED:
            gone = next(iter(self._ended))
            del self._ended[gone]
            if gone not in self._running:
                self.record.seen.pop(gone, None)
                self.planning.forget(gone)
                self.settling.forget(gone)

    def _give_up_suspended(self) -> None:
        """Those that have waited longest: when such a task is assigned again, it begins at its beginning."""
        while self._suspended:
            task_id, since = next(iter(self._suspended.items()))
            if len(self._suspended) <= MOST_SUSPENDED and since + LONGEST_SUSPENDED > self.clock.monotonic():
                return
            self.executor.cancel(task_id)
            self._forget_later(task_id)
