"""Workers: known by a sign of life, lost after a silence, disabled by an operator, or there to assist."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.scheduler import events
from luigi.scheduler.events import Refused, Welcomed, WorkerLost
from luigi.task_status import DONE, FAILED, PENDING, RUNNING


@pytest.fixture
def bench(new_bench: Any) -> Any:
    """A machine that gives a worker up after 60 s of silence."""
    return new_bench(disconnect_delay=60)


def assist(bench: Any, worker: str) -> None:
    bench.do(events.Introduced(worker, {"assistant": True}))


@pytest.mark.parametrize(
    "event", [events.Seen("w"), events.Asked("w", 1), events.Introduced("w", {}), events.Declared("w", [])]
)
def test_any_sign_of_life_makes_a_worker_known_once(bench: Any, event: Any) -> None:
    assert bench.do(event) == [Welcomed("w")]
    assert Welcomed("w") not in bench.do(event)


def test_what_a_worker_says_of_itself_adds_up(bench: Any) -> None:
    bench.do(events.Introduced("w", {"host": "h", "workers": 2}))
    bench.do(events.Introduced("w", {"workers": 3}))
    assert bench.machine.workers.get("w").info == {"host": "h", "workers": 3}


def test_a_silent_worker_is_lost_with_what_it_ran(bench: Any) -> None:
    for name in "abc":
        bench.declare(name)
    bench.take(want=2)
    bench.report("a", DONE)
    assert bench.tick(60) == []
    assert bench.tick(1)[-1] == WorkerLost("w")
    assert bench.statuses("abc") == [DONE, FAILED, PENDING]
    assert bench.lease("b").worker is None
    assert bench.machine.left("w")[:3] == (0, 0, 0)


@pytest.mark.parametrize(
    "sign",
    [
        lambda bench: bench.do(events.Seen("w")),
        lambda bench: bench.take("w"),
        lambda bench: bench.declare("b"),
        lambda bench: bench.do(events.Called("w", 7)),
    ],
    ids=["seen", "asked", "declared", "called"],
)
def test_a_sign_of_life_keeps_a_worker(bench: Any, sign: Any) -> None:
    bench.declare("a")
    bench.now = 40
    sign(bench)
    assert WorkerLost("w") not in bench.tick(40)


def test_being_sent_something_is_no_sign_of_life(bench: Any) -> None:
    bench.declare("a")
    bench.now = 40
    bench.do(events.ProcessesSet("w", 3))
    bench.do(events.MessageSent("w", "a", "m", "hello"))
    bench.do(events.Introduced("w", {"workers": 3}))
    assert WorkerLost("w") in bench.tick(40)


def test_late_results_of_a_lost_worker_are_refused_and_it_is_a_stranger(bench: Any) -> None:
    bench.declare("a")
    bench.take()
    bench.tick(61)
    effects = bench.report("a", DONE)
    assert [type(effect) for effect in effects] == [Welcomed, Refused]
    assert bench.status("a") == FAILED


def test_the_tasks_of_a_lost_worker_go_to_others_after_the_delay(new_bench: Any) -> None:
    bench = new_bench(disconnect_delay=60, db=1)
    for worker in "wv":
        bench.declare("a", worker=worker, resources={"db": 1})
    bench.take("w")
    bench.now = 30
    bench.take("v")
    bench.tick(31)
    assert bench.take("v") == []
    bench.tick(50)
    assert bench.take("v") == ["a"]


def test_a_lost_worker_that_comes_back_declares_anew(bench: Any) -> None:
    bench.declare("a")
    bench.tick(61)
    assert bench.take() == []
    bench.declare("a")
    assert bench.take() == ["a"]


def test_a_disabled_worker_finishes_and_gets_nothing_more(bench: Any) -> None:
    for name in "abc":
        bench.declare(name)
    bench.take(want=2)
    bench.do(events.WorkerDisabled("w"))
    assert bench.take() == []
    assert bench.machine.left("w")[:3] == (0, 0, 0)
    bench.report("a", DONE)
    bench.report("b", FAILED)
    assert bench.statuses("ab") == [DONE, FAILED]
    bench.tick(50)
    assert bench.take() == []


def test_what_a_disabled_worker_declares_counts_for_what_it_runs_alone(bench: Any) -> None:
    bench.declare("a")
    bench.take()
    bench.do(events.WorkerDisabled("w"))
    bench.declare("a", "dep")
    bench.declare("b")
    assert [dep.task_id for dep in bench.machine.tasks["a"].deps] == ["dep"]
    assert "b" not in bench.machine.tasks
    assert bench.machine.tasks["a"].stakeholders == ()


def test_to_disable_a_worker_nobody_knows_is_refused(bench: Any) -> None:
    assert bench.do(events.WorkerDisabled("x")) == [Refused("x", "no worker has that id")]


def test_an_assistant_runs_the_best_of_what_all_others_want(bench: Any) -> None:
    assist(bench, "helper")
    bench.declare("plain", worker="w")
    bench.declare("urgent", worker="v", priority=1)
    bench.declare("external", worker="v", runnable=False)
    assert bench.take("helper", want=3) == ["urgent", "plain"]
    bench.report("urgent", DONE, worker="helper")
    assert bench.status("urgent") == DONE


def test_an_assistant_wants_nothing_itself(bench: Any) -> None:
    assist(bench, "helper")
    bench.declare("a", worker="helper")
    task = bench.machine.tasks["a"]
    assert (task.stakeholders, task.runners) == ((), ("helper",))
    assert task.remove_at == 600
    bench.declare("a", worker="w")
    assert (task.stakeholders, task.remove_at) == (("w",), None)


def test_what_an_assistants_task_turns_out_to_need_is_wanted_by_those_who_want_the_task(bench: Any) -> None:
    bench.declare("a", worker="w")
    assist(bench, "helper")
    bench.take("helper")
    bench.report("a", PENDING, worker="helper", new_deps=["new"])
    assert bench.machine.tasks["new"].stakeholders == ("w",)
    bench.declare("new", worker="helper")
    assert bench.take("helper") == ["new"]
    bench.report("new", DONE, worker="helper")
    assert bench.take("w") == ["a"]


def test_a_lost_assistant_comes_back_as_no_assistant(bench: Any) -> None:
    assist(bench, "helper")
    bench.now = 50
    bench.declare("a", worker="w")
    bench.tick(20)
    bench.do(events.Seen("helper"))
    assert bench.take("helper") == []
    assert bench.take("w") == ["a"]
    assert bench.status("a") == RUNNING


def test_many_workers_are_to_call_less_often(new_bench: Any) -> None:
    """All of them together say no more than so much, as long as none of them could be taken for lost."""
    bench = new_bench(checked=False, disconnect_delay=60)
    pace = {}
    for number in range(1, 3001):
        bench.do(events.Seen(f"w{number}"))
        pace[number] = bench.machine.workers.pace
    assert (pace[1], pace[250], pace[1000], pace[3000]) == (0, 0, 4, 9)
    assert max(number / pace[number] for number in range(300, 2250)) < 270


def test_no_pace_that_could_lose_a_worker(new_bench: Any) -> None:
    bench = new_bench(checked=False, disconnect_delay=8)
    for number in range(1000):
        bench.do(events.Seen(f"w{number}"))
    assert bench.machine.workers.pace == 2
