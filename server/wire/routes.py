"""Luigi's calls: the table of routes."""

from __future__ import annotations

from collections.abc import Callable

import falcon

from luigi.server.forms import FORM
from luigi.server.guard.identity import Role
from luigi.server.office import Office
from luigi.server.routes import Route
from luigi.server.wire.calls import Answering, allow
from luigi.server.wire.cors import cors
from luigi.server.wire.methods import METHODS, Method


def routes(office: Office) -> list[Route]:
    """What this room answers."""
    shared = cors()
    return [route for method in METHODS for route in _routes_of(method, Answering(office, method, shared), shared)]


def _routes_of(method: Method, answer: Answering, shared: cors) -> list[Route]:
    """Luigi's workers post all calls, its pages get all of them; here nothing is changed by getting."""
    path = f"/api/{method.name}"
    of_workers = method.role == Role.WORKER
    found = [
        Route(
            "POST",
            path,
            method.role,
            answer,
            changes=method.changes,
            quiet=of_workers,
            quick=of_workers,
            media=FORM,
        ),
        Route("OPTIONS", path, Role.ANYONE, _preflight(shared), media=""),
    ]
    if not method.changes:
        found.append(Route("GET", path, method.role, answer, media=""))
    return found


def _preflight(shared: cors) -> Callable[[falcon.Request, falcon.Response], None]:
    def answer(request: falcon.Request, response: falcon.Response) -> None:
        allow(response, shared.preflight(request.get_header("Origin") or ""))
        response.status = falcon.HTTP_204

    return answer
