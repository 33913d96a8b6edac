"""How many attempts ended when: what counts, what is forgotten, and who is watched."""

from __future__ import annotations

import pytest

from luigi.interfaces import Report, TaskSpec
from luigi.scheduler import Scheduler
from luigi.scheduler.events import Changed
from luigi.server.throughput import REMEMBERED, Throughput
from luigi.testing import FakeClock


def ended(after: str, before: str = "RUNNING") -> Changed:
    return Changed("T_1", "T", before, after, "")


@pytest.mark.parametrize(
    ("before", "after", "counted"),
    [
        ("RUNNING", "DONE", (1, 0)),
        ("BATCH_RUNNING", "DONE", (1, 0)),
        ("RUNNING", "FAILED", (0, 1)),
        ("RUNNING", "DISABLED", (0, 1)),
        ("FAILED", "DISABLED", (0, 0)),
        ("PENDING", "DONE", (0, 0)),
        ("RUNNING", "PENDING", (0, 0)),
        ("PENDING", "RUNNING", (0, 0)),
    ],
)
def test_attempts_that_end_are_counted(before: str, after: str, counted: tuple[int, int]) -> None:
    throughput = Throughput()
    throughput.changed(ended(after, before), 1005.0)
    curve = throughput.curve(10, 1009.0)
    assert (curve.done, curve.failed) == ([counted[0]], [counted[1]])


def test_each_is_counted_where_it_ended() -> None:
    throughput = Throughput()
    for at in (1000, 1009.9, 1010, 1035, 1012):
        throughput.changed(ended("DONE"), at)
    assert throughput.curve(40, 1039).done == [2, 2, 0, 1]
    assert throughput.curve(40, 1041).done == [2, 0, 1, 0]
    assert throughput.curve(40, 1041).until == 1050


def test_what_is_long_past_is_forgotten() -> None:
    throughput = Throughput()
    throughput.changed(ended("DONE"), 1000)
    assert sum(throughput.curve(REMEMBERED, 1000).done) == 1
    throughput.changed(ended("FAILED"), 1000 + REMEMBERED)
    curve = throughput.curve(REMEMBERED, 1000 + REMEMBERED)
    assert (sum(curve.done), sum(curve.failed)) == (0, 1)
    throughput.changed(ended("DONE"), 1000)
    assert sum(throughput.curve(REMEMBERED, 1000 + REMEMBERED).done) == 0
    assert sum(throughput.curve(REMEMBERED, 1000 + 3 * REMEMBERED).failed) == 0


def test_a_scheduler_is_watched_as_long_as_it_lasts() -> None:
    clock = FakeClock(1000)
    scheduler, throughput = Scheduler(resources={}, clock=clock), Throughput()

    def run(task_id: str) -> None:
        scheduler.declare("w", [TaskSpec(task_id, "T")])
        (given,) = scheduler.exchange("w", (), 1).assignments
        scheduler.exchange("w", [Report(task_id, given.token, "DONE")], 0)

    with throughput.watching(scheduler):
        run("T_1")
    run("T_2")
    assert throughput.curve(10, 1000).done == [1]


def test_what_the_scheduler_remembers_is_counted_once() -> None:
    """A server that has just started shows what its state store told it, and one that leads again no more than was."""
    clock = FakeClock(1000)
    scheduler, throughput = Scheduler(clock=clock), Throughput()
    scheduler.declare("w", [TaskSpec("T_1", "T")])
    (assignment,) = scheduler.exchange("w", (), 1).assignments
    scheduler.exchange("w", [Report("T_1", assignment.token, "DONE")], 0)
    for _ in range(2):
        with throughput.watching(scheduler):
            assert sum(throughput.curve(60, clock.now()).done) == 1
