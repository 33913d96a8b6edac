"""Rates: so many begin in any window, none is given back at the end, and nobody starves."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luigi.clock import Clock
from luigi.errors import ConfigurationError, KernelError
from luigi.interfaces import Order, Question, TaskSpec
from luigi.resource_limits import Limit, read_limit
from luigi.scheduler import Scheduler, events
from luigi.task_status import DONE, FAILED, PENDING
from luigi.testing import FakeClock, MemoryStateStore

MINUTE = {"api": 60.0}


def test_so_many_begin_within_a_window_whatever_becomes_of_them(new_bench: Any) -> None:
    bench = new_bench(windows=MINUTE, api=2)
    for name in "abcde":
        bench.declare(name, resources={"api": 1})
    assert bench.take(want=5) == ["a", "b"]
    bench.report("a", DONE)
    bench.report("b", FAILED)
    bench.now = 59.9
    assert bench.take(want=5) == []
    bench.now = 60
    assert bench.take(want=5) == ["c", "d"]
    bench.check_replay()


def test_the_window_slides(new_bench: Any) -> None:
    bench = new_bench(windows=MINUTE, api=2)
    for name in "abcd":
        bench.declare(name, resources={"api": 1})
    assert bench.take() == ["a"]
    bench.now = 30
    assert bench.take(want=3) == ["b"]
    bench.now = 60
    assert bench.take(want=3) == ["c"]
    bench.now = 89
    assert bench.take(want=3) == []
    bench.now = 90
    assert bench.take(want=3) == ["d"]


def test_one_that_takes_more_of_a_rate_is_not_starved(new_bench: Any) -> None:
    bench = new_bench(windows=MINUTE, api=3)
    bench.declare("first", resources={"api": 1})
    assert bench.take() == ["first"]
    bench.declare("big", resources={"api": 3})
    for name in "abc":
        bench.declare(name, resources={"api": 1})
    bench.declare("free")
    assert bench.take(want=5) == ["free"]
    bench.now = 60
    assert bench.take(want=5) == ["big"]
    bench.now = 120
    assert bench.take(want=5) == ["a", "b", "c"]


def test_a_task_may_need_a_rate_and_a_resource(new_bench: Any) -> None:
    bench = new_bench(windows=MINUTE, api=2, db=1)
    for name in "abc":
        bench.declare(name, resources={"api": 1, "db": 1})
    assert bench.take(want=3) == ["a"]
    bench.report("a", DONE)
    assert bench.take(want=3) == ["b"]
    bench.report("b", DONE)
    assert bench.take(want=3) == []
    assert bench.machine.resources.used == {"api": 2}


def test_what_was_taken_survives_a_restart(new_bench: Any) -> None:
    bench = new_bench(windows=MINUTE, api=2)
    for name in "abcd":
        bench.declare(name, resources={"api": 1})
    assert bench.take(want=2) == ["a", "b"]
    bench.restart()
    assert bench.take(want=2) == []
    bench.now = 60
    assert bench.take(want=2) == ["c", "d"]


def test_a_rate_may_become_a_limit_and_a_limit_a_rate(new_bench: Any) -> None:
    bench = new_bench(windows=MINUTE, api=1)
    for name in "abcd":
        bench.declare(name, resources={"api": 1})
    assert bench.take() == ["a"]

    def configure(windows: dict[str, float]) -> None:
        bench.do(events.Configured(bench.machine.retry.common, {"api": 1}, 600, 10**9, 0, 0, windows))

    configure({})
    assert bench.take() == ["b"], "what a took is nobody's any more"
    configure(MINUTE)
    assert bench.take() == [], "b holds it"
    bench.report("b", DONE)
    assert bench.take() == ["c"]
    bench.report("c", DONE)
    assert bench.take() == []


def test_a_window_that_is_set_counts_from_when_it_was_taken(new_bench: Any) -> None:
    bench = new_bench(windows={"api": 3600.0}, api=2)
    for name in "abcde":
        bench.declare(name, resources={"api": 1})
    assert bench.take(want=3) == ["a", "b"]
    bench.now = 30
    bench.do(events.LimitSet("api", 3, window=60.0))
    assert bench.take(want=3) == ["c"]
    bench.now = 60
    assert bench.take(want=3) == ["d", "e"]
    bench.check_replay()


def test_what_an_operator_set_of_a_rate_outlives_a_restart_until_another_is_configured(new_bench: Any) -> None:
    bench = new_bench(windows=MINUTE, api=2)

    def configure(limit: int, windows: dict[str, float]) -> tuple[int, float | None]:
        bench.do(events.Configured(bench.machine.retry.common, {"api": limit}, 600, 10**9, 0, 0, windows))
        resources = bench.machine.resources
        return resources.limit("api"), resources.windows.get("api")

    bench.do(events.LimitSet("api", 5, window=3600.0))
    bench.restart()
    assert configure(2, MINUTE) == (5, 3600.0)
    assert configure(2, {"api": 1.0}) == (2, 1.0)
    bench.do(events.LimitSet("api", 7))
    assert configure(2, {"api": 1.0}) == (7, 1.0), "of a rate an amount alone leaves the window"
    assert configure(3, {}) == (3, None)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.floats(0, 40), st.integers(1, 3), st.integers(1, 4)), min_size=1, max_size=40),
    st.integers(1, 4),
)
def test_never_more_than_that_within_any_window(steps: list[tuple[float, int, int]], limit: int) -> None:
    clock = FakeClock(1000.0)
    scheduler = Scheduler(resources={"api": f"{limit}/minute"}, clock=clock)
    amounts: dict[str, int] = {}
    begun: list[tuple[float, int]] = []
    for number, (pause, amount, want) in enumerate(steps):
        clock.advance(pause)
        amounts[f"t{number}"] = amount
        scheduler.declare("w", [TaskSpec(f"t{number}", "T", resources={"api": amount})])
        for one in scheduler.exchange("w", [], want).assignments:
            begun.append((clock.now(), amounts[one.task_id]))
    for at, _ in begun:
        assert sum(amount for when, amount in begun if at - 60 < when <= at) <= limit
    clock.advance(10**6)
    for _ in steps:
        clock.advance(60)
        scheduler.exchange("w", [], 99)
    left = [task for task in scheduler.machine.tasks.values() if task.status == PENDING]
    assert all(amounts[task.task_id] > limit for task in left)


# --- around the machine ---------------------------------------------------------------------------------------------


def started(clock: Clock, **resources: Any) -> Scheduler:
    scheduler = Scheduler(resources=resources, clock=clock)
    scheduler.declare("w", [TaskSpec(name, "T", resources={"api": 1}) for name in "abc"])
    return scheduler


def test_a_worker_that_asks_in_vain_is_told_when_to_ask_again() -> None:
    clock = FakeClock(1000.0)
    scheduler = started(clock, api="1/hour")
    assert scheduler.exchange("w", [], 1).counts.soonest is None
    clock.advance(600)
    assert scheduler.exchange("w", [], 1).counts.soonest == 3000
    scheduler.control(Order("pause"))
    assert scheduler.exchange("w", [], 1).counts.soonest is None


def test_so_is_the_worker_of_a_pool_about_what_its_pool_takes() -> None:
    clock = FakeClock(1000.0)
    scheduler = Scheduler(resources={"api": "1/hour"}, clock=clock)
    for worker, queue in (("p", "heavy"), ("q", "light")):
        scheduler.add_worker(worker, [("assistant", True), ("pool", {"queues": [queue]})])
    specs = [TaskSpec(name, "T", module="m", resources={"api": 1}, queue="heavy") for name in "ab"]
    scheduler.submit("run-1", specs, roots=["a", "b"])
    assert len(scheduler.exchange("p", [], 2).assignments) == 1
    clock.advance(600)
    assert scheduler.exchange("p", [], 1).counts.soonest == 3000
    assert scheduler.exchange("q", [], 1).counts.soonest is None


def test_what_is_asked_of_a_rate_says_how_it_stands() -> None:
    clock = FakeClock(1000.0)
    scheduler = started(clock, api="2/minute")
    scheduler.exchange("w", [], 3)
    clock.advance(20)
    row = scheduler.view(Question("resources"))[0]
    assert (row["limit"], row["used"], row["window"], row["next"]) == (2, 2, 60.0, 1060.0)
    told = [step["sentence"] for step in scheduler.view(Question("explain", "c"))]
    assert told == ["T() wants 1 of api; 2 of 2 per minute were begun; there is more of it in 40 seconds."]
    clock.advance(41)
    row = scheduler.view(Question("resources"))[0]
    assert (row["used"], row["next"]) == (0, None)


def test_an_operator_makes_a_rate_of_a_resource() -> None:
    scheduler = Scheduler(resources={"api": 4}, clock=FakeClock(1000.0))
    scheduler.control(Order("set_limit", "api", 10, "minute"))
    row = scheduler.view(Question("resources"))[0]
    assert (row["limit"], row["window"]) == (10, 60.0)
    with pytest.raises(KernelError, match="'fortnight' is no time that a rate can be per"):
        scheduler.control(Order("set_limit", "api", 10, "fortnight"))


def test_a_scheduler_that_starts_anew_goes_on_counting() -> None:
    clock, store = FakeClock(1000.0), MemoryStateStore()
    scheduler = Scheduler(resources={"api": "1/minute"}, clock=clock, store=store)
    scheduler.declare("w", [TaskSpec(name, "T", resources={"api": 1}) for name in "ab"])
    assert len(scheduler.exchange("w", [], 2).assignments) == 1
    store.close()
    again = Scheduler(resources={"api": "1/minute"}, clock=clock, store=MemoryStateStore(store.place))
    assert not again.exchange("w", [], 2).assignments
    clock.advance(60)
    assert len(again.exchange("w", [], 2).assignments) == 1


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (4, Limit(4)),
        ("4", Limit(4)),
        ("10/minute", Limit(10, 60.0)),
        ("1 / seconds", Limit(1, 1.0)),
        ("5/Hour", Limit(5, 3600.0)),
        ("7/day", Limit(7, 86400.0)),
    ],
)
def test_limits_are_numbers_or_rates(written: Any, read: Limit) -> None:
    assert read_limit(written) == read


@pytest.mark.parametrize("written", ["many", "10/fortnight", "/minute", True, 1.5])
def test_what_is_no_limit_is_refused(written: Any) -> None:
    with pytest.raises(ConfigurationError, match="the resource api cannot have the limit"):
        Scheduler(resources={"api": written})
