"""Databases for tests of tables: a port that nobody listens at, and waiting that takes no time."""

from __future__ import annotations

import pytest

from luigi.contrib._sql import connecting
from luigi.testing import FakeClock
from luigi.testing.ports import free_port


@pytest.fixture
def closed_port() -> int:
    """A port of 127.0.0.1 that nobody listens at."""
    return free_port()


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """The time between attempts to connect."""
    clock = FakeClock()
    monkeypatch.setattr(connecting, "SYSTEM", clock)
    return clock
