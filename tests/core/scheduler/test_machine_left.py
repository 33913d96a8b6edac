"""What is left for a worker, by which it decides whether to stay."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.scheduler import events
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, UNKNOWN


def test_pending_and_failed_tasks_count_by_who_can_run_them(bench: Any) -> None:
    bench.declare("mine")
    bench.declare("shared")
    bench.declare("failing")
    bench.declare("external", runnable=False)
    bench.declare("shared", worker="v")
    bench.take()
    assert bench.machine.left("w")[:3] == (2, 1, 1)
    bench.report("mine", FAILED)
    assert bench.machine.left("w")[:3] == (3, 2, 2)
    assert bench.machine.left("v")[:3] == (1, 0, 1)
    assert bench.machine.left("nobody")[:3] == (0, 0, 0)


def test_declaring_again_makes_nobody_the_last(bench: Any) -> None:
    bench.declare("a")
    bench.declare("a", worker="v")
    bench.declare("a")
    assert bench.machine.left("w").last_declared == 0
    assert bench.machine.left("v").last_declared == 1


def test_what_waits_for_a_disabled_task_is_not_left(new_bench: Any, policy: Any) -> None:
    bench = new_bench(policy._replace(retry_count=1))
    bench.declare("top", "middle")
    bench.declare("middle", "failing")
    bench.declare("failing")
    bench.take()
    assert bench.machine.left("w").pending == 2
    bench.report("failing", FAILED)
    assert bench.machine.left("w").pending == 0
    bench.do(events.ReEnabled("failing"))
    assert bench.machine.left("w").pending == 3


@pytest.mark.parametrize(("status", "left"), [(PENDING, 3), (DONE, 2), (FAILED, 3), (UNKNOWN, 2), (DISABLED, 0)])
def test_what_is_below_counts_only_when_it_is_a_dead_end(bench: Any, status: str, left: int) -> None:
    bench.declare("top", "left", "right")
    bench.declare("left", "bottom")
    bench.declare("bottom", status=status)
    assert bench.machine.left("w").pending == left


def test_a_dead_end_above_which_all_is_done_stops_nothing_higher(bench: Any) -> None:
    bench.declare("top", "middle")
    bench.declare("middle", "bottom", status=DONE)
    bench.declare("bottom", status=DISABLED)
    assert bench.machine.left("w").pending == 1
    assert bench.take() == ["top"]


def test_two_ways_to_a_dead_end_count_it_once(bench: Any) -> None:
    bench.declare("top", "left", "right")
    bench.declare("left", "bottom")
    bench.declare("right", "bottom")
    bench.declare("bottom", status=DISABLED)
    assert bench.machine.left("w").pending == 0
    bench.declare("right")
    assert bench.machine.left("w").pending == 1
    bench.declare("left")
    assert bench.machine.left("w").pending == 3


def test_a_running_task_that_turns_out_to_need_a_disabled_one_is_not_left(bench: Any) -> None:
    bench.declare("a")
    bench.take()
    bench.declare("bad", status=DISABLED)
    bench.report("a", PENDING, new_deps=["bad"])
    assert bench.machine.left("w").pending == 0
