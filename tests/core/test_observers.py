"""Who hears of what a scheduler does: each change with its task as it was then, and none of it slows a call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from luigi.interfaces import Batcher, Report, TaskSpec
from luigi.observers import Listener, Observers
from luigi.scheduler import Scheduler
from luigi.scheduler.events import Changed
from luigi.task_status import DISABLED, FAILED, PENDING, RUNNING, UNKNOWN
from luigi.telling import RunBegan, RunEnded, TaskFacts
from luigi.testing import FakeClock
from luigi.watchers import Telling


class Hears(Listener):
    def __init__(self) -> None:
        self.heard: list[tuple[Changed, TaskFacts, float]] = []
        self.runs: list[Any] = []

    def changed(self, change: Changed, task: TaskFacts, at: float) -> None:
        self.heard.append((change, task, at))

    def run_began(self, run: RunBegan) -> None:
        self.runs.append(run)

    def run_ended(self, run: RunEnded) -> None:
        self.runs.append(run)

    @property
    def edges(self) -> Sequence[tuple[str, str]]:
        return [(change.before, change.after) for change, _, _ in self.heard]


def telling(told: list[Any]) -> Telling:
    """Plugins that keep what they are told."""
    return Telling([(lambda entry: told.append(entry[1]), print)], frozenset())


def test_each_change_comes_with_the_task_as_the_call_left_it() -> None:
    clock, hears = FakeClock(100.0), Hears()
    scheduler = Scheduler(clock=clock, resources={}, retry_count=1)
    params = {"a": "1", "b": "2"}
    spec = TaskSpec("F_1", "F", params=params, hidden=["b"], resources={"r": 1}, priority=5, owners=["me"])
    with Observers([hears]).attached(scheduler):
        scheduler.declare("w", [spec])
        clock.advance(5)
        (assignment,) = scheduler.exchange("w", [], 1).assignments
        clock.advance(5)
        scheduler.exchange("w", [Report("F_1", assignment.token, FAILED, explanation="why")], 0)
    assert hears.edges == [(UNKNOWN, PENDING), (PENDING, RUNNING), (RUNNING, FAILED), (FAILED, DISABLED)]
    _, started, at = hears.heard[1]
    assert at == 105.0
    assert (started.id, started.family, started.params, started.resources) == ("F_1", "F", params, {"r": 1})
    assert (started.status, started.priority, started.owners) == (RUNNING, 5, ("me",))
    assert (started.worker_running, started.token, started.time_running) == ("w", assignment.token, 105.0)
    assert started.shown_params == {"a": "1"}
    _, given_up, _ = hears.heard[3]
    assert (given_up.status, given_up.failures, given_up.expl, given_up.updated) == (DISABLED, 1, "why", 110.0)


def test_batched_parameters_are_said() -> None:
    hears = Hears()
    scheduler = Scheduler(resources={})
    with Observers([hears]).attached(scheduler):
        scheduler.declare("w", [TaskSpec("B_1", "B", params={"day": "1"}, batchable=True)], [Batcher("B", ["day"])])
    assert hears.heard[0][1].batched == ("day",)


def test_a_call_that_changes_nothing_tells_nothing() -> None:
    told: list[Any] = []
    scheduler = Scheduler(resources={})
    assert scheduler.observe(lambda changes, at: told.append(changes)) == (None, None)
    scheduler.declare("w", [TaskSpec("F_1", "F")])
    scheduler.declare("w", [TaskSpec("F_1", "F")])
    assert len(told) == 1


def test_one_observer_takes_over_from_another_for_a_while() -> None:
    first, second = Hears(), Hears()
    scheduler = Scheduler(resources={})
    with Observers([first]).attached(scheduler):
        scheduler.declare("w", [TaskSpec("F_1", "F")])
        with Observers([second]).attached(scheduler):
            scheduler.declare("w", [TaskSpec("F_2", "F")])
        scheduler.declare("w", [TaskSpec("F_3", "F")])
    scheduler.declare("w", [TaskSpec("F_4", "F")])
    assert [change.task_id for change, _, _ in first.heard] == ["F_1", "F_3"]
    assert [change.task_id for change, _, _ in second.heard] == ["F_2"]


def test_all_listeners_and_plugins_are_told() -> None:
    one, two, told = Hears(), Hears(), []
    observers = Observers([one, two], telling(told))
    scheduler = Scheduler(resources={}, clock=FakeClock(7.0))
    with observers.attached(scheduler):
        scheduler.declare("w", [TaskSpec("F_1", "F")])
    assert one.edges == two.edges == [(UNKNOWN, PENDING)]
    assert told == [("F_1", "F", UNKNOWN, PENDING, "declared", "w", 7.0)]
    observers.run_began(RunBegan("w", 1.0))
    observers.run_ended(RunEnded("w", 2.0, "SUCCESS"))
    assert [type(run) for run in one.runs] == [RunBegan, RunEnded]


def test_plugins_alone_need_no_facts_of_tasks() -> None:
    told: list[Any] = []
    scheduler = Scheduler(resources={})
    with Observers([], telling(told)).attached(scheduler):
        assert scheduler.observe(None) == (None, None)
        scheduler.declare("w", [TaskSpec("F_1", "F")])
    assert len(told) == 1


def test_at_the_end_everybody_is_waited_for() -> None:
    class Flushed(Hears):
        flushed = 0

        def flush(self) -> None:
            self.flushed += 1

    listener = Flushed()
    with Observers([listener]).attached(Scheduler(resources={})):
        assert not listener.flushed
    assert listener.flushed == 1
