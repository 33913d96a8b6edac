"""Who works, and what there is to work with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from luigi.scheduler.names import display_name
from luigi.scheduler.records import ACTIVE
from luigi.scheduler.views.options import yes_or_no
from luigi.scheduler.views.task import row

if TYPE_CHECKING:
    from luigi.scheduler.machine import Machine
    from luigi.scheduler.workers import WorkerRecord


def workers(machine: Machine, subject: str, now: float, options: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All workers but submissions, that heard of last first.

    `running` has rows, or ids alone without `include_running`.
    """
    whole = yes_or_no(options, "include_running", True)
    known = [worker for worker in machine.workers if worker.submission is None]
    newest_first = sorted(known, key=lambda worker: -worker.active)
    return [_worker(machine, worker, whole) for worker in newest_first]


def _worker(machine: Machine, worker: WorkerRecord, whole: bool) -> dict[str, Any]:
    """Times are in seconds since the epoch. `pending` and `unique` are as in `luigi.interfaces.Counts`."""
    left = machine.left(worker.worker_id)
    first_task = machine.tasks.get(str(worker.info.get("first_task", "")))
    return {
        "worker_id": worker.worker_id,
        "info": dict(worker.info),
        "enabled": worker.enabled,
        "assistant": worker.assistant,
        "known_since": worker.known_since,
        "active": worker.active,
        "asked": worker.asked,
        "first_task": display_name(first_task) if first_task else None,
        "running": [row(task) if whole else task.task_id for task in worker.running],
        "pending": left.pending,
        "unique": left.unique,
        "unread_messages": len(worker.messages),
    }


def resources(machine: Machine, subject: str, now: float, options: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each resource that has a limit or is in use, by name: `limit`, `used`, and who holds how much since when.

    Of a rate, `used` is what was begun within the last `window` seconds, and `next` when that is less again.
    """
    holders = holders_by_resource(machine)
    names = sorted({*machine.resources.limits, *machine.resources.used, *holders})
    return [
        {
            "name": name,
            "limit": machine.resources.limit(name),
            "used": machine.resources.used_at(name, now),
            "window": machine.resources.windows.get(name),
            "next": machine.resources.next_of(name, now),
            "holders": holders.get(name, []),
        }
        for name in names
    ]


def holders_by_resource(machine: Machine) -> dict[str, list[dict[str, Any]]]:
    """Resource → the tasks that hold some of it. Looks at what runs, at nothing else."""
    holders: dict[str, list[dict[str, Any]]] = {}
    for status in sorted(ACTIVE):
        for task in machine.index.by_status[status]:
            lease = task.lease
            for name, amount in lease.held if lease else ():
                if amount and lease:
                    holder = {"task_id": task.task_id, "name": display_name(task), "worker": lease.worker}
                    holders.setdefault(name, []).append({**holder, "amount": amount, "since": lease.started})
    return holders
