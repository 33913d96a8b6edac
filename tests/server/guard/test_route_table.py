"""The whole table of routes: each has a role that is kept, nothing is changed by getting, nor by others' pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from falcon.testing import TestClient

from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.server.config import ServerSettings
from luigi.server.guard.identity import Role
from luigi.server.office import Office
from luigi.server.rooms import all_routes
from luigi.server.routes import READING, Route
from luigi.server.standing import Alone
from luigi.testing import FakeClock

TABLE = all_routes(
    Office(settings=ServerSettings(), standing=Alone(Scheduler(resources={})), plugins=PluginManager.with_installed())
)
CHANGING = [route for route in TABLE if route.changes]
READ_BY_GET = [route for route in TABLE if route.method in READING]

FIELDS = {"task_id": "Failed_1", "worker_id": "w", "name": "Failed", "message_id": "m"}
"""What stands in a path for its fields; 1 for others."""

QUESTIONS: list[dict[str, Any]] = [
    {},
    {"task_id": "Failed_1"},
    {"task_id": "Failed_1", "message_id": "m"},
    {"worker": "w"},
    {"task_str": "Failed"},
    {"status": "FAILED", "upstream_status": ""},
    {"beginning": "Failed"},
]
"""Arguments, of which every one of Luigi's calls that reads takes some."""

FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


def path_of(route: Route) -> str:
    return re.sub(r"{(\w+)(:\w+)?}", lambda field: quote(FIELDS.get(field[1], "1")), route.path)


@pytest.fixture
def scheduler(clock: FakeClock, tmp_path: Path) -> Scheduler:
    """One in which something of every kind has happened."""
    made = Scheduler(resources={}, clock=clock, state_path=str(tmp_path / "state"), retry_delay=60)
    made.add_worker("w", [["host", "here"]])
    for task_id in ("Failed_1", "Running_2", "Pending_3"):
        made.add_task(worker="w", task_id=task_id, family=task_id[:-2], params={"n": "1"}, resources={"disk": 1})
    made.add_task(worker="w", task_id="Failed_1", status="FAILED", expl='"a reason"')
    made.get_work(worker="w")
    made.send_scheduler_message("w", "Running_2", "a word")
    made.add_task(worker="w", task_id="Waiting_4", family="Waiting", deps=["Pending_3"])
    return made


@pytest.fixture
def state(scheduler: Scheduler, tmp_path: Path) -> Callable[[], str]:
    """All that the scheduler would keep."""

    def read() -> str:
        scheduler.dump()
        return (tmp_path / "state").read_text()

    return read


def gets(client: TestClient, route: Route, headers: dict[str, str]) -> Iterator[int]:
    for question in QUESTIONS if route.path.startswith("/api/") else QUESTIONS[:1]:
        data = {"data": json.dumps(question)} if question else {}
        for params in (data, question):
            yield client.simulate_request(route.method, path_of(route), params=params, headers=headers).status_code


def test_there_is_a_table() -> None:
    assert len(CHANGING) > 20
    assert len(READ_BY_GET) > 20


def test_the_state_shows_a_change(state: Callable[[], str], scheduler: Scheduler) -> None:
    before = state()
    assert state() == before
    scheduler.pause()
    assert state() != before


def test_only_signing_in_and_signs_of_life_are_for_anyone() -> None:
    """And files that the page for signing in needs, and the question of a browser whether it may ask."""
    open_to_all = {"/", "/login", "/healthz", "/readyz", "/pages/static/page.css", "/pages/static/icon.svg"}
    assert all(isinstance(route.role, Role) for route in TABLE)
    for_anyone = {route.path for route in TABLE if route.role is Role.ANYONE and route.method != "OPTIONS"}
    assert for_anyone <= open_to_all


def test_what_changes_is_not_for_viewers() -> None:
    """But for signing in and out."""
    assert {route.path for route in CHANGING if route.role <= Role.VIEWER} == {"/login", "/logout"}


def test_getting_changes_nothing(client_of: Callable[..., TestClient], state: Callable[[], str]) -> None:
    client, before = client_of(), state()
    for route in READ_BY_GET:
        statuses = list(gets(client, route, {}))
        assert state() == before, named(route)
        assert max(statuses) < 500, named(route)
        assert {200, 204, 302, 303, 404} & set(statuses), f"{named(route)} was asked nothing that it answers"


def test_reading_needs_a_token(guarded: TestClient) -> None:
    for route in READ_BY_GET:
        expected = {401} if route.role > Role.ANYONE else {200, 204, 302, 303, 404}
        assert set(gets(guarded, route, {})) <= expected, named(route)


def post(client: TestClient, route: Route, headers: dict[str, str]) -> int:
    """Call it with a body that says pause, forgive or the like, wherever one can be said."""
    order = {"task_id": "Failed_1", "worker": "w", "verb": "pause", "task": "Running_2", "amount": 5, "n": 3}
    media = {"Content-Type": route.media} if route.media else {}
    body = json.dumps(order) if "json" in route.media else f"data={quote(json.dumps(order))}"
    answer = client.simulate_request(route.method, path_of(route), headers={**media, **headers}, body=body)
    return answer.status_code


def test_changing_needs_a_token(guarded: TestClient, state: Callable[[], str], clock: FakeClock) -> None:
    before = state()
    for route in CHANGING:
        clock.advance(1)  # or these were too many wrong ones
        assert post(guarded, route, {}) == (401 if route.role > Role.ANYONE else 403), named(route)
        assert post(guarded, route, {"Authorization": "Bearer guessed"}) == 401, named(route)
    assert state() == before


def test_changing_needs_the_role(
    guarded: TestClient, as_role: Callable[..., dict[str, str]], state: Callable[[], str]
) -> None:
    before = state()
    for route in CHANGING:
        for role in ("viewer", "worker"):
            if Role[role.upper()] < route.role:
                assert post(guarded, route, as_role(role)) == 403, f"{named(route)} by a {role}"
    assert state() == before


def test_other_sites_change_nothing(
    guarded: TestClient, as_role: Callable[..., dict[str, str]], state: Callable[[], str]
) -> None:
    before = state()
    for route in CHANGING:
        statuses = {post(guarded, route, {**as_role("operator"), **foreign}) for foreign in FOREIGN}
        assert statuses == {403}, named(route)
    assert state() == before


def test_other_sites_change_nothing_without_authentication_either(
    client_of: Callable[..., TestClient], state: Callable[[], str]
) -> None:
    client, before = client_of(), state()
    for route in CHANGING:
        assert {post(client, route, foreign) for foreign in FOREIGN} == {403}, named(route)
    assert state() == before


def test_one_method_does_not_pass_for_another(client_of: Callable[..., TestClient], state: Callable[[], str]) -> None:
    client, before = client_of(), state()
    for route in CHANGING:
        headers = {"X-HTTP-Method-Override": route.method, "X-Method-Override": route.method}
        client.simulate_get(path_of(route), params={"_method": route.method}, headers=headers)
    assert state() == before


def test_the_only_order_of_a_worker_is_to_prune(
    guarded: TestClient, as_role: Callable[..., dict[str, str]], state: Callable[[], str]
) -> None:
    def status(verb: str) -> int:
        return guarded.simulate_post("/api/v1/control", json={"verb": verb}, headers=as_role("worker")).status_code

    before = state()
    assert status("pause") == 403
    assert state() == before
    assert status("prune") == 200
