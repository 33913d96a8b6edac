"""What pending tasks wait for: the worst below them, found from both ends."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luigi.interfaces import TaskSpec
from luigi.scheduler import events
from luigi.scheduler.upstream import (
    STATUS_TO_UPSTREAM_MAP,
    UPSTREAM_DISABLED,
    UPSTREAM_FAILED,
    UPSTREAM_MISSING_INPUT,
    UPSTREAM_RUNNING,
    UPSTREAM_SEVERITY_ORDER,
    upstream,
    waiting_for,
)
from luigi.task_status import BATCH_RUNNING, DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN

STATES = UPSTREAM_SEVERITY_ORDER[1:]


def state_of(bench: Any, task_id: str) -> str:
    """By the way down, which the way up has to agree with."""
    machine = bench.machine
    task = machine.tasks[task_id]
    state = upstream(task)
    assert [other for other in STATES if task in waiting_for(other, machine.index.by_status)] == [state] * bool(state)
    return state


@pytest.mark.parametrize(
    ("status", "means"),
    [
        (FAILED, UPSTREAM_FAILED),
        (DISABLED, UPSTREAM_DISABLED),
        (RUNNING, UPSTREAM_RUNNING),
        (PENDING, UPSTREAM_MISSING_INPUT),
        (DONE, ""),
        (UNKNOWN, ""),
    ],
)
def test_a_status_is_felt_however_far_above(bench: Any, status: str, means: str) -> None:
    bench.declare("dep", status=status)
    bench.declare("near", "dep")
    bench.declare("far", "near")
    assert [state_of(bench, "near"), state_of(bench, "far")] == [means, means]


def test_a_batch_runs(bench: Any) -> None:
    bench.declare_batch("a", "b")
    bench.take()
    assert bench.status("b") == BATCH_RUNNING
    bench.declare("top", "b")
    assert state_of(bench, "top") == UPSTREAM_RUNNING


def test_the_worst_counts(bench: Any) -> None:
    bench.declare("top", "dep")
    seen = []
    for number, status in enumerate((DONE, RUNNING, PENDING, FAILED, DISABLED)):
        bench.declare(f"t{number}", status=status)
        bench.declare("dep", *[f"t{other}" for other in range(number + 1)])
        seen.append(state_of(bench, "top"))
    assert tuple(seen) == UPSTREAM_SEVERITY_ORDER


def test_a_task_that_requires_nothing_is_what_is_missing(bench: Any) -> None:
    bench.declare("leaf")
    assert state_of(bench, "leaf") == UPSTREAM_MISSING_INPUT


def test_what_stands_behind_a_task_that_does_not_wait_is_not_felt(bench: Any) -> None:
    bench.declare("bad", status=DISABLED)
    bench.declare("failed", "bad", status=FAILED)
    bench.declare("running", "bad", status=RUNNING)
    bench.declare("done", "bad", status=DONE)
    for dep in ("failed", "running", "done"):
        bench.declare(f"on {dep}", dep)
    assert [state_of(bench, f"on {dep}") for dep in ("failed", "running", "done")] == [
        UPSTREAM_FAILED,
        UPSTREAM_RUNNING,
        "",
    ]


def test_only_pending_tasks_wait(bench: Any) -> None:
    bench.declare("bad", status=DISABLED)
    bench.declare("failed", "bad", status=FAILED)
    assert state_of(bench, "failed") == ""
    assert state_of(bench, "bad") == ""


def test_a_chain_of_any_length(new_bench: Any) -> None:
    bench = new_bench(checked=False)
    length = 30_000
    chain = [TaskSpec(f"t{n}", "F", deps=[f"t{n + 1}"]) for n in range(length)]
    bench.do(events.Declared("w", [*chain, TaskSpec(f"t{length}", "F", status=DISABLED)]))
    assert upstream(bench.machine.tasks["t0"]) == UPSTREAM_DISABLED
    assert len(waiting_for(UPSTREAM_DISABLED, bench.machine.index.by_status)) == length


def test_failures_are_walked_up_from_whatever_else_is_pending(bench: Any) -> None:
    for number in range(50):
        bench.declare(f"other{number}")
    bench.declare("failed", status=FAILED)
    bench.declare("top", "failed")
    by_status = {status: Watched(tasks) for status, tasks in bench.machine.index.by_status.items()}
    assert [task.task_id for task in waiting_for(UPSTREAM_FAILED, by_status)] == ["top"]
    assert by_status[PENDING].walks == 0
    assert by_status[FAILED].walks == 1


class Watched(dict[Any, None]):
    """Counts how often somebody went through it."""

    walks = 0

    def __iter__(self) -> Any:
        self.walks += 1
        return super().__iter__()


def test_no_such_state(bench: Any) -> None:
    with pytest.raises(ValueError, match="UPSTREAM_LATE"):
        waiting_for("UPSTREAM_LATE", bench.machine.index.by_status)


@settings(deadline=None)
@given(st.data())
def test_both_ways_agree_with_the_definition(new_bench: Any, data: st.DataObject) -> None:
    bench = new_bench(checked=False)
    statuses = data.draw(st.lists(st.sampled_from([*STATUS_TO_UPSTREAM_MAP, DONE]), min_size=1, max_size=8))
    for number, status in enumerate(statuses):
        deps = data.draw(st.sets(st.integers(0, number - 1)) if number else st.just(set()))
        status = RUNNING if status == BATCH_RUNNING else status
        bench.declare(f"t{number}", *[f"t{dep}" for dep in sorted(deps)], status=status)
    for task in bench.machine.tasks.values():
        assert state_of(bench, task.task_id) == by_definition(task)


def by_definition(task: Any) -> str:
    if task.status != PENDING:
        return ""
    means = [by_definition(dep) or meaning(dep) for dep in task.deps] or [UPSTREAM_MISSING_INPUT]
    return max(means, key=UPSTREAM_SEVERITY_ORDER.index)


def meaning(dep: Any) -> str:
    return "" if dep.status == PENDING else STATUS_TO_UPSTREAM_MAP.get(dep.status, "")
