"""`/api/v1/submissions`: runs that no process stands for; and how workers of pools and programs speak of them."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.interfaces import Report, TaskSpec
from luigi.scheduler import Scheduler
from luigi.task_status import DONE


@pytest.fixture
def client(client_of: Any) -> Any:
    return client_of()


@pytest.fixture
def submitted(scheduler: Scheduler) -> Scheduler:
    specs = [TaskSpec(f"t{i}", "F", "m", deps=None, unplanned=True) for i in range(3)]
    scheduler.submit("backfill-F-1", specs, name="F day=1..3", kind="backfill", max_active=2, by="anna")
    return scheduler


def test_submissions_are_listed(client: Any, submitted: Scheduler) -> None:
    (row,) = client.simulate_get("/api/v1/submissions").json["submissions"]
    assert (row["id"], row["name"], row["kind"], row["by"]) == ("backfill-F-1", "F day=1..3", "backfill", "anna")
    assert row["roots"] == {"total": 3, "done": 0, "failed": 0, "held": 1, "active": 2}
    assert (row["status"], row["settled"], row["counts"]) == ("", None, {"PENDING": 3})


def test_a_list_goes_on_where_a_page_ended(client: Any, submitted: Scheduler) -> None:
    submitted.submit("run-2", [TaskSpec("a", "F")])
    first = client.simulate_get("/api/v1/submissions?limit=1").json
    second = client.simulate_get(f"/api/v1/submissions?limit=1&cursor={first['next']}").json
    assert [one["submissions"][0]["id"] for one in (first, second)] == ["backfill-F-1", "run-2"]
    assert second["next"] is None


def test_one_is_cancelled(client: Any, submitted: Scheduler) -> None:
    answer = client.simulate_post("/api/v1/submissions/backfill-F-1/cancel", json={})
    assert (answer.status_code, answer.json["status"]) == (200, "CANCELLED")
    again = client.simulate_post("/api/v1/submissions/backfill-F-1/cancel", json={})
    assert (again.status_code, again.json["detail"]) == (409, "cancel_submission backfill-F-1: it has ended: CANCELLED")


def test_one_that_there_is_not_is_said_with_the_nearest(client: Any, submitted: Scheduler) -> None:
    answer = client.simulate_get("/api/v1/submissions/backfill-F-2")
    assert (answer.status_code, answer.json["hint"]) == (404, "did you mean backfill-F-1?")


def test_live_runs_tell_of_it(client: Any, submitted: Scheduler) -> None:
    (run,) = client.simulate_get("/api/v1/live-runs").json["runs"]
    assert (run["worker_id"], run["submission"]["roots"]["held"], run["total"]) == ("backfill-F-1", 1, 3)
    assert client.simulate_get("/api/v1/workers").json["workers"] == []


def test_a_pools_worker_plans_for_it_over_the_wire(client: Any, submitted: Scheduler) -> None:
    """Its calls are numbered: one that is made again has no further effect."""
    info = {"assistant": True, "pool": {"modules": ["m"], "queues": [], "labels": []}}
    client.simulate_post("/api/v1/introduce", json={"worker": "p", "info": info})
    reply = client.simulate_post("/api/v1/exchange", json={"worker": "p", "want": 1, "call": 1}).json
    (assignment,) = reply["assignments"]
    assert (assignment["submission"], assignment["unplanned"]) == ("backfill-F-1", True)
    told = {"worker": "p", "call": 2, "submission": "backfill-F-1", "tasks": [{"task_id": "x", "family": "X"}]}
    for _ in range(2):
        assert client.simulate_post("/api/v1/declare", json=told).status_code == 200
    assert submitted.machine.tasks["x"].stakeholders == ("backfill-F-1",)
    said = {"kind": "report", "task_id": "t0", "token": assignment["token"], "status": "PENDING", "new_deps": ["x"]}
    client.simulate_post("/api/v1/exchange", json={"worker": "p", "call": 3, "said": [said]})
    assert submitted.machine.tasks["t0"].unmet == 1


def test_what_is_submitted_over_the_wire_is_told_to_those_who_watch(client: Any, scheduler: Scheduler) -> None:
    heard: list[Any] = []
    scheduler.watch_workers(lambda what, at: heard.append(type(what).__name__))
    info = {"submission": True, "roots": ["a"], "name": "n", "kind": "run"}
    client.simulate_post("/api/v1/introduce", json={"worker": "run-1", "info": info})
    client.simulate_post("/api/v1/declare", json={"worker": "run-1", "tasks": [{"task_id": "a", "family": "F"}]})
    scheduler.add_worker("helper", [("assistant", True)])
    (assignment,) = scheduler.exchange("helper", (), 1).assignments
    scheduler.exchange("helper", [Report("a", assignment.token, DONE)], 0)
    assert heard == ["Introduced", "Introduced", "Settled"]


def test_orders_by_control(client: Any, submitted: Scheduler) -> None:
    order = {"verb": "cancel_submission", "subject": "backfill-F-1"}
    assert client.simulate_post("/api/v1/control", json=order).status_code == 200
    lacking = client.simulate_post("/api/v1/control", json={"verb": "cancel_submission"})
    assert lacking.status_code == 400
