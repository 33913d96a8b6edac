"""The tasks around one: rows and the links among them, within bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from luigi.server.v1 import fitting
from luigi.server.v1.asking import ask, given
from luigi.server.v1.known import the_task
from luigi.server.v1.operations import Call

ROOM_FOR_LINKS = 96 * 1024
"""Bytes of the links in a graph: there may be as many as pairs of tasks."""


def graph(call: Call) -> Any:
    """What is around it."""
    the_task(call.scheduler, call.said["task_id"])
    told = ask(call, "graph", call.said["task_id"], **given(call, "direction", "include_done", "limit"))
    links = {task_id: node.pop("links") for task_id, node in told["nodes"].items()}
    page = fitting.page(told["nodes"].values(), call.said["limit"], "task_id", fitting.ROOM - ROOM_FOR_LINKS)
    return {
        "root": told["root"],
        "direction": told["direction"],
        "nodes": _linked(page.rows, links),
        "truncated": page.more or bool(told["truncated"]),
    }


def _linked(rows: Sequence[dict[str, Any]], links: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Rows with the links among them: all that there is room for, the nearest first."""
    known = {row["task_id"] for row in rows}
    room = ROOM_FOR_LINKS
    nodes = []
    for row in rows:
        kept = []
        for link in links[row["task_id"]]:
            cost = fitting.size(link) + 1 if link in known else fitting.LONGEST
            if cost <= room:
                room -= cost
                kept.append(link)
        nodes.append({**row, "links": kept, "left_out": len(links[row["task_id"]]) - len(kept)})
    return nodes
