"""Questions in general, and those about counts and single tasks."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.errors import KernelError
from luigi.interfaces import Answer, Began, Progress, Question, RetryPolicy, TaskSpec
from luigi.scheduler import events
from luigi.scheduler.names import family_of
from luigi.scheduler.views import answer
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN


def ask(bench: Any, noun: str, subject: str = "", **options: Any) -> Any:
    return answer(bench.machine, Question(noun, subject, options), bench.now)


@pytest.mark.parametrize(
    ("noun", "subject", "options", "message", "hint"),
    [
        ("tusks", "", {}, "no question 'tusks'", "did you mean tasks"),
        ("xyz", "", {}, "no question 'xyz'", "there are: counts, families"),
        ("tasks", "", {"limits": 1}, "tasks: no option 'limits'", "did you mean limit?"),
        ("counts", "", {"limit": 1}, "counts: no option 'limit'", "it takes none"),
        ("tasks", "", {"limit": 0}, "limit is 0", "1 or more"),
        ("tasks", "", {"limit": True}, "limit is True", "1 or more"),
        ("tasks", "", {"limit": "9"}, "limit is '9'", "1 or more"),
        ("tasks", "", {"status": "FAIL"}, "status is 'FAIL'", "did you mean FAILED?"),
        ("tasks", "", {"upstream": "X"}, "upstream is 'X'", "there are: UPSTREAM_RUNNING"),
        ("tasks", "", {"search": 3}, "search is 3", "give a text"),
        ("workers", "", {"include_running": 1}, "include_running is 1", "true or false"),
        ("graph", "nowhere", {}, "no task has the id 'nowhere'", "never declared"),
        ("explain", "nowhere", {}, "no task has the id 'nowhere'", "never declared"),
        ("story", "nowhere", {}, "no task has the id 'nowhere'", "never declared"),
        ("upstream", "nowhere", {}, "no task has the id 'nowhere'", "never declared"),
        ("answer", "nowhere", {"message_id": "1"}, "no task has the id 'nowhere'", "never declared"),
    ],
)
def test_what_cannot_be_asked(
    bench: Any, noun: str, subject: str, options: dict[str, Any], message: str, hint: str
) -> None:
    with pytest.raises(KernelError, match=message) as raised:
        ask(bench, noun, subject, **options)
    assert hint in raised.value.hint


def test_counts_by_status_and_family(bench: Any) -> None:
    bench.declare("a", family="Load")
    bench.declare("b", "c", family="Load", status=DONE)
    assert ask(bench, "counts") == {UNKNOWN: 1, PENDING: 1, DONE: 1}
    assert ask(bench, "families") == {"": {UNKNOWN: 1}, "Load": {PENDING: 1, DONE: 1}}
    bench.declare("c", family="Get")
    assert ask(bench, "families") == {"Get": {PENDING: 1}, "Load": {PENDING: 1, DONE: 1}}


def test_stopped_tasks_are_counted(bench: Any) -> None:
    bench.declare("failed", status=FAILED)
    bench.declare("disabled", status=DISABLED)
    for number in range(3):
        bench.declare(f"t{number}", "failed")
    bench.declare("u", "disabled", "failed")
    assert ask(bench, "stopped") == {"UPSTREAM_FAILED": 3, "UPSTREAM_DISABLED": 1}
    assert [ask(bench, "upstream", task) for task in ("t0", "u", "failed")] == [
        "UPSTREAM_FAILED",
        "UPSTREAM_DISABLED",
        "",
    ]


def test_paused(bench: Any) -> None:
    assert ask(bench, "paused") is False
    bench.do(events.Paused())
    assert ask(bench, "paused") is True


def test_a_task_no_one_knows_is_none(bench: Any) -> None:
    assert ask(bench, "task", "nowhere") is None


def test_a_declared_task_whole(bench: Any, policy: RetryPolicy) -> None:
    bench.now = 7.0
    bench.declare(
        "Load_1",
        "dep",
        family="Load",
        module="jobs",
        params={"day": "Monday", "password": "secret", "amount": "3"},
        hidden=["password"],
        owners=["me@example.com"],
        priority=4,
        resources={"db": 2},
        retry_policy=RetryPolicy(retry_count=3),
        accepts_messages=True,
    )
    task = ask(bench, "task", "Load_1")
    assert task["name"] == "Load(amount=3, day=Monday)"
    assert (task["params"], task["hidden"]) == ({"day": "Monday", "amount": "3"}, {"password": "secret"})
    assert (task["family"], task["module"], task["status"]) == ("Load", "jobs", PENDING)
    assert (task["deps"], task["unmet"], task["priority"], task["rank"]) == (["dep"], 1, 4, 4)
    assert (task["needs"], task["taken"], task["resources"]) == ({"db": 2}, {}, {})
    assert (task["runners"], task["stakeholders"], task["worker"]) == (["w"], ["w"], None)
    assert (task["known_since"], task["updated"], task["started"]) == (7.0, 7.0, None)
    assert task["retry_policy"] == policy._replace(retry_count=3)._asdict()
    assert task["owners"] == ["me@example.com"]
    assert task["accepts_messages"] is True
    assert ask(bench, "task", "dep")["dependents"] == 1


def test_a_task_known_by_its_id_alone(bench: Any) -> None:
    bench.declare("top", "Load_Raw_3")
    task = ask(bench, "task", "Load_Raw_3")
    assert (task["name"], task["family"], task["status"]) == ("Load_Raw_3", "Load", UNKNOWN)


@pytest.mark.parametrize(
    ("task_id", "family"), [("Load_Raw_3", "Load"), ("Load(a=1)", "Load"), ("Load", "Load"), ("_x", "_x"), ("", "")]
)
def test_a_family_is_guessed_from_an_id(task_id: str, family: str) -> None:
    assert family_of(task_id) == family


def test_an_attempt_is_told_as_far_as_it_is_known(new_bench: Any) -> None:
    bench = new_bench(db=2)
    bench.declare("a", resources={"db": 2})
    bench.now = 5.0
    bench.take()
    progress = Progress("a", bench.token("a"), "http://x", "half way", 50.0, {"db": 1})
    bench.do(events.HandedIn("w", progress))
    task = ask(bench, "task", "a")
    assert (task["worker"], task["started"], task["status"]) == ("w", 5.0, RUNNING)
    assert (task["tracking_url"], task["status_message"], task["percentage"]) == ("http://x", "half way", 50.0)
    assert (task["needs"], task["taken"], task["resources"]) == ({"db": 2}, {"db": 1}, {"db": 1})
    bench.report("a", FAILED, explanation="boom")
    task = ask(bench, "task", "a")
    assert (task["explanation"], task["failures"], task["first_failure"], task["due"]) == ("boom", 1, 5.0, 55.0)
    assert (task["taken"], task["resources"]) == ({"db": 1}, {})
    assert task["re_enable_able"] is False


def test_a_batch_is_told_with_its_runner(bench: Any) -> None:
    bench.declare_batch("a", "b")
    bench.take()
    assert ask(bench, "task", "b")["batch"] == {"members": ["a", "b"], "runner": None}
    bench.do(events.HandedIn("w", Began(bench.token("a"), TaskSpec("a,b", "B"))))
    assert ask(bench, "task", "b")["batch"] == {"members": ["a", "b"], "runner": "a,b"}
    assert ask(bench, "task", "a,b")["batch"] == {"members": ["a", "b"], "runner": "a,b"}
    bench.declare("c")
    assert ask(bench, "task", "c")["batch"] is None


def test_answers_to_messages(bench: Any) -> None:
    bench.declare("a", accepts_messages=True)
    assert ask(bench, "answer", "a", message_id="m") is None
    bench.do(events.HandedIn("w", Answer("a", "m", "fine")))
    assert ask(bench, "answer", "a", message_id="m") == "fine"
    assert ask(bench, "answer", "a", message_id="n") is None


def test_the_story_of_a_task(bench: Any) -> None:
    bench.run("a", DONE)
    bench.declare("b")
    assert [(one["before"], one["after"], one["why"]) for one in ask(bench, "story", "a")] == [
        (UNKNOWN, PENDING, "declared"),
        (PENDING, RUNNING, "handed out"),
        (RUNNING, DONE, "reported"),
    ]


def test_answers_are_plain_data_and_change_nothing(bench: Any) -> None:
    import json

    bench.declare("dep", status=FAILED)
    bench.declare("a", "dep", params={"x": "1"})
    bench.declare("b", resources={"r": 1})
    bench.take()
    for noun in ("counts", "families", "stopped", "paused", "tasks", "errors", "workers", "resources"):
        json.dumps(ask(bench, noun))
    for noun in ("task", "story", "explain", "graph", "upstream"):
        json.dumps(ask(bench, noun, "a"))
    json.dumps(ask(bench, "changes", since=1))
    bench.check_replay()
