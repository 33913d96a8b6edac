"""For whoever keeps the server: whether it lives, whether it is ready, and its figures."""

from __future__ import annotations

import falcon

from luigi.server.guard.identity import Role
from luigi.server.office import Office
from luigi.server.problems import Problem
from luigi.server.routes import Route


def routes(office: Office) -> list[Route]:
    """What this room answers."""
    upkeep = Upkeep(office)
    return [
        Route("GET", "/healthz", Role.ANYONE, upkeep.alive, summary="Whether the server lives"),
        Route("GET", "/readyz", Role.ANYONE, upkeep.ready, summary="Whether it answers workers"),
        Route("GET", "/metrics", Role.VIEWER, upkeep.metrics, summary="The metrics collector's figures"),
    ]


class Upkeep:
    """The handlers."""

    def __init__(self, office: Office) -> None:
        self._standing = office.standing

    def alive(self, request: falcon.Request, response: falcon.Response) -> None:
        """The process answers."""
        response.media = {"status": "alive"}

    def ready(self, request: falcon.Request, response: falcon.Response) -> None:
        """It has the scheduler, whose state can be kept. One that stands by is alive but not ready: 503."""
        trouble = self._standing.trouble or ("" if self._standing.leads else "another server leads, or none yet")
        if trouble:
            raise Problem(503, trouble, retry_after=2)
        response.media = {"status": "ready"}

    def metrics(self, request: falcon.Request, response: falcon.Response) -> None:
        """What the metrics collector has to show; empty without one."""
        observers = self._standing.scheduler.observers
        measuring = observers.measuring if observers is not None else None
        latest = measuring.generate_latest() if measuring is not None else None
        response.content_type = falcon.MEDIA_TEXT
        response.data = latest.encode() if isinstance(latest, str) else latest or b""
        if measuring is not None:
            measuring.configure_http_handler(response)
