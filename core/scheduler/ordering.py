"""What follows when operators give orders."""

from __future__ import annotations

from collections.abc import Set

from luigi.interfaces import Message
from luigi.scheduler import events
from luigi.scheduler.events import Refused
from luigi.scheduler.records import ACTIVE, TaskRecord
from luigi.scheduler.submitting import Submitting
from luigi.scheduler.workers import WorkerRecord
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN

WAITING = frozenset({PENDING, FAILED, UNKNOWN})
"""The statuses of a task that is not run, and may yet be."""

_OfATask = events.Forgiven | events.Retried | events.Cancelled | events.MarkedDone | events.ReEnabled


class Ordering(Submitting):
    """Operators act on tasks, workers and resources."""

    def _forgiven(self, event: events.Forgiven) -> None:
        task = self._ordered(event, {FAILED})
        if task is not None:
            self._move(task, PENDING, "forgiven")

    def _retried(self, event: events.Retried) -> None:
        task = self._ordered(event, {FAILED, DISABLED})
        if task is not None:
            self.retry.forget_failures(task)
            self._move(task, PENDING, "retried")

    def _cancelled(self, event: events.Cancelled) -> None:
        task = self._ordered(event, WAITING | ACTIVE)
        if task is None:
            return
        run = (task.batch and task.batch.runner) or task
        for one in (run, *(task.batch.members if task.batch else ())):  # they are run as one, and end as one
            if one.status in ACTIVE and one.lease is not None:
                one.lease.cancelled_by = event.by
        if run.lease is not None and run.status in (PENDING, *ACTIVE):  # a pending one may be suspended there
            self._have_ended(run.task_id, run.lease)
        if run.status not in ACTIVE:
            self._cancel(run, event.by)

    def _marked_done(self, event: events.MarkedDone) -> None:
        task = self._ordered(event, {RUNNING, FAILED, DISABLED})
        if task is None:
            return
        if task.status == RUNNING:
            self._give_up(task, DONE, "marked as done")
        else:
            self._move(task, DONE, "marked as done")

    def _re_enabled(self, event: events.ReEnabled) -> None:
        task = self._ordered(event, {DISABLED})
        if task is not None:
            self._give_back(task, "re-enabled")

    def _ordered(self, event: _OfATask, applies_to: Set[str]) -> TaskRecord | None:
        """The task an order is about; one that has none of these statuses refuses it."""
        self._by, task_id = event.by, event.task_id
        task = self.tasks.get(task_id)
        if task is not None and task.status in applies_to:
            return task
        status = "unknown" if task is None else task.status
        self._effects.append(Refused(task_id, f"the task is {status}, not {' or '.join(sorted(applies_to))}"))
        return None

    def _worker_disabled(self, event: events.WorkerDisabled) -> None:
        worker = self.workers.get(event.worker)
        if worker is None:
            self._effects.append(Refused(event.worker, "no worker has that id"))
            return
        if worker.submission is not None and worker.enabled:
            self._withdraw(worker)
        worker.enabled = False
        self._take_out(worker)

    def _processes_set(self, event: events.ProcessesSet) -> None:
        worker = self._addressed(event.worker)
        worker.messages.append(Message("set_worker_processes", {"n": event.number}))

    def _message_sent(self, event: events.MessageSent) -> None:
        facts = {"task_id": event.task_id, "message_id": event.message_id, "content": event.text}
        self._addressed(event.worker).messages.append(Message("dispatch_scheduler_message", facts))

    def _addressed(self, worker_id: str) -> WorkerRecord:
        """The worker a message is for; that it is sent one is no sign of life."""
        return self.workers.get(worker_id) or self._worker(worker_id)

    def _limit_set(self, event: events.LimitSet) -> None:
        window = self.resources.windows.get(event.resource) if event.window is None else event.window
        self.resources.set(event.resource, event.amount, window)
        self._lanes.look_at_all_again()

    def _pause(self, event: events.Paused) -> None:
        self.paused = True

    def _unpause(self, event: events.Unpaused) -> None:
        self.paused = False

    def _remember(self, event: events.Remembered) -> None:
        if event.text:
            self.remembered[event.name] = event.text
        else:
            self.remembered.pop(event.name, None)
