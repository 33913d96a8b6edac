"""The arguments of a call as Luigi's clients send them: a JSON object in the form field `data`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import falcon

from luigi.rpc.records import WrongField
from luigi.server.forms import FORM, decoded, fields_in, form_of, kind_of_body
from luigi.server.problems import Problem

FIELD: Final = "data"


def arguments_of(request: falcon.Request) -> Mapping[str, Any]:
    """What is said in the body, or else in the query; nothing, if neither says something.

    Raises WrongField for what is no JSON object, Problem 415 for a body of another kind.
    """
    written = _in_body(request) if request.method == "POST" else None
    if written is None:
        written = fields_in(request.query_string).get(FIELD)
    return {} if written is None else _read(written)


def _in_body(request: falcon.Request) -> str | None:
    if not request.content_length:
        return None
    kind = kind_of_body(request)
    if kind == "multipart/form-data":
        return _in_parts(request)
    if kind != FORM:
        raise Problem(415, f"the body is of type {kind}", hint=f"send a form: {FORM}, with the field {FIELD}")
    return form_of(request).get(FIELD)


def _in_parts(request: falcon.Request) -> str | None:
    found = None
    for part in request.get_media():
        if part.name == FIELD:
            found = decoded(part.stream.read())
    return found


def _read(written: str) -> Mapping[str, Any]:
    try:
        said = json.loads(written)
        if "\\u" in written:  # half a character may be written like that, and cannot be kept as text
            json.dumps(said, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise WrongField(FIELD, f"a JSON object ({_reason(error)})", written) from error
    if type(said) is not dict:
        raise WrongField(FIELD, "a JSON object", said)
    return said


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.pos}"
    return "it holds half a character" if isinstance(error, UnicodeError) else "it is nested too deep, or too long"
