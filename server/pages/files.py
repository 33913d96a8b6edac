"""The files that pages need, style and icon, as they come with the package."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import falcon

from luigi.server.problems import Problem

_KINDS: Final[Mapping[str, str]] = {"page.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
"""All there are, and what each is: nothing else in the folder can be asked for."""

AN_HOUR: Final = 3600


class _File(NamedTuple):
    content: bytes
    etag: str


def static_file(request: falcon.Request, response: falcon.Response, name: str) -> None:
    """Answer with the file. It is the same for everybody, so that any cache may keep it for an hour."""
    if name not in _KINDS:
        raise Problem(404, f"there is no {request.path}", hint=f"there are: {', '.join(_KINDS)}")
    file = _read(name)
    response.etag = file.etag
    response.cache_control = ["public", f"max-age={AN_HOUR}"]
    if request.if_none_match and any(tag == "*" or str(tag) == file.etag for tag in request.if_none_match):
        response.status = falcon.HTTP_304
    else:
        response.content_type = _KINDS[name]
        response.data = file.content


@cache
def _read(name: str) -> _File:
    content = files("luigi.server.pages").joinpath("static", name).read_bytes()
    return _File(content, hashlib.sha256(content).hexdigest()[:16])
