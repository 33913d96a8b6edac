"""Cancelled tasks: one that waits is not run, one that runs is ended by its worker; and both stay so. And retries."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.interfaces import Began, Message, TaskSpec
from luigi.scheduler import events
from luigi.scheduler.events import Changed, Delivered, Refused
from luigi.task_status import BATCH_RUNNING, DISABLED, DONE, FAILED, PENDING, RUNNING


def cancel(bench: Any, task_id: str) -> list[Any]:
    effects: list[Any] = bench.do(events.Cancelled(task_id, "anna"))
    return effects


def delivered(bench: Any, worker: str = "w") -> list[Message]:
    return [effect.message for effect in bench.do(events.Seen(worker)) if isinstance(effect, Delivered)]


# --- one that waits -------------------------------------------------------------------------------------------------


def test_a_task_that_waits_is_not_run(bench: Any) -> None:
    bench.declare("top", "a")
    bench.declare("a")
    (changed,) = cancel(bench, "a")
    assert changed == Changed("a", "F", PENDING, DISABLED, "cancelled", "anna")
    assert bench.machine.tasks["a"].explanation == "Cancelled by anna."
    assert bench.machine.tasks["a"].disabled_here
    assert bench.take(want=9) == []
    assert bench.machine.left("w").pending == 0


def test_it_does_not_come_back_by_itself(bench: Any) -> None:
    bench.run("a", FAILED)
    cancel(bench, "a")
    bench.restart()
    bench.tick(10**6)
    for status in (PENDING, FAILED, DISABLED):
        bench.declare("a", status=status)
        assert bench.status("a") == DISABLED


def test_it_was_done_all_the_same(bench: Any) -> None:
    bench.declare("a")
    cancel(bench, "a")
    bench.declare("a", status=DONE)
    assert bench.status("a") == DONE
    bench.declare("a")
    assert bench.take() == ["a"]


@pytest.mark.parametrize(("order", "status"), [(events.ReEnabled, FAILED), (events.Retried, PENDING)])
def test_an_operator_may_want_it_run_again(bench: Any, order: Any, status: str) -> None:
    bench.declare("a")
    cancel(bench, "a")
    bench.do(order("a", "bert"))
    assert bench.status("a") == status
    assert not bench.machine.tasks["a"].cancelled
    bench.tick(50)
    assert bench.take() == ["a"]


def test_a_suspended_run_is_given_up(bench: Any) -> None:
    bench.declare("a")
    bench.take()
    bench.report("a", PENDING, new_deps=["new"])
    cancel(bench, "a")
    assert delivered(bench) == [Message("cancel_task", {"task_id": "a", "token": bench.token("a")})]


# --- one that runs --------------------------------------------------------------------------------------------------


def test_its_worker_is_told_to_end_a_run(new_bench: Any) -> None:
    bench = new_bench(r=1)
    bench.declare("a", resources={"r": 1})
    bench.take()
    assert cancel(bench, "a") == []
    assert delivered(bench) == [Message("cancel_task", {"task_id": "a", "token": bench.token("a")})]
    assert bench.status("a") == RUNNING
    assert bench.machine.resources.used == {"r": 1}
    bench.restart()
    (changed,) = bench.report("a", FAILED, explanation="killed", retriable=False)
    assert changed == Changed("a", "F", RUNNING, DISABLED, "cancelled", "anna")
    assert bench.machine.tasks["a"].explanation == "Cancelled by anna."
    assert bench.machine.tasks["a"].failures == ()
    assert bench.machine.resources.used == {}


def test_one_that_ends_well_is_done(bench: Any) -> None:
    bench.declare("a")
    bench.take()
    cancel(bench, "a")
    bench.report("a", DONE)
    assert bench.status("a") == DONE


def test_one_whose_worker_is_lost_is_cancelled(new_bench: Any) -> None:
    bench = new_bench(disconnect_delay=10)
    bench.declare("a")
    bench.take()
    cancel(bench, "a")
    bench.tick(11)
    assert bench.status("a") == DISABLED
    assert bench.machine.story("a")[-1][1].by == "anna"


def test_the_next_run_is_not_cancelled(bench: Any) -> None:
    bench.declare("a")
    bench.take()
    cancel(bench, "a")
    bench.report("a", FAILED)
    bench.do(events.Retried("a", "bert"))
    bench.take()
    bench.report("a", FAILED)
    assert bench.status("a") == FAILED


# --- batches --------------------------------------------------------------------------------------------------------


def begin(bench: Any, runner: str, status: str = RUNNING) -> None:
    bench.do(events.HandedIn("w", Began(bench.token("x"), TaskSpec(runner, "B", deps=None))))
    if status == PENDING:
        bench.report(runner, PENDING, new_deps=["new"])


@pytest.mark.parametrize("runner", ["x", "made"])
@pytest.mark.parametrize("ordered", ["x", "y", "made"])
@pytest.mark.parametrize("status", [RUNNING, PENDING])
def test_a_batch_ends_as_one(bench: Any, runner: str, ordered: str, status: str) -> None:
    bench.declare_batch("x", "y")
    bench.assign()
    begin(bench, runner, status)
    cancel(bench, runner if ordered == "made" else ordered)
    assert delivered(bench) == [Message("cancel_task", {"task_id": runner, "token": bench.token("x")})]
    if status == RUNNING:
        bench.report(runner, FAILED, retriable=False)
    assert bench.statuses("xy") == [DISABLED, DISABLED]
    assert all(bench.machine.tasks[member].cancelled for member in "xy")


@pytest.mark.parametrize("runner", ["x", "made"])
def test_a_batch_that_is_cancelled_before_it_has_a_runner(bench: Any, runner: str) -> None:
    bench.declare_batch("x", "y")
    bench.assign()
    assert bench.status("y") == BATCH_RUNNING
    cancel(bench, "y")
    begin(bench, runner)
    bench.report(runner, FAILED)
    assert bench.statuses("xy") == [DISABLED, DISABLED]


# --- retries --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("failures", "before"), [(1, FAILED), (2, DISABLED)])
def test_a_retried_task_starts_with_a_clean_slate(new_bench: Any, policy: Any, failures: int, before: str) -> None:
    bench = new_bench(policy._replace(retry_count=2))
    for _ in range(failures):
        bench.run("a", FAILED)
    assert bench.status("a") == before
    (changed,) = bench.do(events.Retried("a", "anna"))
    assert changed == Changed("a", "F", before, PENDING, "retried", "anna")
    assert bench.machine.tasks["a"].failures == ()
    bench.run("a", FAILED)
    assert bench.status("a") == FAILED


# --- by whom --------------------------------------------------------------------------------------------------------


def test_a_story_says_by_whom(new_bench: Any) -> None:
    bench = new_bench(disconnect_delay=200)
    bench.run("a", FAILED)
    bench.tick(50)
    bench.take()
    bench.report("a", FAILED)
    bench.do(events.Forgiven("a", "anna"))
    bench.tick(201)
    told = [(changed.after, changed.by) for _, changed in bench.machine.story("a")]
    assert told[:4] == [(PENDING, "w"), (RUNNING, "w"), (FAILED, "w"), (PENDING, "")]
    assert told[4:] == [(RUNNING, "w"), (FAILED, "w"), (PENDING, "anna")]


def test_orders_that_do_not_apply(bench: Any) -> None:
    bench.run("a", DONE)
    for order, why in [
        (events.Cancelled, "DONE, not BATCH_RUNNING or FAILED or PENDING or RUNNING or UNKNOWN"),
        (events.Retried, "DONE, not DISABLED or FAILED"),
    ]:
        assert bench.do(order("a")) == [Refused("a", f"the task is {why}")]
