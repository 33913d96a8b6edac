"""Pages for people: the table of routes."""

from __future__ import annotations

from luigi.server.guard.identity import Role
from luigi.server.office import Office
from luigi.server.pages import history, overview
from luigi.server.pages.files import static_file
from luigi.server.routes import Route


def routes(office: Office) -> list[Route]:
    """What this room answers."""
    files = Route("GET", "/pages/static/{name}", Role.ANYONE, static_file, summary="A style or an icon")
    return [files, *overview.routes(office), *history.routes(office)]
