"""How much is touched for a hand-out: counted, not timed, and no more among 100,000 tasks than among 1,000."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from luigi.interfaces import Batcher, Report, RetryPolicy, TaskSpec
from luigi.scheduler import events
from luigi.scheduler.events import Assigned
from luigi.scheduler.machine import Machine
from luigi.task_status import DONE, PENDING

LIMITS = {"db": 2}
WORKERS = "uvw"


class Rank(float):
    """A priority that counts how often the queue compares it."""

    compared = 0

    def __neg__(self) -> Rank:
        return Rank(-float(self))

    def __eq__(self, other: object) -> bool:
        Rank.compared += 1
        return float(self) == other

    def __lt__(self, other: float) -> bool:
        Rank.compared += 1
        return float(self) < other

    __hash__ = float.__hash__


@contextmanager
def counted() -> Iterator[Callable[[], tuple[int, int]]]:
    """Count lines of Python that the machine runs (those of a loop each time), and comparisons of ranks."""
    lines, before = 0, Rank.compared

    def trace(frame: Any, event: str, arg: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return None if frame.f_code.co_filename == __file__ else trace

    outer = sys.gettrace()
    sys.settrace(trace)
    try:
        yield lambda: (lines, Rank.compared - before)
    finally:
        sys.settrace(outer)


def take(machine: Machine, worker: str) -> tuple[str, int] | None:
    effects = machine.handle(events.Asked(worker, 1), 0)
    found = (effect.assignment for effect in effects if isinstance(effect, Assigned))
    return next(((one.task_id, one.token) for one in found), None)


def report(machine: Machine, worker: str, task_id: str, token: int, status: str = DONE, *deps: str) -> None:
    machine.handle(events.HandedIn(worker, Report(task_id, token, status, deps)), 0)


def work(machine: Machine, runs: int, running: list[tuple[str, str, int]]) -> None:
    """Have so many runs end, with two at a time for each worker."""
    while runs:
        for worker in WORKERS:
            if sum(owner == worker for owner, _, _ in running) < 2 and (taken := take(machine, worker)):
                running.append((worker, *taken))
        worker, *assignment = running.pop(0)
        report(machine, worker, *assignment)
        runs -= 1


# --- what there is to do: a spec for each i, among n ----------------------------------------------------------------


def layered(i: int, n: int) -> TaskSpec:
    """Each on three of the hundred before it."""
    deps = [f"t{i - i % 100 - 1 - (i * step) % 100}" for step in (3, 5, 7)] if i >= 100 else []
    return TaskSpec(f"t{i}", "F", deps=deps, priority=Rank(0))


def batched(i: int, n: int) -> TaskSpec:
    params = {"day": str(i), "place": str(i // 20)}
    return TaskSpec(f"t{i}", "B", params=params, batchable=True, priority=Rank(0))


def needing(needs_of: Callable[[int], dict[str, int]]) -> Callable[[int, int], TaskSpec]:
    return lambda i, n: TaskSpec(f"t{i}", "F", resources=needs_of(i), priority=Rank(0))


GRAPHS: dict[str, Callable[[int, int], TaskSpec]] = {
    "nothing needed": needing(lambda i: {}),
    "one shared": needing(lambda i: {"db": 1}),
    "one each": needing(lambda i: {f"file-{i}": 1}),
    "one shared and one each": needing(lambda i: {"db": 1, f"file-{i}": 1}),
    "of a hundred, now and then all": needing(lambda i: {f"file-{i % 100}": 1} if i % 9 else {"db": 2}),
    "layers": layered,
    "batches": batched,
}


def declared(graph: str, n: int) -> Machine:
    """A machine with n tasks; three workers can run each of the first and last ones, one each of the rest."""
    machine = Machine(RetryPolicy(9, 100), limits=LIMITS, remove_delay=600, worker_disconnect_delay=60)
    for place, worker in enumerate(WORKERS):
        mine = [i for i in range(n) if i % 3 == place or i < 300 or i >= n - 300]
        specs = [GRAPHS[graph](i, n) for i in mine]
        machine.handle(events.Declared(worker, specs, [Batcher("B", ["day"], 5)]), 0)
    return machine


@pytest.mark.parametrize("graph", ["nothing needed", "one shared and one each", "layers", "batches"])
def test_a_hand_out_touches_no_more_among_a_hundred_thousand_than_among_a_thousand(graph: str) -> None:
    """But for comparisons within heaps, of which every doubling adds a few: 17 doublings for 10."""

    def touched(n: int) -> tuple[int, int]:
        machine, running = declared(graph, n), []
        work(machine, 40, running)
        with counted() as count:
            work(machine, 100, running)
            return count()

    (few, few_compared), (many, many_compared) = touched(1_000), touched(100_000)
    assert many < 1.05 * few
    assert many_compared < 2.2 * few_compared


@pytest.mark.parametrize("graph", GRAPHS)
def test_a_task_touches_hardly_more_among_many_from_its_declaration_to_its_end(graph: str) -> None:
    def touched_for_each(n: int) -> float:
        with counted() as count:
            machine, running = declared(graph, n), []
            while running or machine.index.by_status[PENDING]:
                work(machine, 1, running)
            return sum(count()) / n

    few, many = touched_for_each(600), touched_for_each(3_000)
    assert many < 1.5 * few


def test_a_yield_touches_no_more_after_a_thousand() -> None:
    def touched_for_each_yield(yields: int) -> float:
        machine = Machine(RetryPolicy(9, 100), limits={}, remove_delay=600, worker_disconnect_delay=60)
        machine.handle(events.Declared("w", [TaskSpec("top", "F", priority=Rank(0))]), 0)
        with counted() as count:
            for i in range(yields):
                top = take(machine, "w")
                assert top is not None
                machine.handle(events.Declared("w", [TaskSpec(f"t{i}", "F", priority=Rank(0))]), 0)
                report(machine, "w", *top, PENDING, f"t{i}")
                needed = take(machine, "w")
                assert needed is not None
                report(machine, "w", *needed)
            return sum(count()) / yields

    assert touched_for_each_yield(1000) < 1.5 * touched_for_each_yield(10)
