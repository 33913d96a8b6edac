"""Tasks, workers and resources in the shapes that Luigi's calls answer with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from luigi.interfaces import RetryPolicy
from luigi.scheduler.names import display_name, family_of, shown_params
from luigi.scheduler.records import SCHEDULERS_POLICY, TaskRecord
from luigi.scheduler.workers import WorkerRecord, Workers
from luigi.task_status import DISABLED, PENDING, RUNNING, UNKNOWN

WORKER_STATE_ACTIVE: Final = "active"
WORKER_STATE_DISABLED: Final = "disabled"

Row = dict[str, Any]


def retry_policy_from(told: Mapping[str, Any] | None) -> RetryPolicy:
    """A task's own retry policy from the wire; what is left out or null is the scheduler's setting.

    Raises TypeError for a name that is none of a RetryPolicy.
    """
    given = {name: value for name, value in (told or {}).items() if value is not None}
    return RetryPolicy(**given) if given else SCHEDULERS_POLICY


def task_row(task: TaskRecord, *, deps: Collection[str] | None = None, named: bool = True) -> Row:
    """A task in a list; `deps` in a graph, where only the one asked for is `named`."""
    if not task.family and deps is not None:
        return _unknown_row(task.task_id, deps, named=named)
    lease = task.lease
    row: Row = {
        "status": task.status,
        "workers": list(task.runners),
        "worker_running": lease.worker if lease else None,
        "time_running": lease.started if lease else None,
        "start_time": task.known_since,
        "last_updated": max(task.updated, task.known_since),
        "params": shown_params(task),
        "name": task.family,
        "priority": task.rank,
        "resources": dict(task.needs),
        "resources_running": dict(lease.taken) if lease else None,
        "tracking_url": lease.tracking_url if lease and task.status != PENDING else None,
        "status_message": lease.status_message if lease else None,
        "progress_percentage": lease.percentage if lease else None,
    }
    if named:
        row["display_name"] = display_name(task)
    if task.status == DISABLED:
        row["re_enable_able"] = task.disabled_here
    if task.status == RUNNING:
        row["accepts_messages"] = task.accepts_messages
    if deps is not None:
        row["deps"] = list(deps)
    return row


def _unknown_row(task_id: str, deps: Collection[str], *, named: bool) -> Row:
    """One that no worker has declared."""
    row: Row = {
        "deps": list(deps),
        "status": UNKNOWN,
        "workers": [],
        "start_time": UNKNOWN,
        "params": {"task_id": task_id},
        "name": family_of(task_id),
        "priority": 0,
    }
    return row | {"display_name": task_id} if named else row


def running_row(task: TaskRecord, workers: Workers) -> Row:
    """Which worker runs a task, with what that said of itself."""
    worker_id = task.lease.worker if task.lease else None
    worker = workers.get(worker_id) if worker_id else None
    return {"task_id": task.task_id, "worker": worker_id} | dict(worker.info if worker else {})


def worker_row(worker: WorkerRecord, tasks: Mapping[str, TaskRecord]) -> Row:
    """A worker in a list, with what it said of itself."""
    first = tasks.get(worker.info.get("first_task", ""))
    return {
        "name": worker.worker_id,
        "last_active": worker.active,
        "started": worker.known_since,
        "state": WORKER_STATE_ACTIVE if worker.enabled else WORKER_STATE_DISABLED,
        "first_task_display_name": display_name(first) if first else worker.info.get("first_task", ""),
        "num_unread_rpc_messages": len(worker.messages),
        **worker.info,
    }


def worker_load(worker: WorkerRecord) -> Row:
    """What a worker runs, and what waits for it."""
    name = worker.worker_id
    pending = [task.runners for task in worker.tasks if task.status == PENDING and name in task.runners]
    running = {task.task_id: task_row(task) for task in worker.running if task.status == RUNNING}
    return {
        "num_pending": len(pending),
        "num_uniques": sum(len(runners) == 1 for runners in pending),
        "num_running": len(running),
        "running": running,
    }
