"""What the answers about runs and attempts look like. Times are in seconds since the epoch."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields


def _text() -> fields.String:
    return fields.String(required=True)


def _whole(says: str, *, allow_none: bool = False) -> fields.Integer:
    return fields.Integer(required=True, allow_none=allow_none, metadata={"description": says})


def _time(says: str, *, allow_none: bool = False) -> fields.Float:
    return fields.Float(required=True, allow_none=allow_none, metadata={"description": says})


def _cut() -> fields.List[Any]:
    about = {"description": "Of what this is only a part (of an error the end): ask for this one alone"}
    return fields.List(fields.String(), required=True, metadata=about)


def _next() -> fields.String:
    about = {"description": "The `cursor` of the next page; null on the last"}
    return fields.String(required=True, allow_none=True, metadata=about)


class Run(Schema):
    """One worker from start to end."""

    run = _whole("its number in the history")
    worker = _text()
    began = _time("when it came")
    ended = _time("null as long as it goes on, or when it was killed and nobody noticed", allow_none=True)
    status = fields.String(
        required=True,
        metadata={"description": "How it ended: the name of a LuigiStatusCode; LOST; empty without an end"},
    )
    host = _text()
    user = _text()
    command = _text()
    code_version = _text()
    roots = fields.List(fields.String(), required=True, metadata={"description": "Ids of what it was asked for"})
    attempts = fields.Dict(
        fields.String(),
        fields.Integer(),
        required=True,
        metadata={"description": "How many there are, by status; empty in a list"},
    )
    cut = _cut()


class RunPage(Schema):
    """Runs, the newest first."""

    runs = fields.List(fields.Nested(Run), required=True)
    next = _next()


class Attempt(Schema):
    """One try at a task."""

    attempt = _whole("its number in the history")
    record = _whole("the number of its task in the history: `/history/by_id/…`")
    run = _whole("null when nobody said which it was", allow_none=True)
    task_id = _text()
    worker = _text()
    host = _text()
    started = _time("when it was handed out")
    ended = _time("null as long as it goes on", allow_none=True)
    status = fields.String(
        required=True,
        metadata={"description": "RUNNING, DONE, FAILED; PENDING when it gave way to requirements that it yielded"},
    )
    error = _text()
    cut = _cut()


class AttemptPage(Schema):
    """Attempts, the newest first."""

    attempts = fields.List(fields.Nested(Attempt), required=True)
    next = _next()
