"""A picture as one JSON document, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from luigi.drawing.picture import Node, Picture

VERSION = 1


def lines(picture: Picture) -> Iterator[str]:
    """The document, in a line."""
    yield json.dumps(document(picture), ensure_ascii=False)


def document(picture: Picture) -> dict[str, Any]:
    """What is in it: `docs/cli/graph.md` says what each key means."""
    return {
        "version": VERSION,
        "tasks": picture.tasks,
        "counts": picture.counts(),
        "roots": list(picture.roots),
        "nodes": [_node(node) for node in picture.nodes.values()],
        "edges": [{"from": key, "requires": dep, "count": pairs} for key, dep, pairs in picture.links],
    }


def _node(node: Node) -> dict[str, Any]:
    return {
        "id": node.key,
        "family": node.family,
        "parameters": dict(node.parameters),
        "tasks": node.tasks,
        "status": node.status or None,
        "statuses": dict(node.statuses),
        "external": node.external,
        "not_shown": node.beyond,
        "dynamic": node.dynamic,
        "problem": node.problem or None,
    }
