"""Who may do what, by operation; and that of the orders workers may give one alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from falcon.testing import Result, TestClient

from luigi.scheduler import Scheduler
from luigi.server.guard.identity import Role

LESS = {Role.VIEWER: "", Role.WORKER: "viewer", Role.OPERATOR: "worker"}
"""The role that may not yet."""


@pytest.fixture
def call(guarded: TestClient, secrets: dict[str, str]) -> Any:
    def make(role: str, method: str, path: str, body: Any = None) -> Result:
        headers = {"Authorization": f"Bearer {secrets[role]}"} if role else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        return guarded.simulate_request(
            method, f"/api/v1{path}", headers=headers, body=None if body is None else json.dumps(body)
        )

    return make


def test_each_operation_refuses_the_role_below(call: Any, everything: Any, busy: Scheduler) -> None:
    version = busy.machine.index.version
    for operation in everything:
        answer = call(LESS[operation.role], operation.method, operation.path.replace("{task_id}", "Load_1"), {})
        assert answer.status_code == (403 if LESS[operation.role] else 401), operation.path
    assert busy.machine.index.version == version


def test_changes_are_for_workers_and_operators(everything: Any) -> None:
    for operation in everything:
        route_changes = operation.method != "GET" and operation.name != "view"
        assert (operation.role > Role.VIEWER) == route_changes, operation.path


def test_a_worker_prunes_and_gives_no_other_order(call: Any, busy: Scheduler) -> None:
    assert call("worker", "POST", "/control", {"verb": "prune"}).status_code == 200
    for verb in ("pause", "forgive", "set_limit"):
        order = {"verb": verb, "subject": "Clean_1", "amount": 1}
        assert call("worker", "POST", "/control", order).status_code == 403
        assert call("operator", "POST", "/control", order).status_code == 200


def test_the_description_is_for_those_who_have_signed_in(call: Any) -> None:
    assert call("", "GET", "/openapi.json").status_code == 401
    assert call("viewer", "GET", "/openapi.json").status_code == 200


def test_orders_are_in_the_audit_log(call: Any, busy: Scheduler, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="luigi.audit"):
        call("operator", "POST", "/control", {"verb": "forgive", "subject": "Clean_1"})
        call("worker", "POST", "/exchange", {"worker": "w"})
    (line,) = [record.getMessage() for record in caplog.records if record.name == "luigi.audit"]
    told = json.loads(line)
    assert (told["verb"], told["subject"], told["who"], told["status"]) == ("forgive", "Clean_1", "operator", 200)
