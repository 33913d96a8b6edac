"""A task of Luigi's shape as those are told of it who only listen."""

from __future__ import annotations

from luigi.scheduler.facade.task_view import Task
from luigi.telling import TaskFacts


def facts_of_view(task: Task) -> TaskFacts:
    """What the view says now."""
    return TaskFacts(
        task.id,
        task.family,
        task.params,
        tuple(task.hidden_params),
        task.status,
        task.resources,
        task.priority,
        worker_running=task.worker_running,
        time_running=task.time_running,
        updated=task.updated,
        failures=len(task.failures),
        expl=task.expl or "",
    )
