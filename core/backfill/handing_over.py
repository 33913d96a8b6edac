"""A backfill on its way to the scheduler: the tasks it lacks, as the roots of one submission."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from luigi.clock import SYSTEM
from luigi.interfaces import Question, TaskSpec
from luigi.submissions import new_id
from luigi.task import Task
from luigi.task_status import PENDING


def specs_of(tasks: Sequence[Task]) -> list[TaskSpec]:
    """The tasks as the scheduler is told of them, the first to be run first: workers of pools plan each when its turn
    comes. Raises CannotTravel for tasks that a worker could not make from what it is told."""
    from luigi.worker.planning.specs import Specs
    from luigi.worker.pool.travelling import Travelling

    specs, travelling = Specs(), Travelling()
    for task in tasks:
        travelling.refuse(task)
    return [specs.of(task, PENDING, None)._replace(unplanned=True, batchable=False) for task in tasks]


def name_of(task: Task, filled: str, first: str, last: str, step: str) -> str:
    """What a backfill is called: it is the same when it is said again."""
    params = task.to_str_params(only_significant=True, only_public=True)
    others = [f"{name}={value}" for name, value in params.items() if name != filled]
    return " ".join([task.task_family, *others, f"{filled}={first}..{last}", f"by {step}"])


def going_on(scheduler: Any, name: str) -> str:
    """The id of a backfill of that name that has not ended; "" if there is none."""
    told = scheduler.view(Question("submissions"))
    ids = [one["id"] for one in told if (one["kind"], one["name"]) == ("backfill", name) and not one["status"]]
    return str(ids[0]) if ids else ""


def hand_over(scheduler: Any, name: str, tasks: Sequence[Task], max_active: int, **facts: Any) -> str:
    """Submit the tasks, `max_active` of them to be run at a time (0 for all). The submission's id."""
    from luigi.run_facts import run_began

    submission = new_id("backfill", tasks[0].task_family, SYSTEM.now())
    began = run_began(submission, tasks, SYSTEM.now())
    told = {"by": began.user, "username": began.user, "host": began.host, "command": began.command, **facts}
    specs = specs_of(tasks)
    roots = [spec.task_id for spec in specs]
    scheduler.submit(submission, specs, roots=roots, name=name, kind="backfill", max_active=max_active, **told)
    return submission
