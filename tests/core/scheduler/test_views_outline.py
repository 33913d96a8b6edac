"""Graphs to be drawn: the tasks around one in few words, and all of them folded by family."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.interfaces import TaskSpec
from luigi.scheduler import Scheduler
from luigi.scheduler.views.family_graph import folded
from luigi.scheduler.views.outline import COUNTED, SHORT, outline, short_name
from luigi.scheduler.views.reach import DOWN, UP, reached
from luigi.task_status import DONE, FAILED, PENDING, UNKNOWN


@pytest.fixture
def diamond(bench: Any) -> Any:
    """top needs b and c, and something never declared; both need a, which is done."""
    bench.declare("a", family="Raw", status=DONE)
    bench.declare("b", "a", family="Clean")
    bench.declare("c", "a", family="Clean", status=FAILED)
    bench.declare("top", "b", "c", "Never_Seen_3", family="Report")
    return bench


def drawn(bench: Any, root: str, direction: str, *, include_done: bool = True, limit: int = 100) -> Any:
    found = outline(bench.machine.tasks[root], direction, include_done, limit)
    names = [task.task_id for task in found.tasks]
    return names, {(names[one], names[other]) for one, other in found.links}, found.total


def test_links_lead_to_what_is_required_either_way(diamond: Any) -> None:
    names, links, total = drawn(diamond, "top", UP)
    assert (names, total) == (["top", "b", "c", "Never_Seen_3", "a"], 5)
    assert links == {("top", "b"), ("top", "c"), ("top", "Never_Seen_3"), ("b", "a"), ("c", "a")}
    names, links, total = drawn(diamond, "a", DOWN)
    assert (names, total) == (["a", "b", "c", "top"], 4)
    assert links == {("b", "a"), ("c", "a"), ("top", "b"), ("top", "c")}


def test_without_what_is_done(diamond: Any) -> None:
    names, links, total = drawn(diamond, "top", UP, include_done=False)
    assert (names, total) == (["top", "b", "c", "Never_Seen_3"], 4)
    assert links == {("top", "b"), ("top", "c"), ("top", "Never_Seen_3")}


def test_what_is_left_out_is_counted(diamond: Any) -> None:
    names, links, total = drawn(diamond, "top", UP, limit=3)
    assert (names, links, total) == (["top", "b", "c"], {("top", "b"), ("top", "c")}, 5)


def test_not_everything_is_counted() -> None:
    scheduler = Scheduler(resources={})
    scheduler.declare("w", [TaskSpec("top", "Top", deps=[f"t{number}" for number in range(COUNTED + 5)])])
    names, links, total = drawn(scheduler, "top", UP, limit=10)
    assert (len(names), len(links), total) == (10, 9, None)


def test_a_circle_ends(bench: Any) -> None:
    bench.declare("one", "two")
    bench.declare("two", "one")
    names, links, total = drawn(bench, "one", UP)
    assert (names, links, total) == (["one", "two"], {("one", "two"), ("two", "one")}, 2)


def test_short_names(bench: Any) -> None:
    bench.declare("Load_1", params={"b": "2", "a": "1", "key": "k"}, hidden=["key"])
    bench.declare("Load_2", "Never_Seen_3", params={"a": "x" * SHORT})
    tasks = bench.machine.tasks
    assert short_name(tasks["Load_1"]) == "a=1, b=2"
    assert short_name(tasks["Never_Seen_3"]) == "Never_Seen_3"
    assert short_name(tasks["Load_2"]) == f"a={'x' * (SHORT - 3)}…"


def test_all_that_a_task_leads_to(diamond: Any) -> None:
    tasks = diamond.machine.tasks
    assert [task.task_id for task in reached(tasks["top"], UP)] == ["top", "b", "c", "Never_Seen_3", "a"]
    assert [task.task_id for task in reached(tasks["b"], DOWN)] == ["b", "top"]


def test_folded_by_family(diamond: Any) -> None:
    graph = folded(diamond.machine.tasks.values())
    assert graph.counts == {
        "Raw": {DONE: 1},
        "Clean": {PENDING: 1, FAILED: 1},
        "Report": {PENDING: 1},
        "Never": {UNKNOWN: 1},
    }
    assert graph.links == {("Report", "Clean"): 2, ("Report", "Never"): 1, ("Clean", "Raw"): 2}


def test_folded_are_no_links_to_tasks_outside(diamond: Any) -> None:
    graph = folded(reached(diamond.machine.tasks["b"], DOWN))
    assert graph.counts == {"Clean": {PENDING: 1}, "Report": {PENDING: 1}}
    assert graph.links == {("Report", "Clean"): 1}
