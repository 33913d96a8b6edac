"""What happens to tasks is told to metrics collectors, each end once, by Luigi's methods."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.measuring import Measuring
from luigi.metrics import MetricsCollector
from luigi.observers import Observers
from luigi.scheduler import Scheduler, SimpleTaskState
from luigi.telling import TaskFacts
from luigi.testing import FakeClock

Told = list[tuple[str, str, float | None]]


class ListingCollector(MetricsCollector):
    """Keeps what it is told: what happened, to which task, and how long its attempt took."""

    def __init__(self) -> None:
        super().__init__()
        self.told: Told = []
        self.statistics: list[Any] = []
        self.configs: list[Any] = []

    def _note(self, what: str, task: TaskFacts) -> None:
        took = None if task.time_running is None else task.updated - task.time_running
        self.told.append((what, task.id, took))

    def handle_task_started(self, task: TaskFacts) -> None:
        self._note("started", task)

    def handle_task_failed(self, task: TaskFacts) -> None:
        self._note("failed", task)

    def handle_task_disabled(self, task: TaskFacts, config: Any) -> None:
        self._note("disabled", task)
        self.configs.append(config)

    def handle_task_done(self, task: TaskFacts) -> None:
        self._note("done", task)

    def handle_task_statistics(self, task: TaskFacts, statistics: Any) -> None:
        self.statistics.append((task.id, statistics))


class Bench:
    """A scheduler, a clock to move, and a collector that hears of it."""

    def __init__(self, **options: Any) -> None:
        self.clock = FakeClock()
        options = {"retry_count": 2, "retry_delay": 5, "stable_done_cooldown_secs": 0} | options
        self.scheduler = Scheduler(clock=self.clock, resources={}, **options)
        self.collector = ListingCollector()
        self.measuring = Measuring({"listing": self.collector}, self.scheduler.config)
        Observers([], measuring=self.measuring).attach(self.scheduler)

    def says(self, task_id: str, status: str = "PENDING", after: float = 0, **more: Any) -> None:
        """A worker calls add_task, `after` so many seconds."""
        self.clock.advance(after)
        self.scheduler.add_task(task_id=task_id, worker="w", status=status, family=task_id[0], **more)

    def hands_out(self, after: float = 0) -> Any:
        self.clock.advance(after)
        return self.scheduler.get_work(worker="w")

    def told(self) -> Told:
        """What the collector has heard since the last time."""
        self.measuring.flush()
        told, self.collector.told = self.collector.told, []
        return told


@pytest.fixture
def bench() -> Bench:
    return Bench()


# --- what counts as what: by the calls that the released Luigi's collectors get in the same scenes ------------------


def test_a_task_that_runs_is_started_and_done(bench: Bench) -> None:
    bench.says("A")
    bench.hands_out(after=1)
    assert bench.told() == [("started", "A", 0)]
    bench.says("A", "DONE", after=3)
    assert bench.told() == [("done", "A", 3)]
    bench.says("A", "DONE")
    assert bench.told() == []


def test_a_task_that_is_found_done_is_done_without_a_time(bench: Bench) -> None:
    bench.says("A", "DONE")
    assert bench.told() == [("done", "A", None)]


def test_so_is_one_that_had_run_before(bench: Bench) -> None:
    bench.says("A")
    bench.hands_out()
    bench.says("A", "DONE", after=3)
    bench.says("A", "PENDING")
    bench.says("A", "DONE", after=100)
    assert bench.told() == [("started", "A", 0), ("done", "A", 3), ("done", "A", None)]


def test_the_failure_that_disables_counts_as_that_alone(bench: Bench) -> None:
    bench.says("B")
    bench.hands_out()
    bench.says("B", "FAILED", after=2)
    assert bench.told() == [("started", "B", 0), ("failed", "B", 2)]
    bench.clock.advance(10)
    bench.scheduler.prune()
    bench.hands_out()
    bench.says("B", "FAILED", after=4)
    assert bench.told() == [("started", "B", 0), ("disabled", "B", 4)]
    assert bench.collector.configs == [bench.scheduler.config]


def test_a_task_said_to_have_failed_again_is_disabled_without_a_time(bench: Bench) -> None:
    bench.says("B")
    bench.hands_out()
    bench.says("B", "FAILED", after=2)
    bench.says("B", "FAILED", after=2)
    assert bench.told() == [("started", "B", 0), ("failed", "B", 2), ("disabled", "B", None)]


def test_a_task_that_is_enabled_again_has_not_failed_again(bench: Bench) -> None:
    bench.says("B", "FAILED")
    bench.says("B", "FAILED")
    bench.scheduler.re_enable_task("B")
    assert bench.told() == [("failed", "B", None), ("disabled", "B", None)]


@pytest.mark.parametrize(("status", "what"), [("FAILED", "failed"), ("DISABLED", "disabled")])
def test_what_a_worker_says_of_a_task_it_has_not_run_counts(bench: Bench, status: str, what: str) -> None:
    bench.says("C", status)
    assert bench.told() == [(what, "C", None)]


def test_what_is_neither_end_nor_start_counts_as_nothing(bench: Bench) -> None:
    bench.says("D", "UNKNOWN")
    bench.says("E", runnable=False)
    bench.says("A")
    assert bench.told() == []


def test_a_task_marked_as_done_by_an_operator_is_done(bench: Bench) -> None:
    bench.says("A")
    bench.hands_out()
    bench.clock.advance(7)
    bench.scheduler.mark_as_done("A")
    assert bench.told() == [("started", "A", 0), ("done", "A", 7)]


def test_what_a_lost_worker_ran_has_failed() -> None:
    bench = Bench(worker_disconnect_delay=10)
    bench.says("A")
    bench.scheduler.add_task(task_id="A", worker="v", family="A")
    bench.hands_out()
    bench.clock.advance(20)
    bench.scheduler.ping(worker="v")
    bench.scheduler.prune()
    assert bench.told()[:2] == [("started", "A", 0), ("failed", "A", 20)]


def test_a_task_that_goes_on_after_waiting_has_started_twice(bench: Bench) -> None:
    bench.says("A")
    bench.hands_out()
    bench.says("A", "PENDING", new_deps=["X"])
    bench.says("X", "DONE")
    bench.hands_out()
    assert bench.told() == [("started", "A", 0), ("done", "X", None), ("started", "A", 0)]


def test_every_member_of_a_batch_starts_and_ends_once(bench: Bench) -> None:
    bench.scheduler.add_task_batcher("w", "G", ["a"])
    for number in "12":
        bench.says(f"G{number}", params={"a": number}, batchable=True)
    answer = bench.hands_out()
    bench.says("GB", "RUNNING", params={"a": "1,2"}, batch_id=answer["batch_id"])
    assert sorted(bench.told()) == [("started", "G1", 0), ("started", "G2", 0), ("started", "GB", 0)]
    bench.says("GB", "DONE", after=3)
    assert sorted(bench.told()) == [("done", "G1", 3), ("done", "G2", 3), ("done", "GB", 3)]


def test_a_member_that_runs_for_its_batch_starts_once(bench: Bench) -> None:
    bench.scheduler.add_task_batcher("w", "G", ["a"])
    for number in "12":
        bench.says(f"G{number}", params={"a": number}, batchable=True)
    answer = bench.hands_out()
    bench.says("G1", "RUNNING", params={"a": "1"}, batch_id=answer["batch_id"])
    assert sorted(bench.told()) == [("started", "G1", 0), ("started", "G2", 0)]


# --- what Luigi's scheduler can be asked to count -------------------------------------------------------------------


def test_statistics_reach_the_collector(bench: Bench) -> None:
    bench.says("A")
    bench.scheduler.report_task_statistics("A", {"rows": 12})
    bench.scheduler.report_task_statistics("unknown", {"rows": 12})
    bench.measuring.flush()
    assert bench.collector.statistics == [("A", {"rows": 12})]


def test_a_program_can_count_by_hand(bench: Bench) -> None:
    bench.says("A")
    bench.says("B", "DONE")
    bench.told()
    state = SimpleTaskState("", bench.scheduler)
    bench.scheduler.update_metrics_task_started(state.get_task("A"))
    for task_id in "AB":
        state.update_metrics(state.get_task(task_id), bench.scheduler.config)
    assert bench.told() == [("started", "A", None), ("done", "B", None)]


def test_without_a_collector_that_changes_nothing() -> None:
    scheduler = Scheduler(resources={})
    scheduler.add_task(task_id="A", worker="w")
    scheduler.report_task_statistics("A", {"rows": 12})
    state = SimpleTaskState("", scheduler)
    scheduler.update_metrics_task_started(state.get_task("A"))
    state.update_metrics(state.get_task("A"), scheduler.config)
    assert state.get_task("A").status == "PENDING"
