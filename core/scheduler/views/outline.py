"""The tasks around one as a drawing needs them: which, and what leads where. No lock is needed for it."""

from __future__ import annotations

from typing import Final, NamedTuple

from luigi.scheduler.names import shown_params
from luigi.scheduler.records import TaskRecord
from luigi.scheduler.views.reach import UP, near
from luigi.task_status import DONE

COUNTED: Final = 20_000
"""How many tasks are counted, beyond those that are drawn."""

SHORT: Final = 80
"""Characters of a short name at most."""


class Outline(NamedTuple):
    """Tasks, nearest first, and the links among them."""

    tasks: list[TaskRecord]
    links: list[tuple[int, int]]
    """Places among the tasks: of one, and of one that it requires."""
    total: int | None
    """How many there are with those that were left out; None for too many to be counted."""


def outline(root: TaskRecord, direction: str, include_done: bool, limit: int) -> Outline:
    """So many tasks around one, breadth first. Without `include_done`, neither DONE ones nor what lies behind them."""
    found = [root]
    places = {root: 0}
    links = []
    for place, task in enumerate(found):  # which grows meanwhile
        if len(found) > max(limit, COUNTED):
            break
        for other in near(task, direction):
            if other not in places and (include_done or other.status != DONE):
                places[other] = len(found)
                found.append(other)
            there = places.get(other, limit)
            if place < limit and there < limit:
                links.append((place, there) if direction == UP else (there, place))
    return Outline(found[:limit], links, len(found) if len(found) <= max(limit, COUNTED) else None)


def short_name(task: TaskRecord) -> str:
    """What tells a task from others of its family, for where there is little room."""
    if not task.family:
        return _shortened(task.task_id)
    return _shortened(", ".join([f"{name}={value}" for name, value in sorted(shown_params(task).items())]))


def _shortened(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"
