"""The tasks around one task: what it needs, or what needs it, nearest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from luigi.scheduler.views.options import choice, known_task, number, yes_or_no
from luigi.scheduler.views.reach import DIRECTIONS, UP
from luigi.scheduler.views.task import row
from luigi.task_status import DONE

if TYPE_CHECKING:
    from luigi.scheduler.machine import Machine
    from luigi.scheduler.records import TaskRecord


def around(machine: Machine, subject: str, now: float, options: Mapping[str, Any]) -> dict[str, Any]:
    """Nodes by id, breadth first: `limit` of them (1000), each a row with `links` to those it leads to.

    `direction` is "up" for what the subject needs, "down" for what needs it. Without `include_done`, neither DONE
    tasks nor what lies behind them. `truncated` are the ids that links lead to and that were cut off by the limit.
    """
    root = known_task(machine, subject)
    direction = choice(options, "direction", DIRECTIONS, UP)
    include_done = yes_or_no(options, "include_done", True)
    limit = number(options, "limit", 1000)
    found = [root]
    seen = {root}
    nodes: dict[str, dict[str, Any]] = {}
    for task in found:  # which grows meanwhile
        if len(nodes) == limit:
            break
        links = [near for near in _links(task, direction) if include_done or near.status != DONE]
        new = [near for near in links if near not in seen]
        found += new
        seen.update(new)
        nodes[task.task_id] = {**row(task), "links": [near.task_id for near in links]}
    truncated = [task.task_id for task in found[len(nodes) :]]
    return {"root": root.task_id, "direction": direction, "nodes": nodes, "truncated": truncated}


def _links(task: TaskRecord, direction: str) -> Iterable[TaskRecord]:
    return task.deps if direction == UP else task.dependents
