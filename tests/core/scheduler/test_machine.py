"""The scheduling algorithm, event by event."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luigi.interfaces import Progress, Report, RetryPolicy, TaskSpec
from luigi.scheduler import events
from luigi.scheduler.events import Assigned, Changed, Refused
from luigi.scheduler.machine import ImpossibleMove, Machine
from luigi.scheduler.records import NEXT, TaskRecord
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN


class Bench:
    """A machine with one hand on its clock."""

    def __init__(self, retry_count: int = 10**9, hard_timeout: float = 10**9, **limits: int) -> None:
        self.now = 0.0
        self.history: list[tuple[events.Event, float]] = []
        self.machine = self._new(retry_count, hard_timeout, limits)
        self._setting = (retry_count, hard_timeout, limits)

    def _new(self, retry_count: int, hard_timeout: float, limits: dict[str, int]) -> Machine:
        policy = RetryPolicy(retry_count, hard_timeout, 100)
        return Machine(policy, retry_delay=50, disable_persist=1000, limits=limits)

    def do(self, event: events.Event) -> list[Any]:
        self.history.append((event, self.now))
        return self.machine.handle(event, self.now)

    def declare(self, task_id: str, *deps: str, worker: str = "w", **fields: Any) -> None:
        self.do(events.Declared(worker, [TaskSpec(task_id, "F", deps=deps, **fields)]))

    def take(self, worker: str = "w", want: int = 1) -> list[str]:
        effects = self.do(events.Asked(worker, want))
        return [effect.assignment.task_id for effect in effects if isinstance(effect, Assigned)]

    def report(self, task_id: str, status: str, worker: str = "w", **fields: Any) -> list[Any]:
        token = self.machine.tasks[task_id].token
        return self.do(events.Reported(worker, Report(task_id, token, status, **fields)))

    def status(self, task_id: str) -> str:
        return self.machine.tasks[task_id].status

    def replay(self) -> Machine:
        machine = self._new(*self._setting)
        for event, now in self.history:
            machine.handle(event, now)
        return machine


def snapshot(machine: Machine) -> dict[str, Any]:
    return {
        "used": {name: amount for name, amount in machine.resources.used.items() if amount},
        "counts": {status: number for status, number in machine.counts.items() if number},
        "tasks": {
            task.task_id: (task.status, task.unmet, task.rank, task.token, task.worker, task.held, task.failures)
            for task in machine.tasks.values()
        },
    }


def test_earliest_declared_goes_first() -> None:
    bench = Bench()
    for name in "cab":
        bench.declare(name)
    assert bench.take(want=3) == ["c", "a", "b"]


def test_higher_priority_goes_first_and_lifts_what_it_needs() -> None:
    bench = Bench()
    bench.declare("plain")
    bench.declare("urgent", "needed", priority=5)
    bench.declare("needed", priority=-3)
    bench.declare("middling", priority=2)
    assert bench.take(want=4) == ["needed", "middling", "plain"]


def test_a_priority_may_be_a_fraction() -> None:
    bench = Bench()
    bench.declare("low", priority=0.25)
    bench.declare("high", priority=0.5)
    assert bench.take(want=2) == ["high", "low"]


def test_waits_for_every_dependency() -> None:
    bench = Bench()
    bench.declare("top", "left", "right")
    bench.declare("left")
    bench.declare("right")
    assert bench.take(want=5) == ["left", "right"]
    bench.report("left", DONE)
    assert bench.take() == []
    bench.report("right", DONE)
    assert bench.take() == ["top"]


def test_a_dependency_nobody_declared_holds_a_task_back() -> None:
    bench = Bench()
    bench.declare("top", "never-heard-of")
    assert bench.take() == []
    assert bench.status("never-heard-of") == UNKNOWN


def test_a_dependency_declared_undone_again_holds_its_dependents_back() -> None:
    bench = Bench()
    bench.declare("top", "dep")
    bench.declare("dep", status=DONE)
    bench.declare("dep", status=PENDING)
    assert bench.take(want=2) == ["dep"]


def test_a_worker_gets_only_what_it_can_run() -> None:
    bench = Bench()
    bench.declare("mine", worker="w")
    bench.declare("theirs", worker="v")
    bench.declare("external", runnable=False)
    assert bench.take("w", want=5) == ["mine"]


def test_a_task_of_two_workers_is_handed_out_once() -> None:
    bench = Bench()
    bench.declare("shared", worker="w")
    bench.declare("shared", worker="v")
    assert bench.take("v") == ["shared"]
    assert bench.take("w") == []


def test_resources_are_never_exceeded_and_freed_at_the_end() -> None:
    bench = Bench(db=3)
    for name in "abcd":
        bench.declare(name, resources={"db": 2})
    assert bench.take(want=4) == ["a"]
    bench.report("a", FAILED)
    assert bench.take(want=4) == ["b"]
    assert bench.machine.resources.used == {"db": 2}


def test_an_unconfigured_resource_has_one_to_give() -> None:
    bench = Bench()
    bench.declare("a", resources={"file": 1})
    bench.declare("b", resources={"file": 1})
    assert bench.take(want=2) == ["a"]


def test_small_requests_do_not_starve_a_big_one() -> None:
    bench = Bench(db=2)
    bench.declare("small-1", resources={"db": 1})
    assert bench.take() == ["small-1"]
    bench.declare("big", resources={"db": 2})
    bench.declare("small-2", resources={"db": 1})
    bench.declare("free")
    assert bench.take(want=3) == ["free"], "a task that needs nothing of it may pass, a smaller request may not"
    bench.report("small-1", DONE)
    assert bench.take(want=3) == ["big"]


@pytest.mark.parametrize(
    "leave",
    [
        lambda bench: bench.declare("big", resources={"db": 2, "fax": 2}, priority=1),
        lambda bench: bench.declare("big", "never-done", resources={"db": 2, "gpu": 1}, priority=1),
        lambda bench: bench.declare("big", resources={"db": 2, "gpu": 1}, priority=-1),
        lambda bench: bench.declare("big", resources={"db": 2, "gpu": 1}, status=DONE),
        lambda bench: bench.declare("dep", status=PENDING, runnable=False),
        lambda bench: bench.do(events.LimitSet("gpu", 0)),
    ],
    ids=["cannot be met", "has to wait", "ranks lower", "is done", "its dependency is undone", "a limit was lowered"],
)
def test_a_task_that_left_the_queue_claims_nothing(leave: Any) -> None:
    bench = Bench(db=2, gpu=1)
    bench.declare("holds", resources={"db": 1})
    assert bench.take() == ["holds"]
    bench.declare("dep", status=DONE, runnable=False)
    bench.declare("big", "dep", resources={"db": 2, "gpu": 1}, priority=1)
    bench.declare("small", resources={"db": 1})
    assert bench.take() == []
    leave(bench)
    assert bench.take() == ["small"]


def test_what_waits_for_a_claim_claims_too() -> None:
    bench = Bench(db=2, gpu=1)
    bench.declare("holds", resources={"db": 1})
    assert bench.take() == ["holds"]
    bench.declare("big", resources={"db": 2})
    bench.declare("both", resources={"db": 1, "gpu": 1})
    bench.declare("third", resources={"gpu": 1})
    assert bench.take() == []


def test_a_running_task_gives_back_what_it_does_not_need_any_more() -> None:
    bench = Bench(db=3)
    bench.declare("a", resources={"db": 3})
    bench.declare("b", resources={"db": 1})
    assert bench.take(want=2) == ["a"]
    token = bench.machine.tasks["a"].token
    bench.do(events.Progressed("w", Progress("a", token, given_back={"db": 1})))
    assert bench.take() == ["b"]
    bench.report("a", DONE)
    bench.report("b", DONE)
    assert bench.machine.resources.used == {"db": 0}


def test_a_stale_report_is_refused() -> None:
    bench = Bench()
    bench.declare("a")
    bench.take()
    token = bench.machine.tasks["a"].token
    bench.report("a", FAILED)
    bench.do(events.Forgiven("a"))
    bench.take()
    effects = bench.do(events.Reported("w", Report("a", token, DONE)))
    assert [type(effect) for effect in effects] == [Refused]
    assert bench.status("a") == RUNNING


def test_a_report_by_a_worker_that_does_not_own_the_task_is_refused() -> None:
    bench = Bench()
    bench.declare("a")
    bench.take()
    assert [type(effect) for effect in bench.report("a", DONE, worker="thief")] == [Refused]
    assert bench.status("a") == RUNNING


def test_new_requirements_send_a_running_task_back_to_wait() -> None:
    bench = Bench()
    bench.declare("a")
    bench.take()
    bench.declare("new")
    bench.report("a", PENDING, new_deps=["new", "new"])
    assert bench.take(want=2) == ["new"]
    bench.report("new", DONE)
    assert bench.take() == ["a"]


def test_a_failed_task_is_tried_again_after_the_delay() -> None:
    bench = Bench()
    bench.declare("a")
    bench.take()
    bench.report("a", FAILED)
    bench.now = 49
    bench.do(events.Ticked())
    assert bench.take() == []
    bench.now = 50
    bench.do(events.Ticked())
    assert bench.take() == ["a"]


def test_too_many_failures_disable_a_task_until_its_time_is_over() -> None:
    bench = Bench(retry_count=2)
    bench.declare("a")
    for _ in range(2):
        bench.take()
        bench.report("a", FAILED)
        bench.declare("a")
    assert bench.status("a") == DISABLED, "declaring it again does not help"
    bench.now = 1000
    bench.do(events.Ticked())
    assert bench.status("a") == FAILED


def test_failures_outside_the_window_do_not_count() -> None:
    bench = Bench(retry_count=2)
    bench.declare("a")
    for bench.now in (0, 101, 202):
        bench.declare("a")
        bench.take()
        bench.report("a", FAILED)
    assert bench.status("a") == FAILED


def test_a_failure_long_after_the_first_disables() -> None:
    bench = Bench(hard_timeout=600)
    bench.declare("a")
    for bench.now in (0, 599):
        bench.declare("a")
        bench.take()
        bench.report("a", FAILED)
    assert bench.status("a") == FAILED
    bench.now = 600
    bench.declare("a")
    bench.take()
    bench.report("a", FAILED)
    assert bench.status("a") == DISABLED


def test_a_task_may_have_its_own_retry_policy() -> None:
    bench = Bench(retry_count=5)
    bench.declare("a", retry_policy=RetryPolicy(retry_count=1))
    bench.take()
    bench.report("a", FAILED)
    assert bench.status("a") == DISABLED


@pytest.mark.parametrize(
    ("order", "before", "after"),
    [
        (events.Forgiven, FAILED, PENDING),
        (events.MarkedDone, FAILED, DONE),
        (events.MarkedDone, RUNNING, DONE),
        (events.MarkedDone, DISABLED, DONE),
        (events.ReEnabled, DISABLED, FAILED),
    ],
)
def test_orders_that_apply(order: Any, before: str, after: str) -> None:
    bench = Bench(retry_count=1 if before == DISABLED else 9, r=1)
    bench.declare("a", resources={"r": 1})
    bench.take()
    if before != RUNNING:
        bench.report("a", FAILED)
    assert bench.status("a") == before
    bench.do(order("a"))
    assert bench.status("a") == after
    assert bench.machine.resources.used == {"r": 0}


@pytest.mark.parametrize("order", [events.Forgiven, events.MarkedDone, events.ReEnabled])
@pytest.mark.parametrize("task_id", ["pending", "nobody"])
def test_orders_that_do_not_apply_are_refused(order: Any, task_id: str) -> None:
    bench = Bench()
    bench.declare("pending")
    assert [type(effect) for effect in bench.do(order(task_id))] == [Refused]


def test_a_paused_machine_hands_out_nothing() -> None:
    bench = Bench()
    bench.declare("a")
    bench.do(events.Paused())
    assert bench.take() == []
    bench.do(events.Unpaused())
    assert bench.take() == ["a"]


def test_raising_a_limit_lets_more_run() -> None:
    bench = Bench(db=1)
    for name in "ab":
        bench.declare(name, resources={"db": 1})
    assert bench.take(want=2) == ["a"]
    bench.do(events.LimitSet("db", 2))
    assert bench.take(want=2) == ["b"]


def test_an_edge_the_table_does_not_have_is_refused_loudly() -> None:
    bench = Bench()
    bench.declare("a", status=DONE)
    with pytest.raises(ImpossibleMove, match="a cannot go from DONE to RUNNING"):
        bench.machine._move(bench.machine.tasks["a"], RUNNING, "test")


def test_what_is_left_counts_pending_and_failed_tasks_by_who_can_run_them() -> None:
    bench = Bench()
    bench.declare("mine")
    bench.declare("shared")
    bench.declare("failing")
    bench.declare("external", runnable=False)
    bench.declare("shared", worker="v")
    bench.take()
    assert bench.machine.left("w")[:3] == (2, 1, 1)
    bench.report("mine", FAILED)
    assert bench.machine.left("w")[:3] == (3, 2, 2)
    assert bench.machine.left("v")[:3] == (1, 0, 1)


def test_what_waits_for_a_disabled_task_is_not_left() -> None:
    bench = Bench(retry_count=1)
    bench.declare("top", "middle")
    bench.declare("middle", "failing")
    bench.declare("failing")
    bench.take()
    assert bench.machine.left("w").pending == 2
    bench.report("failing", FAILED)
    assert bench.machine.left("w").pending == 0
    bench.do(events.ReEnabled("failing"))
    assert bench.machine.left("w").pending == 3


def test_the_cost_of_a_hand_out_does_not_grow_with_the_tasks() -> None:
    def touched(tasks: int) -> int:
        """Python function calls that one finished task causes, with `tasks` others ready."""
        import sys

        bench = Bench(db=2)
        for i in range(tasks):
            bench.declare(f"t{i}", resources={"db": 1} if i % 2 else {})
        (task_id,) = bench.take()
        calls = 0

        def count(frame: Any, event: str, arg: Any) -> None:
            nonlocal calls
            calls += event == "call"

        sys.setprofile(count)
        bench.report(task_id, DONE)
        bench.take()
        sys.setprofile(None)
        return calls

    assert touched(10_000) == touched(100)


# --- any sequence of events ---------------------------------------------------------------------------------------

IDS = st.sampled_from("abcdef")
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("declare"),
            IDS,
            st.lists(IDS, max_size=3),
            st.sampled_from([PENDING, DONE, UNKNOWN, DISABLED]),
            st.sampled_from("wv"),
            st.integers(0, 2),
        ),
        st.tuples(st.just("take"), st.sampled_from("wv"), st.integers(0, 3)),
        st.tuples(st.just("report"), IDS, st.sampled_from([DONE, FAILED, PENDING]), st.lists(IDS, max_size=2)),
        st.tuples(st.just("order"), IDS, st.sampled_from([events.Forgiven, events.MarkedDone, events.ReEnabled])),
        st.tuples(st.just("tick"), st.integers(0, 60)),
    ),
    max_size=60,
)


def walk(bench: Bench, step: tuple[Any, ...]) -> list[Any]:
    match step:
        case ("declare", task_id, deps, status, worker, amount):
            earlier = [dep for dep in deps if dep > task_id]  # no rings: the walk refuses them before
            bench.declare(task_id, *earlier, status=status, worker=worker, resources={"r": amount} if amount else {})
        case ("take", worker, want):
            return bench.take(worker, want)
        case ("report", task_id, status, deps) if task_id in bench.machine.tasks:
            owner = bench.machine.tasks[task_id].worker or "w"
            bench.report(task_id, status, owner, new_deps=[dep for dep in deps if dep > task_id])
        case ("order", task_id, order):
            bench.do(order(task_id))
        case ("tick", seconds):
            bench.now += seconds
            bench.do(events.Ticked())
    return []


def waits_for_disabled(task: TaskRecord) -> bool:
    return any(dep.status == DISABLED or (dep.status != DONE and waits_for_disabled(dep)) for dep in task.deps)


@given(STEPS)
def test_whatever_happens_the_books_balance(steps: list[tuple[Any, ...]]) -> None:
    bench = Bench(retry_count=2, r=2)
    for step in steps:
        taken = walk(bench, step)
        machine = bench.machine
        tasks = machine.tasks
        for task_id in taken:
            assert all(dep.status == DONE for dep in tasks[task_id].deps)
        for task in tasks.values():
            assert task.unmet == sum(dep.status != DONE for dep in task.deps)
            assert (task.worker is not None) == (task.status == RUNNING)
            assert task.rank >= max((dependent.rank for dependent in task.dependents), default=task.rank)
        held: dict[str, int] = {}
        for task in tasks.values():
            for name, amount in task.held:
                held[name] = held.get(name, 0) + amount
        assert held == {name: amount for name, amount in machine.resources.used.items() if amount}
        assert held.get("r", 0) <= 2
        for status in NEXT:
            assert machine.counts.get(status, 0) == sum(task.status == status for task in tasks.values())
        for worker in "wv":
            mine = [
                task
                for task in tasks.values()
                if task.status in (PENDING, FAILED) and worker in task.runners and not waits_for_disabled(task)
            ]
            assert machine.left(worker).pending == len(mine)
            assert machine.left(worker).unique == sum(task.runners == (worker,) for task in mine)
            assert machine.left(worker).last_declared == sum(task.declared_by == worker for task in mine)
    assert snapshot(bench.replay()) == snapshot(bench.machine)


@given(STEPS)
def test_nothing_that_could_run_is_left_behind(steps: list[tuple[Any, ...]]) -> None:
    bench = Bench(r=2)
    for step in steps:
        walk(bench, step)
    for task in bench.machine.tasks.values():
        if task.status == RUNNING:
            bench.report(task.task_id, DONE, task.worker)
    for _ in range(50):
        for worker in "wv":
            for task_id in bench.take(worker, 10):
                bench.report(task_id, DONE, worker)
    stuck = [task.task_id for task in bench.machine.tasks.values() if task.ready]
    assert stuck == []


def test_effects_tell_every_change() -> None:
    bench = Bench()
    effects = bench.do(events.Declared("w", [TaskSpec("a", "F")]))
    assert effects == [Changed("a", "F", UNKNOWN, PENDING, "declared")]
