"""What follows when time passes: retries, lost workers, tasks that nobody wants."""

from __future__ import annotations

from luigi.scheduler import events, terms
from luigi.scheduler.events import Removed, WorkerLost
from luigi.scheduler.moves import Moves
from luigi.scheduler.records import ACTIVE, TaskRecord
from luigi.scheduler.workers import WorkerRecord
from luigi.task_status import FAILED, PENDING, UNKNOWN


class PassingTime(Moves):
    """What is due becomes so."""

    def _ticked(self, event: events.Ticked) -> None:
        for worker in self.workers.silent(self._now):
            self._lose(worker)
        for when, task in self._deadlines.reached(self._now):
            if self.retry.due(task) == when:
                self._retry(task)
            if terms.is_reached(task, when):
                self._tell_late(task)
            if task.remove_at == when:
                self._remove(task)

    def _tell_late(self, task: TaskRecord) -> None:
        self._effects.append(terms.became_late(task))
        if not task.stakeholders:  # it was kept for this
            self._unwanted(task)

    def _retry(self, task: TaskRecord) -> None:
        if task.status == FAILED:
            self._move(task, PENDING, "its retry delay has passed")
        else:
            self._give_back(task, "its time of being disabled has passed")

    def _give_back(self, task: TaskRecord, why: str) -> None:
        """A disabled task starts with a clean slate, after a retry delay."""
        self.retry.forget_failures(task)
        self._move(task, FAILED, why)

    def _lose(self, worker: WorkerRecord) -> None:
        for task in list(worker.running):
            if task.status in ACTIVE:
                after = PENDING if task.waits else FAILED  # nothing has run that could have failed
                self._give_up(task, after, f"its worker {worker.worker_id} was lost")
                if worker.pool is not None and self._is_for_another(task):
                    self._move(task, PENDING, "another of its pool takes it over")
            if task.lease is not None:
                task.lease.worker = None
        self._take_out(worker)
        self._left.forget(worker.worker_id)
        self.workers.forget(worker)
        self._effects.append(WorkerLost(worker.worker_id))

    def _is_for_another(self, task: TaskRecord) -> bool:
        """Whether a task that failed with its worker is to be tried again at all, and somebody is left for it."""
        return task.status == FAILED and task.runners != () and self.retry.due(task) is not None

    def _take_out(self, worker: WorkerRecord) -> None:
        """A worker runs and wants nothing more."""
        name = worker.worker_id
        self._lanes.drop(name)
        for task in worker.tasks:
            if task.left:
                self._left.tally(task, -1)
            task.runners = tuple([other for other in task.runners if other != name])
            task.stakeholders = tuple([other for other in task.stakeholders if other != name])
            if task.left:
                self._left.tally(task, 1)
            self._unwanted(task)
            if self.submissions:
                self._stir(task)
        worker.tasks = {}

    def _remove(self, task: TaskRecord) -> None:
        """Forget a task, and what only it still needed. One that runs, or that a known task waits for, is kept."""
        stack = [task]
        while stack:
            task = stack.pop()
            gone = self.tasks.get(task.task_id) is not task
            waits = (task.remove_at is not None and task.remove_at > self._now) or terms.ahead(task, self._now)
            if gone or waits or task.stakeholders or task.dependents or task.status in ACTIVE:
                continue
            if task.status != UNKNOWN:
                self._move(task, UNKNOWN, "nobody has wanted it for a while")
            needed = list(task.deps)
            self._dependencies.set(task, ())
            self._forget(task)
            stack.extend(needed)

    def _forget(self, task: TaskRecord) -> None:
        for name in task.runners:
            runner = self.workers.get(name)
            if runner is not None:
                runner.tasks.pop(task, None)
        del self.tasks[task.task_id]
        self.index.remove(task)
        self._effects.append(Removed(task.task_id))
