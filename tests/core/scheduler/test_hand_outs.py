"""Which task is handed out, where resources and claims are tight: the bench holds each against a look at all tasks."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from luigi.interfaces import Progress, Report, TaskSpec
from luigi.scheduler import events
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN

IDS = st.sampled_from("klmnop")
WORKERS = st.sampled_from("vw")
NEEDS = st.sampled_from(  # such as get into each other's way, and one that wants too much
    [{}, {"a": 1}, {"a": 2}, {"a": 3}, {"b": 1}, {"a": 1, "b": 1}, {"b": 1, "c": 1}, {"a": 2, "c": 1}, {"b": 3}]
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
    st.tuples(st.just("limit"), st.sampled_from("abc"), st.integers(0, 4)),
    st.tuples(st.just("order"), IDS, st.sampled_from([events.Forgiven, events.MarkedDone, events.ReEnabled])),
    st.tuples(st.just("tick"), st.sampled_from([0, 10, 50])),
)
TAKES = st.sampled_from(["", "v", "w", "vw", "wv", "a", "aw"])
DRAIN = [(("report", 0, DONE, []), "vw")] * 8


def walk(bench: Any, step: tuple[Any, ...]) -> None:
    running = [task for task in bench.machine.tasks.values() if task.status == RUNNING]
    match step:
        case ("declare", task_id, deps, worker, needs, priority, status):
            later = tuple(dep for dep in deps if dep > task_id)  # no rings
            spec = TaskSpec(task_id, "F", deps=later, resources=needs, priority=priority, status=status)
            bench.do(events.Declared(worker, [spec]))
        case ("report", which, status, deps) if running:
            task = running[which % len(running)]
            new_deps = [dep for dep in deps if dep > task.task_id]
            bench.do(events.HandedIn(task.lease.worker, Report(task.task_id, task.lease.token, status, new_deps)))
        case ("give back", which, amounts) if running:
            task = running[which % len(running)]
            progress = Progress(task.task_id, task.lease.token, given_back=amounts)
            bench.do(events.HandedIn(task.lease.worker, progress))
        case ("limit", name, amount):
            bench.do(events.LimitSet(name, amount))
        case ("order", task_id, order):
            bench.do(order(task_id))
        case ("tick", seconds):
            bench.tick(seconds)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(DECLARE, min_size=6, max_size=12),
    st.lists(st.tuples(STEP, TAKES), min_size=10, max_size=50),
)
def test_a_hand_out_is_what_a_look_at_all_tasks_would_choose(
    new_bench: Any, policy: Any, declared: list[Any], steps: list[tuple[Any, Any]]
) -> None:
    bench = new_bench(policy._replace(retry_count=3, retry_delay=0, disable_persist=0), a=3, b=2, c=1)
    bench.do(events.Introduced("a", {"assistant": True}))
    for step, takers in [*((step, []) for step in declared), *steps, *DRAIN]:
        walk(bench, step)
        for worker in takers:
            bench.take(worker)
