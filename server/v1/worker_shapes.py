"""What the answers about workers and resources look like. Times are in seconds since the epoch."""

from __future__ import annotations

from marshmallow import Schema, fields

from luigi.server.v1 import parts
from luigi.server.v1.schemas import Anything


class Worker(Schema):
    """A worker."""

    worker_id = parts.text()
    info = Anything(required=True, metadata={"description": "What it says of itself"})
    enabled = fields.Boolean(required=True)
    assistant = fields.Boolean(required=True)
    known_since = parts.time("when it became known")
    active = parts.time("when it was heard of last")
    asked = parts.time("when it asked for work last")
    first_task = parts.text(allow_none=True)
    running = parts.texts()
    pending = parts.whole()
    unique = parts.whole()
    unread_messages = parts.whole()
    cut = parts.cut()


class WorkerPage(Schema):
    """Workers by id."""

    workers = fields.List(fields.Nested(Worker), required=True)
    next = parts.next()


class Holder(Schema):
    """A task that holds some of a resource."""

    task_id = parts.text()
    name = parts.text()
    worker = parts.text(allow_none=True)
    amount = fields.Float(required=True)
    since = parts.time("when it began")


class ResourceRow(Schema):
    """A resource: how much there is, how much is in use, by whom, how many wait for it."""

    name = parts.text()
    limit = parts.whole()
    used = fields.Float(required=True)
    window = fields.Float(
        required=True, allow_none=True, metadata={"description": "Seconds within which so many may begin; of a rate"}
    )
    next = parts.time("when there is more of a rate than now")
    holders = fields.List(fields.Nested(Holder), required=True)
    waiting = parts.number("how many tasks ask for some of it and wait for no other task")
    cut = parts.cut()


class ResourcePage(Schema):
    """Resources by name."""

    resources = fields.List(fields.Nested(ResourceRow), required=True)
    next = parts.next()


class Limited(Schema):
    """How much there is of a resource."""

    name = parts.text()
    limit = parts.whole()
    window = parts.time("of a rate: the seconds within which that much is begun; null for others")


class Control(Schema):
    """Whether tasks are handed out, and what can be asked for here."""

    paused = fields.Boolean(required=True)
    pause_enabled = fields.Boolean(required=True, metadata={"description": "Whether operators may pause"})
    messages_enabled = fields.Boolean(required=True, metadata={"description": "Whether they may send messages"})
    keeps_history = fields.Boolean(required=True, metadata={"description": "Whether there are runs and attempts"})
