"""What a route is: a method and a path, who may use it, whether it changes anything. Each room has a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import falcon

from luigi.server.guard.identity import Role

Handler = Callable[..., None]
"""Called with the request, the response, and the path's fields by name. Raises `problems.Problem` or KernelError."""

READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that must not change anything."""


@dataclass(frozen=True, slots=True)
class Route:
    """One thing the server does."""

    method: str
    path: str
    """A Falcon template: `/api/v1/tasks/{task_id}`."""
    role: Role
    """Who may use it."""
    handler: Handler
    changes: bool = False
    """Whether it changes anything: then it is told in the audit log, and refused to other sites' pages."""
    quiet: bool = False
    """Whether a change is too frequent and too small for the audit log: what workers say of their tasks."""
    quick: bool = False
    """Whether a program makes the call, and it never waits for anything but the state store: the server's loop may
    answer it itself, and no browser shows the answer."""
    media: str = "application/json"
    """What the body of a request must be; empty where there is none."""
    summary: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError for a method that is none, or that must not change anything and is said to."""
        if self.method not in falcon.HTTP_METHODS:
            raise ValueError(f"{self.method!r} of {self.path} is no method of HTTP: write it as GET or POST")
        if self.changes and self.method in READING:
            raise ValueError(f"{self.method} {self.path} must not change anything")


class Resource:
    """All routes of one path, as Falcon wants them: a responder for each method. HEAD is answered wherever GET is."""

    def __init__(self, routes: list[Route]) -> None:
        self.by_method = {route.method: route for route in routes}
        if "GET" in self.by_method:
            self.by_method.setdefault("HEAD", self.by_method["GET"])
        for method, route in self.by_method.items():
            setattr(self, f"on_{method.lower()}", route.handler)


def add_routes(app: falcon.App[Any, Any], routes: list[Route]) -> None:
    """Have `app` answer all of them. Raises ValueError for two of one method and path, and for paths that cannot be."""
    by_path: dict[str, list[Route]] = {}
    for route in routes:
        others = by_path.setdefault(route.path, [])
        if route.method in [other.method for other in others]:
            raise ValueError(f"there is a route {route.method} {route.path} already")
        others.append(route)
    for path, those in by_path.items():
        app.add_route(path, Resource(those))
