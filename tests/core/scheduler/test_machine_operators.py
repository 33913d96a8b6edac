"""What operators order: it applies to the statuses it is for, and is refused in words for others."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.scheduler import events
from luigi.scheduler.events import Refused
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING


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
def test_orders_that_apply(new_bench: Any, policy: Any, order: Any, before: str, after: str) -> None:
    bench = new_bench(policy._replace(retry_count=1 if before == DISABLED else 9), r=1)
    bench.declare("top", "a")
    bench.declare("a", resources={"r": 1})
    bench.take()
    if before != RUNNING:
        bench.report("a", FAILED)
    assert bench.status("a") == before
    bench.do(order("a"))
    assert bench.status("a") == after
    assert bench.machine.resources.used == {}
    assert bench.take(want=2) == {PENDING: ["a"], DONE: ["top"], FAILED: []}[after]


@pytest.mark.parametrize("order", [events.Forgiven, events.MarkedDone, events.ReEnabled])
@pytest.mark.parametrize(("task_id", "status"), [("a", "PENDING"), ("nobody", "unknown")])
def test_orders_that_do_not_apply_are_refused(bench: Any, order: Any, task_id: str, status: str) -> None:
    bench.declare("a")
    (refused,) = bench.do(order(task_id))
    assert isinstance(refused, Refused)
    assert refused.task_id == task_id
    assert f"the task is {status}, not" in refused.why


def test_a_task_marked_done_while_it_runs_is_not_its_workers_any_more(bench: Any) -> None:
    bench.declare("a")
    bench.take()
    bench.do(events.MarkedDone("a"))
    assert [type(effect) for effect in bench.report("a", FAILED)] == [Refused]
    assert bench.status("a") == DONE


def test_a_re_enabled_task_waits_for_its_delay_from_then_on(new_bench: Any, policy: Any) -> None:
    bench = new_bench(policy._replace(retry_count=1))
    bench.run("a", FAILED)
    bench.now = 30
    bench.do(events.ReEnabled("a"))
    bench.tick(49)
    assert bench.status("a") == FAILED
    bench.tick(1)
    assert bench.status("a") == PENDING
