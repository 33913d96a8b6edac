"""The server's rooms, and what plugins add to them, behind the gate as one application."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import falcon

from luigi.errors import PluginError
from luigi.server import upkeep
from luigi.server.app import App, application
from luigi.server.guard import routes as guard
from luigi.server.guard.gate import Gate
from luigi.server.office import Office
from luigi.server.pages import routes as pages
from luigi.server.routes import Route, add_routes
from luigi.server.v1 import routes as v1
from luigi.server.visualiser import routes as visualiser
from luigi.server.wire import routes as wire

ROOMS = (upkeep, guard, wire, v1, pages, visualiser)


def all_routes(office: Office) -> list[Route]:
    """Everything the server does, in one table. Raises PluginError for a plugin's route that cannot be."""
    table = [route for room in ROOMS for route in room.routes(office)]
    for plugin, offers in office.plugins.gathered("luigi_routes", scheduler=lambda: office.standing.scheduler):
        table += _routes_among(offers, plugin)
        _require_that_they_can_be(table, plugin)
    return table


def application_of(office: Office, routes: Sequence[Route] = ()) -> App:
    """The server as a WSGI application; `routes` are all there are, for who has them already.

    Raises KernelError for plugins or tokens that will not do.
    """
    return application(routes or all_routes(office), Gate(office))


def _routes_among(offers: Iterable[Any], plugin: str) -> Iterator[Route]:
    for offer in offers:
        if not isinstance(offer, Route):
            hint = "yield luigi.server.routes.Route objects"
            raise PluginError(f"plugin {plugin}: luigi_routes gave {offer!r}, which is no Route", hint=hint)
        yield offer


def _require_that_they_can_be(table: list[Route], plugin: str) -> None:
    """All together: a path may be what another has a field for, and only Falcon knows which go together."""
    try:
        add_routes(falcon.App(), table)
    except ValueError as error:
        raise PluginError(f"plugin {plugin}: {error}") from error
