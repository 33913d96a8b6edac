"""What narrows a list, read from the query of a call: all of it is text there."""

from __future__ import annotations

import re
from typing import Any, Final

from marshmallow import fields, validate

from luigi.rpc.values import LONGEST_ID, WrongField
from luigi.scheduler.records import NEXT
from luigi.scheduler.upstream import UPSTREAM_SEVERITY_ORDER
from luigi.server.v1.cursors import Named, Numbered
from luigi.server.v1.schemas import Strict

MOST_ROWS: Final = 100

_DIGITS: Final = re.compile(r"[0-9]{1,9}")


class Limit(fields.Integer):
    """How many at most."""

    def __init__(self, most: int = MOST_ROWS, usual: int = MOST_ROWS) -> None:
        super().__init__(
            load_default=usual, validate=validate.Range(1, most), metadata={"description": "How many at most"}
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not _DIGITS.fullmatch(value):
            raise WrongField(attr or "", "a whole number", value)
        return int(value)


class Switch(fields.Boolean):
    """`true` or `false`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if value not in ("true", "false"):
            raise WrongField(attr or "", "true or false", value)
        return bool(value == "true")


class TaskQuery(Strict):
    """Which tasks, and where the page begins."""

    status = fields.String(validate=validate.OneOf(list(NEXT)))
    upstream = fields.String(
        validate=validate.OneOf(list(UPSTREAM_SEVERITY_ORDER[1:])),
        metadata={"description": "The worst that PENDING tasks wait for"},
    )
    family = fields.String(validate=validate.Length(1, LONGEST_ID))
    search = fields.String(
        validate=validate.Length(1, 1000), metadata={"description": "Words that are in the task's name and parameters"}
    )
    limit = Limit()
    cursor = Numbered("tasks")


class ChangesQuery(Strict):
    """Since when."""

    since = fields.String(
        load_default="", validate=validate.Length(0, 100), metadata={"description": "`version` of an earlier answer"}
    )


class GraphQuery(Strict):
    """Which way, and how far."""

    direction = fields.String(load_default="up", validate=validate.OneOf(["up", "down"]))
    include_done = Switch(load_default=True)
    limit = Limit(most=200)


class FamilyQuery(Strict):
    """Where the page begins."""

    limit = Limit()
    cursor = Named("families")


class WorkerQuery(Strict):
    """Where the page begins."""

    limit = Limit()
    cursor = Named("workers")


class ResourceQuery(Strict):
    """Where the page begins."""

    limit = Limit()
    cursor = Named("resources")


class ErrorQuery(Strict):
    """How many."""

    limit = Limit(usual=20)
