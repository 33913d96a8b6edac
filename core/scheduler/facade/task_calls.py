"""What Luigi's workers say of tasks: add_task, which declares and reports, and progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from luigi.errors import KernelError
from luigi.interfaces import Answer, Batcher, Began, Progress, Report, TaskSpec
from luigi.scheduler import events
from luigi.scheduler.events import Event
from luigi.scheduler.facade.announcements import Announcements
from luigi.scheduler.facade.luigi_records import retry_policy_from
from luigi.scheduler.records import ACTIVE, Lease, TaskRecord
from luigi.task_status import BATCH_RUNNING, DISABLED, DONE, FAILED, PENDING, RUNNING, SUSPENDED, UNKNOWN

if TYPE_CHECKING:
    from luigi.measuring import Measuring
    from luigi.scheduler.facade.task_view import Task

DECLARABLE: Final[Mapping[str, str]] = {
    **{status: status for status in (PENDING, DONE, FAILED, DISABLED, UNKNOWN, RUNNING)},
    SUSPENDED: PENDING,
    BATCH_RUNNING: "",  # the scheduler alone says that
}
"""What a worker may say of a task → what it means."""

NO_TOKEN: Final = 0
"""That of no assignment: a batch that some other scheduler handed out is none of ours."""


class TaskCalls(Announcements):
    """Workers declare tasks, report on them, and say how far they are."""

    def add_task(
        self,
        task_id: str | None = None,
        status: str = PENDING,
        runnable: bool | None = True,
        deps: Sequence[str] | None = None,
        new_deps: Sequence[str] | None = None,
        expl: str | None = None,
        resources: Mapping[str, int] | None = None,
        priority: float = 0,
        family: str = "",
        module: str | None = None,
        params: Mapping[str, str] | None = None,
        param_visibilities: Mapping[str, int] | None = None,
        accepts_messages: bool = False,
        assistant: bool = False,
        tracking_url: str | None = None,
        worker: str | None = None,
        batchable: bool | None = None,
        batch_id: str | None = None,
        retry_policy_dict: Mapping[str, Any] | None = None,
        owners: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        """Declare a task, or report on one that the worker runs.

        `deps` None leaves what is known of them, `new_deps` adds to them. With a `batch_id` and the status RUNNING:
        the task is what the worker made of that batch. Raises KernelError when nothing says which task or worker is
        meant, or for an unknown status.
        """
        if not task_id or not worker:
            raise KernelError("add_task: there is no task_id or no worker", hint="both are texts that are not empty")
        if status not in DECLARABLE:
            raise KernelError(f"add_task {task_id}: no status {status!r}", hint=f"there are: {', '.join(DECLARABLE)}")
        spec = TaskSpec(
            task_id,
            family,
            module,
            params or {},
            DECLARABLE[status],
            deps,
            bool(runnable) and status != FAILED,
            priority,
            resources or {},
            retry_policy_from(retry_policy_dict),
            expl,
            bool(batchable),
            accepts_messages,
            [name for name, level in (param_visibilities or {}).items() if level],
            owners or (),
        )
        self._introduce_assistant(worker, assistant)
        task = self._machine.tasks.get(task_id)
        if task is not None:
            spec = _with_what_is_known(spec, task, batchable)
        if task is not None and self._stands_done(task, spec):
            self._handle(events.Declared(worker, ()))
            return
        said = self._said_of_task(worker, task, spec, new_deps or (), tracking_url, batch_id)
        self._handle(*said)

    def _said_of_task(
        self,
        worker: str,
        task: TaskRecord | None,
        spec: TaskSpec,
        new_deps: Sequence[str],
        tracking_url: str | None,
        batch_id: str | None,
    ) -> list[Event]:
        if batch_id is not None and spec.status == RUNNING:
            token = int(batch_id) if batch_id.isdecimal() else NO_TOKEN
            return [events.HandedIn(worker, Began(token, spec))]
        lease = None if task is None else _lease_of(worker, task)
        if lease is not None and _is_report(spec.status, new_deps):
            report = events.HandedIn(worker, Report(spec.task_id, lease.token, spec.status, new_deps, spec.explanation))
            return (
                [report] if _is_made_for_batch(task) else [report, events.Declared(worker, [spec._replace(status="")])]
            )
        if new_deps:
            known = [] if task is None else [dep.task_id for dep in task.deps]
            spec = spec._replace(deps=list(dict.fromkeys([*(known if spec.deps is None else spec.deps), *new_deps])))
        if lease is None:
            return [events.Declared(worker, [spec])]
        progress = events.HandedIn(worker, Progress(spec.task_id, lease.token, tracking_url))
        return [events.Declared(worker, [spec._replace(status="")]), progress]

    def _stands_done(self, task: TaskRecord, spec: TaskSpec) -> bool:
        """Whether a worker just looked too early to see that a task is done: all it says of it is out of date."""
        until = task.updated + self._config.stable_done_cooldown_secs
        return task.status == DONE and spec.status == PENDING and self._clock.now() < until

    def add_task_batcher(
        self, worker: str, task_family: str, batched_args: Sequence[str], max_batch_size: float = float("inf")
    ) -> None:
        """Say that a worker runs tasks of a family together that differ in `batched_args` alone."""
        self._handle(events.Declared(worker, (), [Batcher(task_family, tuple(batched_args), max_batch_size)]))

    def announce_scheduling_failure(
        self,
        task_name: str,
        family: str,
        params: Mapping[str, str],
        expl: str,
        owners: Sequence[str],
        param_visibilities: Mapping[str, int] | None = None,
        **kwargs: Any,
    ) -> None:
        """Take note that a task's check raised. The task itself is declared UNKNOWN by another call.

        `param_visibilities` are ours: Luigi's workers do not say which parameters are hidden. Their `task_name` is not
        used, since it shows private ones.
        """
        from luigi.telling import TaskFacts

        hidden = [name for name, level in (param_visibilities or {}).items() if level]
        self._announce(TaskFacts("", family, params, hidden, UNKNOWN, owners=tuple(owners or ()), expl=expl or ""))

    # --- progress ----------------------------------------------------------------------------------------------

    def set_task_status_message(self, task_id: str, status_message: str | None) -> None:
        """Show what a running task is at."""
        self._progress(task_id, status_message=status_message)

    def set_task_progress_percentage(self, task_id: str, progress_percentage: float | None) -> None:
        """Show how far a running task is: 0 to 100."""
        self._progress(task_id, percentage=progress_percentage)

    def decrease_running_task_resources(self, task_id: str, decrease_resources: Mapping[str, int]) -> None:
        """Give back some of what a running task holds."""
        self._progress(task_id, given_back=decrease_resources)

    def add_scheduler_message_response(self, task_id: str, message_id: str, response: str) -> None:
        """Keep a task's answer to a message."""
        lease = self._current_lease(task_id)
        if lease is not None and lease.worker is not None:
            self._handle(events.HandedIn(lease.worker, Answer(task_id, message_id, response)))

    # --- metrics -----------------------------------------------------------------------------------------------

    @property
    def measuring(self) -> Measuring | None:
        """What passes figures on to the metrics collectors; None when there are none."""
        return None if self.observers is None else self.observers.measuring

    def report_task_statistics(self, task_id: str, statistics: Mapping[str, Any]) -> None:
        """Pass on what a worker measured of a task: name → figure. Of an unknown task nothing is."""
        if self.measuring is not None and task_id in self._machine.tasks:
            from luigi.scheduler.facts import facts_of

            with self._lock:
                task = facts_of(self._machine, task_id)
            self.measuring.measured(task, statistics)

    def update_metrics_task_started(self, task: Task) -> None:
        """Count the start of a task once more: the scheduler itself counts each."""
        from luigi.scheduler.facade.task_facts import facts_of_view

        if self.measuring is not None:
            self.measuring.started(facts_of_view(task))

    def _progress(self, task_id: str, **progress: Any) -> None:
        """Only who holds the lease says such things; these calls come without its name, so it is taken from there."""
        lease = self._current_lease(task_id)
        if lease is not None and lease.worker is not None:
            self._handle(events.HandedIn(lease.worker, Progress(task_id, lease.token, **progress)))

    def _current_lease(self, task_id: str) -> Lease | None:
        task = self._machine.tasks.get(task_id)
        return None if task is None or task.status not in ACTIVE else task.lease


def _lease_of(worker: str, task: TaskRecord) -> Lease | None:
    lease = task.lease
    return lease if lease is not None and task.status in ACTIVE and lease.worker == worker else None


def _is_report(status: str, new_deps: Sequence[str]) -> bool:
    """Whether a worker says with that how a task it runs ended; otherwise it has just declared it again."""
    return status in (DONE, FAILED) or (status == PENDING and bool(new_deps))


def _is_made_for_batch(task: TaskRecord | None) -> bool:
    return task is not None and task.batch is not None and task not in task.batch.members


def _with_what_is_known(spec: TaskSpec, task: TaskRecord, batchable: bool | None) -> TaskSpec:
    """What a call leaves out stays as it was, and a priority is only ever raised."""
    if task.family:
        spec = spec._replace(
            family=task.family,
            module=task.module,
            params=task.params,
            hidden=task.hidden,
            priority=max(spec.priority, task.rank),
        )
    if batchable is None:
        spec = spec._replace(batchable=task.batchable)
    return spec if spec.explanation is not None else spec._replace(explanation=task.explanation)
