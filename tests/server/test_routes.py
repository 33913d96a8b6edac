"""What can be a route."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from falcon.testing import TestClient

import luigi
from luigi.errors import PluginError
from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.server.config import ServerSettings
from luigi.server.guard.identity import Role
from luigi.server.office import Office
from luigi.server.open_house import quick_paths
from luigi.server.rooms import all_routes
from luigi.server.routes import Route
from luigi.server.standing import Alone


def nothing(*_: Any, **__: Any) -> None:
    """A handler."""


@pytest.mark.parametrize("method", ["post", "Get", "FETCH", ""])
def test_a_method_is_of_http_and_in_capitals(method: str) -> None:
    """Falcon would answer `post` with a responder that the guard does not find."""
    with pytest.raises(ValueError, match="write it as GET or POST"):
        Route(method, "/x", Role.OPERATOR, nothing, changes=True)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_changes_nothing(method: str) -> None:
    with pytest.raises(ValueError, match="must not change anything"):
        Route(method, "/x", Role.OPERATOR, nothing, changes=True)


class Offers:
    """A plugin with routes of these methods and paths."""

    def __init__(self, *wanted: tuple[str, str]) -> None:
        self._wanted = wanted

    @luigi.hookimpl
    def luigi_routes(self, scheduler: Any) -> Iterator[Route]:
        for method, path in self._wanted:
            yield Route(method, path, Role.VIEWER, nothing)


@pytest.mark.parametrize(
    "wanted",
    [
        [("post", "/mine")],
        [("GET", "no-slash")],
        [("GET", "/mine/{x}"), ("GET", "/mine/{y}")],
        [("GET", "/mine"), ("GET", "/mine")],
        [("GET", "/api/v1/tasks/{another_name}")],
        [("GET", "/healthz")],
    ],
    ids=str,
)
def test_a_plugin_whose_routes_cannot_be_is_named(
    client_of: Callable[..., TestClient], wanted: list[tuple[str, str]]
) -> None:
    with pytest.raises(PluginError, match="plugin Offers: "):
        client_of(plugins=(Offers(*wanted),))


def test_a_plugin_may_answer_another_method(client_of: Callable[..., TestClient]) -> None:
    assert client_of(plugins=(Offers(("DELETE", "/healthz")),)).simulate_delete("/healthz").status_code == 200


# --- quick ones ------------------------------------------------------------------------------------------------------


def test_quick_paths_are_as_they_are_called_and_not_the_quiet_ones() -> None:
    table = [
        Route("POST", "/quick", Role.WORKER, nothing, changes=True, quick=True),
        Route("POST", "/quiet", Role.WORKER, nothing, changes=True, quiet=True),
    ]
    assert quick_paths(table, ServerSettings(url_prefix="/luigi/")) == {"/luigi/quick"}
    assert quick_paths(table, ServerSettings()) == {"/quick"}


def test_what_workers_say_and_ask_is_quick() -> None:
    office = Office(settings=ServerSettings(), standing=Alone(Scheduler()), plugins=PluginManager.with_installed())
    quick = [route for route in all_routes(office) if route.quick]
    assert {(route.method, route.role) for route in quick} == {("POST", Role.WORKER)}
    verbs = {f"/api/v1/{name}" for name in ("introduce", "declare", "exchange", "farewell", "attempts")}
    assert {"/api/ping", "/api/get_work", "/api/add_task", *verbs} <= {route.path for route in quick}
