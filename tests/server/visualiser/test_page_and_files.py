"""The visualiser's page and files, as the server gives them out: all there, none twice, nothing inline."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest
from falcon.testing import TestClient

from luigi.server.files import KINDS, names
from luigi.server.visualiser.page import PACKAGE, PLACES, imported_by

PAGE = "/static/visualiser/index.html"


def test_the_way_to_the_page(app_client: TestClient) -> None:
    answer = app_client.simulate_get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "static/visualiser/index.html")
    assert app_client.simulate_head("/").status_code == 204


def test_the_page_is_a_frame_without_anything_inline(app_client: TestClient) -> None:
    page = app_client.simulate_get(PAGE)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert re.findall(r"<script(?![^>]*src=)[^>]*>|<style|\sstyle=|\son[a-z]+=", page.text) == []
    assert "$" not in page.text
    for path in re.findall(r'(?:src|href)="([^"#]+)"', page.text):
        found = app_client.simulate_get(urljoin(PAGE, path))
        assert found.status_code in ({200, 404} if path.startswith("../../") else {200}), path


@pytest.mark.parametrize("place", PLACES)
def test_the_page_of_a_place_names_the_modules_it_needs_and_no_others(app_client: TestClient, place: str) -> None:
    """Browsers then ask for all at once, and find none behind another."""
    page = app_client.simulate_get(PAGE, params={"place": place}).text
    named = re.findall(r'<link rel="modulepreload" href="([^"]+)">', page)
    there = names(PACKAGE)
    assert {"main.js", f"places/{place}.js", "app/api.js"} <= set(named) <= set(there)
    assert not {f"places/{other}.js" for other in PLACES if other != place} & set(named)
    assert not [name for name in named if name.startswith("vendor/")]
    for name in named:
        assert set(imported_by(name)) <= set(named)


def test_a_place_that_there_is_not_is_the_first(app_client: TestClient) -> None:
    assert app_client.simulate_get(PAGE, params={"place": "nowhere"}).text == app_client.simulate_get(PAGE).text


def test_every_file_is_given_out_and_kept_as_long_as_it_is_the_same(app_client: TestClient) -> None:
    for name in names(PACKAGE):
        first = app_client.simulate_get(f"/static/visualiser/{name}")
        assert first.status_code == 200, name
        assert first.headers["content-type"] == KINDS[name[name.rindex(".") :]]
        known = {"If-None-Match": first.headers["etag"]}
        again = app_client.simulate_get(f"/static/visualiser/{name}", headers=known)
        assert (again.status_code, again.content) == (304, b"")
        kept = "max-age=86400" if name.endswith(".svg") else "no-cache"
        assert first.headers["cache-control"] == f"private, {kept}"
    assert app_client.simulate_get("/static/visualiser/page.html").status_code == 404
    assert app_client.simulate_get("/static/visualiser/../page.py").status_code == 404
