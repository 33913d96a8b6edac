"""What becomes of submissions: their roots are let go as others end, they come to rest, and leave; or are cancelled."""

from __future__ import annotations

from luigi.interfaces import Message
from luigi.scheduler import events
from luigi.scheduler.declaring import Declaring
from luigi.scheduler.events import Refused, Resumed, Settled, SubmissionLeft
from luigi.scheduler.passing_time import PassingTime
from luigi.scheduler.records import ACTIVE, Lease
from luigi.scheduler.submissions import CANCELLED, SUCCESS, Submission
from luigi.scheduler.workers import WorkerRecord
from luigi.task_status import DONE


class Submitting(Declaring, PassingTime):
    """Looks after the runs that no process stands for."""

    def _look_after_submissions(self) -> None:
        """After an event that touched some: let go, and say, what follows."""
        while self._stirred:
            name = next(iter(self._stirred))
            disabled = self._stirred.pop(name)
            worker = self.submissions.get(name)
            if worker is not None and worker.submission is not None and worker.enabled:
                if worker.submission.held:
                    self._let_go_next(worker, worker.submission, disabled)
                self._see_whether_quiet(worker, worker.submission)

    def _let_go_next(self, worker: WorkerRecord, submission: Submission, disabled: bool) -> None:
        """As many roots as there is place for; and when nothing stirs, what holds a place will not give it up soon."""
        if disabled:
            for task_id in [one for one in submission.active if self.tasks[one].dead_end]:
                del submission.active[task_id]
        while submission.held and (submission.has_place or not submission.stirs()):
            self._let_go(worker, self.tasks[next(iter(submission.held))])

    def _see_whether_quiet(self, worker: WorkerRecord, submission: Submission) -> None:
        before = submission.status
        if submission.held or submission.stirs():
            submission.quiet, submission.status = None, ""
        else:
            if submission.quiet is None:
                submission.quiet = self._now
            submission.status = submission.outcome() if submission.whole else ""
        if submission.status != before:
            self._tell_of(worker, submission.status)

    def _tell_of(self, worker: WorkerRecord, status: str) -> None:
        if status:
            self._effects.append(Settled(worker.worker_id, status))
        else:
            self._effects.append(Resumed(worker.worker_id))

    # --- the end -----------------------------------------------------------------------------------------------

    def _may_leave(self, worker: WorkerRecord, now: float) -> bool:
        """Whether a submission has been quiet for long enough, and time will bring none of its tasks back."""
        submission = worker.submission
        if submission is None or submission.quiet is None or submission.quiet + self.remove_delay > now:
            return False
        retried = submission.stirs() or submission.may_be_retried(worker.known_since, now)
        return not (worker.enabled and retried)

    def _leaving(self, now: float) -> list[WorkerRecord]:
        return [worker for worker in self.submissions.values() if self._may_leave(worker, now)]

    def _ticked(self, event: events.Ticked) -> None:
        super()._ticked(event)
        for worker in self._leaving(self._now):
            self._leave(worker)

    def _leave(self, worker: WorkerRecord) -> None:
        name, submission = worker.worker_id, worker.submission
        if submission is not None and not submission.status:
            self._tell_of(worker, submission.outcome())
        self._take_out(worker)
        self._left.forget(name)
        self.workers.forget(worker)
        del self.submissions[name]
        self._effects.append(SubmissionLeft(name))

    def _submission_cancelled(self, event: events.SubmissionCancelled) -> None:
        self._by = event.by
        worker = self.submissions.get(event.submission)
        if worker is None or worker.submission is None:
            self._effects.append(Refused(event.submission, "no submission has that id"))
        elif worker.submission.status in (SUCCESS, CANCELLED):
            self._effects.append(Refused(event.submission, f"it has ended: {worker.submission.status}"))
        else:
            self._withdraw(worker)

    def _bequeath_to_others(self, worker: WorkerRecord) -> None:
        """What was planned for a submission that others want too goes on for them, with all that it waits for."""
        shared = [task for task in worker.tasks if len(task.stakeholders) > 1]
        for name in {name: None for task in shared for name in task.stakeholders if name in self.submissions}:
            heir = self.submissions[name]
            stack = [task for task in shared if name in task.stakeholders] if heir is not worker else []
            while stack:
                for dep in stack.pop().deps:
                    if dep.status != DONE and worker.worker_id in dep.runners and name not in dep.runners:
                        self._have_run(heir, dep)
                        stack.append(dep)

    def _have_ended(self, task_id: str, lease: Lease) -> None:
        """Ask the worker that has a lease on a task to end it."""
        worker = self.workers.get(lease.worker or "")
        if worker is not None:
            worker.messages.append(Message("cancel_task", {"task_id": task_id, "token": lease.token}))

    def _withdraw(self, worker: WorkerRecord) -> None:
        """Let nothing be run for a submission any more. What others want too goes on; what can be declared again later
        is not disabled, as a task is that an operator cancels."""
        submission = worker.submission
        assert submission is not None
        for task in worker.tasks:
            if task.status in ACTIVE and task.lease is not None and len(task.stakeholders) == 1:
                self._have_ended(task.task_id, task.lease)
        self._bequeath_to_others(worker)
        worker.enabled = False
        self._take_out(worker)
        for things in (submission.held, submission.active, submission.stirring):
            things.clear()
        submission.quiet, submission.status = self._now, CANCELLED
        self._tell_of(worker, CANCELLED)
