"""What really keeps a pending task from running: the worst of all that it waits for, and the way down to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from luigi.scheduler.records import TaskRecord
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, UNKNOWN

ENOUGH: Final = 20_000
"""So many tasks are looked at, if something was found among them: there may be millions."""

IsStuck = Callable[[TaskRecord], bool]
"""Whether a task that waits for no other will not run by itself."""


def way_to_blocker(task: TaskRecord, is_stuck: IsStuck) -> list[TaskRecord]:
    """From `task` down, each a dependency of the one before, to the one that keeps it waiting: the last.

    Disabled tasks are worse than failed ones, those worse than what nobody knows or can run, and that is worse than
    what is ready or runs; among equals, one known early is chosen. `task` alone if it waits for nothing but itself.
    """
    above: dict[TaskRecord, TaskRecord | None] = {task: None}
    stack = [task]
    worst, rank = task, len(_BADNESS)
    while stack and rank and (len(above) < ENOUGH or rank == len(_BADNESS)):
        waiting = stack.pop()
        if waiting.status == PENDING and waiting.unmet:
            below = [dep for dep in _unmet(waiting) if dep not in above]
            above.update(dict.fromkeys(below, waiting))
            stack += sorted(below, key=_youngest_first)
            continue
        badness = _badness(waiting, is_stuck)
        if (badness, waiting.age) < (rank, worst.age):
            worst, rank = waiting, badness
    return _way(worst, above)


def _unmet(task: TaskRecord) -> list[TaskRecord]:
    """What a task waits for; of one that waits for a dead end, the dead ends alone."""
    return [dep for dep in task.deps if dep.status != DONE and (dep.dead_end or not task.blocked)]


def _youngest_first(task: TaskRecord) -> int:
    return -task.age


_BADNESS: Final = (DISABLED, FAILED, UNKNOWN, "stuck", "will run")


def _badness(task: TaskRecord, is_stuck: IsStuck) -> int:
    """The lower, the worse."""
    if task.status in _BADNESS:
        return _BADNESS.index(task.status)
    return _BADNESS.index("stuck" if task.status == PENDING and is_stuck(task) else "will run")


def _way(task: TaskRecord, above: dict[TaskRecord, TaskRecord | None]) -> list[TaskRecord]:
    way = []
    at: TaskRecord | None = task
    while at is not None:
        way.append(at)
        at = above[at]
    return way[::-1]
