"""The tasks that one leads to, either way, without the scheduler's lock: each is looked at as it is just then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from luigi.scheduler.records import TaskRecord

UP: Final = "up"
"""To what a task needs."""

DOWN: Final = "down"
"""To what needs a task."""

DIRECTIONS: Final = (UP, DOWN)


def near(task: TaskRecord, direction: str) -> Sequence[TaskRecord]:
    """What a task leads to at once. A copy, made in one go, since somebody may add to it."""
    return tuple(task.deps if direction == UP else task.dependents)


def reached(root: TaskRecord, direction: str) -> list[TaskRecord]:
    """The task, and all it leads to, nearest first."""
    found = [root]
    seen = {root}
    for task in found:  # which grows meanwhile
        new = [one for one in near(task, direction) if one not in seen]
        seen.update(new)
        found += new
    return found
