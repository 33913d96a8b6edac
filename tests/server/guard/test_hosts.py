"""Under which names a server may be reached."""

from __future__ import annotations

from typing import Any

import pytest
from falcon.testing import TestClient

from luigi.server.config import ServerSettings
from luigi.server.guard.hosts import Hosts

OWN = ["localhost", "localhost:8082", "LOCALHOST:8082", "localhost.", "127.0.0.1:8082", "[::1]:8082", "[::1]", ""]
FOREIGN = [
    "evil.example.com",
    "evil.example.com:8082",
    "localhost.evil.com",
    "127.0.0.1.evil.com",
    "10.0.0.1",
    "[",
    "x:y",
]


def knows(host: str, **settings: Any) -> bool:
    return Hosts(ServerSettings(**settings)).knows(host)


@pytest.mark.parametrize("address", ["", "127.0.0.1", "::1", "localhost"])
def test_the_loopback_has_its_own_names_alone(address: str) -> None:
    assert [host for host in OWN if not knows(host, address=address)] == []
    assert [host for host in FOREIGN if knows(host, address=address)] == []


def test_further_names_can_be_allowed() -> None:
    allowed = {"allowed_hosts": ("Luigi.example.com:8443", "10.0.0.1")}
    assert knows("luigi.example.com", **allowed)
    assert knows("luigi.example.com:8082", **allowed)
    assert knows("10.0.0.1", **allowed)
    assert not knows("evil.example.com", **allowed)


def test_another_address_of_the_loopback_is_its_own_name() -> None:
    assert knows("127.0.0.7:8082", address="127.0.0.7")


def test_on_a_public_address_any_name_goes_until_names_are_given() -> None:
    assert knows("anything.example.com", address="0.0.0.0")
    public = {"address": "0.0.0.0", "allowed_hosts": ("luigi.example.com",)}
    assert knows("luigi.example.com", **public)
    assert knows("10.0.0.1:8082", **public), "no name that somebody could make mean another address"
    assert not knows("evil.example.com", **public)


def test_at_a_unix_socket_any_name_goes() -> None:
    assert knows("evil.example.com", unix_socket="/run/luigi")


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/pause", "/api/v1/tasks", "/login", "/nowhere"])
def test_a_foreign_host_is_refused_whatever_it_asks_for(app_client: TestClient, path: str) -> None:
    for method in ("GET", "POST"):
        answer = app_client.simulate_request(method, path, headers={"Host": "evil.example.com"})
        assert answer.status_code == 403
        assert "allowed_hosts" in answer.json["hint"]
