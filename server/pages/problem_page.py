"""What goes wrong on a page, as a page: for people who came with a browser."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import falcon

from luigi.server.pages.html import Html, element
from luigi.server.pages.layout import answer, page
from luigi.server.problems import Problem

Shows = Callable[..., Html]
"""Called with the request and the path's fields; gives the page."""


def shown(shows: Shows) -> Callable[..., None]:
    """A handler that answers with the page that `shows` makes, or with one that says what is wrong."""

    @wraps(shows)
    def handle(request: falcon.Request, response: falcon.Response, **fields: Any) -> None:
        try:
            answer(response, shows(request, **fields))
        except Problem as problem:
            answer(response, problem_page(request, problem), problem.status)
            response.set_headers(problem.headers)

    return handle


def problem_page(request: falcon.Request, problem: Problem) -> Html:
    """What is wrong, and what to do."""
    said = element("p", f"{problem.detail}.", class_="notice bad")
    return page(request, problem.title, said, element("p", problem.hint) if problem.hint else None)
