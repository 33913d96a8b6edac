"""What all answers have in common: packed when long, problems when refused, one line in the log at DEBUG."""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from falcon.testing import TestClient

import luigi
from luigi.errors import PluginError
from luigi.scheduler import Scheduler
from luigi.server.guard.identity import Role
from luigi.server.http.compression import LONG, wants_gzip
from luigi.server.routes import Route

LONG_TEXT = "long " * LONG


class AddsRoutes:
    """A plugin that has the server answer more."""

    def __init__(self, *more: Any) -> None:
        self.more = more

    @luigi.hookimpl
    def luigi_routes(self, scheduler: Callable[[], Scheduler]) -> Iterator[Any]:
        yield from self.more
        yield Route("GET", "/plugged/counts", Role.VIEWER, lambda req, resp: _media(resp, scheduler().is_paused()))
        yield Route("GET", "/plugged/long", Role.VIEWER, lambda req, resp: _media(resp, {"text": LONG_TEXT}))
        yield Route("GET", "/plugged/page", Role.VIEWER, _long_page)
        yield Route("GET", "/plugged/broken", Role.VIEWER, _broken)


def _media(response: Any, media: Any) -> None:
    response.media = media


def _long_page(request: Any, response: Any) -> None:
    response.content_type = "text/html"
    response.text = LONG_TEXT


def _broken(request: Any, response: Any) -> None:
    raise RuntimeError("the password is hunter2")


@pytest.fixture
def plugged(client_of: Callable[..., TestClient]) -> TestClient:
    return client_of(plugins=(AddsRoutes(),))


# --- gzip ------------------------------------------------------------------------------------------------------------


def test_a_long_answer_is_packed(plugged: TestClient) -> None:
    answer = plugged.simulate_get("/plugged/long", headers={"Accept-Encoding": "br, gzip"})
    assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert len(answer.content) < 200
    assert json.loads(gzip.decompress(answer.content)) == {"text": LONG_TEXT}
    assert int(answer.headers["Content-Length"]) == len(answer.content)


def test_not_for_those_who_do_not_ask(plugged: TestClient) -> None:
    answer = plugged.simulate_get("/plugged/long", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.json == {"text": LONG_TEXT}


@pytest.mark.parametrize("path", ["/healthz", "/plugged/page"])
def test_neither_short_answers_nor_pages(plugged: TestClient, path: str) -> None:
    assert "Content-Encoding" not in plugged.simulate_get(path, headers={"Accept-Encoding": "gzip"}).headers


@pytest.mark.parametrize(
    ("offer", "wanted"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("deflate, gzip;q=0.5", True),
        ("x-gzip", True),
        ("gzip;q=1.0", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("", False),
        ("*;q=0, deflate", False),
        ("notgzip", False),
    ],
)
def test_who_wants_it(offer: str, wanted: bool) -> None:
    assert wants_gzip({"HTTP_ACCEPT_ENCODING": offer}) is wanted
    assert not wants_gzip({})


# --- what goes wrong -------------------------------------------------------------------------------------------------


def test_a_fault_of_ours_says_nothing_but_where_to_look(plugged: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    answer = plugged.simulate_get("/plugged/broken")
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/problem+json")
    assert "hunter2" not in answer.text
    token = answer.json["detail"].split()[-1]
    assert token in caplog.text
    assert "hunter2" in caplog.text


def test_a_method_that_is_not_there(plugged: TestClient) -> None:
    answer = plugged.simulate_post("/healthz")
    assert (answer.status_code, answer.json["status"]) == (405, 405)
    assert "GET" in answer.headers["Allow"]


# --- plugins' routes -------------------------------------------------------------------------------------------------


def test_a_plugins_route_asks_the_scheduler(plugged: TestClient) -> None:
    assert plugged.simulate_get("/plugged/counts").json == {"paused": False}


def test_a_route_that_is_there_already(client_of: Callable[..., TestClient]) -> None:
    twice = AddsRoutes(Route("GET", "/healthz", Role.ANYONE, _broken))
    with pytest.raises(PluginError, match="AddsRoutes: there is a route GET /healthz already"):
        client_of(plugins=(twice,))


def test_what_is_no_route(client_of: Callable[..., TestClient]) -> None:
    with pytest.raises(PluginError, match="AddsRoutes: luigi_routes gave '/x', which is no Route"):
        client_of(plugins=(AddsRoutes("/x"),))


# --- the log ---------------------------------------------------------------------------------------------------------


def test_one_line_a_call_at_debug(plugged: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "luigi.server.access"):
        plugged.simulate_get("/healthz")
    assert caplog.records == []
    with caplog.at_level(logging.DEBUG, "luigi.server.access"):
        plugged.simulate_get("/a\nb", params={"secret": "hunter2"})
    assert [record.getMessage() for record in caplog.records] == [r"GET '/a\nb' 404 Not Found by 'anyone'"]
