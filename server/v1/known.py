"""What a call is about has to be known: the tasks and workers that ids stand for, or a 404 with the nearest one."""

from __future__ import annotations

from luigi.errors import nearest
from luigi.interfaces import Question
from luigi.scheduler import Scheduler
from luigi.scheduler.names import family_of
from luigi.scheduler.records import TaskRecord
from luigi.scheduler.workers import WorkerRecord
from luigi.server.problems import Problem

FEW = 50
"""Among so many the nearest is looked for: it is said in passing."""


def the_task(scheduler: Scheduler, task_id: str) -> TaskRecord:
    """The task of that id. Raises Problem 404."""
    task = scheduler.machine.tasks.get(task_id)
    if task is None:
        raise Problem(404, f"no task has the id {task_id[:200]!r}", hint=_near_task(scheduler, task_id[:200]))
    return task


def the_worker(scheduler: Scheduler, worker_id: str) -> WorkerRecord:
    """The worker of that id. Raises Problem 404."""
    worker = scheduler.machine.workers.get(worker_id)
    if worker is None:
        told = scheduler.view(Question("workers", options={"include_running": False}))
        near = nearest(worker_id[:200], [one["worker_id"] for one in told[:FEW]])
        raise Problem(404, f"no worker has the id {worker_id[:200]!r}", hint=_did_you_mean(near))
    return worker


def _near_task(scheduler: Scheduler, task_id: str) -> str:
    """The nearest of some tasks of its family; of no family that is known, the nearest family."""
    family = family_of(task_id)
    told = scheduler.view(Question("tasks", options={"family": family, "limit": FEW}))
    ids = [row["task_id"] for row in told["rows"]]
    if ids:
        return _did_you_mean(nearest(task_id, ids)) or f"tasks of {family} have ids such as {ids[0]}"
    families = nearest(family, list(scheduler.view(Question("families")))[: FEW * 10])
    return f"no task is of the family {family}; {_did_you_mean(families)}" if families else "see the list of tasks"


def _did_you_mean(near: list[str]) -> str:
    return f"did you mean {' or '.join(near)}?" if near else ""
