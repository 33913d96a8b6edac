"""Orders over HTTP, by `/control` and by resources: 404 for what there is not, 409 where they do not apply."""

from __future__ import annotations

from typing import Any

import pytest
from falcon.testing import TestClient

from luigi.interfaces import Answer, Question
from luigi.scheduler import Scheduler


def test_orders_about_tasks(say: Any, busy: Scheduler) -> None:
    assert say("control", verb="forgive", subject="Clean_1").json == {"answer": None}
    assert busy.machine.tasks["Clean_1"].status == "PENDING"
    assert say("tasks/Load_1/mark-done").json == {"task_id": "Load_1", "status": "DONE"}
    assert busy.machine.tasks["Load_1"].status == "DONE"


def test_a_disabled_task_is_given_back(say: Any, busy: Scheduler) -> None:
    say("declare", worker="w", tasks=[{"task_id": "Off_1", "family": "Off", "status": "DISABLED"}])
    assert say("tasks/Off_1/re-enable").json["status"] == "FAILED"
    assert say("tasks/Off_1/forgive").json["status"] == "PENDING"


def test_orders_about_all(say: Any, see: Any, busy: Scheduler) -> None:
    assert see("control").json == {
        "paused": False,
        "pause_enabled": True,
        "messages_enabled": True,
        "keeps_history": False,
    }
    say("control", verb="pause")
    assert see("control").json["paused"]
    say("control", verb="unpause")
    assert not busy.machine.paused


def test_limits(say: Any, app_client: TestClient, busy: Scheduler) -> None:
    answer = app_client.simulate_put("/api/v1/resources/gpu", json={"limit": 4})
    assert answer.json == {"name": "gpu", "limit": 4, "window": None}
    answer = app_client.simulate_put("/api/v1/resources/api", json={"limit": 9, "per": "hour"})
    assert answer.json == {"name": "api", "limit": 9, "window": 3600.0}
    answer = app_client.simulate_put("/api/v1/resources/api", json={"limit": 9, "per": "fortnight"})
    assert (answer.status_code, answer.json["field"]) == (400, "per")
    say("control", verb="set_limit", subject="db", amount=0)
    assert busy.machine.resources.limits == {"gpu": 4, "api": 9, "db": 0}


def test_orders_about_workers(say: Any, busy: Scheduler) -> None:
    assert say("workers/w/processes", processes=3).json == {}
    (message,) = say("exchange", worker="w").json["messages"]
    assert message == {"name": "set_worker_processes", "kwargs": {"n": 3}}
    assert say("workers/w/disable").json == {}
    assert say("exchange", worker="w", want=1).json["enabled"] is False


def test_a_message_and_its_answer(say: Any, see: Any, busy: Scheduler) -> None:
    message_id = say("tasks/Load_1/messages", text="how far?").json["message_id"]
    assert see(f"tasks/Load_1/messages/{message_id}").json == {"response": None}
    (message,) = say("exchange", worker="w").json["messages"]
    assert message["kwargs"] == {"task_id": "Load_1", "message_id": message_id, "content": "how far?"}
    busy.exchange("w", [Answer("Load_1", message_id, "half")], 0)
    assert see(f"tasks/Load_1/messages/{message_id}").json == {"response": "half"}


def test_a_report_on_one_attempt(say: Any, busy: Scheduler) -> None:
    lease = busy.machine.tasks["Load_1"].lease
    assert lease is not None
    body = {"worker": "w", "report": {"task_id": "Load_1", "token": lease.token, "status": "DONE"}}
    assert say("attempts", **body).json["counts"]["pending"] == 2
    stale = say("attempts", **body)
    assert (stale.status_code, stale.json["field"]) == (409, "report.token")


@pytest.mark.parametrize(
    ("path", "body", "status", "says"),
    [
        ("control", {"verb": "forgive", "subject": "Clean_2"}, 404, "did you mean Clean_1?"),
        ("control", {"verb": "forgive", "subject": "Claen_1"}, 404, "did you mean Clean?"),
        ("control", {"verb": "forgive", "subject": "Fetch_1"}, 409, "is DONE, not FAILED"),
        ("control", {"verb": "re_enable", "subject": "Load_1"}, 409, "is RUNNING, not DISABLED"),
        ("control", {"verb": "disable_worker", "subject": "ww"}, 404, "did you mean w?"),
        ("control", {"verb": "set_worker_processes", "subject": "x", "amount": 1}, 404, "no worker"),
        ("control", {"verb": "send_message", "subject": "Load_1", "worker": "x"}, 404, "no worker"),
        ("tasks/Load_2/forgive", {}, 404, "did you mean Load_1?"),
        ("tasks/Load_1/forgive", {}, 409, "is RUNNING, not FAILED"),
        ("tasks/Clean_1/messages", {"text": "?"}, 409, "does not run"),
        ("tasks/Load_1/messages", {}, 400, "text"),
        ("workers/x/disable", {}, 404, "no worker"),
        ("workers/w/processes", {"processes": 0}, 400, "processes"),
        ("attempts", {"worker": "w", "report": {"task_id": "Load_9", "token": 1, "status": "DONE"}}, 404, "Load_1"),
        ("attempts", {"worker": "v", "report": {"task_id": "Load_1", "token": 3, "status": "DONE"}}, 409, "token 3"),
    ],
)
def test_what_does_not_apply_changes_nothing(
    say: Any, busy: Scheduler, path: str, body: dict[str, Any], status: int, says: str
) -> None:
    version = busy.machine.index.version
    answer = say(path, **body)
    assert (answer.status_code, says in answer.text) == (status, True), answer.text
    assert busy.machine.index.version == version
    assert [worker.worker_id for worker in busy.machine.workers] == ["w"]
    assert not busy.machine.has_messages("w")


def test_pausing_where_it_is_not_allowed(say: Any, scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler.config, "pause_enabled", False)
    answer = say("control", verb="pause")
    assert (answer.status_code, answer.json["hint"]) == (409, "see [scheduler] pause_enabled")
    assert scheduler.view(Question("paused")) is False
