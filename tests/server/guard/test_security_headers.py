"""What every answer tells browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from falcon.testing import TestClient

import luigi
from luigi.server.guard.identity import Role
from luigi.server.routes import Route

WANTED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
PATHS = [
    "/",
    "/healthz",
    "/login",
    "/session",
    "/nowhere",
    "/api/is_paused",
    "/api/v1/counts",
    "/pages/static/page.css",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("role", ["viewer", None])
def test_every_answer_has_them(
    guarded: TestClient, as_role: Callable[..., dict[str, str]], path: str, role: str | None
) -> None:
    for method in ("GET", "PUT"):
        headers = guarded.simulate_request(method, path, headers=as_role(role) if role else None).headers
        assert {name: headers.get(name) for name in WANTED} == WANTED
        policy = headers["content-security-policy"].split("; ")
        assert {"default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"} <= set(policy)
        assert not [word for word in ("unsafe", "*", "data:", "http") if word in headers["content-security-policy"]]
        assert "cache-control" in headers


def test_nothing_is_kept_unless_the_room_says_so(guarded: TestClient, as_role: Callable[..., dict[str, str]]) -> None:
    assert guarded.simulate_get("/session", headers=as_role("viewer")).headers["cache-control"] == "no-store"
    assert guarded.simulate_get("/session").headers["cache-control"] == "no-store"
    assert "public" in guarded.simulate_get("/pages/static/page.css").headers["cache-control"]


class QuietPage:
    """A plugin whose page changes something that the audit log need not know, and a program's quick call."""

    @luigi.hookimpl
    def luigi_routes(self, scheduler: Any) -> Iterator[Route]:
        yield Route("POST", "/quiet", Role.OPERATOR, lambda req, resp: None, changes=True, quiet=True)
        yield Route("POST", "/quick", Role.WORKER, lambda req, resp: None, changes=True, quiet=True, quick=True)


def test_only_what_no_browser_shows_has_fewer(client_of: Callable[..., TestClient]) -> None:
    client = client_of(plugins=(QuietPage(),))
    quiet, quick = client.simulate_post("/quiet").headers, client.simulate_post("/quick").headers
    assert "content-security-policy" in quiet
    assert "content-security-policy" not in quick
    assert quick["x-content-type-options"] == "nosniff"
