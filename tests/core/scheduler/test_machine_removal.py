"""Tasks that nobody wants any more: forgotten after a while, with what only they needed, and without a trace."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.scheduler import events
from luigi.scheduler.events import Removed
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, UNKNOWN


@pytest.fixture
def bench(new_bench: Any) -> Any:
    """A machine that loses a worker after 10 s and forgets a task after 600."""
    return new_bench(disconnect_delay=10)


def removed(effects: list[Any]) -> list[str]:
    return [effect.task_id for effect in effects if isinstance(effect, Removed)]


def lose(bench: Any) -> None:
    """Lose all workers but `stays`."""
    bench.tick(9)
    bench.do(events.Seen("stays"))
    bench.tick(2)


def later(bench: Any, seconds: float) -> list[str]:
    """What is removed that much later, while the worker `stays` gives signs of life."""
    bench.now += seconds
    bench.do(events.Seen("stays"))
    return removed(bench.tick())


@pytest.mark.parametrize("status", [PENDING, DONE, FAILED, DISABLED, UNKNOWN])
def test_what_nobody_wants_is_forgotten_after_the_delay(bench: Any, status: str) -> None:
    bench.declare("a", status=status, resources={"db": 1})
    bench.declare("kept", worker="stays")
    lose(bench)
    assert later(bench, 599) == []
    assert later(bench, 1) == ["a"]
    assert list(bench.machine.tasks) == ["kept"]
    assert [task_id for _, task_id in bench.machine.index.removed] == ["a"]


def test_who_declares_it_in_time_keeps_it(bench: Any) -> None:
    bench.declare("a")
    lose(bench)
    later(bench, 500)
    bench.declare("a", worker="stays")
    assert later(bench, 500) == []


def test_naming_it_as_a_dependency_keeps_it_as_long_as_it_is_one(bench: Any) -> None:
    bench.declare("dep", status=DONE)
    lose(bench)
    bench.declare("top", "dep", worker="stays")
    assert later(bench, 600) == []
    bench.declare("top", worker="stays")
    assert later(bench, 599) == []
    assert later(bench, 1) == ["dep"]


def test_what_only_removed_tasks_needed_goes_with_them(bench: Any) -> None:
    bench.declare("top", "middle", "shared")
    bench.declare("middle", "never-declared")
    bench.declare("other", "shared", worker="stays")
    lose(bench)
    assert later(bench, 600) == ["top", "middle", "never-declared"]
    assert set(bench.machine.tasks) == {"other", "shared"}
    assert bench.machine.tasks["shared"].dependents == [bench.machine.tasks["other"]]


def test_a_dependency_dropped_before_anybody_declared_it_is_forgotten(bench: Any) -> None:
    bench.declare("top", "typo", worker="stays")
    bench.declare("top", worker="stays")
    assert later(bench, 600) == ["typo"]


def test_one_that_still_runs_is_kept_until_it_has_ended(bench: Any) -> None:
    bench.declare("a", worker="w")
    bench.do(events.Introduced("stays", {"assistant": True}))
    bench.take("stays")
    lose(bench)
    assert later(bench, 600) == []
    bench.report("a", DONE, worker="stays")
    assert later(bench, 599) == []
    assert later(bench, 1) == ["a"]


def test_a_removed_task_declared_again_is_a_new_one(new_bench: Any, policy: Any) -> None:
    """Deadlines of the old one are still to come: the retry is later than the removal."""
    bench = new_bench(policy._replace(retry_delay=900), disconnect_delay=10)
    bench.run("a", FAILED)
    lose(bench)
    assert later(bench, 600) == ["a"]
    bench.declare("a", worker="stays")
    bench.take("stays")
    assert later(bench, 900) == []
    bench.report("a", DONE, worker="stays")
    assert bench.machine.tasks["a"].failures == ()


def test_a_removed_task_is_not_handed_out_nor_taken_along(bench: Any) -> None:
    bench.do(events.Introduced("stays", {"assistant": True}))
    bench.declare("a", worker="stays", resources={"db": 1})
    assert later(bench, 600) == ["a"]
    assert bench.take("stays") == []
    bench.declare("b", worker="stays", resources={"db": 1})
    assert bench.take("stays") == ["b"]


def test_the_sum_of_all_that_goes_is_nothing(bench: Any) -> None:
    names = [f"t{i}" for i in range(30)]
    for i, name in enumerate(names):
        bench.declare(name, *names[max(0, i - 3) : i], family=f"F{i % 3}", resources={f"r{i % 4}": 1})
    for task_id in bench.take(want=5):
        bench.report(task_id, FAILED)
    lose(bench)
    assert set(later(bench, 700)) == set(names)
    machine = bench.machine
    assert (machine.tasks, machine.resources.used, machine.index.families) == ({}, {}, {})
