"""What narrows a list, read from the query of a call: all of it is text there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from marshmallow import fields, validate

from luigi.rpc.values import LONGEST_ID, WrongField
from luigi.scheduler.records import NEXT
from luigi.scheduler.upstream import UPSTREAM_SEVERITY_ORDER
from luigi.scheduler.views.reach import DIRECTIONS
from luigi.scheduler.views.selection import STATUSES, Selection
from luigi.scheduler.views.table import COLUMNS, ORDERS
from luigi.server.v1.cursors import Named, Numbered
from luigi.server.v1.schemas import Strict

MOST_ROWS: Final = 100

_DIGITS: Final = re.compile(r"[0-9]{1,9}")


class Number(fields.Integer):
    """A whole number, written in digits."""

    def __init__(self, least: int, most: int, usual: int, says: str) -> None:
        about = {"description": says}
        super().__init__(load_default=usual, validate=validate.Range(least, most), metadata=about)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not _DIGITS.fullmatch(value):
            raise WrongField(attr or "", "a whole number", value)
        return int(value)


class Limit(Number):
    """How many at most."""

    def __init__(self, most: int = MOST_ROWS, usual: int = MOST_ROWS) -> None:
        super().__init__(1, most, usual, "How many at most")


class Switch(fields.Boolean):
    """`true` or `false`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if value not in ("true", "false"):
            raise WrongField(attr or "", "true or false", value)
        return bool(value == "true")


class Statuses(fields.String):
    """Any of some statuses, with commas between them."""

    def __init__(self) -> None:
        one = f"({'|'.join(STATUSES)})"
        about = {"pattern": f"^({one}(,{one})*)?$", "description": "Any of these, with commas between them; empty: all"}
        super().__init__(load_default="", metadata=about)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text and not set(text.split(",")).issubset(STATUSES):
            raise WrongField(attr or "", f"some of {', '.join(STATUSES)}, with commas between them", value)
        return text


def _text(description: str, longest: int = LONGEST_ID) -> fields.String:
    """A text that may be left out."""
    about = {"description": description}
    return fields.String(load_default="", validate=validate.Length(0, longest), metadata=about)


class Where(Strict):
    """Which tasks: those for which all of it holds."""

    status = Statuses()
    family = _text("Exactly this one; with a dot at its end, all that begin so")
    search = _text("Words that are in the task's name; `day=2026-*`: a parameter of such a value", longest=1000)
    run = _text("A worker's id: what it wants or can run")
    resource = _text("Those that ask for some of it, or hold some")


def selection_of(asked: Mapping[str, Any]) -> Selection:
    """What a `Where` has read."""
    statuses = frozenset(asked["status"].split(",")) if asked["status"] else frozenset()
    return Selection(statuses, asked["family"], asked["search"], asked["run"], asked["resource"])


class TableQuery(Where):
    """Which tasks, in which order, and which part of them."""

    sort = fields.String(load_default="changed", validate=validate.OneOf(list(COLUMNS)))
    order = fields.String(
        load_default="", validate=validate.OneOf(["", *ORDERS]), metadata={"description": "Each column has a usual one"}
    )
    offset = Number(0, 999_999_999, 0, "How many come before")
    limit = Limit()


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

    direction = fields.String(load_default=DIRECTIONS[0], validate=validate.OneOf(DIRECTIONS))
    include_done = Switch(load_default=True)
    limit = Limit(most=200)


class OutlineQuery(Strict):
    """Which way, and how far."""

    direction = fields.String(load_default=DIRECTIONS[0], validate=validate.OneOf(DIRECTIONS))
    include_done = Switch(load_default=True)
    limit = Limit(most=2000, usual=2000)


class FamilyGraphQuery(Strict):
    """Of all tasks, or of which."""

    task = fields.String(
        load_default="",
        validate=validate.Length(0, LONGEST_ID),
        metadata={"description": "A task's id; empty for all tasks"},
    )
    direction = fields.String(load_default=DIRECTIONS[0], validate=validate.OneOf(DIRECTIONS))


class LiveRunQuery(Strict):
    """Where the page begins."""

    limit = Limit()
    cursor = Named("live-runs")


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
