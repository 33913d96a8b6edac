"""The scheduler's algorithm: a pure state machine. Events in, effects out; no clock, no I/O, no log, no lock.

The same events at the same times give the same state and the same effects, so a recorded run can be replayed.

A task is ready when it is PENDING, every dependency is DONE, and a worker can run it. `Dependencies` knows when that
comes to be, ready tasks wait in `Lanes` for `Resources`, `Retry` judges failures, and `Left` counts what remains; none
of them changes a status.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from luigi.errors import KernelError
from luigi.interfaces import NOTHING, Assignment, Counts, RetryPolicy, TaskSpec
from luigi.scheduler import events
from luigi.scheduler.dependencies import Dependencies
from luigi.scheduler.events import Assigned, Changed, Effect, Refused
from luigi.scheduler.lanes import Lanes
from luigi.scheduler.left import Left
from luigi.scheduler.records import LEFT, NEXT, TaskRecord
from luigi.scheduler.resources import Resources
from luigi.scheduler.retry import Retry
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN

WAITING = frozenset({FAILED, DISABLED})


class ImpossibleMove(KernelError):
    """A status was to follow another that the table does not allow: a fault in the kernel, not in a program."""


class Machine:
    """The state of every task, and the rules by which it changes."""

    def __init__(
        self,
        retry: RetryPolicy,
        *,
        retry_delay: float,
        disable_persist: float,
        limits: Mapping[str, int],
    ) -> None:
        self.tasks: dict[str, TaskRecord] = {}
        self.counts: dict[str, int] = dict.fromkeys(NEXT, 0)
        self.resources = Resources(limits)
        self.paused = False
        self._retry = Retry(retry, retry_delay, disable_persist)
        self._lanes = Lanes()
        self._left = Left()
        self._dependencies = Dependencies(self._lanes, self._left)
        self._tokens = 0
        self._waiting: dict[str, TaskRecord] = {}  # FAILED or DISABLED: what a tick looks at
        self._effects: list[Effect] = []
        self._now = 0.0
        self._handlers: Mapping[type, Callable[[Any], None]] = {
            events.Declared: self._declared,
            events.Reported: self._reported,
            events.Progressed: self._progressed,
            events.Asked: self._asked,
            events.Ticked: self._ticked,
            events.Forgiven: self._forgiven,
            events.MarkedDone: self._marked_done,
            events.ReEnabled: self._re_enabled,
            events.LimitSet: self._limit_set,
            events.Paused: self._pause,
            events.Unpaused: self._unpause,
        }

    def handle(self, event: events.Event, now: float) -> list[Effect]:
        """Take in one event at `now` (seconds since the epoch) and say what follows from it."""
        self._effects = []
        self._now = now
        self._handlers[type(event)](event)
        return self._effects

    @property
    def waits(self) -> bool:
        """Whether any task waits for time to pass: without one, a tick does nothing."""
        return bool(self._waiting)

    def left(self, worker: str) -> Counts:
        """What is left for a worker: its PENDING and FAILED tasks, but for those that wait for a disabled one."""
        return self._left.of(worker)

    # --- workers declare ---------------------------------------------------------------------------------------

    def _declared(self, event: events.Declared) -> None:
        for spec in event.tasks:
            self._declare(event.worker, spec)

    def _declare(self, worker: str, spec: TaskSpec) -> None:
        task = self._known(spec.task_id)
        if task.left:
            self._left.tally(task, -1)
        if task.needs:
            self._lanes.look_again(task.needs)
        task.family, task.module, task.params = spec.family, spec.module, spec.params
        task.priority = spec.priority
        if spec.retry_policy is not None:
            task.policy = spec.retry_policy
        if spec.explanation is not None:
            task.explanation = spec.explanation
        task.needs = tuple(sorted(spec.resources.items())) if spec.resources else ()
        self._dependencies.set(task, [self._known(dep) for dep in spec.deps])
        self._dependencies.set_rank(task, spec.priority)
        newcomer = spec.runnable and worker not in task.runners
        if newcomer:
            task.runners = (*task.runners, worker)
        task.declared_by = worker
        if task.left:
            self._left.tally(task, 1)
        if newcomer and task.ready:
            self._lanes.push_for(worker, task)
        self._apply_declared(task, spec.status)

    def _known(self, task_id: str) -> TaskRecord:
        task = self.tasks.get(task_id)
        if task is None:
            task = self.tasks[task_id] = TaskRecord(task_id, len(self.tasks), NOTHING)
            self.counts[UNKNOWN] += 1
        return task

    def _apply_declared(self, task: TaskRecord, status: str) -> None:
        """A worker's check of a task counts unless somebody is running it or the scheduler has disabled it."""
        disabled_here = task.status == DISABLED and task.first_failure is not None
        if task.status == RUNNING or (disabled_here and status != DONE):
            return
        if task.status == status:
            if task.ready:
                self._lanes.push(task)
            return
        self._move(task, status, "declared")

    # --- workers ask -------------------------------------------------------------------------------------------

    def _asked(self, event: events.Asked) -> None:
        if self.paused:
            return
        for _ in range(event.want):
            task = self._lanes.pop(event.worker, self.resources)
            if task is None:
                return
            self._assign(task, event.worker)

    def _assign(self, task: TaskRecord, worker: str) -> None:
        self._tokens += 1
        task.token = self._tokens
        task.worker = worker
        if task.needs:
            self.resources.hold(task)
        self._move(task, RUNNING, "handed out")
        assignment = Assignment(task.task_id, task.token, task.family, task.module, task.params)
        self._effects.append(Assigned(assignment))

    # --- workers report ----------------------------------------------------------------------------------------

    def _reported(self, event: events.Reported) -> None:
        report = event.report
        task = self._assigned_to(event.worker, report.task_id, report.token)
        if task is None:
            return
        if task.held:
            self._free(task)
        task.worker = None
        task.explanation = report.explanation
        if report.status == FAILED:
            self._fail(task)
        elif report.status == DONE:
            self._move(task, DONE, "reported")
        else:
            self._dependencies.add(task, map(self._known, report.new_deps))
            self._move(task, PENDING, "waits for new requirements")

    def _assigned_to(self, worker: str, task_id: str, token: int) -> TaskRecord | None:
        """The task, if it is this worker's by this assignment; what others say of it is refused."""
        task = self.tasks.get(task_id)
        if task is not None and task.status == RUNNING and task.worker == worker and task.token == token:
            return task
        self._effects.append(Refused(task_id, "the task is not assigned to this worker any more"))
        return None

    def _progressed(self, event: events.Progressed) -> None:
        progress = event.progress
        task = self._assigned_to(event.worker, progress.task_id, progress.token)
        if task is None:
            return
        if progress.tracking_url is not None:
            task.tracking_url = progress.tracking_url
        if progress.status_message is not None:
            task.status_message = progress.status_message
        if progress.percentage is not None:
            task.percentage = progress.percentage
        if progress.given_back:
            self._lanes.look_again(task.held)
            self.resources.give_back(task, progress.given_back)

    def _fail(self, task: TaskRecord) -> None:
        why_disabled = self._retry.count_failure(task, self._now)
        self._move(task, FAILED, "failed")
        if why_disabled:
            self._move(task, DISABLED, why_disabled)

    def _free(self, task: TaskRecord) -> None:
        self._lanes.look_again(task.held)
        self.resources.free(task)

    # --- time passes -------------------------------------------------------------------------------------------

    def _ticked(self, event: events.Ticked) -> None:
        for task in list(self._waiting.values()):
            due = self._retry.due(task, self._now)
            if due == PENDING:
                self._move(task, PENDING, "its retry delay has passed")
            elif due == FAILED:
                self._give_back(task, "its time of being disabled has passed")

    # --- operators order ---------------------------------------------------------------------------------------

    def _forgiven(self, event: events.Forgiven) -> None:
        self._order(event.task_id, {FAILED}, PENDING, "forgiven")

    def _marked_done(self, event: events.MarkedDone) -> None:
        task = self.tasks.get(event.task_id)
        if task is not None and task.status == RUNNING:
            self._free(task)
            task.worker = None
        self._order(event.task_id, {RUNNING, FAILED, DISABLED}, DONE, "marked as done")

    def _re_enabled(self, event: events.ReEnabled) -> None:
        task = self.tasks.get(event.task_id)
        if task is None or task.status != DISABLED:
            self._effects.append(Refused(event.task_id, "no disabled task has that id"))
            return
        self._give_back(task, "re-enabled")

    def _give_back(self, task: TaskRecord, why: str) -> None:
        self._retry.forget_failures(task)
        self._move(task, FAILED, why)

    def _order(self, task_id: str, applies_to: set[str], after: str, why: str) -> None:
        task = self.tasks.get(task_id)
        if task is None or task.status not in applies_to:
            status = "unknown" if task is None else task.status
            self._effects.append(Refused(task_id, f"the task is {status}, not {' or '.join(sorted(applies_to))}"))
            return
        self._move(task, after, why)

    def _limit_set(self, event: events.LimitSet) -> None:
        self.resources.limits[event.resource] = event.amount
        self._lanes.look_at_all_again()

    def _pause(self, event: events.Paused) -> None:
        self.paused = True

    def _unpause(self, event: events.Unpaused) -> None:
        self.paused = False

    # --- the one place a status changes ------------------------------------------------------------------------

    def _move(self, task: TaskRecord, after: str, why: str) -> None:
        before = task.status
        if after not in NEXT[before]:
            raise ImpossibleMove(f"{task.task_id} cannot go from {before} to {after} ({why})")
        was_dead_end = task.dead_end
        task.status = after
        task.updated = self._now
        self.counts[before] -= 1
        self.counts[after] += 1
        if (before in LEFT) != (after in LEFT) and not task.blocked:
            self._left.tally(task, 1 if after in LEFT else -1)
        if task.dependents:
            self._dependencies.tell(task, before, was_dead_end)
        if after in WAITING:
            self._waiting[task.task_id] = task
        elif before in WAITING:
            del self._waiting[task.task_id]
        if after == PENDING:
            if task.ready:
                self._lanes.push(task)
        elif before == PENDING and task.needs:
            self._lanes.look_again(task.needs)
        self._effects.append(Changed(task.task_id, task.family, before, after, why))
