"""What the answers about triggers look like. Times are in seconds since the epoch."""

from __future__ import annotations

from marshmallow import Schema, fields

from luigi.server.v1 import parts


class Trigger(Schema):
    """A trigger of the server's configuration, and how it stands."""

    name = parts.text()
    type = parts.text()
    when = parts.text(metadata={"description": "What its time-table goes by, as the configuration has it"})
    timezone = parts.text()
    module = parts.text()
    family = parts.text()
    params = fields.Dict(
        fields.String(), fields.String(), required=True, metadata={"description": "With templates: `{date:-1d}`"}
    )
    queue = parts.text()
    labels = parts.texts()
    priority = fields.Float(required=True)
    overlap = parts.text()
    catch_up = parts.text()
    paused = fields.Boolean(required=True)
    last_due = parts.time("up to when its time-table is done")
    next = parts.time("when it is fired next, were it not paused; null for never")
    waiting = parts.number("how many firings wait for the last one to end")
    last_submission = parts.text(metadata={"description": "The submission it fired last; empty for none"})
    last_status = parts.text(
        metadata={"description": "How that ended: the name of a LuigiStatusCode, CANCELLED; empty without an end"}
    )
    last_began = parts.time("when it was submitted")
    last_ended = parts.time("when that ended")
    last_skipped = parts.time("when that was due which was skipped last, because the one before went on")
    cut = parts.cut()


class TriggerPage(Schema):
    """Triggers by name."""

    triggers = fields.List(fields.Nested(Trigger), required=True)
    next = parts.next()


class Coming(Schema):
    """One time that a trigger is due."""

    due = parts.time("as its time-table has it", allow_none=False)
    fires = parts.time("when it is fired: later by its part of the jitter", allow_none=False)
    local = parts.text(metadata={"description": "When it is due, as clocks of its time zone show it"})
    params = parts.words()


class ComingList(Schema):
    """When a trigger is due next."""

    name = parts.text()
    coming = fields.List(fields.Nested(Coming), required=True)


class FiredNow(Schema):
    """What came of an order to run."""

    submission = parts.text()
    outcome = parts.text(metadata={"description": "submitted, queued, skipped, or replaced: what it fired before"})
