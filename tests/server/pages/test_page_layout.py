"""Every page: links that are right behind any path prefix, files that caches may keep, times that people read."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import falcon
import pytest
from falcon.testing import TestClient, create_environ

from luigi.server.pages.layout import root
from luigi.server.pages.times import duration, moment


def asked(path: str, template: str | None) -> falcon.Request:
    request = falcon.Request(create_environ(path=path))
    request.uri_template = template
    return request


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/", "/"),
        ("/history", "/history"),
        ("/history/", "/history"),
        ("/history/by_id/3", "/history/by_id/{record}"),
        ("/history/by_id/3/", "/history/by_id/{record}"),
        ("/history/by_name/a%2Fb", "/history/by_name/{name:path}"),
        ("/nowhere/at/all", None),
    ],
)
@pytest.mark.parametrize("prefix", ["", "/luigi", "/a/b"])
def test_the_way_to_the_first_page(path: str, template: str | None, prefix: str) -> None:
    there = f"http://host{prefix}{path}"
    assert urljoin(there, root(asked(path, template)) + "history") == f"http://host{prefix}/history"


def test_a_style_may_be_kept_by_any_cache(app_client: TestClient) -> None:
    first = app_client.simulate_get("/pages/static/page.css")
    assert first.status_code == 200
    assert first.headers["content-type"].startswith("text/css")
    assert first.headers["cache-control"] == "public, no-cache"
    again = app_client.simulate_get("/pages/static/page.css", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["page.py", "..%2Fhtml.py", "%2e%2e%2fhtml.py", "PAGE.CSS", "none"])
def test_no_other_file_can_be_asked_for(app_client: TestClient, name: str) -> None:
    assert app_client.simulate_get(f"/pages/static/{name}").status_code == 404


def test_a_style_fetches_nothing_from_elsewhere(app_client: TestClient) -> None:
    style = app_client.simulate_get("/pages/static/page.css").text
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (-3, "0.00 s"),
        (0.0123, "0.01 s"),
        (9.99, "9.99 s"),
        (10, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (61, "1 min 1 s"),
        (3600, "1 h"),
        (3659, "1 h"),
        (7500, "2 h 5 min"),
        (90_000, "1 d 1 h"),
        (100 * 86_400, "100 d"),
    ],
)
def test_durations_are_in_two_units(seconds: float | None, words: str) -> None:
    assert duration(seconds) == words


def test_a_moment_says_exactly_when(monkeypatch: Any) -> None:
    made = moment(1_700_000_000.25)
    assert made is not None
    assert made.startswith('<time datetime="2023-11-1')
    assert ".250" in made
    assert moment(None) is None
