"""The body of a call, as JSON: read strictly, since other programs have to read again what is kept of it."""

from __future__ import annotations

import json
from typing import Any, Final

import falcon

from luigi.server.problems import Problem

JSON: Final = "application/json"


def json_of(request: falcon.Request) -> dict[str, Any]:
    """The object in the request's body. Raises Problem: 400 or 415."""
    _refuse_other_media(request)
    body = request.bounded_stream.read()
    try:
        told = _DECODER.decode(body.decode())
    except (ValueError, RecursionError) as error:
        raise Problem(400, f"the body is not JSON: {_reason(error)}") from None
    if type(told) is not dict:
        raise Problem(400, "the body is not a JSON object", hint='such as {"worker": "…"}')
    if b"\\ud" in body or b"\\uD" in body:
        _refuse_half_characters(told)
    return told


def _refuse_other_media(request: falcon.Request) -> None:
    media = (request.content_type or "").partition(";")[0].strip().lower()
    if media != JSON:
        raise Problem(415, f"the body's type is {media or 'not given'}, not {JSON}", hint=f"Content-Type: {JSON}")
    encoding = request.get_header("Content-Encoding")
    if encoding not in (None, "", "identity"):
        raise Problem(415, "the body is encoded", hint="send it without Content-Encoding")


def _refuse_half_characters(told: dict[str, Any]) -> None:
    """What `\\ud800` stands for alone is no character, and nothing that writes UTF-8 takes it."""
    try:
        json.dumps(told, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Problem(400, "the body is not JSON: half a surrogate pair is no character") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"there is no {name} in it")


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant)


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return "it is nested too deep" if isinstance(error, RecursionError) else str(error)
