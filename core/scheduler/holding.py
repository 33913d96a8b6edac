"""Who wants a task and who can run it; and which roots of a submission have to wait for others of it to end.

A held root is wanted by its submission, which does not have it run yet: whoever else can run it may.
"""

from __future__ import annotations

from collections.abc import Iterable

from luigi.scheduler.moves import Moves
from luigi.scheduler.records import TaskRecord
from luigi.scheduler.workers import WorkerRecord


class Holding(Moves):
    """Ties workers to tasks."""

    def _involve(self, worker: WorkerRecord, task: TaskRecord, runnable: bool) -> bool:
        """Note that a worker wants a task done, unless it only assists, and can run it; whether the latter is new."""
        name = worker.worker_id
        if not worker.enabled:
            return False
        task.remove_at = None
        if not worker.assistant:
            if name not in task.stakeholders:
                task.stakeholders = (*task.stakeholders, name) if task.stakeholders else worker.alone
                worker.tasks[task] = None
                if worker.submission is not None:
                    worker.submission.involved(task)
                    self._stir(task)
        elif not task.stakeholders:
            self._unwanted(task)
        if not runnable or name in task.runners:
            return False
        task.runners = (*task.runners, name) if task.runners else worker.alone
        worker.tasks[task] = None
        return True

    def _is_held(self, worker: WorkerRecord, task: TaskRecord) -> bool:
        """Whether a worker that is a submission holds a task; in doubt it does from now on. None that something
        requires is held."""
        submission = worker.submission
        if submission is None or not submission.max_active or task.task_id not in submission.roots:
            return False
        new = worker.worker_id not in task.stakeholders
        if new and not submission.has_place and not task.dependents:
            submission.held[task.task_id] = None
        return task.task_id in submission.held

    def _let_go_what_is_required(self, task_ids: Iterable[str]) -> None:
        """What waits for a held root would hold its place for ever."""
        for task_id in task_ids:
            task = self.tasks.get(task_id)
            for name in task.stakeholders if task is not None else ():
                worker = self.submissions.get(name)
                if task is not None and worker is not None and worker.submission and task_id in worker.submission.held:
                    self._let_go(worker, task)

    def _let_go(self, worker: WorkerRecord, task: TaskRecord) -> None:
        """Have a held root of a submission run."""
        assert worker.submission is not None
        worker.submission.let_go(task)
        self._have_run(worker, task)
        self.index.touched(task)

    def _have_run(self, worker: WorkerRecord, task: TaskRecord) -> None:
        """Let a worker want a task, and be able to run it."""
        if task.left:
            self._left.tally(task, -1)
        newcomer = self._involve(worker, task, runnable=True)
        if task.left:
            self._left.tally(task, 1)
        if newcomer and task.ready:
            self._lanes.push_for(worker.worker_id, task)
