"""Which task is handed out, against a reference that looks at them all; and how much is touched to find it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luigi.interfaces import Progress, Report, RetryPolicy, TaskSpec
from luigi.scheduler import events
from luigi.scheduler.events import Assigned
from luigi.scheduler.machine import Machine
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN

LIMITS = {"a": 2, "b": 2, "c": 1}


def new_machine(**limits: int) -> Machine:
    return Machine(RetryPolicy(3, 10**9, 100), retry_delay=0, disable_persist=0, limits=limits)


def take(machine: Machine, worker: str = "w") -> str | None:
    effects = machine.handle(events.Asked(worker, 1), 0)
    return next((effect.assignment.task_id for effect in effects if isinstance(effect, Assigned)), None)


def report(machine: Machine, task_id: str, status: str = DONE, new_deps: list[str] | None = None) -> None:
    task = machine.tasks[task_id]
    machine.handle(events.Reported(task.worker or "w", Report(task_id, task.token, status, new_deps or [])), 0)


# --- which ----------------------------------------------------------------------------------------------------------


def reference(machine: Machine, worker: str, limits: dict[str, int]) -> str | None:
    """Sort all that is ready, walk down, let what has to wait claim what it needs."""
    tasks = machine.tasks.values()
    used: dict[str, int] = {}
    for name, amount in [held for task in tasks for held in task.held]:
        used[name] = used.get(name, 0) + amount
    claimed: set[str] = set()
    ready = [task for task in tasks if task.ready and worker in task.runners]
    for task in sorted(ready, key=lambda task: (-task.rank, task.age)):
        names = {name for name, _ in task.needs}
        fits = all(used.get(name, 0) + amount <= limits.get(name, 1) for name, amount in task.needs)
        if fits and not names & claimed:
            return task.task_id
        if all(amount <= limits.get(name, 1) for name, amount in task.needs):
            claimed |= names
    return None


IDS = st.sampled_from("klmnop")
WORKERS = st.sampled_from("vw")
NEEDS = st.sampled_from(  # such as get into each other's way, and one that wants too much
    [{}, {"a": 1}, {"a": 2}, {"b": 1}, {"a": 1, "b": 1}, {"b": 1, "c": 1}, {"a": 2, "c": 1}, {"b": 3}]
)
RUNNING_ONE = st.integers(0, 3)  # an index into what runs
DECLARE = st.tuples(
    st.just("declare"),
    IDS,
    st.sampled_from([[], [], [], ["o"], ["p"]]),
    WORKERS,
    NEEDS,
    st.integers(0, 2),
    st.sampled_from([PENDING] * 7 + [DONE, UNKNOWN, DISABLED]),
)
STEP = st.one_of(
    DECLARE,
    DECLARE,
    st.tuples(st.just("report"), RUNNING_ONE, st.sampled_from([DONE, FAILED, PENDING]), st.lists(IDS, max_size=1)),
    st.tuples(st.just("give back"), RUNNING_ONE, NEEDS),
    st.tuples(st.just("limit"), st.sampled_from("abc"), st.integers(0, 3)),
    st.tuples(st.just("order"), IDS, st.sampled_from([events.Forgiven, events.MarkedDone, events.ReEnabled])),
    st.tuples(st.just("tick")),
)
TAKES = st.sampled_from(["", "v", "w", "vw", "wv"])
DRAIN = [(("report", 0, DONE, []), "vw")] * 8


def walk(machine: Machine, step: tuple[Any, ...], limits: dict[str, int]) -> None:
    running = [task for task in machine.tasks.values() if task.status == RUNNING]
    match step:
        case ("declare", task_id, deps, worker, needs, priority, status):
            later = tuple(dep for dep in deps if dep > task_id)  # no rings
            spec = TaskSpec(task_id, "F", deps=later, resources=needs, priority=priority, status=status)
            machine.handle(events.Declared(worker, [spec]), 0)
        case ("report", which, status, deps) if running:
            task_id = running[which % len(running)].task_id
            report(machine, task_id, status, [dep for dep in deps if dep > task_id])
        case ("give back", which, amounts) if running:
            task = running[which % len(running)]
            progress = Progress(task.task_id, task.token, given_back=amounts)
            machine.handle(events.Progressed(str(task.worker), progress), 0)
        case ("limit", name, amount):
            limits[name] = amount
            machine.handle(events.LimitSet(name, amount), 0)
        case ("order", task_id, order):
            machine.handle(order(task_id), 0)
        case ("tick",):
            machine.handle(events.Ticked(), 0)


@settings(max_examples=300)
@given(
    st.lists(DECLARE, min_size=6, max_size=12),
    st.lists(st.tuples(STEP, TAKES), min_size=10, max_size=50),
)
def test_a_hand_out_is_what_a_look_at_all_tasks_would_choose(declared: list[Any], steps: list[tuple[Any, Any]]) -> None:
    machine, limits = new_machine(**LIMITS), dict(LIMITS)
    for step, takers in [*((step, []) for step in declared), *steps, *DRAIN]:
        walk(machine, step, limits)
        for worker in takers:
            expected = reference(machine, worker, limits)
            assert take(machine, worker) == expected


# --- how much is touched --------------------------------------------------------------------------------------------


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
def counted() -> Iterator[Callable[[], int]]:
    """Count lines of Python run (those of a loop each time) and comparisons of ranks."""
    lines, before = 0, Rank.compared

    def trace(frame: Any, event: str, arg: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return trace

    outer = sys.gettrace()
    sys.settrace(trace)
    try:
        yield lambda: lines + Rank.compared - before
    finally:
        sys.settrace(outer)


NEEDS_OF: dict[str, Callable[[int], dict[str, int]]] = {
    "nothing": lambda i: {},
    "one shared": lambda i: {"db": 1},
    "one each": lambda i: {f"file-{i}": 1},
    "one shared and one each": lambda i: {"db": 1, f"file-{i}": 1},
    "one of a hundred, now and then all of the shared": lambda i: {f"file-{i % 100}": 1} if i % 9 else {"db": 2},
}


def touched_for_each(tasks: int, needs_of: Callable[[int], dict[str, int]], running: int) -> float:
    """What a task touches from its declaration to its end, with `running` at a time shared by two workers."""
    machine = new_machine(db=2)
    with counted() as touched:
        for worker in "wv":
            specs = [TaskSpec(f"t{i}", "F", resources=needs_of(i), priority=Rank(0)) for i in range(tasks)]
            machine.handle(events.Declared(worker, specs), 0)
        taken: list[str] = []
        done = 0
        while done < tasks:
            for worker in "wv":
                if len(taken) < running and (task_id := take(machine, worker)):
                    taken.append(task_id)
            report(machine, taken.pop(0))
            done += 1
        return touched() / tasks


@pytest.mark.parametrize("needs", NEEDS_OF)
def test_a_task_touches_hardly_more_among_ten_thousand_than_among_a_hundred(needs: str) -> None:
    few, many = (touched_for_each(tasks, NEEDS_OF[needs], running=4) for tasks in (100, 10_000))
    assert many < 3 * few, "the logarithm of the number has doubled"


def test_a_yield_touches_no_more_after_a_thousand() -> None:
    def touched_for_each_yield(yields: int) -> float:
        machine = new_machine()
        machine.handle(events.Declared("w", [TaskSpec("top", "F", priority=Rank(0))]), 0)
        with counted() as touched:
            for i in range(yields):
                assert take(machine) == "top"
                machine.handle(events.Declared("w", [TaskSpec(f"t{i}", "F", priority=Rank(0))]), 0)
                report(machine, "top", PENDING, [f"t{i}"])
                assert take(machine) == f"t{i}"
                report(machine, f"t{i}")
            return touched() / yields

    assert touched_for_each_yield(1000) < 1.5 * touched_for_each_yield(10)
