"""What every answer tells browsers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from falcon.testing import TestClient

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
    assert "max-age" in guarded.simulate_get("/pages/static/page.css").headers["cache-control"]
