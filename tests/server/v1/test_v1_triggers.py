"""`/api/v1/triggers`: what the server starts by itself, to look at, to hold, and to run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from falcon.testing import TestClient

import luigi
from luigi.configuration import LuigiConfigParser
from luigi.errors import ConfigurationError
from luigi.hookspecs import Provider
from luigi.interfaces import Question
from luigi.scheduler import Scheduler
from luigi.server import office
from luigi.testing import FakeClock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()
SECTIONS = """
[trigger.nightly]
type = cron
cron = 0 6 * * *
timezone = Europe/Berlin
task = flights:Report
date = {date:-1d}
queue = heavy
[trigger.often]
type = interval
every = 15 min
task = flights:Sum
jitter = 60
"""


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch, client_of: Any, clock: FakeClock) -> Callable[..., TestClient]:
    """Makes a client of a server whose configuration says this."""

    def make(text: str, *plugins: object) -> TestClient:
        config = LuigiConfigParser()
        config.read_string(text)
        monkeypatch.setattr(office, "get_config", lambda: config)
        client: TestClient = client_of(plugins=plugins)
        return client

    clock.advance(NOON)
    return make


@pytest.fixture
def client(configured: Callable[..., TestClient]) -> TestClient:
    return configured(SECTIONS)


def test_triggers_are_listed(client: TestClient) -> None:
    found = client.simulate_get("/api/v1/triggers").json
    assert [one["name"] for one in found["triggers"]] == ["nightly", "often"]
    nightly = found["triggers"][0]
    assert nightly == {
        "name": "nightly",
        "type": "cron",
        "when": "cron = 0 6 * * *",
        "timezone": "Europe/Berlin",
        "module": "flights",
        "family": "Report",
        "params": {"date": "{date:-1d}"},
        "queue": "heavy",
        "labels": [],
        "priority": 0,
        "overlap": "skip",
        "catch_up": "last",
        "paused": False,
        "next": NOON + 17 * 3600,
        "waiting": 0,
        "last_due": None,
        "last_submission": "",
        "last_status": "",
        "last_began": None,
        "last_ended": None,
        "last_skipped": None,
    }


def test_they_come_a_page_at_a_time(client: TestClient) -> None:
    first = client.simulate_get("/api/v1/triggers", params={"limit": "1"}).json
    second = client.simulate_get("/api/v1/triggers", params={"limit": "1", "cursor": first["next"]}).json
    assert [page["triggers"][0]["name"] for page in (first, second)] == ["nightly", "often"]
    assert second["next"] is None


def test_one_is_told(client: TestClient) -> None:
    assert client.simulate_get("/api/v1/triggers/often").json["when"] == "every = 15 min"


def test_what_comes_is_told_with_its_parameters(client: TestClient) -> None:
    found = client.simulate_get("/api/v1/triggers/nightly/coming", params={"count": "2"}).json
    assert found["coming"][0] == {
        "due": NOON + 17 * 3600,
        "fires": NOON + 17 * 3600,
        "local": "2026-03-02T06:00:00+01:00",
        "params": {"date": "2026-03-01"},
    }
    assert len(found["coming"]) == 2


def test_jitter_stands_between_due_and_fired(client: TestClient) -> None:
    one = client.simulate_get("/api/v1/triggers/often/coming").json["coming"][0]
    assert 0 < one["fires"] - one["due"] < 60


def test_one_is_run_now(client: TestClient, scheduler: Scheduler) -> None:
    answer = client.simulate_post("/api/v1/triggers/nightly/run")
    assert (answer.status_code, answer.json["outcome"]) == (200, "submitted")
    [found] = scheduler.view(Question("submissions"))
    assert found["id"] == answer.json["submission"]
    row = client.simulate_get("/api/v1/triggers/nightly").json
    assert (row["last_submission"], row["last_status"], row["last_began"]) == (found["id"], "", NOON)
    assert client.simulate_post("/api/v1/triggers/nightly/run").json["outcome"] == "skipped"


def test_one_is_paused_and_unpaused(client: TestClient) -> None:
    assert client.simulate_post("/api/v1/triggers/often/pause").json["paused"] is True
    assert client.simulate_get("/api/v1/triggers/often").json["paused"] is True
    assert client.simulate_get("/api/v1/triggers/nightly").json["paused"] is False
    found = client.simulate_post("/api/v1/triggers/often/unpause").json
    assert (found["paused"], found["last_due"]) == (False, NOON)


@pytest.mark.parametrize("path", ["", "/coming"])
def test_what_there_is_not_cannot_be_looked_at(client: TestClient, path: str) -> None:
    answer = client.simulate_get(f"/api/v1/triggers/nightli{path}")
    assert (answer.status_code, answer.json["detail"]) == (404, "no trigger is called 'nightli'")
    assert answer.json["hint"] == "did you mean nightly?"


@pytest.mark.parametrize("act", ["pause", "unpause", "run"])
def test_what_there_is_not_cannot_be_ordered_about(client: TestClient, act: str, scheduler: Scheduler) -> None:
    assert client.simulate_post(f"/api/v1/triggers/nothing/{act}").status_code == 404
    assert scheduler.view(Question("triggers")) == []


@pytest.mark.parametrize("count", ["0", "101", "few"])
def test_a_count_is_from_1_to_100(client: TestClient, count: str) -> None:
    assert client.simulate_get("/api/v1/triggers/often/coming", params={"count": count}).status_code == 400


class Broken:
    """A plugin whose time-table raises."""

    @luigi.hookimpl
    def luigi_triggers(self) -> Iterator[Provider]:
        yield Provider("broken", lambda zone: self)

    def after(self, moment: datetime) -> datetime | None:
        raise ZeroDivisionError


def test_a_time_table_that_raises_hides_no_other(configured: Callable[..., TestClient]) -> None:
    client = configured(f"{SECTIONS}[trigger.broken]\ntype = broken\ntask = a:B\n", Broken())
    found = client.simulate_get("/api/v1/triggers").json["triggers"]
    assert {one["name"]: one["next"] is None for one in found} == {"broken": True, "nightly": False, "often": False}


def test_without_any_the_list_is_empty(configured: Callable[..., TestClient]) -> None:
    assert configured("").simulate_get("/api/v1/triggers").json == {"triggers": [], "next": None}


def test_a_section_that_cannot_be_stops_the_start(configured: Callable[..., TestClient]) -> None:
    with pytest.raises(ConfigurationError, match=r"\[trigger.nightly\] overlap: no sometimes"):
        configured(SECTIONS.replace("queue = heavy", "overlap = sometimes"))
