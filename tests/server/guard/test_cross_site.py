"""Calls that other sites' pages make in somebody's browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from falcon.testing import TestClient

from luigi.scheduler import Scheduler
from luigi.server.config import ServerSettings
from luigi.server.guard.cross_site import CrossSite
from luigi.server.guard.identity import Role
from luigi.server.guard.origins import Origins
from luigi.server.routes import Route


def refused(
    path: str = "/api/pause",
    scheme: str = "http",
    host: str = "luigi:8082",
    may_change: Callable[[str], bool] = lambda origin: origin == "https://friend.example",
    **headers: str,
) -> bool:
    settings = ServerSettings(allowed_hosts=("Luigi.example.com", "other.example.com:8443"))
    route = Route("POST", path, Role.OPERATOR, print, changes=True)
    said: dict[str, Any] = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    cross_site = CrossSite(Origins(settings), settings.allowed_hosts, may_change)
    return cross_site.is_refused({"wsgi.url_scheme": scheme, "HTTP_HOST": host, **said}, route)


def test_programs_that_are_no_browsers_pass() -> None:
    assert not refused()


@pytest.mark.parametrize(("site", "is_refused"), [("same-origin", False), ("none", False), ("same-site", True),
                                                  ("cross-site", True), ("", True), ("anything", True)])  # fmt: skip
def test_a_browser_says_whose_page_it_is(site: str, is_refused: bool) -> None:
    assert refused(sec_fetch_site=site) == is_refused
    assert refused(sec_fetch_site=site, origin="http://luigi:8082") == is_refused


@pytest.mark.parametrize(
    "origin", ["http://luigi:8082", "HTTP://LUIGI:8082", "https://luigi:8082", "https://luigi.example.com",
               "http://luigi.example.com", "https://luigi.example.com:443", "https://other.example.com:8443"]
)  # fmt: skip
def test_pages_of_ours_pass(origin: str) -> None:
    assert not refused(origin=origin)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://luigi", "http://luigi:8083", "http://luigi:8082.evil.example", "null",
               "", "https://", "luigi:8082", "file://luigi:8082", "https://luigi.example.com:8443", "http://[", "https://x@luigi:8082",
               "https://other.example.com", "chrome-extension://luigi:8082"]
)  # fmt: skip
def test_pages_of_others_do_not(origin: str) -> None:
    assert refused(origin=origin)


def test_our_own_port_may_be_left_out() -> None:
    assert not refused(host="luigi", origin="http://luigi:80")
    assert not refused(host="luigi:443", scheme="https", origin="https://luigi")
    assert refused(host="luigi:443", scheme="http", origin="http://luigi")


def test_an_insecure_namesake_is_another_site() -> None:
    assert refused(scheme="https", host="luigi", origin="http://luigi")


@pytest.mark.parametrize(
    ("path", "is_refused"),
    [("/api/pause", False), ("/api/v1/control", True), ("/login", True), ("/logout", True), ("/apis", True)],
)
def test_who_is_named_under_cors_may_use_luigis_methods(path: str, is_refused: bool) -> None:
    for further in ({}, {"sec_fetch_site": "cross-site"}):
        assert refused(path, origin="https://friend.example", **further) == is_refused
        assert refused(path, origin="https://foe.example", **further)


@pytest.mark.parametrize("path", ["/api/pause", "/api/v1/control"])
@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_without_authentication_other_sites_change_nothing(
    app_client: TestClient, scheduler: Scheduler, path: str, headers: dict[str, str]
) -> None:
    answer = app_client.simulate_post(path, json={"kind": "pause"}, headers=headers)
    assert answer.status_code == 403
    assert scheduler.is_paused() == {"paused": False}


def test_cors_lets_a_friend_in(
    client_of: Callable[..., TestClient], scheduler: Scheduler, luigi_config: Callable[..., None]
) -> None:
    luigi_config("cors", enabled=True, allowed_origins='["https://friend.example"]', allowed_methods="GET, POST")
    client = client_of()
    assert client.simulate_post("/api/pause", headers={"Origin": "https://foe.example"}).status_code == 403
    assert scheduler.is_paused() == {"paused": False}
    assert client.simulate_post("/api/pause", headers={"Origin": "https://friend.example"}).status_code == 200
    assert scheduler.is_paused() == {"paused": True}
