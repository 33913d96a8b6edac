"""The audit log."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import falcon
import pytest
from falcon.testing import TestClient

from luigi.server.app import application
from luigi.server.config import ServerSettings
from luigi.server.guard import audit
from luigi.server.guard.audit import REFUSALS_AT_ONCE
from luigi.server.guard.gate import Gate
from luigi.server.guard.identity import Role
from luigi.server.office import Office
from luigi.server.problems import Problem
from luigi.server.routes import Route
from luigi.testing import FakeClock


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[dict[str, Any]]]:
    caplog.set_level(logging.INFO, "luigi.audit")
    return lambda: [json.loads(record.getMessage()) for record in caplog.records if record.name == "luigi.audit"]


def test_a_change_is_told(
    guarded: TestClient, as_role: Callable[..., dict[str, str]], lines: Callable[[], list[Any]], clock: FakeClock
) -> None:
    clock.advance(1_700_000_000)
    guarded.simulate_post("/api/pause", headers=as_role("operator"), remote_addr="10.0.0.7")
    (line,) = lines()
    expected = {
        "at": "2023-11-14T22:13:20.000+00:00",
        "event": "change",
        "who": "operator",
        "role": "operator",
        "from": "10.0.0.7",
        "method": "POST",
        "path": "/api/pause",
        "status": 200,
    }
    assert {name: line[name] for name in expected} == expected


def test_reading_and_what_workers_say_is_not(
    guarded: TestClient, as_role: Callable[..., dict[str, str]], lines: Callable[[], list[Any]]
) -> None:
    guarded.simulate_get("/api/is_paused", headers=as_role("operator"))
    guarded.simulate_post("/api/ping", params={"data": '{"worker": "w"}'}, headers=as_role("worker"))
    assert lines() == []


def test_refusals_are_told(
    guarded: TestClient, as_role: Callable[..., dict[str, str]], lines: Callable[[], list[Any]]
) -> None:
    guarded.simulate_post("/api/pause", headers=as_role("viewer"))
    guarded.simulate_post("/api/pause", headers=as_role("operator", Origin="https://evil.example"))
    guarded.simulate_get("/session", headers={"Authorization": "Bearer guessed"})
    guarded.simulate_get("/nowhere")
    guarded.simulate_get("/session", headers={"Host": "evil.example"})
    found = [(line["event"], line["who"], line["status"]) for line in lines()]
    assert found == [
        ("refusal", "viewer", 403),
        ("refusal", "operator", 403),
        ("refusal", None, 401),
        ("refusal", None, 401),
        ("refusal", None, 403),
    ]
    assert "guessed" not in str(lines())


def test_refusals_do_not_fill_the_disk(
    guarded: TestClient, secrets: dict[str, str], lines: Callable[[], list[Any]]
) -> None:
    for _ in range(3 * REFUSALS_AT_ONCE):
        guarded.simulate_get("/session", remote_addr="10.0.0.7")
    assert len(lines()) == REFUSALS_AT_ONCE
    guarded.simulate_get("/session", remote_addr="10.0.0.8")
    assert len(lines()) == REFUSALS_AT_ONCE + 1


def test_a_path_adds_no_line_and_is_not_endless(guarded: TestClient, lines: Callable[[], list[Any]]) -> None:
    guarded.simulate_get("/x%0a%7b%22event%22%3a%20%22change%22%7d" + "y" * 10_000)
    (line,) = lines()
    assert line["event"] == "refusal"
    assert len(line["path"]) == audit.LONGEST


def forgive(request: falcon.Request, response: falcon.Response) -> None:
    audit.say(request, order="forgive", task_id="A_1", who="somebody else")
    raise Problem(409, "it is not failed")


def test_a_handler_says_what_the_path_does_not_and_cannot_say_who(
    client_of: Callable[..., TestClient], lines: Callable[[], list[Any]], clock: FakeClock
) -> None:
    office = Office(settings=ServerSettings(), standing=None, plugins=None, clock=clock)  # type: ignore[arg-type]
    route = Route("POST", "/orders", Role.OPERATOR, forgive, changes=True)
    client = TestClient(application([route], Gate(office)), headers={"Host": "localhost"})
    client.simulate_post("/orders", body="ignored")
    (line,) = lines()
    assert (line["order"], line["task_id"], line["who"], line["status"]) == ("forgive", "A_1", "anyone", 409)


def test_nothing_at_all_is_told_as_an_amount(
    guarded: TestClient, as_role: Callable[..., dict[str, str]], lines: Callable[[], list[Any]]
) -> None:
    guarded.simulate_put("/api/v1/resources/db", json={"limit": 0}, headers=as_role("operator"))
    order = {"verb": "set_limit", "subject": "db", "amount": 0}
    guarded.simulate_post("/api/v1/control", json=order, headers=as_role("operator"))
    by_resource, by_order = lines()
    assert by_resource["limit"] == 0
    assert by_order.items() >= order.items()
    assert "worker" not in by_order


def test_signing_in_is_told_without_the_secret(
    guarded: TestClient, secrets: dict[str, str], lines: Callable[[], list[Any]]
) -> None:
    form = guarded.simulate_get("/login").cookies["luigi_form_8082"].value
    for secret in (secrets["viewer"], "luigi_guessed"):
        guarded.simulate_post(
            "/login",
            body=f"token={secret}&form={form}",
            headers={"Cookie": f"luigi_form_8082={form}", "Content-Type": "application/x-www-form-urlencoded"},
        )
    done, failed = lines()
    assert (done["event"], done["who"], done["does"], done["status"]) == ("change", "viewer", "sign in", 303)
    assert (failed["event"], failed["who"], failed["status"]) == ("refusal", None, 401)
    assert not [secret for secret in (*secrets.values(), "luigi_guessed", form) if secret in str(lines())]


def test_of_what_is_long_the_beginning_is_told(
    guarded: TestClient, as_role: Callable[..., dict[str, str]], lines: Callable[[], list[Any]]
) -> None:
    said = quote(json.dumps({"worker": "w" * 900}))
    guarded.simulate_post("/api/disable_worker", query_string=f"data={said}", headers=as_role("operator"))
    (line,) = lines()
    assert (line["order"], line["worker"]) == ("disable_worker", "w" * audit.LONGEST)


def test_what_a_resource_is_called_does_not_matter(
    guarded: TestClient, as_role: Callable[..., dict[str, str]], lines: Callable[[], list[Any]]
) -> None:
    said = quote(json.dumps({"request": 1, "order": 2, "facts": 3}))
    answer = guarded.simulate_post("/api/update_resources", query_string=f"data={said}", headers=as_role("operator"))
    assert answer.status_code == 200
    (line,) = lines()
    assert (line["order"], line["request"], line["facts"]) == ("update_resources", 1, 3)
