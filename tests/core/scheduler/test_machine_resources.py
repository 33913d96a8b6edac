"""Resources: never exceeded, always freed, and no big request starved by small ones."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.interfaces import Progress
from luigi.scheduler import events
from luigi.task_status import DONE, FAILED, PENDING


def give_back(bench: Any, task_id: str, worker: str = "w", **amounts: int) -> list[Any]:
    progress = Progress(task_id, bench.token(task_id), given_back=amounts)
    return bench.do(events.HandedIn(worker, progress))  # type: ignore[no-any-return]


def test_resources_are_never_exceeded_and_freed_at_the_end(new_bench: Any) -> None:
    bench = new_bench(db=3)
    for name in "abcd":
        bench.declare(name, resources={"db": 2})
    assert bench.take(want=4) == ["a"]
    bench.report("a", FAILED)
    assert bench.take(want=4) == ["b"]
    assert bench.machine.resources.used == {"db": 2}


def test_a_resource_nobody_set_a_limit_for_is_there_once(bench: Any) -> None:
    bench.declare("a", resources={"file": 1})
    bench.declare("b", resources={"file": 1})
    assert bench.take(want=2) == ["a"]


def test_to_need_nothing_of_a_resource_is_no_need(new_bench: Any) -> None:
    bench = new_bench(db=0)
    for name in "ab":
        bench.declare(name, resources={"db": 0})
    assert bench.take(want=2) == ["a", "b"]
    bench.report("a", DONE)
    bench.report("b", DONE)


def test_small_requests_do_not_starve_a_big_one(new_bench: Any) -> None:
    bench = new_bench(db=2)
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
def test_a_task_that_left_the_queue_claims_nothing(leave: Any, new_bench: Any) -> None:
    bench = new_bench(db=2, gpu=1)
    bench.declare("holds", resources={"db": 1})
    assert bench.take() == ["holds"]
    bench.declare("dep", status=DONE, runnable=False)
    bench.declare("big", "dep", resources={"db": 2, "gpu": 1}, priority=1)
    bench.declare("small", resources={"db": 1})
    assert bench.take() == []
    leave(bench)
    assert bench.take() == ["small"]


def test_what_waits_for_a_claim_claims_too(new_bench: Any) -> None:
    bench = new_bench(db=2, gpu=1)
    bench.declare("holds", resources={"db": 1})
    assert bench.take() == ["holds"]
    bench.declare("big", resources={"db": 2})
    bench.declare("both", resources={"db": 1, "gpu": 1})
    bench.declare("third", resources={"gpu": 1})
    assert bench.take() == []


def starving(bench: Any) -> None:
    """`big` can be run by v alone, which waits for it; w has small ones."""
    bench.declare("holds", resources={"db": 1})
    bench.declare("big", worker="v", resources={"db": 2})
    for name in ("small-1", "small-2"):
        bench.declare(name, resources={"db": 1})
    assert bench.take("w") == ["holds"]
    assert bench.take("v") == []


def test_a_worker_that_waits_is_not_starved_by_another(new_bench: Any) -> None:
    bench = new_bench(db=2)
    starving(bench)
    assert bench.take("w") == []
    bench.report("holds", DONE)
    assert bench.take("w") == []
    assert bench.take("v") == ["big"]


def test_a_worker_that_waits_claims_for_all_its_tasks_when_something_is_freed(new_bench: Any) -> None:
    bench = new_bench(db=4)
    for name in ("holds-1", "holds-2"):
        bench.declare(name, resources={"db": 2})
    assert bench.take("w", want=2) == ["holds-1", "holds-2"]
    bench.declare("first", worker="v", resources={"db": 1})
    bench.declare("big", worker="v", resources={"db": 4})
    bench.declare("small", resources={"db": 1})
    assert bench.take("v") == []
    bench.report("holds-1", DONE)
    assert bench.take("w") == [], "first claims one, big the other"
    assert bench.take("v") == ["first"]


def test_a_claim_leaves_what_is_left_over_to_others(new_bench: Any) -> None:
    bench = new_bench(db=3, table=1)
    bench.declare("holds", resources={"table": 1})
    assert bench.take() == ["holds"]
    bench.declare("waits", resources={"db": 1, "table": 1})
    for name in ("small-1", "small-2", "small-3"):
        bench.declare(name, resources={"db": 1})
    assert bench.take(want=9) == ["small-1", "small-2"]


def test_a_worker_that_asked_too_long_ago_holds_nobody_up(new_bench: Any) -> None:
    bench = new_bench(db=2)
    starving(bench)
    bench.now = 15
    assert bench.take("w") == []
    bench.now = 15.1
    assert bench.take("w") == ["small-1"]


@pytest.mark.parametrize("how", ["lost", "disabled"])
def test_a_worker_that_is_gone_holds_nobody_up(new_bench: Any, how: str) -> None:
    bench = new_bench(db=2, disconnect_delay=10)
    starving(bench)
    if how == "lost":
        bench.now = 9
        bench.do(events.Seen("w"))
        bench.tick(2)
    else:
        bench.do(events.WorkerDisabled("v"))
    assert bench.take("w") == ["small-1"]


def test_a_running_task_gives_back_what_it_does_not_need_any_more(new_bench: Any) -> None:
    bench = new_bench(db=3)
    bench.declare("a", resources={"db": 3})
    bench.declare("b", resources={"db": 1})
    assert bench.take(want=2) == ["a"]
    give_back(bench, "a", db=1)
    assert bench.take() == ["b"]
    bench.report("a", DONE)
    bench.report("b", DONE)
    assert bench.machine.resources.used == {}


@pytest.mark.parametrize(("amounts", "left"), [({"db": 9}, {}), ({"db": 3}, {}), ({"db": -1, "gpu": 1}, {"db": 3})])
def test_nobody_gives_back_more_than_he_holds(new_bench: Any, amounts: dict[str, int], left: dict[str, int]) -> None:
    bench = new_bench(db=3)
    bench.declare("a", resources={"db": 3})
    bench.take()
    give_back(bench, "a", **amounts)
    assert bench.machine.resources.used == left
    bench.report("a", FAILED)
    bench.tick(50)
    assert bench.take() == ["a"]
    assert bench.machine.resources.used == {"db": 3}, "the next run takes all of it again"


def test_a_stranger_gives_back_nothing(new_bench: Any) -> None:
    bench = new_bench(db=3)
    bench.declare("a", resources={"db": 3})
    bench.take()
    give_back(bench, "a", worker="v", db=3)
    assert bench.machine.resources.used == {"db": 3}


def test_a_running_task_declared_with_other_needs_holds_what_it_took(new_bench: Any) -> None:
    bench = new_bench(db=3)
    bench.declare("a", resources={"db": 2})
    bench.take()
    bench.declare("a", resources={"db": 1, "gpu": 1})
    assert bench.machine.resources.used == {"db": 2}
    bench.report("a", DONE)


def test_raising_a_limit_lets_more_run(new_bench: Any) -> None:
    bench = new_bench(db=1)
    for name in "ab":
        bench.declare(name, resources={"db": 1})
    bench.declare("big", resources={"db": 3})
    assert bench.take(want=2) == ["a"]
    bench.do(events.LimitSet("db", 2))
    assert bench.take(want=2) == ["b"]
    bench.do(events.LimitSet("db", 5))
    assert bench.take(want=2) == ["big"]


def test_lowering_a_limit_ends_nothing_and_lets_nothing_more_begin(new_bench: Any) -> None:
    bench = new_bench(db=2)
    for name in "abc":
        bench.declare(name, resources={"db": 1})
    assert bench.take(want=2) == ["a", "b"]
    bench.do(events.LimitSet("db", 1))
    bench.report("a", DONE)
    assert bench.take() == []
    bench.report("b", DONE)
    assert bench.take() == ["c"]
