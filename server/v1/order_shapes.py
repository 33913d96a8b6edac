"""What the answers to orders look like."""

from __future__ import annotations

from marshmallow import Schema, fields

from luigi.server.v1 import parts


class Nothing(Schema):
    """Says no more than that it is done: `{}`."""


class Standing(Schema):
    """How a task stands after an order."""

    task_id = parts.text()
    status = parts.text()


class Refusal(Schema):
    """A task to which an order does not apply."""

    task_id = parts.text()
    why = parts.text()


class Brought(Schema):
    """What an order about many tasks came to: for how many it was carried out. The first refusals are told."""

    done = parts.whole()
    refused = parts.whole()
    refusals = fields.List(fields.Nested(Refusal), required=True)


class SentMessage(Schema):
    """A message on its way."""

    message_id = parts.text()


class MessageAnswer(Schema):
    """What a task answered; null as long as it has not."""

    response = parts.text(allow_none=True)
