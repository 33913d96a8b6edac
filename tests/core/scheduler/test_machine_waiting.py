"""Tasks that only wait take no place, and deadlines are told of, once, also after a restart."""

from __future__ import annotations

from typing import Any

from luigi.interfaces import TaskSpec
from luigi.scheduler import events
from luigi.scheduler.events import Assigned, Late
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING


def waiting(bench: Any, want: int = 0, waits: int = 10, worker: str = "w") -> list[tuple[str, float | None]]:
    effects = bench.do(events.Asked(worker, want, waits=waits))
    return [(one.assignment.task_id, one.assignment.waited) for one in effects if isinstance(one, Assigned)]


def lates(effects: list[Any]) -> list[Any]:
    return [effect for effect in effects if isinstance(effect, Late)]


# --- waiting --------------------------------------------------------------------------------------------------------


def test_those_that_wait_are_handed_out_beside_the_others(bench: Any) -> None:
    for name in "abc":
        bench.declare(name, waits=True)
        bench.declare(name.upper())
    assert waiting(bench, want=1) == [("A", None), ("a", 0), ("b", 0), ("c", 0)]
    assert bench.status("a") == RUNNING
    bench.check_replay()


def test_who_asks_for_none_of_them_gets_none(bench: Any) -> None:
    bench.declare("a", waits=True)
    assert bench.take(want=5) == []
    assert waiting(bench, waits=0) == []


def test_no_more_than_are_wanted_the_best_first(bench: Any) -> None:
    for number, name in enumerate("abcd"):
        bench.declare(name, waits=True, priority=number)
    assert [name for name, _ in waiting(bench, waits=2)] == ["d", "c"]


def test_what_depends_on_it_is_ready_when_it_is_there(bench: Any) -> None:
    bench.declare("a", waits=True)
    bench.declare("b", "a")
    waiting(bench)
    assert bench.take() == []
    bench.report("a", DONE)
    assert bench.take() == ["b"]


def test_another_goes_on_waiting_for_it_as_long_as_was_meant(new_bench: Any) -> None:
    bench = new_bench(disconnect_delay=60)
    for worker in "wv":
        bench.declare("a", worker=worker, waits=True)
    assert waiting(bench) == [("a", 0)]
    bench.now = 50
    bench.do(events.Seen("v"))
    bench.tick(20)
    assert bench.status("a") == PENDING, "nothing has run that could have failed"
    assert not bench.machine.tasks["a"].failures
    bench.restart()
    assert waiting(bench, worker="v") == [("a", 70)]


def test_what_was_not_there_in_time_is_given_up(bench: Any) -> None:
    bench.declare("a", waits=True)
    waiting(bench)
    bench.now = 10
    bench.report("a", FAILED, retriable=False)
    assert bench.status("a") == DISABLED
    assert bench.machine.story("a")[-1][1].why == "was not there in time"
    bench.do(events.Retried("a", "ada"))
    bench.now = 30
    assert waiting(bench) == [("a", 0)], "the wait begins anew"


def test_while_it_is_paused_nobody_begins_to_wait(bench: Any) -> None:
    bench.declare("a", waits=True)
    bench.do(events.Paused())
    assert waiting(bench) == []


def test_an_assistant_waits_for_others(bench: Any) -> None:
    bench.declare("a", waits=True)
    bench.do(events.Introduced("helper", {"assistant": True}))
    assert waiting(bench, worker="helper") == [("a", 0)]


def test_a_worker_of_a_pool_waits_for_what_a_submission_wants(bench: Any) -> None:
    bench.submit("a", "b", waits=True)
    bench.join("p", "m")
    assert waiting(bench, worker="p") == [("a", 0), ("b", 0)]


def test_many_are_handed_out_at_once_and_are_flat(new_bench: Any) -> None:
    bench = new_bench(checked=False)
    bench.do(events.Declared("w", [TaskSpec(f"t{n}", "F", waits=True) for n in range(5000)]))
    for _ in range(5):
        assert len(waiting(bench, waits=1000)) == 1000
    assert waiting(bench, waits=1000) == []


# --- deadlines ------------------------------------------------------------------------------------------------------


def test_a_task_that_is_not_done_by_its_deadline_is_told_of_once(bench: Any) -> None:
    bench.declare("a", deadline=100)
    assert lates(bench.tick(99)) == []
    assert lates(bench.tick(1)) == [Late("a", 100)]
    assert lates(bench.tick(1000)) == []
    assert bench.take() == ["a"], "it goes on"
    assert lates(bench.report("a", DONE)) == [Late("a", 100, done=True)]
    bench.check_replay()


def test_one_that_is_done_in_time_is_not_told_of(bench: Any) -> None:
    bench.run("a", DONE, deadline=100)
    assert lates(bench.tick(1000)) == []


def test_one_that_fails_or_runs_is_late_all_the_same(bench: Any) -> None:
    bench.run("a", FAILED, deadline=100)
    bench.declare("b", deadline=100)
    bench.take()
    assert {late.task_id for late in lates(bench.tick(100))} == {"a", "b"}


def test_declaring_it_again_gives_it_no_more_time(bench: Any) -> None:
    bench.declare("a", deadline=100)
    bench.now = 50
    bench.declare("a", deadline=100)
    assert lates(bench.tick(50)) == [Late("a", 100)]
    bench.declare("a", deadline=100)
    assert lates(bench.tick(500)) == []


def test_it_may_be_given_less(bench: Any) -> None:
    bench.declare("a", deadline=100)
    bench.declare("a", deadline=10)
    assert lates(bench.tick(10)) == [Late("a", 10)]
    assert lates(bench.tick(500)) == []


def test_one_that_is_undone_later_has_its_time_again(bench: Any) -> None:
    bench.run("a", DONE, deadline=100)
    bench.now = 500
    bench.declare("a", deadline=100)
    assert lates(bench.tick(100)) == [Late("a", 600)]


def test_a_restart_neither_drops_nor_repeats_it(bench: Any) -> None:
    bench.declare("a", deadline=100)
    bench.restart()
    assert lates(bench.tick(100)) == [Late("a", 100)]
    bench.restart()
    assert lates(bench.tick(100)) == []
    bench.take()
    assert lates(bench.report("a", DONE)) == [Late("a", 100, done=True)]


def test_it_is_not_forgotten_before_its_deadline_though_nobody_wants_it_any_more(new_bench: Any) -> None:
    bench = new_bench(disconnect_delay=60, remove_delay=10)
    bench.declare("a", deadline=500)
    bench.declare("b")
    bench.tick(100)
    bench.tick(50)
    assert list(bench.machine.tasks) == ["a"]
    assert lates(bench.tick(350)) == [Late("a", 500)]
    bench.tick(11)
    assert not bench.machine.tasks


def test_time_is_due_when_a_deadline_is(bench: Any) -> None:
    bench.declare("a", deadline=100)
    assert not bench.machine.due(99)
    assert bench.machine.due(100)


# --- what is remembered for others ----------------------------------------------------------------------------------


def test_texts_are_kept_for_parts_around_it(bench: Any) -> None:
    bench.do(events.Remembered("x", "one"))
    bench.do(events.Remembered("y", "two"))
    bench.restart()
    assert bench.machine.remembered == {"x": "one", "y": "two"}
    bench.do(events.Remembered("x", ""))
    assert bench.machine.remembered == {"y": "two"}
    bench.check_replay()
