"""What the answers about graphs look like."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from luigi.server.v1 import parts
from luigi.server.v1.schemas import Anything


def places(says: str) -> fields.List[Any]:
    return fields.List(fields.List(fields.Integer()), required=True, metadata={"description": says})


def truncated() -> fields.Boolean:
    return fields.Boolean(required=True, metadata={"description": "Whether there are more than these"})


class Outline(Schema):
    """Tasks around one, nearest first, in few words."""

    root = parts.text()
    direction = parts.text()
    families = parts.texts()
    nodes = fields.List(
        fields.List(Anything()),
        required=True,
        metadata={"description": "Each: task id, place of its family, status, percentage or null, short name"},
    )
    links = places("Each: place of a node, place of one that it requires")
    truncated = truncated()
    total = parts.number("how many there are with those left out; null for too many to be counted", allow_none=True)


class FamilyOfGraph(Schema):
    """How many of its tasks have which status."""

    family = parts.text()
    counts = parts.numbers()
    cut = parts.cut()


class FamilyGraph(Schema):
    """Tasks folded by family, those with most tasks first."""

    families = fields.List(fields.Nested(FamilyOfGraph), required=True)
    links = places("Each: place of a family, place of one that it requires, how many such links there are")
    truncated = truncated()
    version = parts.version()
