"""The server's rooms, and what plugins add to them, behind the gate as one application."""

from __future__ import annotations

from collections.abc import Sequence

from luigi.errors import PluginError
from luigi.server import upkeep
from luigi.server.app import App, application
from luigi.server.guard import routes as guard
from luigi.server.guard.gate import Gate
from luigi.server.office import Office
from luigi.server.pages import overview
from luigi.server.pages import routes as pages
from luigi.server.routes import Route
from luigi.server.v1 import routes as v1
from luigi.server.wire import routes as wire

ROOMS = (upkeep, guard, wire, v1, overview, pages)


def all_routes(office: Office) -> list[Route]:
    """Everything the server does, in one table. Raises PluginError for a plugin's route that cannot be."""
    table = [route for room in ROOMS for route in room.routes(office)]
    return [*table, *_of_plugins(office, {(route.method, route.path) for route in table})]


def application_of(office: Office, routes: Sequence[Route] = ()) -> App:
    """The server as a WSGI application; `routes` are all there are, for who has them already.

    Raises KernelError for plugins or tokens that will not do.
    """
    return application(routes or all_routes(office), Gate(office))


def _of_plugins(office: Office, taken: set[tuple[str, str]]) -> list[Route]:
    added: list[Route] = []
    for plugin, offers in office.plugins.gathered("luigi_routes", scheduler=lambda: office.standing.scheduler):
        for route in offers:
            if not isinstance(route, Route):
                hint = "yield luigi.server.routes.Route objects"
                raise PluginError(f"plugin {plugin}: luigi_routes gave {route!r}, which is no Route", hint=hint)
            if (route.method, route.path) in taken:
                raise PluginError(f"plugin {plugin}: there is a route {route.method} {route.path} already")
            taken.add((route.method, route.path))
            added.append(route)
    return added
