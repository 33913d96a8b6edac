"""The shell around the machine: verbs, recovery, time, and those who watch."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

import pytest

import luigi
from luigi.errors import KernelError
from luigi.interfaces import Order, Progress, Question, Report, TaskSpec
from luigi.scheduler import Scheduler
from luigi.testing import FakeClock


class ListStore:
    """Keeps events in a list."""

    def __init__(self) -> None:
        self.events: list[Any] = []

    def load(self) -> tuple[Any, Iterable[Any]]:
        return None, list(self.events)

    def save(self, state: Any) -> None:
        raise AssertionError("nobody asks for that yet")

    def append(self, event: Any) -> None:
        self.events.append(event)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def scheduler(clock: FakeClock) -> Scheduler:
    return Scheduler(resources={"db": 2}, clock=clock, retry_delay=60, prune_on_get_work=True)


def spec(task_id: str, *deps: str, **fields: Any) -> TaskSpec:
    return TaskSpec(task_id, "F", deps=deps, **fields)


def take(scheduler: Scheduler, worker: str = "w", want: int = 1) -> list[Any]:
    return list(scheduler.exchange(worker, [], want).assignments)


def status(scheduler: Scheduler, task_id: str) -> str:
    return str(scheduler.view(Question("task", task_id))["status"])


def test_one_exchange_hands_in_and_takes_out(scheduler: Scheduler) -> None:
    scheduler.declare("w", [spec("top", "dep"), spec("dep")])
    (dep,) = take(scheduler)
    assert (dep.task_id, dep.family) == ("dep", "F")
    reply = scheduler.exchange("w", [Report("dep", dep.token, "DONE")], 1)
    assert [assignment.task_id for assignment in reply.assignments] == ["top"]
    assert reply.counts.pending == 0
    assert list(reply.refused) == []


def test_a_report_not_believed_is_named(scheduler: Scheduler) -> None:
    scheduler.declare("w", [spec("a")])
    (assignment,) = take(scheduler)
    reply = scheduler.exchange("thief", [Report("a", assignment.token, "DONE")], 0)
    assert list(reply.refused) == ["a"]
    assert status(scheduler, "a") == "RUNNING"


def test_progress_is_shown(scheduler: Scheduler) -> None:
    scheduler.declare("w", [spec("a", resources={"db": 2})])
    (assignment,) = take(scheduler)
    scheduler.exchange("w", [Progress("a", assignment.token, percentage=5, given_back={"db": 1})], 0)
    shown = scheduler.view(Question("task", "a"))
    assert (shown["percentage"], shown["resources"], shown["worker"]) == (5, {"db": 1}, "w")


def test_a_failed_task_is_due_after_the_delay(scheduler: Scheduler, clock: FakeClock) -> None:
    scheduler.declare("w", [spec("a")])
    (assignment,) = take(scheduler)
    scheduler.exchange("w", [Report("a", assignment.token, "FAILED")], 0)
    clock.advance(59)
    assert take(scheduler) == []
    clock.advance(1)
    assert len(take(scheduler)) == 1


@pytest.mark.parametrize(
    ("order", "before", "after"),
    [
        (Order("forgive", "a"), "FAILED", "PENDING"),
        (Order("mark_done", "a"), "FAILED", "DONE"),
        (Order("re_enable", "a"), "DISABLED", "FAILED"),
    ],
)
def test_orders_are_carried_out(clock: FakeClock, order: Order, before: str, after: str) -> None:
    scheduler = Scheduler(resources={}, clock=clock, retry_count=1 if before == "DISABLED" else 9)
    scheduler.declare("w", [spec("a")])
    (assignment,) = take(scheduler)
    scheduler.exchange("w", [Report("a", assignment.token, "FAILED")], 0)
    assert status(scheduler, "a") == before
    scheduler.control(order)
    assert status(scheduler, "a") == after


def test_pausing_and_limits(scheduler: Scheduler) -> None:
    scheduler.declare("w", [spec("a"), spec("b", resources={"db": 3})])
    scheduler.control(Order("pause"))
    assert take(scheduler) == []
    scheduler.control(Order("unpause"))
    assert [one.task_id for one in take(scheduler, want=2)] == ["a"]
    scheduler.control(Order("set_limit", "db", 3))
    assert [one.task_id for one in take(scheduler)] == ["b"]


def test_orders_and_questions_that_do_not_apply_say_so(scheduler: Scheduler) -> None:
    scheduler.declare("w", [spec("a")])
    with pytest.raises(KernelError, match="forgive a: the task is PENDING, not FAILED"):
        scheduler.control(Order("forgive", "a"))
    with pytest.raises(KernelError, match="mark_done b: the task is unknown"):
        scheduler.control(Order("mark_done", "b"))
    with pytest.raises(KernelError, match="no order 'explode'") as caught:
        scheduler.control(Order("explode"))
    assert "forgive" in caught.value.hint
    with pytest.raises(KernelError, match="no question 'why'"):
        scheduler.view(Question("why"))


def test_views(scheduler: Scheduler) -> None:
    scheduler.declare("w", [spec("a", "b"), spec("b", status="DONE")])
    assert scheduler.view(Question("counts")) == {"PENDING": 1, "DONE": 1}
    assert scheduler.view(Question("task", "a"))["deps"] == ["b"]
    assert scheduler.view(Question("task", "nobody")) is None


def test_watchers_hear_of_every_change_and_may_ask_back(scheduler: Scheduler) -> None:
    heard = []
    scheduler.watch(lambda changed: heard.append((changed.task_id, changed.after, status(scheduler, "a"))))
    scheduler.declare("w", [spec("a")])
    (assignment,) = take(scheduler)
    scheduler.exchange("w", [Report("a", assignment.token, "DONE")], 0)
    assert heard == [("a", "PENDING", "PENDING"), ("a", "RUNNING", "RUNNING"), ("a", "DONE", "DONE")]


def test_a_scheduler_on_the_store_of_another_goes_on_where_that_was(clock: FakeClock) -> None:
    store = ListStore()
    first = Scheduler(resources={}, clock=clock, store=store, prune_on_get_work=True, retry_delay=60)
    first.declare("w", [spec("top", "dep"), spec("dep"), spec("bad")])
    dep, bad = take(first, want=2)
    first.exchange("w", [Report("dep", dep.token, "DONE"), Report("bad", bad.token, "FAILED")], 0)
    second = Scheduler(resources={}, clock=clock, store=store, prune_on_get_work=True, retry_delay=60)
    for task_id in ("top", "dep", "bad"):
        assert second.view(Question("task", task_id)) == first.view(Question("task", task_id))
    clock.advance(60)
    assert [one.task_id for one in take(second, want=5)] == ["top", "bad"]


def test_resources_come_from_the_configuration_unless_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    from luigi.configuration import get_config

    monkeypatch.setattr(type(get_config()), "_instance", None)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "luigi.cfg").write_text("[resources]\nlicences: 2\n")
    scheduler = Scheduler()
    scheduler.declare("w", [spec(name, resources={"licences": 1}) for name in "abc"])
    assert len(take(scheduler, want=3)) == 2


def test_a_resource_without_a_limit_is_there_once(scheduler: Scheduler) -> None:
    scheduler.declare("w", [spec(name, resources={"lock": 1}) for name in "ab"])
    assert len(take(scheduler, want=2)) == 1


def test_an_unknown_option_is_named() -> None:
    with pytest.raises(luigi.parameter.UnknownParameterException, match="retry_dealy") as caught:
        Scheduler(retry_dealy=3)
    assert "retry_delay" in caught.value.hint


def test_workers_in_threads_never_get_the_same_task(scheduler: Scheduler) -> None:
    scheduler.declare("w", [spec(str(n)) for n in range(400)])
    taken: list[str] = []

    def work() -> None:
        while assignments := take(scheduler):
            taken.append(assignments[0].task_id)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 400
