"""What tasks are called on pages and in sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from luigi.scheduler.records import TaskRecord

TASK_FAMILY_RE: Final = re.compile(r"([^(_]+)[(_]")
"""The family at the beginning of a task id: all up to the first `_` or `(`."""


def family_of(task_id: str) -> str:
    """The family as one may guess it from an id alone: `Load` of `Load_Raw_3`. The id itself if it has no such part."""
    found = TASK_FAMILY_RE.match(task_id)
    return found.group(1) if found else task_id


def known_family(task: TaskRecord) -> str:
    """Its family; of a task that nobody has declared yet, what one may guess from the id."""
    return task.family or family_of(task.task_id)


def shown_params(task: TaskRecord) -> Mapping[str, str]:
    """The parameters that pages show."""
    if not task.hidden:
        return task.params
    return {name: value for name, value in task.params.items() if name not in task.hidden}


def display_name(task: TaskRecord) -> str:
    """`Family(a=1, b=2)`, by the names of the parameters, without hidden ones; the id of a task nobody declared yet."""
    if not task.family:
        return task.task_id
    params = ", ".join([f"{name}={value}" for name, value in sorted(shown_params(task).items())])
    return f"{task.family}({params})"
