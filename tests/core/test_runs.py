"""Runs as a scheduler hears of them: begun by introductions, ended by farewells and losses, each told once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from luigi.interfaces import TaskSpec
from luigi.observers import Listener, Observers
from luigi.runs import farewell
from luigi.scheduler import Scheduler
from luigi.telling import MOST_ROOTS, RunBegan, RunEnded
from luigi.testing import FakeClock

INFO = [["host", "a.host"], ["username", "ann"], ["pid", 7], ["first_task", "Load_1"]]


class HearsRuns(Listener):
    heeds = frozenset[str]()

    def __init__(self) -> None:
        self.told: list[RunBegan | RunEnded] = []

    def run_began(self, run: RunBegan) -> None:
        self.told.append(run)

    def run_ended(self, run: RunEnded) -> None:
        self.told.append(run)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(100.0)


@pytest.fixture
def scheduler(clock: FakeClock) -> Scheduler:
    return Scheduler(clock=clock, resources={}, worker_disconnect_delay=60)


@pytest.fixture
def hears(scheduler: Scheduler) -> Iterator[HearsRuns]:
    hears = HearsRuns()
    with Observers([hears], of_workers=True).attached(scheduler):
        yield hears


def test_an_introduction_begins_a_run(scheduler: Scheduler, hears: HearsRuns) -> None:
    scheduler.add_worker("w", INFO)
    assert hears.told == [RunBegan("w", 100.0, "a.host", "ann", roots=("Load_1",))]


def test_what_is_said_later_is_told_with_what_is_known(
    scheduler: Scheduler, hears: HearsRuns, clock: FakeClock
) -> None:
    scheduler.add_worker("w", INFO)
    clock.advance(1)
    scheduler.add_worker("w", [["command", "luigi Load"], ["code_version", "c0ffee"], ["roots", ["Load_1", "Load_2"]]])
    last = RunBegan("w", 100.0, "a.host", "ann", "luigi Load", "c0ffee", ("Load_1", "Load_2"))
    assert hears.told[1:] == [last]
    scheduler.add_worker("w", INFO)
    assert len(hears.told) == 2


def test_a_sign_of_life_or_work_begins_nothing(scheduler: Scheduler, hears: HearsRuns) -> None:
    scheduler.declare("w", [TaskSpec("Load_1", "Load")])
    scheduler.ping(worker="w")
    assert hears.told == []


@pytest.mark.parametrize("roots", ["a text", {"a": 1}, 7, None, [["nested"], 3], [f"Load_{n}" for n in range(5000)]])
def test_anybody_may_say_anything(scheduler: Scheduler, hears: HearsRuns, roots: Any) -> None:
    scheduler.add_worker("w", [["roots", roots], ["host", None], ["command", ["x"]]])
    (run,) = hears.told
    assert isinstance(run, RunBegan)
    assert all(isinstance(root, str) for root in run.roots)
    assert len(run.roots) <= MOST_ROOTS
    assert isinstance(run.host, str)
    assert run.command == "['x']"


def test_a_farewell_ends_it_once(scheduler: Scheduler, hears: HearsRuns, clock: FakeClock) -> None:
    scheduler.add_worker("w", INFO)
    clock.advance(5)
    farewell(scheduler, "w", "SUCCESS")
    farewell(scheduler, "w", "SUCCESS")
    clock.advance(100)
    scheduler.tick()
    assert hears.told[1:] == [RunEnded("w", 105.0, "SUCCESS")]


def test_who_is_not_heard_of_is_lost(scheduler: Scheduler, hears: HearsRuns, clock: FakeClock) -> None:
    scheduler.add_worker("w", INFO)
    clock.advance(100)
    scheduler.tick()
    assert hears.told[1:] == [RunEnded("w", 200.0, "LOST")]
    farewell(scheduler, "w", "SUCCESS")
    assert len(hears.told) == 2


def test_one_that_comes_back_begins_another(scheduler: Scheduler, hears: HearsRuns, clock: FakeClock) -> None:
    scheduler.add_worker("w", INFO)
    clock.advance(100)
    scheduler.tick()
    scheduler.add_worker("w", INFO)
    assert [type(one) for one in hears.told] == [RunBegan, RunEnded, RunBegan]


def test_a_farewell_of_a_stranger_is_not_told(scheduler: Scheduler, hears: HearsRuns) -> None:
    farewell(scheduler, "nobody", "SUCCESS")
    assert hears.told == []


def test_runs_that_began_before_are_ended_but_not_begun_again(scheduler: Scheduler, clock: FakeClock) -> None:
    scheduler.add_worker("w", INFO)
    hears = HearsRuns()
    with Observers([hears], of_workers=True).attached(scheduler):
        scheduler.add_worker("w", INFO)
        assert hears.told == []
        scheduler.add_worker("w", [["command", "luigi Load"]])
        farewell(scheduler, "w", "FAILED")
    assert hears.told == [
        RunBegan("w", 100.0, "a.host", "ann", "luigi Load", roots=("Load_1",)),
        RunEnded("w", 100.0, "FAILED"),
    ]


def test_nothing_is_told_after_detaching(scheduler: Scheduler) -> None:
    hears = HearsRuns()
    detach: Callable[[], None] = Observers([hears], of_workers=True).attach(scheduler)
    detach()
    scheduler.add_worker("w", INFO)
    assert hears.told == []


def test_a_run_that_tells_of_itself_is_not_told_twice(scheduler: Scheduler) -> None:
    hears = HearsRuns()
    with Observers([hears]).attached(scheduler) as told:
        told.run_began(RunBegan("w", 100.0))
        scheduler.add_worker("w", INFO)
        told.run_ended(RunEnded("w", 101.0, "SUCCESS"))
    assert hears.told == [RunBegan("w", 100.0), RunEnded("w", 101.0, "SUCCESS")]


def test_a_farewell_to_a_scheduler_that_nobody_hears_is_nothing(scheduler: Scheduler) -> None:
    farewell(scheduler, "w", "SUCCESS")
    assert scheduler.observers is None
