"""What calls about output take, and what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from marshmallow import Schema, fields, validate

from luigi.output.handed_in import Printed
from luigi.output.sink import STREAMS
from luigi.rpc.values import LARGEST, WrongField
from luigi.server.v1 import parts
from luigi.server.v1.schemas import Id, OfKernel, Strict

DIGITS: Final = 16


class Place(fields.Integer):
    """A number that may be large, written in digits."""

    def __init__(self, usual: int | None, says: str) -> None:
        about = {"description": says}
        super().__init__(load_default=usual, validate=validate.Range(0, LARGEST), metadata=about)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not (value.isascii() and value.isdigit() and len(value) <= DIGITS):
            raise WrongField(attr or "", "a whole number", value)
        return int(value)


class LogQuery(Strict):
    """Which attempt, and from where on."""

    attempt = Place(None, "Its token; without one, the newest")
    after = Place(0, "`next` of an earlier answer")


class Output(Strict):
    """What a worker's attempts have printed."""

    worker = Id(required=True)
    attempts = OfKernel(Sequence[Printed], required=True)


class Taken(Schema):
    """What was not taken in, because it is not the worker's."""

    refused = fields.List(fields.Integer(), required=True, metadata={"description": "Tokens of attempts"})


class LogPiece(Schema):
    """Something that was printed. Control characters are in it as they were written."""

    at = parts.time("when", allow_none=False)
    stream = parts.text(validate=validate.OneOf(STREAMS))
    text = parts.text()


class LoggedAttempt(Schema):
    """An attempt at the task."""

    attempt = parts.whole()
    worker = parts.text()
    began = parts.time("when it was handed out", allow_none=False)
    ended = parts.time("when it ended; null while it runs")


class Log(Schema):
    """What an attempt has printed, from some place on."""

    attempt = parts.number("whose output this is; null when there has been none", allow_none=True)
    attempts = fields.List(fields.Nested(LoggedAttempt), required=True, metadata={"description": "The newest first"})
    pieces = fields.List(fields.Nested(LogPiece), required=True)
    next = parts.whole(metadata={"description": "The `after` of what comes later"})
    ended = fields.Boolean(required=True, metadata={"description": "Whether nothing comes later"})
    lost = parts.whole(metadata={"description": "About how many bytes are missing right before these pieces"})
