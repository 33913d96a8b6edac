"""The verbs over HTTP: what workers say is taken in as a whole or not at all, and a repeated call is answered again."""

from __future__ import annotations

from math import inf
from typing import Any

import pytest

from luigi.interfaces import Question
from luigi.scheduler import Scheduler

TASK = {"task_id": "A_1", "family": "A", "params": {"x": "1"}}


def report(task_id: str, token: int, status: str = "DONE") -> dict[str, Any]:
    return {"kind": "report", "task_id": task_id, "token": token, "status": status}


def test_a_task_from_declaration_to_report(say: Any, scheduler: Scheduler) -> None:
    assert say("introduce", worker="w", info={"host": "h"}).json == {}
    assert say("declare", worker="w", call=1, tasks=[TASK]).json == {}
    given = say("exchange", worker="w", call=2, want=5).json
    (assignment,) = given["assignments"]
    assert (assignment["task_id"], assignment["params"]) == ("A_1", {"x": "1"})
    answer = say("exchange", worker="w", call=3, said=[report("A_1", assignment["token"])], want=1).json
    assert answer["counts"] == {"pending": 0, "unique": 0, "last_declared": 0}
    assert scheduler.machine.tasks["A_1"].status == "DONE"
    assert say("farewell", worker="w", status="SUCCESS").json == {}


def test_what_a_worker_says_of_itself_is_kept(say: Any, scheduler: Scheduler) -> None:
    info = {"host": "h", "pid": 7, "roots": ["A_1"], "nested": {"deep": [1.5, None]}}
    say("introduce", worker="w", info=info)
    worker = scheduler.machine.workers.get("w")
    assert worker is not None
    assert worker.info == info


def test_a_sign_of_life_says_nothing(say: Any, scheduler: Scheduler) -> None:
    assert say("exchange", worker="w").json["stranger"] is True
    say("introduce", worker="w", info={})
    assert "stranger" not in say("exchange", worker="w").json


def test_a_repeated_call_is_answered_again_and_changes_nothing(say: Any, scheduler: Scheduler) -> None:
    say("declare", worker="w", call=1, tasks=[TASK, {"task_id": "B_1", "family": "B"}])
    first = say("exchange", worker="w", call=2, want=1).json
    assert say("exchange", worker="w", call=2, want=1).json["assignments"] == first["assignments"]
    assert scheduler.view(Question("counts")) == {"RUNNING": 1, "PENDING": 1}


@pytest.mark.parametrize("verb", ["declare", "exchange"])
def test_a_call_older_than_the_last_is_a_conflict(say: Any, scheduler: Scheduler, verb: str) -> None:
    say("exchange", worker="w", call=5)
    body = {"tasks": [TASK]} if verb == "declare" else {"want": 1}
    answer = say(verb, worker="w", call=4, **body)
    assert (answer.status_code, answer.json["field"]) == (409, "call")
    assert not scheduler.machine.tasks


def test_endless_numbers_travel_as_words(say: Any, scheduler: Scheduler) -> None:
    policy = {"retry_count": 3, "disable_window": "Infinity"}
    say("declare", worker="w", tasks=[{**TASK, "priority": "-Infinity", "retry_policy": policy}])
    assert scheduler.machine.tasks["A_1"].priority == -inf
    assert scheduler.machine.tasks["A_1"].policy.disable_window == inf


def test_a_batch(say: Any, scheduler: Scheduler) -> None:
    tasks = [{"task_id": f"B_{x}", "family": "B", "params": {"x": f"{x}"}, "batchable": True} for x in (1, 2)]
    say("declare", worker="w", tasks=tasks, batchers=[{"family": "B", "batched": ["x"]}])
    (batch,) = say("exchange", worker="w", want=1).json["assignments"]
    assert (batch["batch"], batch["params"]) == (["B_1", "B_2"], {"x": ["1", "2"]})
    runner = {"kind": "began", "token": batch["token"], "spec": {"task_id": "B_1_2", "family": "B"}}
    assert say("exchange", worker="w", said=[runner]).json["refused"] == []
    say("exchange", worker="w", said=[report("B_1_2", batch["token"])])
    assert scheduler.view(Question("counts")) == {"DONE": 3}


def test_a_report_on_somebody_elses_task_is_refused(say: Any, busy: Scheduler) -> None:
    assert say("exchange", worker="v", said=[report("Load_1", 3)]).json["refused"] == ["Load_1"]
    assert busy.machine.tasks["Load_1"].status == "RUNNING"


@pytest.mark.parametrize(
    ("verb", "body", "field"),
    [
        ("introduce", {}, "worker"),
        ("introduce", {"worker": ""}, "worker"),
        ("introduce", {"worker": "w" * 1001}, "worker"),
        ("introduce", {"worker": "w", "info": []}, "info"),
        ("introduce", {"worker": "w", "info": {"a": [[[[[[[[[1]]]]]]]]]}}, "info.a[0][0][0][0][0][0][0][0]"),
        ("declare", {"worker": "w", "call": -1}, "call"),
        ("declare", {"worker": "w", "call": True}, "call"),
        ("declare", {"worker": "w", "call": 1.5}, "call"),
        ("declare", {"worker": "w", "tasks": {}}, "tasks"),
        ("declare", {"worker": "w", "tasks": [TASK, {"family": "A"}]}, "tasks[1].task_id"),
        ("declare", {"worker": "w", "tasks": [{**TASK, "task_id": ""}]}, "tasks[0].task_id"),
        ("declare", {"worker": "w", "tasks": [{**TASK, "status": "RUNNING"}]}, "tasks[0].status"),
        ("declare", {"worker": "w", "tasks": [{**TASK, "params": {"x": 1}}]}, "tasks[0].params.x"),
        ("declare", {"worker": "w", "tasks": [{**TASK, "deps": ["B_1", ""]}]}, "tasks[0].deps[1]"),
        ("declare", {"worker": "w", "tasks": [{**TASK, "priority": "NaN"}]}, "tasks[0].priority"),
        ("declare", {"worker": "w", "tasks": [{**TASK, "colour": 1}]}, "tasks[0].colour"),
        (
            "declare",
            {"worker": "w", "batchers": [{"family": "A", "batched": [], "max_size": 0}]},
            "batchers[0].max_size",
        ),
        ("exchange", {"worker": "w", "want": -1}, "want"),
        ("exchange", {"worker": "w", "want": 10**9}, "want"),
        ("exchange", {"worker": "w", "said": [{"kind": "rumour"}]}, "said[0].kind"),
        ("exchange", {"worker": "w", "said": [report("A_1", 1, "RUNNING")]}, "said[0].status"),
        ("exchange", {"worker": "w", "said": [{**report("A_1", 1), "token": "1"}]}, "said[0].token"),
        ("exchange", {"worker": "w", "colour": 1}, "colour"),
        ("farewell", {"worker": "w", "status": "GREAT"}, "status"),
        ("view", {"noun": "weather"}, "noun"),
        ("view", {"noun": "tasks", "options": {"limit": 100_000}}, "options.limit"),
        ("control", {"verb": "dance"}, "verb"),
        ("control", {"verb": "forgive"}, "subject"),
        ("control", {"verb": "set_limit", "subject": "x" * 1001, "amount": 1}, "subject"),
        ("control", {"verb": "set_limit", "subject": "db"}, "amount"),
        ("control", {"verb": "set_limit", "subject": "db", "amount": -1}, "amount"),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_changes_nothing(
    say: Any, scheduler: Scheduler, verb: str, body: dict[str, Any], field: str
) -> None:
    answer = say(verb, **body)
    assert (answer.status_code, answer.json["field"]) == (400, field)
    assert answer.headers["content-type"] == "application/problem+json"
    assert not scheduler.machine.tasks
    assert not list(scheduler.machine.workers)
    assert scheduler.machine.resources.limits == {}


def test_a_question_is_answered_as_in_the_same_process(say: Any, busy: Scheduler) -> None:
    for question in (Question("counts"), Question("families"), Question("paused"), Question("task", "Report_1")):
        told = say("view", noun=question.noun, subject=question.subject).json
        assert told == {"answer": busy.view(question)}


def test_a_question_about_a_task_that_nobody_knows(say: Any, busy: Scheduler) -> None:
    assert say("view", noun="task", subject="Fetch_2").json == {"answer": None}
    unknown = say("view", noun="explain", subject="Fetch_2")
    assert (unknown.status_code, unknown.json["hint"]) == (404, "did you mean Fetch_1?")


def test_an_option_that_a_question_does_not_take(say: Any, busy: Scheduler) -> None:
    answer = say("view", noun="tasks", options={"statos": "DONE"})
    assert answer.status_code == 400
    assert "status" in answer.json["hint"]
