"""Orders about many tasks over HTTP, cancelling and retrying one, and who is said to have ordered it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from falcon.testing import TestClient

from luigi.interfaces import Report, TaskSpec
from luigi.scheduler import Scheduler
from luigi.server.guard import token_file
from luigi.server.guard.tokens import digest_of, new_secret, token

CANCEL = {"name": "cancel_task", "kwargs": {"task_id": "Load_1", "token": 3}}


def statuses(scheduler: Scheduler) -> dict[str, str]:
    return {task.task_id: task.status for task in scheduler.machine.tasks.values()}


# --- one task -------------------------------------------------------------------------------------------------------


def test_a_task_that_waits_is_cancelled_and_retried(say: Any, see: Any, busy: Scheduler) -> None:
    assert say("tasks/Clean_1/cancel").json == {"task_id": "Clean_1", "status": "DISABLED"}
    assert see("tasks/Clean_1").json["re_enable_able"]
    assert say("tasks/Clean_1/retry").json == {"task_id": "Clean_1", "status": "PENDING"}


def test_a_task_that_runs_is_ended_by_its_worker(say: Any, see: Any, busy: Scheduler) -> None:
    assert say("tasks/Load_1/cancel").json["status"] == "RUNNING"
    assert see("tasks/Load_1").json["cancelled_by"] == "operator"
    assert say("exchange", worker="w").json["messages"] == [CANCEL]
    busy.exchange("w", [Report("Load_1", 3, "FAILED", (), "killed", False)], 0)
    told = see("tasks/Load_1").json
    assert (told["status"], told["explanation"]) == ("DISABLED", "Cancelled by operator.")
    assert told["cancelled_by"] is None


def test_a_story_says_by_whom(client_of: Callable[..., TestClient], tmp_path: Path, busy: Scheduler) -> None:
    secret = new_secret()
    token_file.add(tmp_path / "tokens", token("anna", "operator", digest_of(secret)))
    guarded, headers = client_of(tokens_file=str(tmp_path / "tokens")), {"Authorization": f"Bearer {secret}"}
    assert guarded.simulate_post("/api/v1/tasks/Clean_1/retry", headers=headers).status_code == 200
    body = {"verb": "cancel", "subject": "Clean_1"}
    assert guarded.simulate_post("/api/v1/control", json=body, headers=headers).status_code == 200
    told = guarded.simulate_get("/api/v1/tasks/Clean_1/story", headers=headers).json["story"]
    assert [one["by"] for one in told] == ["w", "w", "w", "anna", "anna"]
    assert told[-1]["why"] == "cancelled"


def test_nobody_can_order_in_anothers_name(say: Any, busy: Scheduler) -> None:
    answer = say("control", verb="forgive", subject="Clean_1", by="anna")
    assert (answer.status_code, answer.json["field"]) == (400, "by")


# --- many -----------------------------------------------------------------------------------------------------------


def test_one_that_does_not_apply_stops_no_other(say: Any, busy: Scheduler) -> None:
    told = say("orders", verb="cancel", tasks=["Fetch_1", "Clean_1", "nobody", "Report_1", "Clean_1"]).json
    assert (told["done"], told["refused"]) == (2, 2)
    assert [one["task_id"] for one in told["refusals"]] == ["Fetch_1", "nobody"]
    assert "is unknown" in told["refusals"][1]["why"]
    assert statuses(busy) == {"Fetch_1": "DONE", "Clean_1": "DISABLED", "Load_1": "RUNNING", "Report_1": "DISABLED"}


@pytest.mark.parametrize(
    ("where", "meant"),
    [
        ({"status": "FAILED"}, {"Clean_1"}),
        ({"status": "FAILED,PENDING"}, {"Clean_1", "Report_1"}),
        ({"family": "Clean"}, {"Clean_1"}),
        ({"search": "clean day=1"}, {"Clean_1"}),
        ({"run": "w", "status": "PENDING"}, {"Report_1"}),
        ({"family": "nothing"}, set()),
    ],
)
def test_those_that_have_something_in_common(say: Any, busy: Scheduler, where: dict[str, str], meant: set[str]) -> None:
    assert say("orders", verb="cancel", where=where).json == {"done": len(meant), "refused": 0, "refusals": []}
    assert {task_id for task_id, status in statuses(busy).items() if status == "DISABLED"} == meant


def test_many_of_them(say: Any, scheduler: Scheduler) -> None:
    scheduler.declare("w", [TaskSpec(f"Many_{number}", "Many") for number in range(1234)])
    assert say("orders", verb="cancel", where={"family": "Many"}).json["done"] == 1234
    assert say("orders", verb="retry", where={"status": "DISABLED"}).json["done"] == 1234
    told = say("orders", verb="forgive", where={"family": "Many"}).json
    assert (told["done"], told["refused"], len(told["refusals"])) == (0, 1234, 20)


def test_the_audit_log_has_the_verb_the_filter_and_how_many(
    say: Any, busy: Scheduler, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "luigi.audit"):
        say("orders", verb="forgive", where={"status": "FAILED"})
        say("orders", verb="forgive", tasks=["Clean_1"])
    by_filter, by_list = [json.loads(record.message) for record in caplog.records]
    assert {**by_filter, "verb": "forgive", "done": 1, "refused": 0} == by_filter
    assert by_filter["where"]["status"] == "FAILED"
    assert {**by_list, "verb": "forgive", "done": 0, "refused": 1} == by_list
    assert "where" not in by_list


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"tasks": ["Clean_1"]}, "verb"),
        ({"verb": "pause", "tasks": ["Clean_1"]}, "verb"),
        ({"verb": "forgive"}, "tasks"),
        ({"verb": "forgive", "tasks": ["Clean_1"], "where": {"status": "FAILED"}}, "tasks"),
        ({"verb": "forgive", "tasks": []}, "tasks"),
        ({"verb": "forgive", "tasks": ["Clean_1"] * 1001}, "tasks"),
        ({"verb": "forgive", "where": {}}, "where"),
        ({"verb": "forgive", "where": {"family": ""}}, "where"),
        ({"verb": "forgive", "where": {"search": "  "}}, "where"),
        ({"verb": "forgive", "where": {"status": "BROKEN"}}, "where.status"),
        ({"verb": "forgive", "where": {"colour": "red"}}, "where.colour"),
    ],
)
def test_what_leaves_open_which_are_meant(say: Any, busy: Scheduler, body: dict[str, Any], field: str) -> None:
    answer = say("orders", **body)
    assert (answer.status_code, answer.json["field"]) == (400, field), answer.text
    assert statuses(busy)["Clean_1"] == "FAILED"
