"""Whatever nobody in particular sends, the gate answers, tells nothing, and lets nothing be changed."""

from __future__ import annotations

from typing import Any

from falcon.testing import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luigi.scheduler import Scheduler

TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=60)
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "Authorization", "Cookie", "Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode", "X-Forwarded-For", "Accept",
            "X-Forwarded-Host", "X-Forwarded-Proto", "X-CSRF-Token", "Content-Type", "X-Forwarded-User", "Referer",
        ]
    ),
    TEXT
    | st.sampled_from(["null", "Basic ", "Basic Og==", "Bearer x", "luigi_session_8082=x.y"])
    | st.sampled_from(["127.0.0.1, ::1", "text/html", "application/x-www-form-urlencoded"]),
)  # fmt: skip
PATHS = st.sampled_from(["/", "/login", "/logout", "/session", "/api/pause", "/api/v1/control", "/nowhere"]) | TEXT.map(
    "/{}".format
)
BODIES = TEXT | st.sampled_from(
    ["token=x&form=x&next=//evil", "csrf_token=x", "token=&token=&form=%ff", '{"verb": "pause"}']
)

ANSWERS = {200, 204, 302, 303, 400, 401, 403, 429}


@given(st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]), PATHS, HEADERS, BODIES)
@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_anything_is_answered(
    guarded: TestClient, scheduler: Scheduler, method: str, path: str, headers: dict[str, str], body: str
) -> None:
    answer = guarded.simulate_request(method, path.replace("?", ""), headers=headers, body=body)
    assert answer.status_code in ANSWERS
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert scheduler.is_paused() == {"paused": False}
    assert "://" not in answer.headers.get("location", "")


@given(st.lists(TEXT, max_size=5), TEXT)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_host_is_answered(app_client: TestClient, hops: list[str], host: str) -> None:
    headers: dict[str, Any] = {"Host": host, "X-Forwarded-For": ",".join(hops)}
    own = host.strip().lower() in ("", "localhost", "127.0.0.1", "[::1]")
    status = app_client.simulate_get("/healthz", headers=headers).status_code
    assert status == 403 or (status == 200 and (own or ":" in host or "." in host or "[" in host))
