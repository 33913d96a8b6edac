"""A machine that is made of another's snapshot: nobody must be able to tell. The bench's `restart` compares the two."""

from __future__ import annotations

from typing import Any

from luigi.interfaces import Progress, RetryPolicy
from luigi.scheduler import events
from luigi.task_status import DISABLED, DONE, FAILED, PENDING


def test_all_is_as_it_was(new_bench: Any) -> None:
    bench = new_bench(gpu=1)
    bench.run("ran", FAILED, resources={"gpu": 1})
    bench.do(events.Called("w", 7))
    bench.declare("early")
    bench.declare("late", "dep")
    for task_id in ("early", "between"):
        bench.declare(task_id, "dep", "other", hidden=["n"], owners=["me"], params={"n": "1"})
    bench.declare("dep", retry_policy=RetryPolicy(retry_count=2), priority=3)
    bench.declare_batch("x", "y")
    bench.assign(want=2)
    bench.do(events.HandedIn("w", Progress("dep", bench.token("dep"), percentage=50, status_message="half")))
    bench.do(events.MessageSent("w", "dep", "m", "hello"))
    for worker in "uv":
        bench.declare("dep", worker=worker)
        bench.assign(worker)
    bench.do(events.WorkerDisabled("v"))
    bench.declare("off", status=DISABLED)
    bench.restart()
    assert bench.report("dep", DONE)
    assert bench.take(want=9) == ["late"]


def test_a_task_that_failed_is_tried_again(bench: Any) -> None:
    bench.run("a", FAILED)
    bench.restart()
    bench.tick(50)
    assert bench.status("a") == PENDING


def test_what_nobody_wants_is_forgotten(new_bench: Any) -> None:
    bench = new_bench(disconnect_delay=10, remove_delay=50)
    bench.declare("a")
    bench.tick(11)
    bench.restart()
    bench.tick(50)
    assert list(bench.machine.tasks) == []
