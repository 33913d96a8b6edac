"""Tasks in the order of a column: the newest change first among equals, those without a value last."""

from __future__ import annotations

import pytest

from luigi.interfaces import Progress, Report, TaskSpec
from luigi.scheduler import Scheduler
from luigi.scheduler.views.folded_names import FoldedNames
from luigi.scheduler.views.table import COLUMNS, arranged
from luigi.testing import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(1000)


@pytest.fixture
def scheduler(clock: FakeClock) -> Scheduler:
    """`c` was done in 5 seconds, `b` failed after 20, `a` runs for 10 seconds on `v`; `d` never ran."""
    scheduler = Scheduler(resources={}, clock=clock)
    for priority, (task_id, family) in enumerate([("a", "Z"), ("b", "y"), ("c", "X"), ("d", "y")]):
        scheduler.declare("w", [TaskSpec(task_id, family, "m", {"n": task_id}, priority=priority % 3)])
    scheduler.declare("v", [TaskSpec("a", "Z", "m", {"n": "a"}, priority=0)])
    for task_id, seconds, status in [("c", 5, "DONE"), ("b", 20, "FAILED")]:
        (given,) = scheduler.exchange("w", (), 1).assignments
        assert given.task_id == task_id
        clock.advance(seconds)
        scheduler.exchange("w", [Report(task_id, given.token, status)], 0)
    (given,) = scheduler.exchange("v", (), 1).assignments
    scheduler.exchange("v", [Progress("a", given.token, None, None, 30)], 0)
    clock.advance(10)
    return scheduler


def listed(scheduler: Scheduler, sort: str, order: str = "") -> str:
    tasks = scheduler.machine.tasks.values()
    return "".join([task.task_id for task in arranged(tasks, sort, order, FoldedNames(), scheduler.clock.now())])


@pytest.mark.parametrize(
    ("sort", "usual", "other"),
    [
        ("changed", "abcd", "dcba"),
        ("name", "cbda", "adbc"),
        ("family", "cbda", "abdc"),
        ("status", "adbc", "cbda"),
        ("priority", "cbad", "adbc"),
        ("started", "abcd", "cbad"),
        ("duration", "bacd", "cabd"),
        ("worker", "abcd", "bcad"),
        ("progress", "abcd", "abcd"),
        ("failures", "bacd", "acdb"),
    ],
)
def test_by_column(scheduler: Scheduler, sort: str, usual: str, other: str) -> None:
    assert listed(scheduler, sort) == usual
    other_order = "asc" if COLUMNS[sort].usual == "desc" else "desc"
    assert listed(scheduler, sort, other_order) == other
    assert listed(scheduler, sort, COLUMNS[sort].usual) == usual


def test_every_column_sorts_tasks_of_which_nothing_is_known(scheduler: Scheduler) -> None:
    scheduler.declare("w", [TaskSpec("e", "E", deps=["Never_Seen_1"])])
    for sort in COLUMNS:
        assert sorted(listed(scheduler, sort)) == sorted("abcdeNever_Seen_1")


def test_a_task_that_was_given_back_has_no_duration(scheduler: Scheduler, clock: FakeClock) -> None:
    scheduler.forgive_failures("b")
    assert listed(scheduler, "duration") == "acbd"


def test_what_runs_takes_longer_and_longer(scheduler: Scheduler, clock: FakeClock) -> None:
    clock.advance(11)
    assert listed(scheduler, "duration") == "abcd"
