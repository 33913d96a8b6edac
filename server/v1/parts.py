"""Fields of which the answers' shapes are made. They say what answers look like, and check nothing."""

from __future__ import annotations

from typing import Any

from marshmallow import fields


def text(**options: Any) -> fields.String:
    return fields.String(required=True, **options)


def time(says: str, *, allow_none: bool = True) -> fields.Float:
    return fields.Float(required=True, allow_none=allow_none, metadata={"description": says})


def texts() -> fields.List[str]:
    return fields.List(fields.String(), required=True)


def amounts() -> fields.Dict:
    return fields.Dict(fields.String(), fields.Float(), required=True)


def numbers() -> fields.Dict:
    return fields.Dict(fields.String(), fields.Integer(), required=True)


def words() -> fields.Dict:
    return fields.Dict(fields.String(), fields.String(), required=True)


def whole(**options: Any) -> fields.Integer:
    return fields.Integer(required=True, **options)


def number(says: str, *, allow_none: bool = False) -> fields.Integer:
    return whole(allow_none=allow_none, metadata={"description": says})


def cut() -> fields.List[str]:
    return fields.List(fields.String(), metadata={"description": "What is shortened here: ask for this one alone"})


def next() -> fields.String:
    return text(allow_none=True, metadata={"description": "The `cursor` of the next page; null on the last"})


def version() -> fields.String:
    return text(metadata={"description": "Of the state; what changed later: `/changes?since=`"})
