"""One task: as a row among others, whole, its story, and what it answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from luigi.scheduler.names import display_name, known_family, shown_params
from luigi.scheduler.records import ACTIVE
from luigi.scheduler.upstream import upstream
from luigi.scheduler.views.options import known_task, text

if TYPE_CHECKING:
    from luigi.scheduler.machine import Machine
    from luigi.scheduler.records import Batch, TaskRecord


def row(task: TaskRecord) -> dict[str, Any]:
    """What lists and graphs tell of a task. Times are in seconds since the epoch.

    `params` has those that pages show, `hidden` the others. Of resources, `needs` is what it asks for, `taken` what
    its last run took, `resources` what it holds now.
    """
    return {
        "task_id": task.task_id,
        "name": display_name(task),
        "family": known_family(task),
        "module": task.module,
        "params": dict(shown_params(task)),
        "hidden": {name: task.params[name] for name in task.hidden if name in task.params},
        "status": task.status,
        "priority": task.priority,
        "needs": dict(task.needs),
        "runners": list(task.runners),
        "stakeholders": list(task.stakeholders),
        "known_since": task.known_since,
        "updated": max(task.updated, task.known_since),
        "version": task.version,
        "failures": len(task.failures),
        "re_enable_able": task.disabled_here,
        "accepts_messages": task.accepts_messages,
        **_attempt(task),
    }


def _attempt(task: TaskRecord) -> dict[str, Any]:
    """What is known of the attempt that runs, or ran last."""
    lease = task.lease
    return {
        "worker": lease.worker if lease else None,
        "started": lease.started if lease else None,
        "taken": dict(lease.taken) if lease else {},
        "resources": dict(lease.held) if lease else {},
        "tracking_url": lease.tracking_url if lease else None,
        "status_message": lease.status_message if lease else None,
        "percentage": lease.percentage if lease else None,
    }


def whole(machine: Machine, subject: str, now: float, options: Mapping[str, Any]) -> dict[str, Any] | None:
    """All there is to say of a task: its row, and what is too long for one. None when no task has that id.

    `due` is when it is tried again or given back, `remove_at` when it is forgotten, `dependents` how many there are,
    `cancelled_by` who wants the run ended that goes on.
    """
    task = machine.tasks.get(subject)
    if task is None:
        return None
    return {
        **row(task),
        "rank": task.rank,
        "deps": [dep.task_id for dep in task.deps],
        "unmet": task.unmet,
        "dependents": len(task.dependents),
        "explanation": task.explanation,
        "retry_policy": machine.retry.policy(task)._asdict(),
        "first_failure": task.first_failure,
        "due": machine.retry.due(task),
        "remove_at": task.remove_at,
        "cancelled_by": task.lease.cancelled_by if task.lease and task.status in ACTIVE else None,
        "batchable": task.batchable,
        "batch": _batch(task.batch),
        "owners": list(task.owners),
        "answers": dict(task.answers or {}),
    }


def _batch(batch: Batch | None) -> dict[str, Any] | None:
    if batch is None:
        return None
    runner = batch.runner.task_id if batch.runner else None
    return {"members": [member.task_id for member in batch.members], "runner": runner}


def waits_for(machine: Machine, subject: str, now: float, options: Mapping[str, Any]) -> str:
    """The worst that a PENDING task waits for, in Luigi's words. Walks all pending tasks below it."""
    return upstream(known_task(machine, subject))


def story(machine: Machine, subject: str, now: float, options: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What happened to a task lately, oldest first, as far as it is remembered."""
    task = known_task(machine, subject)
    return [
        {"at": at, "before": changed.before, "after": changed.after, "why": changed.why, "by": changed.by}
        for at, changed in machine.story(task.task_id)
    ]


def explained(machine: Machine, subject: str, now: float, options: Mapping[str, Any]) -> list[dict[str, str]]:
    """Why a task is where it is: `luigi.scheduler.explain.Step` by step."""
    from luigi.scheduler.views.explain import explain

    return [step._asdict() for step in explain(machine, known_task(machine, subject), now)]


def answer(machine: Machine, subject: str, now: float, options: Mapping[str, Any]) -> str | None:
    """What a task answered to a message; None as long as it has not."""
    return (known_task(machine, subject).answers or {}).get(text(options, "message_id"))
