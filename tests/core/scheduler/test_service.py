"""The shell around the machine: verbs, recovery, time, and those who watch."""

from __future__ import annotations

import sys
import threading
from typing import Any

import pytest

import luigi
from luigi.errors import CallTooOld, KernelError
from luigi.interfaces import Order, Progress, Question, Report, TaskSpec
from luigi.scheduler import Scheduler
from luigi.testing import FakeClock, MemoryStateStore


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
    scheduler.watch(lambda changed, at: heard.append((changed.task_id, changed.after, status(scheduler, "a"))))
    scheduler.declare("w", [spec("a")])
    (assignment,) = take(scheduler)
    scheduler.exchange("w", [Report("a", assignment.token, "DONE")], 0)
    assert heard == [("a", "PENDING", "PENDING"), ("a", "RUNNING", "RUNNING"), ("a", "DONE", "DONE")]


def test_a_scheduler_on_the_store_of_another_goes_on_where_that_was(clock: FakeClock) -> None:
    store = MemoryStateStore()
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


def test_a_call_repeated_under_its_number_gets_the_same_answer_and_acts_once(scheduler: Scheduler) -> None:
    for _ in range(2):
        scheduler.declare("w", [spec("a"), spec("b")], (), 1)
    first = scheduler.exchange("w", [], 1, 2)
    assert scheduler.exchange("w", [], 1, 2).assignments == first.assignments
    report = Report("a", first.assignments[0].token, "DONE")
    again = [scheduler.exchange("w", [report], 1, 3) for _ in range(2)]
    assert [one.task_id for reply in again for one in reply.assignments] == ["b", "b"]
    assert [list(reply.refused) for reply in again] == [[], []]
    with pytest.raises(CallTooOld, match="call 2 of worker w is older than its call 3"):
        scheduler.exchange("w", [report], 1, 2)


def test_a_repeated_call_is_replayed_as_one(clock: FakeClock) -> None:
    store = MemoryStateStore()
    first = Scheduler(resources={}, clock=clock, store=store)
    first.declare("w", [spec("a"), spec("b")], (), 1)
    for _ in range(2):
        (assignment,) = first.exchange("w", [], 1, 2).assignments
    second = Scheduler(resources={}, clock=clock, store=store)
    assert second.exchange("w", [], 1, 2).assignments == [assignment]
    assert status(second, "b") == "PENDING"


def test_a_worker_nobody_knows_is_told_until_an_answer_arrives(scheduler: Scheduler, clock: FakeClock) -> None:
    assert [scheduler.exchange("w", [], 1, number).stranger for number in (1, 1, 2)] == [True, True, False]
    clock.advance(61)
    scheduler.tick()
    assert scheduler.exchange("w", [], 0, 3).stranger


def test_messages_come_with_the_next_answer(scheduler: Scheduler) -> None:
    scheduler.declare("w", [spec("a", accepts_messages=True)])
    (assignment,) = take(scheduler)
    message_id = scheduler.control(Order("send_message", "a", text="hello", worker="w"))
    scheduler.control(Order("set_worker_processes", "w", 3))
    hello, resize = scheduler.exchange("w", [Progress("a", assignment.token)], 1).messages
    assert hello == ("dispatch_scheduler_message", {"task_id": "a", "message_id": message_id, "content": "hello"})
    assert resize == ("set_worker_processes", {"n": 3})
    assert scheduler.exchange("w", [], 0).messages == []


def test_who_gets_no_work_hears_who_runs_it(scheduler: Scheduler) -> None:
    for worker in "wv":
        scheduler.declare(worker, [spec("a")])
    take(scheduler, "v")
    assert scheduler.exchange("w", [], 1).counts.running_elsewhere == {"a": "v"}
    assert scheduler.exchange("w", [], 0).counts.running_elsewhere == {}


def test_a_disabled_worker_is_told_so(scheduler: Scheduler) -> None:
    scheduler.declare("w", [spec("a")])
    assert scheduler.exchange("w", [], 0).enabled
    scheduler.control(Order("disable_worker", "w"))
    reply = scheduler.exchange("w", [], 1)
    assert (reply.assignments, reply.enabled) == ([], False)


@pytest.mark.parametrize(
    ("option", "order"),
    [
        ("pause_enabled", Order("pause")),
        ("pause_enabled", Order("unpause")),
        ("send_messages", Order("send_message", "a", text="hello", worker="w")),
    ],
)
def test_what_is_switched_off_is_refused_naming_the_option(clock: FakeClock, option: str, order: Order) -> None:
    scheduler = Scheduler(resources={}, clock=clock, **{option: False})
    with pytest.raises(KernelError, match="not allowed") as caught:
        scheduler.control(order)
    assert option in caught.value.hint


def test_pruning_does_what_time_has_brought(clock: FakeClock) -> None:
    scheduler = Scheduler(resources={}, clock=clock, retry_delay=60)
    scheduler.declare("w", [spec("a", status="FAILED")])
    clock.advance(60)
    assert take(scheduler) == [], "asking alone does not, unless prune_on_get_work says so"
    scheduler.control(Order("prune"))
    assert len(take(scheduler)) == 1


def test_workers_may_come_ask_and_go_at_once(clock: FakeClock) -> None:
    """Answers are made of what other threads change."""
    scheduler = Scheduler(resources={}, clock=clock, prune_on_get_work=True)
    scheduler.declare("busy", [spec(f"long-{n}") for n in range(400)])
    take(scheduler, "busy", 400)
    scheduler.declare("wide", [spec(f"waits-{n}", "never") for n in range(500)])  # it is told of all that runs
    errors: list[BaseException] = []

    def work(place: int) -> None:
        try:
            for n in range(150):
                worker = f"w{place}-{n}"
                scheduler.declare(worker, [spec(f"t{place}-{n}-{i}") for i in range(3)])
                for one in scheduler.exchange(worker, [], 5).assignments:
                    scheduler.exchange(worker, [Report(one.task_id, one.token, "DONE")], 5)
                scheduler.exchange(worker, [], 5)
                scheduler.exchange("wide", [], 5)
                scheduler.tick()
        except BaseException as error:
            errors.append(error)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(place,)) for place in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert errors == []
