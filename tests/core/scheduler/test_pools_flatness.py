"""What a pool's worker is handed costs no more among 50,000 tasks of many runs than among 5,000: counted, not timed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from luigi.interfaces import Report, RetryPolicy, TaskSpec
from luigi.scheduler import events
from luigi.scheduler.events import Assigned
from luigi.scheduler.machine import Machine
from luigi.task_status import DONE, PENDING

RUNS = 20
POOLS = {"p": {}, "q": {"modules": ["m1", "m2"]}, "r": {"queues": ["heavy", ""], "labels": ["gpu"]}}


@contextmanager
def lines_counted() -> Iterator[Callable[[], int]]:
    """Count lines of Python that the machine runs, those of a loop each time."""
    lines = 0

    def trace(frame: Any, event: str, arg: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return None if frame.f_code.co_filename == __file__ else trace

    outer = sys.gettrace()
    sys.settrace(trace)
    try:
        yield lambda: lines
    finally:
        sys.settrace(outer)


def spec(i: int, **said: Any) -> TaskSpec:
    queue = "heavy" if i % 7 == 0 else ""
    return TaskSpec(f"t{i}", "F", f"m{i % 5}", queue=queue, labels=("gpu",) if i % 11 == 0 else (), **said)


def submitted(n: int, max_active: int = 0) -> Machine:
    """A machine with n tasks of RUNS submissions, all of them roots, and workers of three pools."""
    machine = Machine(RetryPolicy(9, 100), limits={"db": 2}, remove_delay=600, worker_disconnect_delay=10**9)
    for name, pool in POOLS.items():
        machine.handle(events.Introduced(name, {"assistant": True, "pool": pool}), 0)
    for run in range(RUNS):
        mine = range(run, n, RUNS)
        info = {"submission": True, "roots": [f"t{i}" for i in mine], "max_active": max_active}
        machine.handle(events.Introduced(f"run-{run}", info), 0)
        needs = {"db": 1} if run % 4 == 0 else {}
        machine.handle(events.Declared(f"run-{run}", [spec(i, resources=needs) for i in mine]), 0)
    return machine


def work(machine: Machine, rounds: int) -> None:
    """Have the pools' workers take and end two tasks each, so many times."""
    for _ in range(rounds):
        for worker in POOLS:
            taken = machine.handle(events.Asked(worker, 2), 0)
            for one in [effect.assignment for effect in taken if isinstance(effect, Assigned)]:
                machine.handle(events.HandedIn(worker, Report(one.task_id, one.token, DONE)), 0)


@pytest.mark.parametrize("max_active", [0, 8])
def test_a_hand_out_to_a_pool_touches_no_more_among_many(max_active: int) -> None:
    def touched(n: int) -> int:
        machine = submitted(n, max_active)
        work(machine, 5)
        with lines_counted() as count:
            work(machine, 30)
            return count()

    few, many = touched(5_000), touched(50_000)
    assert many < 1.05 * few


@pytest.mark.parametrize("max_active", [0, 8])
def test_a_task_of_a_submission_costs_hardly_more_among_many(max_active: int) -> None:
    """From its declaration to the end of its run."""

    def touched_for_each(n: int) -> float:
        with lines_counted() as count:
            machine = submitted(n, max_active)
            machine.handle(events.Introduced("all", {"assistant": True}), 0)
            work(machine, n // 6)
            while machine.index.by_status[PENDING]:
                for one in machine.handle(events.Asked("all", 1), 0):
                    if isinstance(one, Assigned):
                        said = Report(one.assignment.task_id, one.assignment.token, DONE)
                        machine.handle(events.HandedIn("all", said), 0)
            return count() / n

    few, many = touched_for_each(600), touched_for_each(3_000)
    assert many < 1.3 * few


def test_a_submission_with_many_others_around_touches_no_more_of_them() -> None:
    """A thousand submissions that are over, or wait, are none of a hand-out's business."""

    def touched(others: int) -> int:
        machine = submitted(600)
        for number in range(others):
            machine.handle(events.Introduced(f"s{number}", {"submission": True, "roots": [f"u{number}"]}), 0)
            machine.handle(events.Declared(f"s{number}", [TaskSpec(f"u{number}", "G", "m1", runnable=False)]), 0)
        work(machine, 5)
        with lines_counted() as count:
            work(machine, 20)
            return count()

    assert touched(1_000) < 1.05 * touched(10)
