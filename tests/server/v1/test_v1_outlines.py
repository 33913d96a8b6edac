"""Graphs to be drawn: an outline of what is around a task, and graphs folded by family."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.interfaces import TaskSpec
from luigi.scheduler import Scheduler
from luigi.testing import FakeClock


def test_an_outline(see: Any, busy: Scheduler) -> None:
    told = see("tasks/Report_1/outline").json
    assert told == {
        "root": "Report_1",
        "direction": "up",
        "families": ["Report", "Load", "Fetch"],
        "nodes": [
            ["Report_1", 0, "PENDING", None, "day=1"],
            ["Load_1", 1, "RUNNING", 50, "day=1"],
            ["Fetch_1", 2, "DONE", None, "day=1"],
        ],
        "links": [[0, 1], [0, 2]],
        "truncated": False,
        "total": 3,
    }


def test_an_outline_the_other_way(see: Any, busy: Scheduler) -> None:
    told = see("tasks/Fetch_1/outline", direction="down").json
    assert ([node[0] for node in told["nodes"]], told["links"]) == (["Fetch_1", "Report_1"], [[1, 0]])


def test_an_outline_of_what_is_left(see: Any, busy: Scheduler) -> None:
    told = see("tasks/Report_1/outline", include_done="false").json
    assert ([node[0] for node in told["nodes"]], told["truncated"]) == (["Report_1", "Load_1"], False)


def test_an_outline_with_a_limit(see: Any, busy: Scheduler) -> None:
    told = see("tasks/Report_1/outline", limit="2").json
    assert ([node[0] for node in told["nodes"]], told["links"]) == (["Report_1", "Load_1"], [[0, 1]])
    assert (told["truncated"], told["total"]) == (True, 3)
    assert see("tasks/Report_1/outline", limit="2001").status_code == 400


def test_an_outline_is_bounded_whatever_tasks_are_called(see: Any, scheduler: Scheduler) -> None:
    deps = [f"{'ä' * 900}_{number}" for number in range(500)]
    scheduler.declare("w", [TaskSpec("Top_1", "Top", deps=deps), TaskSpec(deps[0], "ä" * 900, deps=deps[1:])])
    answer = see("tasks/Top_1/outline")
    assert len(answer.content) <= 1024 * 1024
    told = answer.json
    assert told["truncated"]
    assert 10 < len(told["nodes"]) < 500
    assert all(max(link) < len(told["nodes"]) for link in told["links"])
    assert max(node[1] for node in told["nodes"]) == len(told["families"]) - 1


def test_an_outline_of_many_links_is_bounded(see: Any, scheduler: Scheduler) -> None:
    names = [f"T_{number}" for number in range(300)]
    scheduler.declare("w", [TaskSpec(name, "T", deps=names[place + 1 :]) for place, name in enumerate(names)])
    answer = see("tasks/T_0/outline")
    assert len(answer.content) <= 1024 * 1024
    assert (len(answer.json["nodes"]), answer.json["truncated"]) == (300, True)


def test_all_tasks_folded_by_family(see: Any, busy: Scheduler) -> None:
    told = see("families/graph").json
    families = [one["family"] for one in told["families"]]
    assert sorted(families) == ["Clean", "Fetch", "Load", "Report"]
    assert told["families"][families.index("Clean")]["counts"] == {"FAILED": 1}
    links = {(families[one], families[other]): number for one, other, number in told["links"]}
    assert links == {("Report", "Load"): 1, ("Report", "Fetch"): 1}
    assert (told["truncated"], told["version"]) == (False, see("counts").json["version"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"task": "Load_1"}, {"Load"}),
        ({"task": "Load_1", "direction": "down"}, {"Load", "Report"}),
        ({"task": "Report_1", "direction": "up"}, {"Load", "Report", "Fetch"}),
    ],
)
def test_what_is_around_a_task_folded_by_family(see: Any, busy: Scheduler, query: Any, expected: set[str]) -> None:
    assert {one["family"] for one in see("families/graph", **query).json["families"]} == expected


def test_no_such_task(see: Any, busy: Scheduler) -> None:
    for answer in (see("families/graph", task="Load_2"), see("tasks/Load_2/outline")):
        assert (answer.status_code, answer.json["hint"]) == (404, "did you mean Load_1?")


def test_a_folded_graph_holds_for_a_moment(see: Any, busy: Scheduler, clock: FakeClock) -> None:
    first = see("families/graph").json
    busy.declare("w", [TaskSpec("New_1", "New")])
    clock.advance(4.9)
    assert see("families/graph").json == first
    clock.advance(0.2)
    assert len(see("families/graph").json["families"]) == 5


def test_of_many_families_the_largest_are_told(see: Any, scheduler: Scheduler) -> None:
    few = [TaskSpec(f"F_{number}", f"{'f' * 200}{number}", deps=["Large_1"]) for number in range(3000)]
    scheduler.declare("w", [*few, TaskSpec("Large_1", "Large"), TaskSpec("Large_2", "Large")])
    answer = see("families/graph")
    assert len(answer.content) <= 256 * 1024
    told = answer.json
    assert (told["families"][0], told["truncated"]) == ({"family": "Large", "counts": {"PENDING": 2}}, True)
    assert len(told["links"]) == len(told["families"]) - 1
