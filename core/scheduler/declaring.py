"""What follows when workers say who they are and what there is to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from luigi.interfaces import NOTHING, TaskSpec
from luigi.scheduler import events, terms
from luigi.scheduler.demands import NO_WISH, Pool, wish_of
from luigi.scheduler.holding import Holding
from luigi.scheduler.records import ACTIVE, TaskRecord
from luigi.scheduler.resources import needs_of
from luigi.scheduler.workers import WorkerRecord
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING

PLANNED: Final = ACTIVE | {PENDING}
"""The statuses of a task that stays planned when a submission declares it once more."""


class Declaring(Holding):
    """Workers introduce themselves and declare tasks."""

    def _introduced(self, event: events.Introduced) -> None:
        worker = self.workers.get(event.worker) or self._worker(event.worker)
        worker.introduce(event.info)
        if worker.submission is not None:
            self.submissions[event.worker] = worker
            self._stirred.setdefault(event.worker, False)
        elif worker.pool is not None:
            self._welcome_to_pools(worker, worker.pool)

    def _welcome_to_pools(self, worker: WorkerRecord, pool: Pool) -> None:
        """With the first worker of a pool, what programs' runs have ready is there for pools too."""
        self._lanes.set_pool(worker.worker_id, pool)
        if not self._lanes.pooled:
            self._lanes.pooled = True
            for task in self.index.by_status[PENDING]:
                if task.ready:
                    self._lanes.push_for_pools(task)

    def _declared(self, event: events.Declared) -> None:
        worker = self._worker(event.worker)
        for batcher in event.batchers:
            self._lanes.set_batcher(event.worker, batcher, worker.tasks)
        wanting = self.submissions.get(event.submission) if event.submission else worker
        if wanting is not None:
            self._declare_all(wanting, event.tasks)
        if self.submissions:
            self._let_go_what_is_required([dep for spec in event.tasks for dep in spec.deps or ()])

    def _declare_all(self, worker: WorkerRecord, specs: Sequence[TaskSpec]) -> None:
        submission = worker.submission
        for spec in specs:
            if worker.enabled or self.tasks.get(spec.task_id) in worker.running:
                self._declare(worker, spec if submission is None else submission.placed(spec))

    def _declare(self, worker: WorkerRecord, spec: TaskSpec) -> TaskRecord:
        task = self._known(spec.task_id, spec.family)
        version, status = task.version, task.status
        stood = _place(task) if status == PENDING else None
        if task.left:
            self._left.tally(task, -1)
        if task.needs:
            self._lanes.look_again(task.needs)
        self._describe(task, spec)
        if spec.deps or (task.deps and spec.deps is not None):
            self._set_deps(task, spec.deps)
        self._dependencies.set_rank(task, spec.priority)
        newcomer = self._involve(worker, task, spec.runnable and not self._is_held(worker, task))
        if task.left:
            self._left.tally(task, 1)
        self._apply_declared(worker, task, spec.status)
        if task.status == status == PENDING and task.ready:
            runners = task.runners if _place(task) != stood else worker.alone if newcomer else ()
            for runner in runners:
                self._lanes.push_for(runner, task)
        self._set_times(task, spec)
        if task.version == version:
            self.index.touched(task)
        if self.submissions:
            self._stir(task)
        return task

    def _set_times(self, task: TaskRecord, spec: TaskSpec) -> None:
        if spec.deadline is not None and task.status != DONE:
            self._deadlines.add(terms.set_deadline(task, spec.deadline, self._now), task)
        if spec.retry_policy is not None and spec.retry_policy != task.policy:
            task.policy = spec.retry_policy
            self._deadlines.add(self.retry.due(task), task)

    def _set_deps(self, task: TaskRecord, deps: Sequence[str]) -> None:
        before = task.deps
        self._dependencies.set(task, [self._known(dep) for dep in deps])
        for dep in before:
            if not dep.dependents:
                self._unwanted(dep)

    def _describe(self, task: TaskRecord, spec: TaskSpec) -> None:
        if self.texts is not None:
            spec = _with_shared_texts(spec, self.texts.one)
        if task.family != spec.family:
            self.index.renamed(task, spec.family)
        task.hidden, task.owners = tuple(spec.hidden), tuple(spec.owners)
        if spec.unplanned != task.unplanned:
            task.unplanned = spec.unplanned and (task.status not in PLANNED or not task.runners)
        if spec.queue or spec.labels or task.wish is not NO_WISH:
            task.wish = wish_of(spec.queue, spec.labels)
        task.waits = spec.waits
        task.module, task.params = spec.module, spec.params  # by the last of these `views.folded_names` knows a name
        task.priority = spec.priority
        task.batchable = spec.batchable
        task.accepts_messages = spec.accepts_messages
        if spec.explanation is not None:
            task.explanation = spec.explanation
        task.needs = needs_of(spec.resources)

    def _apply_declared(self, worker: WorkerRecord, task: TaskRecord, status: str) -> None:
        """A worker's check of a task counts unless somebody is running it or the scheduler has disabled it.

        One that its class disables too is for workers to enable again.
        """
        if task.status in ACTIVE or (task.disabled_here and status != DONE):
            task.failed_too_often = task.failed_too_often and status != DISABLED
            return
        if task.status == DONE and status == PENDING and self._now < task.updated + self.cooldown:
            return
        if status == FAILED and task.status != DISABLED:
            self._fail(task)
        elif status == RUNNING:
            self._take(task, worker)
        elif status and task.status != status:
            self._move(task, status, "declared")


def _with_shared_texts(spec: TaskSpec, text: Callable[[Any], Any]) -> TaskSpec:
    return spec._replace(
        family=text(spec.family),
        module=text(spec.module),
        params={text(name): text(value) for name, value in spec.params.items()},
        resources={text(name): amount for name, amount in spec.resources.items()} if spec.resources else NOTHING,
        hidden=[text(name) for name in spec.hidden],
        owners=[text(name) for name in spec.owners],
    )


def _place(task: TaskRecord) -> tuple[object, ...] | None:
    """What says where a ready task stands in the queues; one that is not ready stands nowhere."""
    return (task.rank, task.needs, task.batchable, task.params, task.wish, task.module) if task.ready else None
