"""A task as those who only listen are told of it."""

from __future__ import annotations

from luigi.scheduler.machine import Machine
from luigi.telling import TaskFacts


def facts_of(machine: Machine, task_id: str) -> TaskFacts:
    """What `machine` knows of a task now; of one that it has forgotten, the id."""
    task = machine.tasks.get(task_id)
    if task is None:
        return TaskFacts(task_id, "")
    lease = task.lease
    return TaskFacts(
        task.task_id,
        task.family,
        task.params,
        tuple(task.hidden),
        task.status,
        dict(task.needs),
        task.rank,
        tuple(task.owners),
        lease.worker if lease else None,
        lease.token if lease else 0,
        lease.started if lease else None,
        task.updated,
        len(task.failures),
        task.explanation or "",
        machine.batched(task),
    )
