"""What follows when workers ask for work."""

from __future__ import annotations

from luigi.interfaces import Assignment
from luigi.scheduler import events
from luigi.scheduler.batches import together
from luigi.scheduler.events import Assigned
from luigi.scheduler.moves import Moves
from luigi.scheduler.records import ACTIVE, Batch, TaskRecord
from luigi.scheduler.terms import waits_since
from luigi.scheduler.workers import WorkerRecord
from luigi.task_status import BATCH_RUNNING, PENDING, RUNNING


class HandingOut(Moves):
    """Workers are given tasks, and again what got lost on the way to them."""

    def _asked(self, event: events.Asked) -> None:
        worker = self._worker(event.worker)
        worker.asked = self._now
        want = event.want
        if event.holding is not None:
            want -= self._hand_out_again(worker, set(event.holding), want)
        if self.paused or not worker.enabled:
            return
        of_all = worker.assistant and worker.pool is None
        if self.resources.begun and want > 0:
            self._lanes.look_again([(name, 0) for name in self.resources.lapse(self._now)])
        for _ in range(want):
            task = self._lanes.pop(event.worker, self.resources, self._now, of_all=of_all)
            if task is None:
                break
            self._assign(task, worker)
        for _ in range(event.waits):
            task = self._lanes.pop_patient(event.worker, of_all=of_all)
            if task is None:
                break
            self._take(task, worker)
            self._answer(worker, Assigned(self._assignment(task)))

    def _assign(self, task: TaskRecord, worker: WorkerRecord) -> None:
        alone = not task.batchable or task.batch is not None
        companions = () if alone else self._lanes.companions(worker.worker_id, task)
        if companions:
            self._assign_batch(Batch((task, *companions)), worker)
            return
        self._take(task, worker)
        self._answer(worker, Assigned(self._assignment(task)))

    def _assign_batch(self, batch: Batch, worker: WorkerRecord) -> None:
        """What each member needs is held once, and from here on, so that it is there when the runner begins."""
        self._tokens += 1
        for member in batch.members:
            member.batch = batch
            self._lend(member, worker).taken = member.needs
        first = batch.members[0]
        assert first.lease is not None
        self.resources.hold(first.lease, batch.members[0].needs, self._now)
        for member in batch.members:
            self._move(member, BATCH_RUNNING, "handed out in a batch")
        self._answer(worker, Assigned(self._assignment(first)))

    def _assignment(self, task: TaskRecord) -> Assignment:
        lease, batch = task.lease, task.batch
        assert lease is not None
        if task.status == RUNNING or batch is None:
            if not (self.submissions or task.waits):  # as it is for nearly all
                return Assignment(task.task_id, lease.token, task.family, task.module, task.params)
            submission = self._submission_of(task) if self.submissions else ""
            told = task.task_id, lease.token, task.family, task.module, task.params
            waited = self._now - waits_since(task, self._now) if task.waits else None
            return Assignment(*told, submission=submission, unplanned=task.unplanned, waited=waited)
        batcher = self._lanes.batcher(lease.worker or "", task)
        params = together(batch.members, batcher.batched if batcher else ())
        ids = [member.task_id for member in batch.members]
        return Assignment(task.task_id, lease.token, task.family, task.module, params, ids)

    def _submission_of(self, task: TaskRecord) -> str:
        return next((name for name in task.stakeholders if name in self.submissions), "")

    def _hand_out_again(self, worker: WorkerRecord, holding: set[str], want: int) -> int:
        """What a worker was assigned and does not hold got lost on the way. How much of it is handed out again."""
        again = 0
        lost = [task for task in worker.running if task.task_id not in holding]
        for task in sorted(lost, key=lambda task: (-task.rank, task.age)):
            assert task.lease is not None
            if task.lease.cancelled_by is not None and task.status in ACTIVE:
                self._give_up(task, PENDING, "it got lost on the way")
            elif task.status == RUNNING and again < want:
                task.lease.started = self._now
                self._answer(worker, Assigned(self._assignment(task)))
                again += 1
            elif task.status == BATCH_RUNNING and task.batch is not None and task.batch.runner is None:
                self._give_up(task, PENDING, "its batch got lost on the way")
        return again
