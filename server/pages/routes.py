"""Pages for people: the table of routes."""

from __future__ import annotations

from luigi.server import files
from luigi.server.guard.identity import Role
from luigi.server.office import Office
from luigi.server.pages import history
from luigi.server.routes import Route


def routes(office: Office) -> list[Route]:
    """What this room answers."""
    styles = files.routes("luigi.server.pages", "/pages/static", Role.ANYONE, "A style or an icon")
    return [*styles, *history.routes(office)]
