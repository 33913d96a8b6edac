"""The first page: what it counts, that it stays short, and that a server which stands by says so on it."""

from __future__ import annotations

import pytest
from falcon.testing import TestClient

from luigi.defaults import MemoryStore
from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.server.config import ServerSettings
from luigi.server.leading import Candidate
from luigi.server.office import Office
from luigi.server.rooms import application_of

PAGE = "/static/visualiser/index.html"


def test_the_way_to_the_first_page(app_client: TestClient) -> None:
    answer = app_client.simulate_get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "static/visualiser/index.html")
    assert app_client.simulate_head("/").status_code == 204


def test_an_empty_first_page(app_client: TestClient) -> None:
    page = app_client.simulate_get(PAGE)
    assert page.status_code == 200
    assert "No task is known yet." in page.text
    assert "Paused" not in page.text


def test_the_first_page_counts(app_client: TestClient, scheduler: Scheduler) -> None:
    hostile = "<script>alert(1)</script>"
    scheduler.add_task(worker=hostile, task_id="T_1", family="Loads", params={})
    scheduler.add_task(worker=hostile, task_id="T_2", family="Loads", params={}, status="DONE")
    scheduler.pause()
    page = app_client.simulate_get(PAGE).text
    assert "Paused" in page
    assert "<strong>1</strong>" in page
    assert "Loads" in page
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_first_page_stays_short(app_client: TestClient, scheduler: Scheduler) -> None:
    for number in range(500):
        scheduler.add_task(worker=f"worker {number}", task_id=f"T_{number}", family=f"Family{number}", params={})
    page = app_client.simulate_get(PAGE)
    assert "Families: 100 of 500" in page.text
    assert "Workers: 100 of 500" in page.text
    assert len(page.content) < 64 * 1024


def test_how_tasks_stand_has_its_colour_and_the_table_its_frame(app_client: TestClient, scheduler: Scheduler) -> None:
    scheduler.add_task(worker="w", task_id="T_1", family="Loads", params={}, status="FAILED")
    page = app_client.simulate_get(PAGE).text
    assert '<span class="status failed">FAILED</span>' in page
    assert 'role="region" aria-label="Families"' in page


@pytest.fixture
def standby() -> TestClient:
    """A client of a server that does not lead."""
    standing = Candidate(MemoryStore)
    office = Office(settings=ServerSettings(), standing=standing, plugins=PluginManager.with_installed(()))
    return TestClient(application_of(office), headers={"Host": "127.0.0.1:8082"})


def test_a_server_that_stands_by_says_so_on_a_page(standby: TestClient) -> None:
    answer = standby.simulate_get(PAGE)
    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert int(answer.headers["retry-after"]) > 0
    assert "this server stands by" in answer.text
    assert 'rel="stylesheet"' in answer.text
    assert standby.simulate_get("/").status_code == 302
