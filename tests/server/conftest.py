"""The server's application without sockets: calls go straight into it, over a scheduler in memory.

A real `kernel serve` is in the fixtures `server_process` and `start_server` of tests/conftest.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from falcon.testing import TestClient

from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.server.config import ServerSettings
from luigi.server.office import Office
from luigi.server.rooms import application_of
from luigi.server.standing import Alone
from luigi.testing import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    """What `app_client`'s scheduler and server take for the time."""
    return FakeClock()


@pytest.fixture
def scheduler(clock: FakeClock) -> Scheduler:
    """The scheduler behind `app_client`: to prepare a state, and to look at what calls have done."""
    return Scheduler(resources={}, clock=clock)


@pytest.fixture
def client_of(scheduler: Scheduler, clock: FakeClock) -> Callable[..., TestClient]:
    """Makes a client of a server with these settings, over `scheduler`: `client_of(tokens_file="…", plugins=[…])`."""

    def make(*, plugins: tuple[object, ...] = (), **settings: Any) -> TestClient:
        office = Office(
            settings=ServerSettings(**settings),
            standing=Alone(scheduler),
            plugins=PluginManager.with_installed(plugins),
            clock=clock,
        )
        return TestClient(application_of(office), headers={"Host": "127.0.0.1:8082"})

    return make


@pytest.fixture
def app_client(client_of: Callable[..., TestClient]) -> TestClient:
    """A client of a server with the settings as they are when nobody gives any: no authentication, on the loopback."""
    return client_of()
