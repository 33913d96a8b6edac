"""Attempts as the scheduler remembers them: begun, ended, by whom; and what it does not remember any more."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.interfaces import Batcher, Order, Report, TaskSpec
from luigi.scheduler import Scheduler
from luigi.scheduler.moves import STORY
from luigi.scheduler.views import lately
from luigi.testing import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(1000)


@pytest.fixture
def scheduler(clock: FakeClock) -> Scheduler:
    return Scheduler(resources={}, clock=clock, retry_delay=1.0)


def take(scheduler: Scheduler, worker: str = "w") -> Any:
    (given,) = scheduler.exchange(worker, (), 1).assignments
    return given


def brief(found: lately.Lately) -> list[Any]:
    return [(one.worker, one.started, one.ended, one.status, one.by) for one in found.attempts]


def test_attempts_the_newest_first(scheduler: Scheduler, clock: FakeClock) -> None:
    scheduler.declare("w", [TaskSpec("a", "A")])
    scheduler.declare("v", [TaskSpec("a", "A")])
    first = take(scheduler)
    clock.advance(5)
    scheduler.exchange("w", [Report("a", first.token, "FAILED")], 0)
    clock.advance(5)
    scheduler.tick()
    take(scheduler, "v")
    clock.advance(5)
    scheduler.control(Order("mark_done", "a", by="ann"))
    clock.advance(100)
    scheduler.declare("w", [TaskSpec("a", "A", status="PENDING")])
    take(scheduler)
    assert brief(lately.of_task(scheduler, "a")) == [
        ("w", 1115, None, "RUNNING", ""),
        ("v", 1010, 1015, "DONE", "ann"),
        ("w", 1000, 1005, "FAILED", "w"),
    ]
    assert lately.of_task(scheduler, "a").since == 1000
    assert brief(lately.of_worker(scheduler, "v")) == [("v", 1010, 1015, "DONE", "ann")]
    assert len(lately.of_worker(scheduler, "w").attempts) == 2
    assert lately.of_worker(scheduler, "nobody").attempts == []


def test_nothing_is_remembered_at_first(scheduler: Scheduler) -> None:
    assert lately.of_task(scheduler, "a") == lately.Lately([], None)


def test_a_worker_that_is_lost_has_its_attempts_ended_by_nobody(scheduler: Scheduler, clock: FakeClock) -> None:
    scheduler.declare("w", [TaskSpec("a", "A")])
    take(scheduler)
    clock.advance(1000)
    scheduler.tick()
    assert brief(lately.of_worker(scheduler, "w")) == [("w", 1000, 2000, "FAILED", "")]


def test_new_dependencies_end_an_attempt(scheduler: Scheduler, clock: FakeClock) -> None:
    scheduler.declare("w", [TaskSpec("a", "A")])
    given = take(scheduler)
    clock.advance(3)
    scheduler.exchange("w", [Report("a", given.token, "PENDING", ["b"])], 0)
    assert brief(lately.of_task(scheduler, "a")) == [("w", 1000, 1003, "PENDING", "w")]


def forget_story(scheduler: Scheduler) -> None:
    scheduler.declare("other", [TaskSpec(f"x{number}", "X") for number in range(STORY)])


def test_what_began_before_all_that_is_remembered(scheduler: Scheduler, clock: FakeClock) -> None:
    scheduler.declare("w", [TaskSpec("a", "A"), TaskSpec("b", "B")])
    given, _ = take(scheduler), take(scheduler)
    clock.advance(60)
    forget_story(scheduler)
    assert brief(lately.of_task(scheduler, "a")) == [("w", 1000, None, "RUNNING", "")]
    clock.advance(60)
    scheduler.exchange("w", [Report("a", given.token, "DONE")], 0)
    assert brief(lately.of_task(scheduler, "a")) == [("w", 1000, 1120, "DONE", "w")]
    found = lately.of_worker(scheduler, "w")
    assert {(one.task_id, one.ended) for one in found.attempts} == {("a", 1120), ("b", None)}
    assert found.since == 1060


def test_of_what_was_run_again_since_the_beginning_is_not_known(scheduler: Scheduler, clock: FakeClock) -> None:
    scheduler.declare("w", [TaskSpec("a", "A")])
    given = take(scheduler)
    clock.advance(60)
    forget_story(scheduler)
    clock.advance(60)
    scheduler.exchange("w", [Report("a", given.token, "FAILED")], 0)
    clock.advance(60)
    scheduler.tick()
    take(scheduler)
    assert brief(lately.of_task(scheduler, "a")) == [
        ("w", 1180, None, "RUNNING", ""),
        (None, None, 1120, "FAILED", "w"),
    ]


def test_no_more_are_told_than_a_thousand(scheduler: Scheduler) -> None:
    scheduler.declare("w", [TaskSpec(f"t{number:04}", "T") for number in range(1100)])
    given = scheduler.exchange("w", (), 1100).assignments
    scheduler.exchange("w", [Report(one.task_id, one.token, "DONE") for one in given], 0)
    assert len(lately.of_worker(scheduler, "w").attempts) == lately.MOST


def test_each_task_of_a_batch_has_an_attempt(scheduler: Scheduler, clock: FakeClock) -> None:
    tasks = [TaskSpec(name, "B", params={"day": name}, batchable=True) for name in ("b1", "b2")]
    scheduler.declare("w", tasks, [Batcher("B", ["day"])])
    batch = take(scheduler)
    assert brief(lately.of_task(scheduler, "b2")) == [("w", 1000, None, "BATCH_RUNNING", "")]
    clock.advance(4)
    scheduler.exchange("w", [Report(batch.task_id, batch.token, "DONE")], 0)
    for name in ("b1", "b2"):
        assert brief(lately.of_task(scheduler, name)) == [("w", 1000, 1004, "DONE", "w")]
