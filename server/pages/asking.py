"""What a call for a page asks: numbers in its path, parameters and the place to go on from in its query."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import falcon

from luigi.server.archive import row_number
from luigi.server.pages.html import Html, element
from luigi.server.problems import Problem


def number(text: str) -> int:
    """The number of a row. Raises Problem 404 for what is none, because then there is no such row."""
    found = row_number(text)
    if found is None:
        raise nothing_like("row", text)
    return found


def nothing_like(what: str, field: str) -> Problem:
    """What to raise for something that the history has not."""
    return Problem(404, f"the history has no {what} {field[:200]!r}", hint="it may have been forgotten: keep_days")


def wanted_params(request: falcon.Request) -> Mapping[str, str]:
    """The parameters in `data`, a JSON object as Luigi takes it: name → value. Raises Problem 400 for anything else.

    Numbers and truths are taken for the texts that a task's parameters are kept as.
    """
    text = request.get_param("data") or "{}"
    try:
        data: Any = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise _no_params(f"{text[:200]!r} is no JSON") from None
    if not isinstance(data, dict):
        raise _no_params("it is no object")
    values = {name: str(value) if isinstance(value, bool) else value for name, value in data.items()}
    for name, value in values.items():
        if not isinstance(value, str):
            raise _no_params(f"the value of {name[:200]!r} is no text")
    return values


def _no_params(why: str) -> Problem:
    return Problem(400, f"data: {why}", hint='data is a JSON object of texts: data={"day": "2024-05-01"}', field="data")


def after(request: falcon.Request) -> str:
    """Where the page before ended: what `following` wrote."""
    return request.get_param("after") or ""


def following(request: falcon.Request, goes_on: str) -> Html | None:
    """The way to the next page, and back to the first."""
    asked = {name: value for name, value in request.params.items() if name == "data" and isinstance(value, str)}
    links = []
    if after(request):
        links.append(element("a", "The newest", href=f"?{urlencode(asked)}"))
    if goes_on:
        links.append(element("a", "Older", href=f"?{urlencode(asked | {'after': goes_on})}", rel="next"))
    return element("nav", links, class_="pages", aria_label="Pages") if links else None
