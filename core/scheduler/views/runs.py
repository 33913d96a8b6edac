"""Workers that want tasks done, and how far those are: what a run is while it lasts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from luigi.scheduler.upstream import waiting_for
from luigi.scheduler.views.selection import STOPPED
from luigi.scheduler.views.submissions import submission_row
from luigi.task_status import DISABLED, DONE, FAILED

if TYPE_CHECKING:
    from luigi.scheduler.machine import Machine
    from luigi.scheduler.records import TaskRecord
    from luigi.scheduler.shell import Shell
    from luigi.scheduler.workers import WorkerRecord


def live_runs(machine: Machine) -> list[WorkerRecord]:
    """The workers that want tasks done, by id."""
    wanting = [worker for worker in machine.workers if not worker.assistant and (worker.tasks or worker.running)]
    return sorted(wanting, key=lambda worker: worker.worker_id)


def tasks_of(worker: WorkerRecord) -> list[TaskRecord]:
    """What its run is about; of a disabled worker, that wants nothing any more, what it still runs."""
    return [*(worker.tasks or worker.running)]


def stopped(scheduler: Shell) -> dict[str, Collection[TaskRecord]]:
    """The tasks that wait for failed and for disabled ones, of all runs."""
    ends = scheduler.look(lambda machine: {one: [*machine.index.by_status[one]] for one in (FAILED, DISABLED)})
    return {state: waiting_for(state, ends) for state in STOPPED}


def tally(worker: WorkerRecord, tasks: Collection[TaskRecord], stopped: Mapping[str, Collection[TaskRecord]]) -> Any:
    """How far a run is: how many of its tasks have which status, `finished` since it began, are `stopped`."""
    return {
        "counts": dict(Counter(map(attrgetter("status"), tasks))),
        "total": len(tasks),
        "finished": sum([_finished(task, worker.known_since) for task in tasks]),
        "stopped": {state: sum([task in waiting for task in tasks]) for state, waiting in stopped.items()},
    }


def _finished(task: TaskRecord, since: float) -> bool:
    return task.status == DONE and task.lease is not None and task.lease.started >= since


def run_row(worker: WorkerRecord) -> dict[str, Any]:
    """What a worker says of its run. Times are in seconds since the epoch."""
    info = worker.info
    return {
        "worker_id": worker.worker_id,
        "host": _text(info, "host"),
        "user": _text(info, "username"),
        "command": _text(info, "command"),
        "roots": _roots(info),
        "began": worker.known_since,
        "active": worker.active,
        "enabled": worker.enabled,
        "submission": None if worker.submission is None else submission_row(worker, worker.submission),
    }


def _text(info: Mapping[str, Any], name: str) -> str:
    """What workers say of themselves may be anything."""
    return str(info.get(name) or "")


def _roots(info: Mapping[str, Any]) -> list[str]:
    roots = info.get("roots")
    return [str(one) for one in roots] if isinstance(roots, (list, tuple)) else [_text(info, "first_task")]
