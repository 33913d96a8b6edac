"""`[cors]`: which other sites' pages may use Luigi's calls, as luigid 3.8.1 was seen to answer them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from falcon.testing import Result, TestClient

from luigi.configuration import get_config
from luigi.scheduler import Scheduler
from luigi.server.wire.cors import cors

GOOD, BAD, NULL = "http://good.example", "http://bad.example", "null"

PREFLIGHT = {
    "Access-Control-Max-Age": "86400",
    "Access-Control-Allow-Methods": "GET, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type, Origin",
}


@pytest.fixture
def configured() -> Iterator[Callable[..., None]]:
    """Sets options of `[cors]` for one test."""
    config = get_config()

    def configure(**options: Any) -> None:
        for name, value in options.items():
            config.set("cors", name, value)

    yield configure
    if config.has_section("cors"):
        config.remove_section("cors")


def told(answer: Result) -> dict[str, str]:
    """What an answer says of other sites."""
    return {name.title(): value for name, value in answer.headers.items() if name.lower().startswith("access-control-")}


def got(client: TestClient, origin: str) -> dict[str, str]:
    answer = client.simulate_get("/api/is_paused", headers={"Origin": origin})
    assert answer.json == {"response": {"paused": False}}
    return told(answer)


def preflight(client: TestClient, origin: str) -> dict[str, str]:
    answer = client.simulate_options("/api/is_paused", headers={"Origin": origin})
    assert (answer.status_code, answer.content) == (204, b"")
    return told(answer)


def test_no_other_site_reads_anything_unless_it_is_enabled(
    configured: Callable[..., None], client_of: Callable[..., TestClient]
) -> None:
    configured(allow_any_origin="true", allowed_origins=json.dumps([GOOD]))
    client = client_of()
    assert [got(client, origin) for origin in (GOOD, NULL)] == [{}, {}]
    assert preflight(client, GOOD) == {}


def test_sites_by_name(configured: Callable[..., None], client_of: Callable[..., TestClient]) -> None:
    configured(enabled="true", allowed_origins=json.dumps([GOOD]))
    client = client_of()
    allowed = {"Access-Control-Allow-Origin": GOOD}
    assert got(client, GOOD) == allowed
    assert preflight(client, GOOD) == allowed | PREFLIGHT
    assert got(client, BAD) == got(client, NULL) == preflight(client, BAD) == preflight(client, NULL) == {}
    assert "Origin" in client.simulate_get("/api/is_paused", headers={"Origin": GOOD}).headers["Vary"]


def test_any_site_but_pages_without_one(configured: Callable[..., None], client_of: Callable[..., TestClient]) -> None:
    configured(enabled="true", allow_any_origin="true", exposed_headers="X-One, X-Two")
    client = client_of()
    allowed = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "X-One, X-Two"}
    assert got(client, BAD) == allowed
    assert preflight(client, BAD) == allowed | PREFLIGHT
    assert got(client, NULL) == preflight(client, NULL) == {}


def test_pages_without_a_site(configured: Callable[..., None], client_of: Callable[..., TestClient]) -> None:
    configured(enabled="true", allow_null_origin="true", allow_credentials="true", max_age="5")
    configured(allowed_methods="GET, POST", allowed_headers="X-Mine")
    client = client_of()
    allowed = {"Access-Control-Allow-Origin": "null", "Access-Control-Allow-Credentials": "true"}
    assert got(client, NULL) == allowed
    assert preflight(client, NULL) == allowed | {
        "Access-Control-Max-Age": "5",
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Allow-Headers": "X-Mine",
    }
    assert got(client, BAD) == {}


def test_a_site_that_may_read_may_read_what_went_wrong(
    configured: Callable[..., None], client_of: Callable[..., TestClient]
) -> None:
    configured(enabled="true", allowed_origins=json.dumps([GOOD]))
    answer = client_of().simulate_get("/api/fetch_error", headers={"Origin": GOOD})
    assert answer.status_code == 400
    assert told(answer) == {"Access-Control-Allow-Origin": GOOD}


def test_only_what_luigis_manual_names_is_shared(
    configured: Callable[..., None], client_of: Callable[..., TestClient]
) -> None:
    configured(enabled="true", allow_any_origin="true")
    assert told(client_of().simulate_get("/healthz", headers={"Origin": GOOD})) == {}


@pytest.mark.parametrize(
    ("origin", "options", "may"),
    [
        (GOOD, {"allowed_methods": "GET, POST"}, True),
        (GOOD, {"allowed_methods": "get,post"}, True),
        (GOOD, {}, False),
        (GOOD, {"allowed_methods": "GET, POST", "enabled": "false"}, False),
        (BAD, {"allowed_methods": "GET, POST"}, False),
        (BAD, {"allowed_methods": "GET, POST", "allow_any_origin": "true"}, False),
        (NULL, {"allowed_methods": "GET, POST"}, False),
        (NULL, {"allowed_methods": "GET, POST", "allow_null_origin": "true"}, True),
    ],
)
def test_who_may_change_something_from_elsewhere(
    configured: Callable[..., None], origin: str, options: dict[str, str], may: bool
) -> None:
    configured(**{"enabled": "true", "allowed_origins": json.dumps([GOOD]), **options})
    assert cors().may_change(origin) is may


@pytest.mark.parametrize(("origin", "status"), [(GOOD, 200), (BAD, 403)])
def test_a_page_from_elsewhere_pauses_only_where_it_is_allowed(
    configured: Callable[..., None],
    client_of: Callable[..., TestClient],
    scheduler: Scheduler,
    origin: str,
    status: int,
) -> None:
    configured(enabled="true", allowed_origins=json.dumps([GOOD]), allowed_methods="GET, POST")
    headers = {"Origin": origin, "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "cross-site"}
    answer = client_of().simulate_post("/api/pause", body=urlencode({"data": "{}"}), headers=headers)
    assert answer.status_code == status
    assert scheduler.machine.paused is (status == 200)
