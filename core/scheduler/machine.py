"""The scheduler's algorithm: a pure state machine. Events in, effects out; no clock, no I/O, no log, no lock.

The same events at the same times give the same state and the same effects, so a recorded run can be replayed.

A task is ready when it is PENDING, every dependency is DONE, and a worker can run it. It counts its unmet
dependencies, so finishing one task touches only those that wait for it. Ready tasks wait in `Lanes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from luigi.errors import KernelError
from luigi.interfaces import NOTHING, Assignment, Counts, RetryPolicy, TaskSpec
from luigi.scheduler import events
from luigi.scheduler.events import Assigned, Changed, Effect, Refused
from luigi.scheduler.lanes import Lanes, Needs
from luigi.scheduler.records import LEFT, NEXT, TaskRecord
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN

WAITING = frozenset({FAILED, DISABLED})
NO_COUNTS = Counts(0, 0, 0)
DEFAULT_LIMIT = 1  # of a resource nobody has set a limit for: the manual, section [resources]


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
        self.limits = dict(limits)
        self.used: dict[str, int] = {}
        self.paused = False
        self._retry = retry
        self._retry_delay = retry_delay
        self._disable_persist = disable_persist
        self._lanes = Lanes()
        self._tokens = 0
        self._waiting: dict[str, TaskRecord] = {}  # FAILED or DISABLED: what a tick looks at
        self._left: dict[str, Counts] = {}  # worker -> its tasks that may still run
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

    # --- workers declare ---------------------------------------------------------------------------------------

    def _declared(self, event: events.Declared) -> None:
        for spec in event.tasks:
            self._declare(event.worker, spec)

    def _declare(self, worker: str, spec: TaskSpec) -> None:
        task = self._known(spec.task_id)
        if task.left:
            self._tally(task, -1)
        task.family, task.module, task.params = spec.family, spec.module, spec.params
        task.priority = spec.priority
        if spec.retry_policy is not None:
            task.policy = spec.retry_policy
        if spec.explanation is not None:
            task.explanation = spec.explanation
        task.needs = tuple(sorted(spec.resources.items())) if spec.resources else ()
        self._set_deps(task, [self._known(dep) for dep in spec.deps])
        self._raise_rank(task, spec.priority)
        newcomer = spec.runnable and worker not in task.runners
        if newcomer:
            task.runners = (*task.runners, worker)
        task.declared_by = worker
        if task.left:
            self._tally(task, 1)
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

    def _set_deps(self, task: TaskRecord, deps: Iterable[TaskRecord]) -> None:
        wanted = dict.fromkeys(deps)
        if not wanted and not task.deps:
            return
        if task.deps:
            for gone in task.deps:
                if gone not in wanted:
                    gone.drop_dependent(task)
        had = set(task.deps)
        for dep in wanted:
            if dep not in had:
                dep.add_dependent(task)
        task.deps = tuple(wanted)
        task.unmet = sum([dep.status != DONE for dep in wanted])
        was_dead_end = task.dead_end
        task.blocked = sum([dep.dead_end for dep in wanted])
        if task.dead_end != was_dead_end:
            self._spread(task)

    def _raise_rank(self, task: TaskRecord, rank: float) -> None:
        """A task ranks at least as high as everything that depends on it, however far away."""
        task.rank = max([rank, *[dependent.rank for dependent in task.dependents]]) if task.dependents else rank
        if not task.deps:
            return
        stack = [task]
        while stack:
            above = stack.pop()
            for dep in above.deps:
                if dep.rank < above.rank:
                    dep.rank = above.rank
                    if dep.ready:
                        self._lanes.push(dep)
                    stack.append(dep)

    # --- workers ask -------------------------------------------------------------------------------------------

    def _asked(self, event: events.Asked) -> None:
        if self.paused:
            return
        for _ in range(event.want):
            task = self._lanes.pop(event.worker, self._lacks, self._impossible)
            if task is None:
                return
            self._assign(task, event.worker)

    def _assign(self, task: TaskRecord, worker: str) -> None:
        self._tokens += 1
        task.token = self._tokens
        task.worker = worker
        if task.needs:
            task.held = task.needs
            for name, amount in task.held:
                self.used[name] = self.used.get(name, 0) + amount
        self._move(task, RUNNING, "handed out")
        assignment = Assignment(task.task_id, task.token, task.family, task.module, task.params)
        self._effects.append(Assigned(assignment))

    def _lacks(self, needs: Needs) -> bool:
        used, limits = self.used, self.limits
        return any(used.get(name, 0) + amount > limits.get(name, DEFAULT_LIMIT) for name, amount in needs)

    def _impossible(self, needs: Needs) -> bool:
        return any(amount > self.limits.get(name, DEFAULT_LIMIT) for name, amount in needs)

    def _free(self, task: TaskRecord) -> None:
        for name, amount in task.held:
            self.used[name] -= amount
        task.held = ()

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
            self._set_deps(task, [*task.deps, *map(self._known, report.new_deps)])
            self._raise_rank(task, task.priority)
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
            self._give_back_resources(task, progress.given_back)

    def _give_back_resources(self, task: TaskRecord, amounts: Mapping[str, int]) -> None:
        held = dict(task.held)
        for name, amount in amounts.items():
            given_back = max(0, min(amount, held.get(name, 0)))
            if given_back:
                held[name] -= given_back
                self.used[name] -= given_back
        task.held = tuple(held.items())

    def _fail(self, task: TaskRecord) -> None:
        """Count the failure; too many within the window, or one too late, disable the task."""
        policy = self._policy(task)
        if task.first_failure is None:
            task.first_failure = self._now
        window = float(policy.disable_window or 0)
        task.failures = (*[at for at in task.failures if at >= self._now - window], self._now)
        self._move(task, FAILED, "failed")
        too_late = policy.disable_hard_timeout and self._now >= task.first_failure + policy.disable_hard_timeout
        if len(task.failures) >= (policy.retry_count or 0) or too_late:
            self._move(task, DISABLED, "failed too often" if not too_late else "failed too late")

    def _policy(self, task: TaskRecord) -> RetryPolicy:
        own, common = task.policy, self._retry
        return RetryPolicy(
            common.retry_count if own.retry_count is None else own.retry_count,
            common.disable_hard_timeout if own.disable_hard_timeout is None else own.disable_hard_timeout,
            common.disable_window if own.disable_window is None else own.disable_window,
        )

    # --- time passes -------------------------------------------------------------------------------------------

    def _ticked(self, event: events.Ticked) -> None:
        for task in list(self._waiting.values()):
            if task.status == FAILED and 0 <= self._retry_delay <= self._now - task.updated:
                self._move(task, PENDING, "its retry delay has passed")
            elif (
                task.status == DISABLED
                and task.first_failure is not None
                and self._now - task.updated >= self._disable_persist
            ):
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
        task.failures = ()
        task.first_failure = None
        self._move(task, FAILED, why)

    def _order(self, task_id: str, applies_to: set[str], after: str, why: str) -> None:
        task = self.tasks.get(task_id)
        if task is None or task.status not in applies_to:
            status = "unknown" if task is None else task.status
            self._effects.append(Refused(task_id, f"the task is {status}, not {' or '.join(sorted(applies_to))}"))
            return
        self._move(task, after, why)

    def _limit_set(self, event: events.LimitSet) -> None:
        self.limits[event.resource] = event.amount

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
            self._tally(task, 1 if after in LEFT else -1)
        if task.dependents:
            self._tell_dependents(task, before, after)
            if task.dead_end != was_dead_end:
                self._spread(task)
        if after in WAITING:
            self._waiting[task.task_id] = task
        elif before in WAITING:
            del self._waiting[task.task_id]
        if after == PENDING and task.ready:
            self._lanes.push(task)
        self._effects.append(Changed(task.task_id, task.family, before, after, why))

    def _spread(self, task: TaskRecord) -> None:
        """Tell everything above a task that it became a dead end, or ceased to be one."""
        stack = [task]
        while stack:
            source = stack.pop()
            by = 1 if source.dead_end else -1
            for dependent in source.dependents:
                was_left, was_dead_end = dependent.left, dependent.dead_end
                dependent.blocked += by
                if dependent.left != was_left:
                    self._tally(dependent, -1 if was_left else 1)
                if dependent.dead_end != was_dead_end:
                    stack.append(dependent)

    def _tally(self, task: TaskRecord, by: int) -> None:
        """Count a task in or out for each worker that can run it."""
        runners = task.runners
        for worker in runners:
            pending, unique, last, elsewhere = self._left.get(worker, NO_COUNTS)
            alone = by if len(runners) == 1 else 0
            mine = by if task.declared_by == worker else 0
            self._left[worker] = Counts(pending + by, unique + alone, last + mine, elsewhere)

    @property
    def waits(self) -> bool:
        """Whether any task waits for time to pass: without one, a tick does nothing."""
        return bool(self._waiting)

    def left(self, worker: str) -> Counts:
        """What is left for a worker: its PENDING and FAILED tasks, but for those that wait for a disabled one."""
        return self._left.get(worker, NO_COUNTS)

    def _tell_dependents(self, task: TaskRecord, before: str, after: str) -> None:
        if after == DONE:
            for dependent in task.dependents:
                dependent.unmet -= 1
                if not dependent.unmet and dependent.ready:
                    self._lanes.push(dependent)
        elif before == DONE:
            for dependent in task.dependents:
                dependent.unmet += 1
