"""What stands around a task, who works, and what there is to work with."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.errors import KernelError
from luigi.interfaces import Progress, Question
from luigi.scheduler import events
from luigi.scheduler.views import answer
from luigi.task_status import DONE, UNKNOWN


def ask(bench: Any, noun: str, subject: str = "", **options: Any) -> Any:
    return answer(bench.machine, Question(noun, subject, options), bench.now)


def links(bench: Any, subject: str, **options: Any) -> dict[str, list[str]]:
    graph = ask(bench, "graph", subject, **options)
    return {task_id: node["links"] for task_id, node in graph["nodes"].items()}


@pytest.fixture
def diamond(bench: Any) -> Any:
    """top needs b and c, and something never declared; both need a, which is done."""
    bench.declare("a", status=DONE)
    bench.declare("b", "a")
    bench.declare("c", "a")
    bench.declare("top", "b", "c", "Never_Seen_3")
    return bench


def test_what_a_task_needs_nearest_first(diamond: Any) -> None:
    assert links(diamond, "top") == {
        "top": ["b", "c", "Never_Seen_3"],
        "b": ["a"],
        "c": ["a"],
        "Never_Seen_3": [],
        "a": [],
    }
    graph = ask(diamond, "graph", "top")
    assert list(graph["nodes"]) == ["top", "b", "c", "Never_Seen_3", "a"]
    assert (graph["root"], graph["direction"], graph["truncated"]) == ("top", "up", [])
    assert (graph["nodes"]["Never_Seen_3"]["status"], graph["nodes"]["Never_Seen_3"]["family"]) == (UNKNOWN, "Never")


def test_what_needs_a_task(diamond: Any) -> None:
    assert links(diamond, "a", direction="down") == {"a": ["b", "c"], "b": ["top"], "c": ["top"], "top": []}


def test_without_what_is_done(diamond: Any) -> None:
    assert links(diamond, "b", include_done=False) == {"b": []}
    assert links(diamond, "a", include_done=False) == {"a": []}


def test_what_the_limit_cuts_off_is_named(diamond: Any) -> None:
    graph = ask(diamond, "graph", "top", limit=2)
    assert list(graph["nodes"]) == ["top", "b"]
    assert graph["truncated"] == ["c", "Never_Seen_3", "a"]
    assert ask(diamond, "graph", "top", limit=5)["truncated"] == []


def test_a_direction_there_is_not(diamond: Any) -> None:
    with pytest.raises(KernelError, match="direction is 'left'"):
        ask(diamond, "graph", "top", direction="left")


def test_workers_with_what_they_run_and_want(bench: Any) -> None:
    bench.do(events.Introduced("w", {"host": "h", "first_task": "a"}))
    bench.declare("a", family="First")
    bench.declare("b")
    bench.now = 3.0
    bench.declare("b", worker="v")
    bench.take("w")
    bench.do(events.ProcessesSet("w", 2))
    bench.now = 4.0
    bench.do(events.Seen("v"))
    v, w = ask(bench, "workers")
    assert [v["worker_id"], w["worker_id"]] == ["v", "w"]
    assert (w["info"], w["first_task"]) == ({"host": "h", "first_task": "a"}, "First()")
    assert (w["known_since"], w["active"], w["asked"], v["asked"]) == (0.0, 3.0, 3.0, None)
    assert [row["task_id"] for row in w["running"]] == ["a"]
    assert (w["pending"], w["unique"], w["unread_messages"]) == (1, 0, 1)
    assert (w["enabled"], w["assistant"]) == (True, False)
    assert ask(bench, "workers", include_running=False)[1]["running"] == ["a"]


def test_disabled_workers_and_assistants(bench: Any) -> None:
    bench.do(events.Introduced("w", {"assistant": True}))
    bench.do(events.WorkerDisabled("w"))
    (worker,) = ask(bench, "workers")
    assert (worker["enabled"], worker["assistant"]) == (False, True)


def test_resources_with_those_who_hold_them(new_bench: Any) -> None:
    bench = new_bench(db=3, idle=2)
    bench.declare("a", resources={"db": 2, "other": 1})
    bench.declare("b", resources={"db": 1})
    bench.now = 8.0
    bench.take(want=2)
    bench.do(events.HandedIn("w", Progress("a", bench.token("a"), given_back={"db": 1})))
    db, idle, other = ask(bench, "resources")
    assert (db["name"], db["limit"], db["used"]) == ("db", 3, 2)
    assert sorted((one["task_id"], one["amount"], one["worker"], one["since"]) for one in db["holders"]) == [
        ("a", 1, "w", 8.0),
        ("b", 1, "w", 8.0),
    ]
    assert idle == {"name": "idle", "limit": 2, "used": 0, "window": None, "next": None, "holders": []}
    assert (other["name"], other["limit"], other["used"]) == ("other", 1, 1)
