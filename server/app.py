"""The server as a WSGI application: its rooms' routes behind the guard, and every error as a problem.

Follow a call: `guard.gate` says who it is from and whether they may, the route's handler asks the scheduler, what is
raised on the way becomes an answer here, and `compression` makes the answer short.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import falcon

from luigi.errors import CallTooOld, KernelError, NotLeading, StoreAway, nearest
from luigi.server.guard.gate import Gate
from luigi.server.http.access_log import AccessLog
from luigi.server.http.compression import Compression
from luigi.server.problems import Problem, answer
from luigi.server.routes import Route, add_routes

logger = logging.getLogger("luigi.server")

App = falcon.App[Any, Any]

MOMENT = 2.0
"""Seconds after which a call that cannot be answered now may be."""


def application(routes: Iterable[Route], gate: Gate) -> App:
    """The application. Raises ValueError for routes that clash."""
    table = list(routes)
    app: App = falcon.App(middleware=[Compression(), AccessLog(), gate])
    app.req_options.strip_url_path_trailing_slash = True
    app.resp_options.media_handlers.pop("application/xml", None)
    add_routes(app, table)
    app.add_error_handler(Exception, _unexpected)
    app.add_error_handler(falcon.HTTPError, _http_error)
    app.add_error_handler(KernelError, _mistake)
    app.add_error_handler(CallTooOld, _too_late)
    app.add_error_handler(StoreAway, _not_now)
    app.add_error_handler(NotLeading, _not_now)
    app.add_error_handler(Problem, _problem)
    app.add_error_handler(falcon.HTTPRouteNotFound, _Unknown([route.path for route in table]))
    return app


def _problem(request: falcon.Request, response: falcon.Response, error: Problem, params: dict[str, Any]) -> None:
    answer(response, error)


def _mistake(request: falcon.Request, response: falcon.Response, error: KernelError, params: dict[str, Any]) -> None:
    """What a caller asked for cannot be."""
    answer(response, Problem(400, str(error), hint=error.hint, field=getattr(error, "path", "")))


def _too_late(request: falcon.Request, response: falcon.Response, error: CallTooOld, params: dict[str, Any]) -> None:
    answer(response, Problem(409, str(error), hint=error.hint, field="call"))


def _not_now(request: falcon.Request, response: falcon.Response, error: KernelError, params: dict[str, Any]) -> None:
    """What was said may have been taken in, but is not known to be kept: so it is to be said again."""
    logger.error("%s %s is put off: %s", request.method, request.path, error)
    answer(response, Problem(503, "the scheduler's state cannot be kept at the moment", retry_after=MOMENT))


def _http_error(
    request: falcon.Request, response: falcon.Response, error: falcon.HTTPError, params: dict[str, Any]
) -> None:
    """What Falcon refuses by itself: wrong methods, bodies that are too long or cannot be read."""
    status = falcon.http_status_to_code(error.status)
    headers = dict(error.headers) if isinstance(error.headers, dict) else dict(error.headers or ())
    answer(response, Problem(status, error.description or error.title or "", headers=headers))


def _unexpected(request: falcon.Request, response: falcon.Response, error: Exception, params: dict[str, Any]) -> None:
    """A fault of ours: the log has it under the id that the caller is told."""
    token = uuid4().hex[:8]
    logger.error("%s %s failed (%s)", request.method, request.path, token, exc_info=error)
    answer(response, Problem(500, f"the server failed; its log says more under {token}"))


class _Unknown:
    """There is no such path: names the nearest one, to those who may know."""

    def __init__(self, paths: list[str]) -> None:
        self._paths = sorted(set(paths))

    def __call__(
        self, request: falcon.Request, response: falcon.Response, error: Exception, params: dict[str, Any]
    ) -> None:
        near = nearest(request.path, self._paths)
        hint = f"did you mean {' or '.join(near)}?" if near else ""
        answer(response, Problem(404, f"there is no {request.path}", hint=hint))
