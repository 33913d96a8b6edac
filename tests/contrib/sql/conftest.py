"""Databases for tests of tables: a port that nobody listens at, and waiting that takes no time."""

from __future__ import annotations

import socket

import pytest

from luigi.contrib._sql import connecting
from luigi.testing import FakeClock


@pytest.fixture
def closed_port() -> int:
    """A port of 127.0.0.1 that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """The time between attempts to connect."""
    clock = FakeClock()
    monkeypatch.setattr(connecting, "SYSTEM", clock)
    return clock
