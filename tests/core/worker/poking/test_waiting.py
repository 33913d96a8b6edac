"""Tasks that wait for what others make: in a whole run, on a clock that nobody waits for."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest

import luigi
from luigi.event import Event
from luigi.execution_summary import LuigiRunResult, LuigiStatusCode
from luigi.interfaces import Order, Question
from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.task.poke import BadPoke, Poke, poke_of
from luigi.testing import FakeClock
from luigi.worker import Worker


class Arrivals:
    """When things come to be, by number."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.at: dict[int, float] = {}
        self.looks: list[tuple[int, float]] = []
        self.broken: set[int] = set()

    def is_there(self, n: int) -> bool:
        self.looks.append((n, self.clock.now()))
        if n in self.broken:
            raise OSError("the network is away")
        return self.at.get(n, float("inf")) <= self.clock.now()


@pytest.fixture
def arrivals() -> Arrivals:
    return Arrivals(FakeClock(1000.0))


@pytest.fixture
def awaited(arrivals: Arrivals) -> Any:
    class Awaited(luigi.ExternalTask):
        n = luigi.IntParameter(default=0)
        poke = Poke(interval=60, timeout=3600)

        def complete(self) -> bool:
            return arrivals.is_there(self.n)

    return Awaited


def run(arrivals: Arrivals, *tasks: Any, **options: Any) -> Worker:
    scheduler = Scheduler(resources={}, clock=arrivals.clock, prune_on_get_work=True, stable_done_cooldown_secs=0)
    worker = Worker(scheduler, worker_id="w", clock=arrivals.clock, **{"wait_jitter": 0, **options})
    worker.use(PluginManager.with_installed(()))
    with worker:
        worker.add_all(tasks)
        worker.run()
    return worker


def above(kept: Any, *required: Any) -> Any:
    class Above(kept):
        def requires(self) -> Any:
            return list(required)

    return Above()


def test_what_others_make_is_waited_for_and_then_the_run_goes_on(arrivals: Arrivals, awaited: Any, kept: Any) -> None:
    arrivals.at[0] = 1000.0 + 150
    worker = run(arrivals, above(kept, awaited(0)))
    assert kept.ran == ["Above0"]
    assert [at for _, at in arrivals.looks[:4]] == [1000, 1060, 1120, 1180]
    result = LuigiRunResult(worker)
    assert result.status is LuigiStatusCode.SUCCESS
    assert "1 complete ones were encountered" in result.summary_text


def test_what_does_not_come_in_time_is_missing_data_and_no_failure(
    arrivals: Arrivals, awaited: Any, kept: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        worker = run(arrivals, above(kept, awaited(0)))
    assert arrivals.clock.now() == pytest.approx(1000 + 3600)
    result = LuigiRunResult(worker)
    assert result.status is LuigiStatusCode.MISSING_EXT
    assert "1 were missing external dependencies" in result.summary_text
    assert "was not there within 1 h (looked 60 times)" in caplog.text
    told = worker._scheduler.view(Question("task", awaited(0).task_id))
    assert told["status"] == "DISABLED"
    assert told["explanation"] == "was not there within 1 h (looked 60 times)"


def test_others_are_run_meanwhile_and_take_all_places(arrivals: Arrivals, awaited: Any, kept: Any) -> None:
    arrivals.at = dict.fromkeys(range(50), 1000.0 + 300)
    others = [kept(n) for n in range(5)]
    run(arrivals, *[awaited(n) for n in range(50)], *others)
    assert len(kept.ran) == 5


def test_looks_become_rarer(arrivals: Arrivals, awaited: Any) -> None:
    awaited.poke = {"interval": timedelta(minutes=1), "backoff": 2, "most": 300, "timeout": 1800}
    run(arrivals, awaited(0))
    times = [at - 1000 for _, at in arrivals.looks]
    assert times == pytest.approx([0, 60, 180, 420, 720, 1020, 1320, 1620, 1800], abs=0.01)


def test_a_look_that_raises_has_not_found_it(arrivals: Arrivals, awaited: Any) -> None:
    arrivals.looks.clear()

    class Shaky(awaited):
        def complete(self) -> bool:
            if len(arrivals.looks) == 1:
                arrivals.looks.append((0, 0))
                raise OSError("the network is away")
            return arrivals.is_there(self.n)

    arrivals.at[0] = 1000.0 + 100
    worker = run(arrivals, Shaky(0))
    assert worker.record.seen[Shaky(0).task_id].status == "DONE"


def test_the_reason_names_what_the_last_look_raised(arrivals: Arrivals, awaited: Any) -> None:
    arrivals.at[0] = float("inf")

    class Breaking(awaited):
        def complete(self) -> bool:
            if arrivals.looks:
                arrivals.broken.add(self.n)
            return arrivals.is_there(self.n)

    worker = run(arrivals, Breaking(0))
    reason = worker.record.seen[Breaking(0).task_id].reason
    assert reason.endswith("; the last look raised OSError: the network is away")


def test_a_task_may_yield_what_is_waited_for(arrivals: Arrivals, awaited: Any, kept: Any) -> None:
    class Yielding(kept):
        def run(self) -> Any:
            yield awaited(0)
            self.finish()

    arrivals.at[0] = 1000.0 + 90
    run(arrivals, Yielding())
    assert kept.ran == ["Yielding0"]


def test_events_tell_what_came_and_what_did_not(arrivals: Arrivals, awaited: Any) -> None:
    told: list[tuple[str, int]] = []
    handlers = {event: lambda task, event=event: told.append((event, task.n)) for event in (PRESENT, MISSING)}
    for event, handler in handlers.items():
        awaited.event_handler(event)(handler)
    arrivals.at[1] = 1000.0 + 100
    try:
        run(arrivals, awaited(1), awaited(2))
    finally:
        for event, handler in handlers.items():
            awaited.remove_event_handler(event, handler)
    assert told == [(PRESENT, 1), (MISSING, 2)]


PRESENT, MISSING = Event.DEPENDENCY_PRESENT, Event.DEPENDENCY_MISSING


def test_a_drained_worker_leaves_what_it_waits_for_to_others(arrivals: Arrivals, awaited: Any) -> None:
    class Failing(luigi.Task):
        def complete(self) -> bool:
            return False

        def run(self) -> None:
            raise ValueError

    worker = run(arrivals, awaited(0), Failing(), fail_fast=True)
    assert arrivals.clock.now() < 1100
    assert worker._scheduler.view(Question("task", awaited(0).task_id))["status"] == "PENDING"


def test_what_is_cancelled_is_not_waited_for(arrivals: Arrivals, awaited: Any) -> None:
    class Cancelling(awaited):
        def complete(self) -> bool:
            if len(arrivals.looks) == 3:
                worker._scheduler.control(Order("cancel", self.task_id, by="ada"))
            return arrivals.is_there(self.n)

    scheduler = Scheduler(resources={}, clock=arrivals.clock)
    worker = Worker(scheduler, worker_id="w", clock=arrivals.clock, wait_jitter=0)
    worker.use(PluginManager.with_installed(()))
    with worker:
        worker.add(Cancelling(0))
        worker.run()
    assert arrivals.clock.now() < 1000 + 600
    assert scheduler.view(Question("task", Cancelling(0).task_id))["status"] == "DISABLED"


def test_the_status_says_when_it_is_looked_for_next(arrivals: Arrivals, awaited: Any) -> None:
    told: list[str | None] = []

    class Telling(awaited):
        poke = Poke(interval=600, timeout=1300)

        def complete(self) -> bool:
            task = scheduler.machine.tasks.get(self.task_id)
            told.append(task.lease.status_message if task is not None and task.lease is not None else None)
            return arrivals.is_there(self.n)

    scheduler = Scheduler(resources={}, clock=arrivals.clock)
    worker = Worker(scheduler, worker_id="w", clock=arrivals.clock, wait_jitter=0)
    worker.use(PluginManager.with_installed(()))
    with worker:
        worker.add(Telling(0))
        worker.run()
    assert told[2] is not None
    assert told[2].startswith("not there yet: looked once, looks again at ")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"intervall": 3}, "there is no 'intervall'"),
        ({"interval": 0}, "interval = 0 is no time above 0"),
        ({"backoff": 0.5}, "backoff = 0.5 is no number from 1"),
        ("soon", "'soon' says nothing"),
    ],
)
def test_a_poke_that_cannot_be_is_named(given: Any, why: str, awaited: Any) -> None:
    awaited.poke = given
    with pytest.raises(BadPoke, match=why):
        poke_of(awaited(0))


def test_thousands_wait_in_few_threads_and_no_place() -> None:
    """In real time and threads: each is looked for several times, and the run is over when all are there."""
    import threading

    there = threading.Event()
    looks = []

    class Crowded(luigi.ExternalTask):
        n = luigi.IntParameter()
        poke = Poke(interval=0.05)

        def complete(self) -> bool:
            looks.append(threading.current_thread().name)
            if len(looks) > 6000:
                there.set()
            return there.is_set()

    assert luigi.build([Crowded(n) for n in range(2000)], local_scheduler=True, log_level="ERROR", workers=1)
    assert len({name for name in looks if name == "luigi-poke"}) == 1


def test_what_a_program_means_otherwise_by_that_name_is_none() -> None:
    class PokedOften(luigi.ExternalTask):
        poke = luigi.IntParameter(default=3)

    class PokedByHand(luigi.ExternalTask):
        def poke(self) -> None:
            """Something of the program's own."""

    assert poke_of(PokedOften()) is None
    assert poke_of(PokedByHand()) is None
