"""Attempts as the scheduler remembers them: read from what happened lately, and from the leases there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import TYPE_CHECKING, Final, NamedTuple

from luigi.scheduler.events import Changed
from luigi.scheduler.records import ACTIVE, TaskRecord

if TYPE_CHECKING:
    from luigi.scheduler.machine import Machine
    from luigi.scheduler.shell import Shell

MOST: Final = 1000
"""How many attempts are told: those that began last."""

Story = Sequence[tuple[float, Changed]]


class Attempt(NamedTuple):
    """One try at a task. Times are in seconds since the epoch."""

    task_id: str
    worker: str | None
    """None when nobody knows any more."""
    started: float | None
    """None for before anything that is remembered."""
    ended: float | None
    """None while it runs."""
    status: str
    """What the task had become when it ended; while it runs, the task's."""
    by: str
    """Who ended it: a worker, an operator, or the scheduler itself, whose name is empty."""


class Lately(NamedTuple):
    """Attempts, and how far back they are remembered."""

    attempts: list[Attempt]
    """Those that began last first; last those of which no beginning is known."""
    since: float | None
    """The oldest moment that is remembered. None when nothing is."""


def of_task(scheduler: Shell, task_id: str) -> Lately:
    """The attempts at one task."""
    story, task = scheduler.look(lambda machine: (machine.lately(), machine.tasks.get(task_id)))
    mine = [(at, changed) for at, changed in story if changed.task_id == task_id]
    return _lately(story, _attempts(scheduler, story, mine, [task] if task else []))


def of_worker(scheduler: Shell, worker_id: str) -> Lately:
    """The attempts of one worker."""
    story, running = scheduler.look(lambda machine: (machine.lately(), _running(machine, worker_id)))
    found = _attempts(scheduler, story, story, running)
    return _lately(story, [attempt for attempt in found if attempt.worker == worker_id])


def _running(machine: Machine, worker_id: str) -> list[TaskRecord]:
    worker = machine.workers.get(worker_id)
    return [*worker.running] if worker else []


def _lately(story: Story, attempts: Iterable[Attempt]) -> Lately:
    newest_first = sorted(attempts, key=lambda one: (one.started or -inf, one.ended or inf), reverse=True)
    return Lately(newest_first[:MOST], story[0][0] if story else None)


def _attempts(scheduler: Shell, whole: Story, story: Story, running: Iterable[TaskRecord]) -> list[Attempt]:
    """The attempts of which this part of the story tells, and those that run since before all of it."""
    under_way: dict[str, Attempt] = {}
    over = []

    def begun(changed: Changed) -> Attempt:
        known = under_way.pop(changed.task_id, None)
        return known or _of_lease(scheduler.machine.tasks.get(changed.task_id), changed.task_id, whole[0][0])

    for at, changed in story:
        if changed.before in ACTIVE:
            attempt = begun(changed)._replace(status=changed.after)
            if changed.after in ACTIVE:
                under_way[changed.task_id] = attempt
            else:
                over.append(attempt._replace(ended=at, by=changed.by))
        elif changed.after in ACTIVE:
            under_way[changed.task_id] = Attempt(changed.task_id, changed.by or None, at, None, changed.after, "")
    silent = [task for task in running if task.status in ACTIVE and task.task_id not in under_way]
    since_before = [_of_lease(task, task.task_id, inf) for task in silent]
    return [*over, *under_way.values(), *since_before]


def _of_lease(task: TaskRecord | None, task_id: str, before: float) -> Attempt:
    """An attempt that began before what is remembered: of that its lease tells, unless there was another since."""
    lease = task.lease if task else None
    if task is None or lease is None or lease.started >= before:
        return Attempt(task_id, None, None, None, "", "")
    return Attempt(task_id, lease.worker, lease.started, None, task.status, "")
