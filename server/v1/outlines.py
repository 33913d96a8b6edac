"""Graphs to be drawn: the tasks around one in few words, and all tasks folded by family."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from luigi.clock import Clock
from luigi.scheduler.names import known_family
from luigi.scheduler.records import ACTIVE, TaskRecord
from luigi.scheduler.views.family_graph import FamilyGraph, folded
from luigi.scheduler.views.outline import outline, short_name
from luigi.scheduler.views.reach import reached
from luigi.server.v1 import fitting, graph_shapes, queries
from luigi.server.v1.known import the_task
from luigi.server.v1.operations import Call, Operation, looking
from luigi.server.v1.reuse import Reused
from luigi.server.v1.versions import Versions

LONGEST: Final = 1024 * 1024
"""Bytes of an outline at most, about: four times what other answers may have."""

OF_A_LINK: Final = len("[1999,1999],")
"""Bytes that one takes at most."""

MOST_LINKS: Final = LONGEST // 3 // OF_A_LINK

HOLDS: Final = 5.0
"""Seconds for which a folded graph is given though tasks have changed since."""


def outlined(call: Call) -> Any:
    """The tasks around one, with numbers for families and for the ends of links."""
    root = the_task(call.scheduler, call.said["task_id"])
    found = outline(root, call.said["direction"], call.said["include_done"], call.said["limit"])
    families: dict[str, int] = {}
    nodes = _nodes(found.tasks, families, LONGEST * 2 // 3 - fitting.OF_A_ROW)
    links = [link for link in found.links if max(link) < len(nodes)][:MOST_LINKS]
    return {
        "root": root.task_id,
        "direction": call.said["direction"],
        "families": list(families),
        "nodes": nodes,
        "links": links,
        "truncated": found.total != len(nodes) or len(links) < len(found.links),
        "total": found.total,
    }


def _nodes(tasks: Sequence[TaskRecord], families: dict[str, int], room: int) -> list[list[Any]]:
    """One for each task, as many as there is room for; their families are added to `families`."""
    nodes: list[list[Any]] = []
    for task in tasks:
        family = known_family(task)
        node = [task.task_id, families.get(family, len(families)), task.status, _percentage(task), short_name(task)]
        room -= fitting.size(node) + (0 if family in families else fitting.size(family)) + 2
        if nodes and room < 0:
            break
        families.setdefault(family, len(families))
        nodes.append(node)
    return nodes


def _percentage(task: TaskRecord) -> float | None:
    return task.lease.percentage if task.lease and task.status in ACTIVE else None


class FamilyGraphs:
    """Folds graphs, and keeps those that were asked for last."""

    def __init__(self, versions: Versions, clock: Clock) -> None:
        self._versions = versions
        self._kept: Reused[Any] = Reused(clock, least=HOLDS)

    def folded(self, call: Call) -> Any:
        """The graph of all tasks, or of those around one."""
        task_id, direction = call.said["task"], call.said["direction"]
        if task_id:
            the_task(call.scheduler, task_id)
        version = self._versions.of(call.scheduler)
        key = self._versions.epoch(call.scheduler), task_id, direction if task_id else ""
        return self._kept.get(key, version, lambda: _folded(call, version)).value


def _folded(call: Call, version: str) -> Any:
    task_id = call.said["task"]
    if task_id:
        tasks = reached(the_task(call.scheduler, task_id), call.said["direction"])
    else:
        tasks = call.scheduler.look(lambda machine: [*machine.tasks.values()])
    return _fitted(folded(tasks), version)


def _fitted(graph: FamilyGraph, version: str) -> Any:
    """The families with most tasks, and the links with most among those, as many as there is room for."""
    largest = sorted(graph.counts.items(), key=lambda one: -one[1].total())
    rows = [{"family": family, "counts": dict(counts)} for family, counts in largest]
    page = fitting.page(rows, len(rows), "family", fitting.ROOM * 2 // 3)
    places = {row["family"]: place for place, row in enumerate(page.rows)}
    links = _links(graph.links, places, fitting.ROOM // 3)
    truncated = page.more or len(links) < len(graph.links)
    return {"families": page.rows, "links": links, "truncated": truncated, "version": version}


def _links(links: Counter[tuple[str, str]], places: dict[str, int], room: int) -> list[list[int]]:
    found: list[list[int]] = []
    for (family, other), number in links.most_common():
        if family in places and other in places:
            link = [places[family], places[other], number]
            room -= fitting.size(link) + 1
            if room < 0:
                break
            found.append(link)
    return found


def operations(versions: Versions, clock: Clock) -> list[Operation]:
    """The two of them."""
    return [
        looking(
            "/tasks/{task_id}/outline",
            "getOutline",
            "The tasks around one, in few words",
            outlined,
            graph_shapes.Outline,
            queries.OutlineQuery,
        ),
        looking(
            "/families/graph",
            "getFamilyGraph",
            "All tasks, or those around one, folded by family",
            FamilyGraphs(versions, clock).folded,
            graph_shapes.FamilyGraph,
            queries.FamilyGraphQuery,
            may_be_missing=True,
        ),
    ]
