"""Signing in to a server below a path leads to pages below that path, whether a proxy leaves the path there or not."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin

import pytest
from falcon.testing import TestClient

from luigi.server.config import ServerSettings
from luigi.server.http.listening import sockets
from luigi.server.http.serving import House

PATIENCE = 30.0


@contextmanager
def serving(client: TestClient, prefix: str) -> Iterator[int]:
    settings = ServerSettings(port=0, address="127.0.0.1", url_prefix=prefix)
    listening = sockets(settings)
    house = House(client.app, listening, settings)
    thread = threading.Thread(target=house.run)
    thread.start()
    try:
        yield listening[0].getsockname()[1]
    finally:
        house.stop()
        thread.join(PATIENCE)


@pytest.fixture
def led(guarded_by: Callable[..., Any]) -> Callable[[str, str], tuple[int, str]]:
    """Where a browser is led that asks a server below `prefix` for a path."""

    def ask(prefix: str, path: str) -> tuple[int, str]:
        with serving(guarded_by(url_prefix=prefix), prefix) as port:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            line.request("GET", path, headers={"Accept": "text/html"})
            answer = line.getresponse()
            answer.read()
            return answer.status, urljoin(f"http://here{path}", answer.headers["Location"]).removeprefix("http://here")

    return ask


@pytest.mark.parametrize(
    ("prefix", "path", "to"),
    [
        ("", "/history?x=1", "/login?next=history%3Fx%3D1"),
        ("/luigi", "/luigi/history/by_id/3?x=1", "/luigi/login?next=history%2Fby_id%2F3%3Fx%3D1"),
        ("/luigi/", "/luigi/history", "/luigi/login?next=history"),
        ("/luigi", "/%6Cuigi/history", "/%6Cuigi/login?next=history"),
        ("/luigi", "/history/by_id/3", "/login?next=history%2Fby_id%2F3"),
        ("/luigi", "/luigian/history", "/login?next=luigian%2Fhistory"),
        ("/a/b", "/a/b/history", "/a/b/login?next=history"),
    ],
)
def test_the_way_to_sign_in(led: Callable[[str, str], tuple[int, str]], prefix: str, path: str, to: str) -> None:
    assert led(prefix, path) == (303, to)


@pytest.mark.parametrize(
    ("prefix", "path", "to"),
    [
        ("/luigi", "/luigi", "/luigi/"),
        ("/luigi", "/luigi?x=1", "/luigi/?x=1"),
        ("/a/b", "/a/b", "/a/b/"),
        ("/a:b", "/a:b", "/a%3Ab/"),
    ],
)
def test_the_servers_own_path_has_a_slash_at_its_end(
    led: Callable[[str, str], tuple[int, str]], prefix: str, path: str, to: str
) -> None:
    assert led(prefix, path) == (308, to)


def test_the_first_page_is_below(led: Callable[[str, str], tuple[int, str]]) -> None:
    assert led("/luigi", "/luigi/") == (302, "/luigi/static/visualiser/index.html")
