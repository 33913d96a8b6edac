"""What follows when workers say how their tasks are getting on, or ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from luigi.interfaces import Answer, Began, Progress, Report
from luigi.scheduler import events
from luigi.scheduler.declaring import Declaring
from luigi.scheduler.demands import without_module
from luigi.scheduler.events import Refused
from luigi.scheduler.records import ACTIVE, Lease, TaskRecord
from luigi.scheduler.workers import WorkerRecord
from luigi.task_status import DONE, FAILED, PENDING, RUNNING

STILL_RUNNING = Progress("", 0)[2:]
"""What a sign of life of a task says beside id and token: nothing."""


class HandingIn(Declaring):
    """Reports, progress and answers are believed from whoever holds the lease."""

    def _handed_in(self, event: events.HandedIn) -> None:
        self._said[type(event.said)](self._worker(event.worker), event.said)

    @cached_property
    def _said(self) -> Mapping[type, Callable[[WorkerRecord, Any], None]]:
        return {
            Report: self._reported,
            Progress: self._progressed,
            Began: self._began,
            Answer: self._answered,
        }

    def _leased(self, worker: WorkerRecord, task_id: str, token: int) -> TaskRecord | None:
        """The task, if it is this worker's by this assignment; what others say of it is refused."""
        task = self.tasks.get(task_id)
        lease = task.lease if task is not None and task.status in ACTIVE else None
        if lease is not None and lease.worker == worker.worker_id and lease.token == token:
            return task
        self._answer(worker, Refused(task_id, "the task is not assigned to this worker any more"))
        return None

    def _reported(self, worker: WorkerRecord, report: Report) -> None:
        task = self._leased(worker, report.task_id, report.token)
        if task is None:
            return
        if task.batch is not None and task.batch.runner is None:
            task.batch.runner = task
        task.explanation = report.explanation
        if report.new_deps or report.status == DONE:
            task.unplanned = False
        if report.new_deps:
            deps = [self._known(dep) for dep in report.new_deps]
            self._dependencies.add(task, deps)
            if worker.assistant:
                self._bequeath(task, deps)
        if report.status == FAILED and report.lacks_module and self._is_for_others(task, worker):
            self._introduced(events.Introduced(worker.worker_id, without_module(worker.info, task.demand[2])))
            self._give_up(task, PENDING, f"left to others, since worker {worker.worker_id} lacks its module")
        elif report.status == FAILED:
            self._give_up(task, FAILED, "failed", retriable=report.retriable)
        else:
            why = "reported" if report.status != PENDING else "waits for new requirements"
            self._give_up(task, report.status, why)

    def _is_for_others(self, task: TaskRecord, worker: WorkerRecord) -> bool:
        """Whether a pool has another worker for what this one cannot load. Else it fails, so that people hear of it."""
        if worker.pool is None or task.batch is not None:
            return False
        others = [one.pool for one in self.workers if one is not worker and one.enabled and one.pool is not None]
        return any(pool.takes(task.demand) for pool in others)

    def _bequeath(self, task: TaskRecord, deps: Sequence[TaskRecord]) -> None:
        """What an assistant's task turns out to need is wanted by those who want the task."""
        for name in task.stakeholders:
            stakeholder = self.workers.get(name)
            if stakeholder is not None:
                for dep in deps:
                    self._pass_on(stakeholder, dep)
        if self.submissions:
            self._let_go_what_is_required([dep.task_id for dep in deps])

    def _pass_on(self, stakeholder: WorkerRecord, dep: TaskRecord) -> None:
        """What one submission has run others can have run as well."""
        if stakeholder.submission is not None and any(name in self.submissions for name in dep.runners):
            self._have_run(stakeholder, dep)
        else:
            self._involve(stakeholder, dep, runnable=False)

    def _progressed(self, worker: WorkerRecord, progress: Progress) -> None:
        task = self._leased(worker, progress.task_id, progress.token)
        if task is None or task.lease is None:
            return
        lease = task.lease
        if progress.tracking_url is not None:
            lease.tracking_url = progress.tracking_url
        if progress.status_message is not None:
            lease.status_message = progress.status_message
        if progress.percentage is not None:
            lease.percentage = progress.percentage
        if progress.given_back:
            self._lanes.look_again(lease.held)
            self.resources.give_back(lease, progress.given_back)
        if progress[2:] != STILL_RUNNING:
            self.index.touched(task)

    def _began(self, worker: WorkerRecord, began: Began) -> None:
        """A batch has its runner: one of its members, or a task of the worker's own making."""
        batch = next((task.batch for task in worker.running if task.lease and task.lease.token == began.token), None)
        if batch is None or batch.runner is not None:
            self._answer(worker, Refused(began.spec.task_id, "the batch is not assigned to this worker any more"))
            return
        runner = self._declare(worker, began.spec._replace(status=""))
        first = batch.members[0]
        if runner not in batch.members and (runner.status in ACTIVE or runner.batch is not None):
            self._answer(worker, Refused(runner.task_id, "the task is run already"))
            batch.runner = first
            self._give_up(first, FAILED, f"{runner.task_id}, which was to run for it, is run already")
            return
        assert first.lease is not None
        started = runner.lease.started if runner in batch.members and runner.lease else self._now
        lease = Lease(began.token, worker.worker_id, started, first.lease.held, first.lease.taken)
        lease.cancelled_by = first.lease.cancelled_by
        first.lease.held = ()
        runner.lease = lease
        runner.batch = batch
        batch.runner = runner
        worker.running[runner] = None
        self._move(runner, RUNNING, "runs for its batch")

    def _answered(self, worker: WorkerRecord, answer: Answer) -> None:
        task = self.tasks.get(answer.task_id)
        if task is None:
            self._answer(worker, Refused(answer.task_id, "no task has that id"))
            return
        task.answers = {**(task.answers or {}), answer.message_id: answer.text}
        self.index.touched(task)
