"""Which task goes first: priority, what lifts it, age, dependencies; and that every change is told."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.interfaces import TaskSpec
from luigi.scheduler import events
from luigi.scheduler.events import Changed, Welcomed
from luigi.scheduler.records import ImpossibleMove
from luigi.task_status import DONE, PENDING, RUNNING, UNKNOWN


def test_earliest_known_goes_first(bench: Any) -> None:
    for name in "cab":
        bench.declare(name)
    assert bench.take(want=3) == ["c", "a", "b"]


def test_higher_priority_goes_first_and_lifts_what_it_needs(bench: Any) -> None:
    bench.declare("plain")
    bench.declare("urgent", "needed", priority=5)
    bench.declare("needed", priority=-3)
    bench.declare("middling", priority=2)
    assert bench.take(want=4) == ["needed", "middling", "plain"]


def test_a_rank_is_passed_down_as_far_as_it_goes(bench: Any) -> None:
    bench.declare("bottom")
    bench.declare("middle", "bottom")
    bench.declare("plain", priority=1)
    bench.declare("top", "middle", priority=2)
    assert bench.take(want=4) == ["bottom", "plain"]


def test_a_task_under_a_plain_one_ranks_no_lower_than_that(bench: Any) -> None:
    bench.declare("wrapper", "low")
    bench.declare("low", priority=-3)
    bench.declare("plain", priority=-1)
    assert bench.take() == ["low"]


def test_a_lower_priority_declared_later_counts(bench: Any) -> None:
    bench.declare("a", priority=5)
    bench.declare("b", priority=3)
    bench.declare("a", priority=1)
    assert bench.take(want=2) == ["b", "a"]


def test_a_priority_may_be_a_fraction(bench: Any) -> None:
    bench.declare("low", priority=0.25)
    bench.declare("high", priority=0.5)
    assert bench.take(want=2) == ["high", "low"]


def test_waits_for_every_dependency(bench: Any) -> None:
    bench.declare("top", "left", "right")
    bench.declare("left")
    bench.declare("right")
    assert bench.take(want=5) == ["left", "right"]
    bench.report("left", DONE)
    assert bench.take() == []
    bench.report("right", DONE)
    assert bench.take() == ["top"]


def test_a_dependency_named_twice_counts_once(bench: Any) -> None:
    bench.declare("top", "dep", "dep")
    bench.declare("dep", status=DONE)
    assert bench.take() == ["top"]


def test_a_dependency_that_is_dropped_holds_nothing_back(bench: Any) -> None:
    bench.declare("top", "left", "right")
    bench.declare("left", status=DONE)
    bench.declare("top", "left")
    assert bench.take() == ["top"]


def test_dependencies_not_told_stay(bench: Any) -> None:
    bench.declare("top", "dep")
    bench.do(events.Declared("w", [TaskSpec("top", "F", deps=None)]))
    assert bench.take() == []


def test_a_dependency_nobody_declared_holds_a_task_back(bench: Any) -> None:
    bench.declare("top", "never-heard-of")
    assert bench.take() == []
    assert bench.status("never-heard-of") == UNKNOWN


def test_a_dependency_declared_undone_again_holds_its_dependents_back(bench: Any) -> None:
    bench.declare("top", "dep")
    bench.declare("dep", status=DONE)
    bench.declare("dep", status=PENDING)
    assert bench.take(want=2) == ["dep"]


def test_many_dependents_come_and_go(bench: Any) -> None:
    names = [f"t{i}" for i in range(40)]
    for name in names:
        bench.declare(name, "dep")
    for name in names[::2]:
        bench.declare(name)
    assert bench.take(want=99) == names[::2]
    bench.declare("dep", status=DONE)
    assert bench.take(want=99) == names[1::2]


def test_new_requirements_send_a_running_task_back_to_wait(bench: Any) -> None:
    bench.declare("a", "done-before", priority=1)
    bench.declare("done-before", status=DONE)
    bench.take()
    bench.declare("new")
    bench.declare("plain")
    bench.report("a", PENDING, new_deps=["new", "new", "done-before"])
    assert bench.take(want=2) == ["new", "plain"], "what it waits for ranks as high as it does"
    bench.report("new", DONE)
    assert bench.take() == ["a"]
    assert [dep.task_id for dep in bench.machine.tasks["a"].deps] == ["done-before", "new"]


def test_a_task_that_waits_for_what_is_done_by_now_is_ready_at_once(bench: Any) -> None:
    bench.declare("a")
    bench.take()
    bench.declare("new", status=DONE)
    bench.report("a", PENDING, new_deps=["new"])
    assert bench.take() == ["a"]


def test_a_paused_machine_hands_out_nothing(bench: Any) -> None:
    bench.declare("a")
    bench.do(events.Paused())
    assert bench.take() == []
    bench.do(events.Unpaused())
    assert bench.take() == ["a"]


def test_every_change_is_told(bench: Any) -> None:
    assert bench.declare("a") == [Welcomed("w"), Changed("a", "F", UNKNOWN, PENDING, "declared", "w")]
    assert bench.declare("a") == []


def test_a_task_done_a_moment_ago_is_not_declared_undone(new_bench: Any) -> None:
    bench = new_bench(cooldown=10)
    bench.run("a", DONE)
    bench.now = 9.9
    bench.declare("a")
    assert bench.status("a") == DONE
    bench.now = 10
    bench.declare("a")
    assert bench.status("a") == PENDING


def test_a_spec_without_a_status_leaves_it_and_still_counts(bench: Any) -> None:
    bench.declare("a")
    bench.declare("b")
    bench.declare("b", status="", priority=1)
    assert bench.take(want=2) == ["b", "a"]
    bench.declare("c", status="")
    assert bench.status("c") == UNKNOWN


def test_an_edge_the_table_does_not_have_is_refused_loudly_with_the_story(bench: Any) -> None:
    bench.declare("a", status=DONE)
    task = bench.machine.tasks["a"]
    with pytest.raises(ImpossibleMove, match="a cannot go from DONE to BATCH_RUNNING") as caught:
        bench.machine._move(task, "BATCH_RUNNING", "test")
    assert "from UNKNOWN to DONE: declared" in caught.value.hint
    assert bench.status("a") == DONE


def test_what_happened_to_a_task_is_remembered(bench: Any) -> None:
    bench.run("a", DONE)
    assert [changed.after for _, changed in bench.machine.story("a")] == [PENDING, RUNNING, DONE]
    assert bench.machine.story("b") == []
