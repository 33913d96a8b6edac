"""What the machine knows, how a lease begins and ends, and the one place where a status changes.

The rooms beside this one say what follows from which event; they all stand on this.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from luigi.interfaces import NOTHING, Batcher, Counts, RetryPolicy
from luigi.scheduler import terms
from luigi.scheduler.deadlines import Deadlines
from luigi.scheduler.dependencies import Dependencies
from luigi.scheduler.events import CANCELLED, Assigned, Changed, Configured, Delivered, Effect, Refused, Welcomed
from luigi.scheduler.index import Index
from luigi.scheduler.lanes import Lanes
from luigi.scheduler.left import Left
from luigi.scheduler.records import ACTIVE, LEFT, NEXT, Batch, ImpossibleMove, Lease, TaskRecord
from luigi.scheduler.resources import Resources
from luigi.scheduler.retry import Retry
from luigi.scheduler.texts import Texts
from luigi.scheduler.triggers import TriggerRecord
from luigi.scheduler.workers import WorkerRecord, Workers
from luigi.task_status import BATCH_RUNNING, DISABLED, DONE, FAILED, PENDING, RUNNING

NOT_THERE: Final = "was not there in time"
"""Why a task is DISABLED that waited for something in vain."""

STORY: Final = 10_000
"""How many of the last changes are remembered, of all tasks together."""


class Moves:
    """The state of every task and worker. Times are in seconds."""

    def __init__(
        self,
        retry: RetryPolicy,
        *,
        limits: Mapping[str, int],
        windows: Mapping[str, float] = NOTHING,
        remove_delay: float,
        worker_disconnect_delay: float,
        stable_done_cooldown: float = 0,
    ) -> None:
        self.tasks: dict[str, TaskRecord] = {}
        self.workers = Workers(worker_disconnect_delay)
        self.index = Index()
        self.resources = Resources(limits, windows)
        self.retry = Retry(retry)
        self.paused = False
        self.rules = 0
        """The version of the rules that it goes by, where what it does is kept."""
        self.remove_delay = remove_delay
        self.cooldown = stable_done_cooldown
        self.remembered: dict[str, str] = {}
        """What parts around the scheduler have kept here: text by name."""
        self.texts: Texts | None = None
        """What makes equal texts of tasks one; None where they are so anyway, in a process that has made them."""
        self.submissions: dict[str, WorkerRecord] = {}
        """Those workers that are submissions, by id."""
        self.triggers: dict[str, TriggerRecord] = {}
        """What triggers have fired, by name."""
        self._stirred: dict[str, bool] = {}
        """Submissions to be looked after; whether anything of them was disabled."""
        self._lanes = Lanes(self._stir)
        self._lanes.submissions = self.submissions
        self._left = Left()
        self._dependencies = Dependencies(self._lanes, self._left)
        self._deadlines = Deadlines(self._is_due)
        self._story: deque[tuple[float, Changed]] = deque(maxlen=STORY)
        self._tokens = 0
        self._ages = 0
        self._effects: list[Effect] = []
        self._now = 0.0
        self._by = ""  # whose call it is
        self._ended: list[TriggerRecord] = []  # those whose last submission has just ended

    def configure(self, settings: Configured) -> None:
        """Go by these settings from now on."""
        self.rules = settings.rules
        self.remove_delay, self.cooldown = settings.remove_delay, settings.cooldown
        self.workers.disconnect_delay = settings.disconnect_delay
        self.resources.configure(settings.limits, settings.windows)
        self._lanes.look_at_all_again()
        self.retry = Retry(settings.policy)
        for status in (FAILED, DISABLED):
            for task in self.index.by_status[status]:
                self._deadlines.add(self.retry.due(task), task)

    def left(self, worker: str) -> Counts:
        """What is left for a worker: its PENDING and FAILED tasks, but for those that wait for a disabled one."""
        return self._left.of(worker)

    def soonest(self, worker: str, now: float) -> float | None:
        """The seconds until a rate lets a task of a worker begin; None where none stands in the way of any."""
        when = None if self.paused else self._lanes.soonest(worker, self.resources)
        return None if when is None else max(0.0, when - now)

    def claims(self, resource: str) -> Iterator[tuple[str, bool, TaskRecord]]:
        """Who is first in line for a resource: worker, whether it waits for work, and its best task that needs it."""
        return self._lanes.claims(resource, self.resources, self._now)

    def batchers(self, worker: str) -> Iterable[Batcher]:
        """How a worker runs families of tasks as batches."""
        return self._lanes.batchers(worker)

    def has_messages(self, worker: str) -> bool:
        """Whether messages wait for a worker."""
        record = self.workers.get(worker)
        return record is not None and bool(record.messages)

    def running_elsewhere(self, worker: str) -> dict[str, str]:
        """The tasks of a worker that others run: task id → worker id."""
        record, running = self.workers.get(worker), self.index.by_status[RUNNING]
        few = record.tasks if record is not None and len(record.tasks) < len(running) else running
        return {
            task.task_id: task.lease.worker
            for task in few
            if task.status == RUNNING
            and task.lease is not None
            and task.lease.worker not in (worker, None)
            and worker in task.runners
        }

    def story(self, task_id: str) -> list[tuple[float, Changed]]:
        """What happened to a task lately, as far as it is remembered: when, and what."""
        return [(at, changed) for at, changed in self._story if changed.task_id == task_id]

    def lately(self) -> list[tuple[float, Changed]]:
        """What happened to all tasks lately, oldest first, as far as it is remembered: when, and what."""
        return list(self._story)

    def _is_due(self, when: float, task: TaskRecord) -> bool:
        """Whether at just that time a task is to be tried again, forgotten, or told of."""
        return task.remove_at == when or self.retry.due(task) == when or terms.is_reached(task, when)

    # --- records -----------------------------------------------------------------------------------------------

    def _known(self, task_id: str, family: str = "") -> TaskRecord:
        task = self.tasks.get(task_id)
        if task is None:
            self._ages += 1
            task = self.tasks[task_id] = TaskRecord(task_id, self._ages, NOTHING, self._now, family)
            self.index.add(task)
        return task

    def _worker(self, worker_id: str) -> WorkerRecord:
        worker = self.workers.get(worker_id)
        if worker is None:
            worker = self.workers.welcome(worker_id, self._now)
            self._effects.append(Welcomed(worker_id))
        worker.active = self._now
        self._by = worker.worker_id
        return worker

    def _answer(self, worker: WorkerRecord, effect: Assigned | Refused | Delivered) -> None:
        self._effects.append(effect)
        if worker.call:
            worker.answer.append(effect)

    def _unwanted(self, task: TaskRecord) -> None:
        """A task that nobody wants is forgotten after a while: a new one, if it could not be when the last was over."""
        if not task.stakeholders and (task.remove_at is None or task.remove_at <= self._now):
            task.remove_at = self._now + self.remove_delay
            self._deadlines.add(task.remove_at, task)

    # --- a lease begins and ends -------------------------------------------------------------------------------

    def _take(self, task: TaskRecord, worker: WorkerRecord) -> None:
        """Let a worker run a task."""
        self._tokens += 1
        lease = self._lend(task, worker)
        if task.needs:
            self.resources.hold(lease, task.needs, self._now)
        self._move(task, RUNNING, "handed out")

    def _lend(self, task: TaskRecord, worker: WorkerRecord) -> Lease:
        lease = task.lease = Lease(self._tokens, worker.worker_id, self._now)
        worker.running[task] = None
        return lease

    def _give_up(self, task: TaskRecord, after: str, why: str, *, retriable: bool = True) -> None:
        """End a task's lease; the task goes on to the status `after`."""
        lease = task.lease
        assert lease is not None
        if lease.held:
            self._lanes.look_again(lease.held)
            self.resources.free(lease)
        worker = self.workers.get(lease.worker or "")
        if worker is not None:
            worker.running.pop(task, None)
        if task.batch is not None and task.batch.runner is not task:
            task.batch = None
        if not task.stakeholders:
            self._unwanted(task)
        if lease.cancelled_by is not None and after != DONE:
            self._cancel(task, lease.cancelled_by)
        elif after == FAILED:
            self._fail(task, why, retriable=retriable)
        else:
            self._move(task, after, why)

    def _fail(self, task: TaskRecord, why: str = "failed", *, retriable: bool = True) -> None:
        why_disabled = self.retry.count_failure(task, self._now)
        if task.status != FAILED:
            self._move(task, FAILED, why)
        else:
            self._deadlines.add(self.retry.due(task), task)
        if not retriable:
            why_disabled = NOT_THERE if task.waits else "failed with what its retry_on does not name"
        if why_disabled:
            task.failed_too_often = True
            self._move(task, DISABLED, why_disabled)

    def _cancel(self, task: TaskRecord, by: str) -> None:
        """It is not run until an operator wants it run again. Whoever's call it is, that is `by`'s doing."""
        task.cancelled = True
        task.explanation = f"Cancelled by {by}."
        caller, self._by = self._by, by
        self._move(task, DISABLED, CANCELLED)
        self._by = caller

    def _end_batch(self, runner: TaskRecord, batch: Batch) -> None:
        """The members share their runner's fate."""
        for member in batch.members:
            if member.batch is batch:
                member.batch = None
                if member.status == BATCH_RUNNING:
                    member.explanation = runner.explanation
                    after = DONE if runner.status == DONE else FAILED
                    self._give_up(member, after, f"its batch, run by {runner.task_id}, ended")
        runner.batch = None
        if runner.status != DONE and runner not in batch.members:
            self._dismiss(runner)

    def _dismiss(self, runner: TaskRecord) -> None:
        """One that a worker made for a batch that failed is not tried again: its members are."""
        if runner.left:
            self._left.tally(runner, -1)
        for name in {*runner.runners, *runner.stakeholders}:
            worker = self.workers.get(name)
            if worker is not None:
                worker.tasks.pop(runner, None)
                if worker.submission is not None:
                    worker.submission.dismissed(runner)
        runner.runners = runner.stakeholders = ()
        runner.remove_at = self._now
        self._deadlines.add(self._now, runner)

    # --- the one place a status changes ------------------------------------------------------------------------

    def _stir(self, task: TaskRecord) -> bool:
        """Have the submissions looked after that want a task; whether any of them has it run by workers of pools."""
        runs = False
        for name in task.stakeholders if self.submissions else ():
            worker = self.submissions.get(name)
            if worker is not None and worker.submission is not None:
                if task.ready or task.status in ACTIVE:
                    worker.submission.stirring[task] = None
                self._stirred.setdefault(name, False)
                runs = runs or name in task.runners
        return runs

    def _tell_further(self, task: TaskRecord, before: str) -> None:
        """What few tasks have, and those who want it."""
        if task.terms is not None and (late := terms.moved(task, task.terms)) is not None:
            self._effects.append(late)
        for name in task.stakeholders if self.submissions else ():
            worker = self.submissions.get(name)
            if worker is not None and worker.submission is not None:
                worker.submission.moved(task, before)
                self._stirred[name] = self._stirred.get(name, False) or task.status == DISABLED

    def _move(self, task: TaskRecord, after: str, why: str) -> None:
        before = task.status
        if after not in NEXT[before]:
            raise ImpossibleMove(task, after, why, self.story(task.task_id))
        dependents = task.dependents
        was_dead_end = bool(dependents) and task.dead_end
        task.status = after
        task.updated = self._now
        self.index.moved(task, before)
        if (before in LEFT) != (after in LEFT) and not task.blocked:
            self._left.tally(task, 1 if after in LEFT else -1)
        if dependents:
            self._dependencies.tell(task, before, was_dead_end)
        if after == PENDING and task.ready:
            self._lanes.push(task)
        elif before == PENDING and task.needs:
            self._lanes.look_again(task.needs)
        if before == DISABLED:
            self.retry.enabled(task)
        if self.submissions or task.terms is not None:
            self._tell_further(task, before)
        changed = Changed(task.task_id, task.family, before, after, why, self._by)
        self._effects.append(changed)
        self._story.append((self._now, changed))
        if after in (FAILED, DISABLED):
            self._deadlines.add(self.retry.due(task), task)
        if task.batch is not None and task.batch.runner is task and after not in (PENDING, RUNNING):
            self._end_batch(task, task.batch)
