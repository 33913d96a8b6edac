"""What the answers about runs and attempts look like. Times are in seconds since the epoch."""

from __future__ import annotations

from marshmallow import Schema, fields

from luigi.server.v1 import parts


class Run(Schema):
    """One worker from start to end."""

    run = parts.number("its number in the history")
    worker = parts.text()
    began = parts.time("when it came", allow_none=False)
    ended = parts.time("null as long as it goes on, or when it was killed and nobody noticed")
    status = fields.String(
        required=True,
        metadata={"description": "How it ended: the name of a LuigiStatusCode; LOST; empty without an end"},
    )
    host = parts.text()
    user = parts.text()
    command = parts.text()
    code_version = parts.text()
    roots = fields.List(fields.String(), required=True, metadata={"description": "Ids of what it was asked for"})
    attempts = fields.Dict(
        fields.String(),
        fields.Integer(),
        required=True,
        metadata={"description": "How many there are, by status; empty in a list"},
    )
    cut = parts.cut()


class RunPage(Schema):
    """Runs, the newest first."""

    runs = fields.List(fields.Nested(Run), required=True)
    next = parts.next()


class Attempt(Schema):
    """One try at a task."""

    attempt = parts.number("its number in the history")
    record = parts.number("the number of its task in the history: `/history/by_id/…`")
    run = parts.number("null when nobody said which it was", allow_none=True)
    task_id = parts.text()
    worker = parts.text()
    host = parts.text()
    started = parts.time("when it was handed out", allow_none=False)
    ended = parts.time("null as long as it goes on")
    status = fields.String(
        required=True,
        metadata={"description": "RUNNING, DONE, FAILED; PENDING when it gave way to requirements that it yielded"},
    )
    error = parts.text(metadata={"description": "What it said; where that is cut, the end of it"})
    cut = parts.cut()


class AttemptPage(Schema):
    """Attempts, the newest first."""

    attempts = fields.List(fields.Nested(Attempt), required=True)
    next = parts.next()
