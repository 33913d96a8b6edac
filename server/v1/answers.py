"""Answers as JSON, with an ETag where they are asked for again and again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from math import isfinite
from typing import Any, Final

import falcon


def text_of(answer: Any) -> str:
    """An answer as JSON. Times that never come, which it cannot tell, are null."""
    try:
        return _ENCODER.encode(answer)
    except ValueError:
        return _ENCODER.encode(_finite(answer))


_ENCODER: Final = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(one) for one in value]
    return value


def give(response: falcon.Response, answer: Any) -> None:
    """Answer a call."""
    response.text = text_of(answer)


def give_unless_known(request: falcon.Request, response: falcon.Response, answer: Any) -> None:
    """Answer a question; 304 when the asker has that answer already."""
    response.text = text = text_of(answer)
    answer_with_tag(request, response, blake2b(text.encode(), digest_size=12).hexdigest())


def answer_with_tag(request: falcon.Request, response: falcon.Response, tag: str) -> bool:
    """Say which answer this is; whether the asker has it already, so that it is not sent again."""
    response.etag = falcon.ETag(tag)
    response.cache_control = ["private", "no-cache"]  # kept, but asked for each time
    known = request.if_none_match or ()
    if any(one == "*" or one == tag for one in known):
        response.status = falcon.HTTP_304
        response.text = None
        return True
    return False
