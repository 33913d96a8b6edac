"""The four verbs, said to the released Luigi's own server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from luigi.errors import KernelError
from luigi.interfaces import Answer, Batcher, Began, Order, Progress, Question, Report, RetryPolicy, TaskSpec
from luigi.rpc import RemoteScheduler
from luigi.task_status import BATCH_RUNNING, DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN

pytestmark = pytest.mark.service("luigid")

NUMBERS = count()


@pytest.fixture
def url(luigid_service: int) -> str:
    return f"http://127.0.0.1:{luigid_service}/"


@pytest.fixture
def scheduler(url: str) -> Iterator[RemoteScheduler]:
    remote = RemoteScheduler(url)
    yield remote
    remote.close()


@pytest.fixture
def own() -> Callable[[str], str]:
    """Makes a name that no other test of the session uses: they share the server."""
    number = next(NUMBERS)
    return lambda name: f"{name}_{number}"


def spec(task_id: str, *deps: str, **facts: Any) -> TaskSpec:
    return TaskSpec(task_id, "Family", "some.module", deps=deps, **facts)


def status_of(scheduler: RemoteScheduler, task_id: str) -> str | None:
    described = scheduler.view(Question("task", task_id))
    return None if described is None else described["status"]


def assigned(scheduler: RemoteScheduler, worker: str, want: int = 1) -> dict[str, int]:
    """What the worker gets now: task id → token."""
    return {assignment.task_id: assignment.token for assignment in scheduler.exchange(worker, [], want).assignments}


# --- work --------------------------------------------------------------------------------------------------------


def test_work_comes_after_what_it_requires_and_by_priority(scheduler, own) -> None:
    me, top, low, high = own("me"), own("top"), own("low"), own("high")
    scheduler.declare(me, [spec(low, priority=1), spec(high, priority=2), spec(top, low, high)])
    reports: list[Report] = []
    order = []
    while (reply := scheduler.exchange(me, reports, 1)).assignments:
        (assignment,) = reply.assignments
        order.append(assignment.task_id)
        reports = [Report(assignment.task_id, assignment.token, DONE)]
    assert order == [high, low, top]
    assert reply.counts[:4] == (0, 0, 0, {})
    assert {status_of(scheduler, task_id) for task_id in order} == {DONE}


def test_an_assignment_says_what_to_run(scheduler, own) -> None:
    me, task_id = own("me"), own("task")
    scheduler.declare(me, [spec(task_id, params={"day": "2013-07-04", "n": "1"})])
    (assignment,) = scheduler.exchange(me, [], 1).assignments
    told = (task_id, 0, "Family", "some.module", {"day": "2013-07-04", "n": "1"}, ())
    assert assignment._replace(token=0)[:6] == told


def test_as_much_work_as_is_wanted(scheduler, own) -> None:
    me, tasks = own("me"), [own(f"task{n}") for n in range(4)]
    scheduler.declare(me, [spec(task) for task in tasks])
    first = assigned(scheduler, me, want=3)
    assert len(first) == 3
    assert set(first) | set(assigned(scheduler, me, want=3)) == set(tasks)


def test_counts_come_with_and_without_work(scheduler, own) -> None:
    me, other, tasks = own("me"), own("other"), [own("a"), own("b"), own("c")]
    scheduler.declare(me, [spec(task) for task in tasks])
    assert scheduler.exchange(me, [], 0).counts[:4] == (3, 3, 3, {})
    scheduler.declare(other, [spec(tasks[0])])
    assert scheduler.exchange(me, [], 0).counts[:4] == (3, 2, 2, {})


def test_what_another_worker_runs_is_told_and_not_handed_out(scheduler, url, own) -> None:
    me, other, task = own("me"), own("other"), own("task")
    scheduler.declare(other, [spec(task)])
    assert list(assigned(scheduler, other)) == [task]
    mine = RemoteScheduler(url)
    mine.declare(me, [spec(task)])
    reply = mine.exchange(me, [], 1)
    assert reply.assignments == []
    assert reply.counts.running_elsewhere == {task: other}
    assert scheduler.exchange(other, [], 1).counts.running_elsewhere == {}


def test_work_whose_hand_out_was_lost_is_handed_out_again(scheduler, url, own) -> None:
    me, task = own("me"), own("task")
    scheduler.declare(me, [spec(task)])
    assert list(assigned(scheduler, me)) == [task]
    assert assigned(scheduler, me) == {}
    assert list(assigned(RemoteScheduler(url), me)) == [task]


def test_a_complete_task_keeps_the_requirements_another_worker_declared(scheduler, own) -> None:
    below, above = own("below"), own("above")
    scheduler.declare(own("other"), [spec(below), spec(above, below)])
    scheduler.declare(own("me"), [spec(above, status=DONE, runnable=False)])
    assert scheduler.view(Question("task", above))["deps"] == [below]


# --- reports -----------------------------------------------------------------------------------------------------


def test_a_failure_keeps_its_explanation(scheduler, own) -> None:
    me, task = own("me"), own("task")
    scheduler.declare(me, [spec(task)])
    scheduler.exchange(me, [Report(task, assigned(scheduler, me)[task], FAILED, explanation='it\n"broke" ä')], 0)
    described = scheduler.view(Question("task", task))
    assert (described["status"], described["explanation"]) == (FAILED, 'it\n"broke" ä')


def test_new_requirements_come_first(scheduler, own) -> None:
    me, task, found = own("me"), own("task"), own("found")
    scheduler.declare(me, [spec(task)])
    token = assigned(scheduler, me)[task]
    scheduler.declare(me, [spec(found)])
    reply = scheduler.exchange(me, [Report(task, token, PENDING, [found])], 2)
    assert [assignment.task_id for assignment in reply.assignments] == [found]
    reply = scheduler.exchange(me, [Report(found, reply.assignments[0].token, DONE)], 2)
    assert [assignment.task_id for assignment in reply.assignments] == [task]
    assert reply.assignments[0].token != token


def test_a_report_by_an_assignment_that_is_over_is_refused(scheduler, own) -> None:
    me, task = own("me"), own("task")
    scheduler.declare(me, [spec(task)])
    token = assigned(scheduler, me)[task]
    stale = [Report(task, token + 1, FAILED), Progress(task, token + 1, status_message="late")]
    assert scheduler.exchange(me, stale, 0).refused == [task, task]
    assert scheduler.exchange(own("other"), [Report(task, token, FAILED)], 0).refused == [task]
    assert scheduler.exchange(me, [Report(task, token, DONE)], 0).refused == []
    assert scheduler.exchange(me, [Report(task, token, FAILED)], 0).refused == [task]
    assert status_of(scheduler, task) == DONE


def test_progress_is_shown(scheduler, own) -> None:
    me, task = own("me"), own("task")
    scheduler.declare(me, [spec(task)])
    token = assigned(scheduler, me)[task]
    progress = Progress(task, token, "http://follow/me", "half of it", 50.5)
    assert scheduler.exchange(me, [progress], 0).refused == []
    described = scheduler.view(Question("task", task))
    shown = described["tracking_url"], described["status_message"], described["percentage"]
    assert shown == ("http://follow/me", "half of it", 50.5)
    assert (described["status"], described["worker"]) == (RUNNING, me)


def test_resources_bound_what_runs_and_can_be_given_back(scheduler, own) -> None:
    me, pool, tasks = own("me"), own("pool"), [own("a"), own("b")]
    scheduler.control(Order("set_limit", pool, 2))
    scheduler.declare(me, [spec(task, resources={pool: 2}) for task in tasks])
    ((first, token),) = assigned(scheduler, me, want=2).items()
    # A tracking URL repeats the whole task to the server: what the task has given back must stay given back.
    for progress in (Progress(first, token, given_back={pool: 2}), Progress(first, token, tracking_url="http://x")):
        scheduler.exchange(me, [progress], 0)
        assert scheduler.view(Question("task", first))["resources"] == {pool: 0}
    assert len(assigned(scheduler, me, want=2)) == 1


def test_what_was_declared_survives_a_failure(scheduler, own) -> None:
    me, pool, task = own("me"), own("pool"), own("task")
    scheduler.declare(me, [spec(task, resources={pool: 1}, retry_policy=RetryPolicy(2, None, 600), priority=7)])
    for _ in range(2):
        scheduler.exchange(me, [Report(task, assigned(scheduler, me)[task], FAILED)], 0)
        told = scheduler.call("task_list", status="", upstream_status="", search="Family")[task]
        assert (told["resources"], told["priority"]) == ({pool: 1}, 7)
        if told["status"] == FAILED:
            scheduler.control(Order("forgive", task))
    assert told["status"] == DISABLED


def test_a_check_that_raised_is_announced(scheduler, own) -> None:
    me, task = own("me"), own("task")
    scheduler.declare(me, [spec(task, status=UNKNOWN, runnable=False, explanation="complete() raised")])
    assert status_of(scheduler, task) == UNKNOWN
    assert assigned(scheduler, me) == {}


# --- workers -----------------------------------------------------------------------------------------------------


def test_a_worker_says_who_it_is(scheduler, own) -> None:
    me = own("me")
    scheduler.add_worker(me, [("host", "far-away"), ("pid", 77), ("first_task", "Family_x")])
    scheduler.declare(me, [spec(own("task"))])
    (told,) = [told for told in scheduler.call("worker_list") if told["name"] == me]
    assert (told["host"], told["pid"], told["first_task"]) == ("far-away", 77, "Family_x")


def test_a_ping_brings_messages_once(scheduler, own) -> None:
    me = own("me")
    scheduler.add_worker(me, [])
    assert scheduler.ping(me) == {"rpc_messages": []}
    scheduler.control(Order("set_worker_processes", me, 4))
    assert scheduler.ping(worker=me) == {"rpc_messages": [{"name": "set_worker_processes", "kwargs": {"n": 4}}]}
    assert scheduler.ping(me) == {"rpc_messages": []}


def test_an_assistant_runs_what_others_declared(scheduler, url, own) -> None:
    pool, task = own("pool"), own("task")
    scheduler.declare(own("me"), [spec(task, resources={pool: 1}, params={"n": "1"}, priority=10**6)])
    assistant, name = RemoteScheduler(url), own("assistant")
    assistant.add_worker(name, [("assistant", True)])
    (assignment,) = assistant.exchange(name, [], 1).assignments
    assert (assignment.task_id, assignment.params) == (task, {"n": "1"})
    assistant.exchange(name, [Report(task, assignment.token, FAILED)], 0)
    told = scheduler.call("task_list", status=FAILED, upstream_status="", search="Family")[task]
    assert told["resources"] == {pool: 1}


def test_a_disabled_worker_is_told(scheduler, own) -> None:
    me, tasks = own("me"), [own("a"), own("b")]
    scheduler.declare(me, [spec(task) for task in tasks])
    assert scheduler.exchange(me, [], 1).enabled
    scheduler.control(Order("disable_worker", me))
    reply = scheduler.exchange(me, [], 1)
    assert (reply.assignments, reply.enabled) == ([], False)


def test_a_sign_of_life_of_a_task_costs_no_call(scheduler, own) -> None:
    me, task = own("me"), own("task")
    scheduler.declare(me, [spec(task)])
    token = assigned(scheduler, me)[task]
    scheduler.close()
    assert scheduler.exchange(me, [Progress(task, token)], 0).refused == []
    assert scheduler.exchange(me, [Progress(task, token + 1)], 0).refused == [task]


# --- messages ----------------------------------------------------------------------------------------------------


def test_a_message_and_its_answer(scheduler, own) -> None:
    me, task = own("me"), own("task")
    scheduler.declare(me, [spec(task, accepts_messages=True)])
    assigned(scheduler, me)
    message_id = scheduler.control(Order("send_message", task, text="ping", worker=me))
    told = {"task_id": task, "message_id": message_id, "content": "ping"}
    assert scheduler.ping(me)["rpc_messages"] == [{"name": "dispatch_scheduler_message", "kwargs": told}]
    asked = Question("answer", task, {"message_id": message_id})
    assert scheduler.view(asked) is None
    scheduler.exchange(me, [Answer(task, message_id, "pong")], 0)
    assert scheduler.view(asked) == "pong"


def test_a_tracking_url_does_not_make_a_task_deaf(scheduler, own) -> None:
    me, task = own("me"), own("task")
    scheduler.declare(me, [spec(task, accepts_messages=True)])
    scheduler.exchange(me, [Progress(task, assigned(scheduler, me)[task], "http://follow/me")], 0)
    (row,) = [
        row for row in scheduler.view(Question("tasks", "", {"status": RUNNING}))["rows"] if row["task_id"] == task
    ]
    assert (row["accepts_messages"], row["tracking_url"]) == (True, "http://follow/me")


# --- batches -----------------------------------------------------------------------------------------------------


def declare_batch(scheduler: RemoteScheduler, me: str, family: str, tasks: list[str], **facts: Any) -> None:
    specs = [
        TaskSpec(task, family, "some.module", {"x": str(n), "y": "same"}, batchable=True, **facts)
        for n, task in enumerate(tasks)
    ]
    scheduler.declare(me, specs, [Batcher(family, ["x"])])


@pytest.mark.parametrize("status", [DONE, FAILED])
def test_a_batch_and_what_was_made_of_it(scheduler, own, status: str) -> None:
    me, family, tasks = own("me"), own("Batched"), [own("a"), own("b"), own("c")]
    declare_batch(scheduler, me, family, tasks)
    (assignment,) = scheduler.exchange(me, [], 1).assignments
    assert (assignment.task_id, list(assignment.batch)) == (tasks[0], tasks)
    assert (assignment.family, assignment.params) == (family, {"x": ["0", "1", "2"], "y": "same"})
    runner = TaskSpec(own("abc"), family, "some.module", {"x": "012", "y": "same"})
    assert scheduler.exchange(me, [Began(assignment.token, runner)], 0).refused == []
    assert [status_of(scheduler, task) for task in (runner.task_id, *tasks)] == [RUNNING, *[BATCH_RUNNING] * 3]
    assert scheduler.exchange(me, [Progress(tasks[0], assignment.token)], 0).refused == [tasks[0]]
    assert scheduler.exchange(me, [Report(runner.task_id, assignment.token, status)], 0).refused == []
    assert [status_of(scheduler, task) for task in tasks] == [status] * 3
    assert status_of(scheduler, runner.task_id) in (DONE, None), "the server forgets one that failed"


def test_one_of_the_batch_may_stand_for_all(scheduler, own) -> None:
    me, family, tasks = own("me"), own("Batched"), [own("a"), own("b")]
    declare_batch(scheduler, me, family, tasks)
    (assignment,) = scheduler.exchange(me, [], 1).assignments
    runner = TaskSpec(tasks[1], family, "some.module", {"x": "1", "y": "same"})
    scheduler.exchange(me, [Began(assignment.token, runner)], 0)
    assert [status_of(scheduler, task) for task in tasks] == [BATCH_RUNNING, RUNNING]
    scheduler.exchange(me, [Report(tasks[1], assignment.token, DONE)], 0)
    assert [status_of(scheduler, task) for task in tasks] == [DONE, DONE]


def test_a_batch_that_cannot_be_combined_fails_whole(scheduler, own) -> None:
    me, family, tasks = own("me"), own("Batched"), [own("a"), own("b")]
    declare_batch(scheduler, me, family, tasks)
    (assignment,) = scheduler.exchange(me, [], 1).assignments
    scheduler.exchange(me, [Report(assignment.task_id, assignment.token, FAILED, explanation="no way")], 0)
    assert [status_of(scheduler, task) for task in tasks] == [FAILED, FAILED]
    assert scheduler.view(Question("task", tasks[1]))["explanation"] == "no way"


def test_a_batch_has_one_runner(scheduler, own) -> None:
    me, family, tasks = own("me"), own("Batched"), [own("a"), own("b")]
    declare_batch(scheduler, me, family, tasks)
    (assignment,) = scheduler.exchange(me, [], 1).assignments
    runner, second = (TaskSpec(own(name), family, "some.module", {"x": "01"}) for name in ("ab", "ba"))
    scheduler.exchange(me, [Began(assignment.token, runner)], 0)
    assert scheduler.exchange(me, [Began(assignment.token, second)], 0).refused == [second.task_id]


def test_an_assistant_runs_a_batch(scheduler, url, own) -> None:
    family, tasks = own("Batched"), [own("a"), own("b")]
    declare_batch(scheduler, own("me"), family, tasks, priority=10**7)
    assistant, name = RemoteScheduler(url), own("assistant")
    assistant.add_worker(name, [("assistant", True)])
    (assignment,) = assistant.exchange(name, [], 1).assignments
    members = assignment.batch or [assignment.task_id]
    assistant.exchange(name, [Report(assignment.task_id, assignment.token, FAILED)], 0)
    assert [status_of(scheduler, task) for task in members] == [FAILED] * len(members)


# --- what is told of tasks ---------------------------------------------------------------------------------------


def test_hidden_parameters_are_not_shown(scheduler, own) -> None:
    me, task = own("me"), own("task")
    scheduler.declare(me, [spec(task, params={"day": "1", "seed": "2"}, hidden=["seed"])])
    assert scheduler.view(Question("task", task))["params"] == {"day": "1"}


# --- Luigi's names -----------------------------------------------------------------------------------------------


def test_every_call_of_the_api_has_a_method(scheduler, own) -> None:
    me, task = own("me"), own("task")
    scheduler.add_task(worker=me, task_id=task, family="Family", params={"n": "1"})
    assert scheduler.count_pending(me)["n_pending_tasks"] == 1
    assert scheduler.get_work(worker=me)["task_id"] == task
    scheduler.set_task_status_message(task, "half of it")
    assert scheduler.get_task_status_message(task_id=task) == {"taskId": task, "statusMessage": "half of it"}
    scheduler.update_resources(**{own("pool"): 3})
    assert [told["num_total"] for told in scheduler.resource_list() if told["name"] == own("pool")] == [3]
    assert scheduler.add_task.__doc__


def test_a_call_that_is_not_in_the_api(scheduler) -> None:
    with pytest.raises(AttributeError, match="no call 'make_coffee'"):
        scheduler.make_coffee()
    with pytest.raises(TypeError, match="unexpected"):
        scheduler.is_paused(since=3)


# --- operators ---------------------------------------------------------------------------------------------------


def test_orders(scheduler, own) -> None:
    me, task = own("me"), own("task")
    scheduler.declare(me, [spec(task, retry_policy=RetryPolicy(2))])
    for order, after in ((Order("forgive", task), PENDING), (Order("re_enable", task), FAILED)):
        scheduler.exchange(me, [Report(task, assigned(scheduler, me)[task], FAILED)], 0)
        scheduler.control(order)
        assert status_of(scheduler, task) == after
    scheduler.control(Order("mark_done", task))
    assert status_of(scheduler, task) == DONE


@pytest.mark.parametrize(
    ("verb", "problem"),
    [
        ("forgive", "the task is DONE"),
        ("re_enable", "no disabled task has that id"),
        ("reverse", "no order 'reverse'"),
        ("pruned", "no order 'pruned'"),
    ],
)
def test_orders_that_do_not_apply(scheduler, own, verb: str, problem: str) -> None:
    task = own("task")
    scheduler.declare(own("me"), [spec(task, status=DONE)])
    with pytest.raises(KernelError, match=problem):
        scheduler.control(Order(verb, task))


@pytest.mark.parametrize("verb", ["forgive", "mark_done"])
def test_orders_for_a_task_that_is_not_there(scheduler, verb: str) -> None:
    with pytest.raises(KernelError, match=f"{verb} nowhere: the task is unknown"):
        scheduler.control(Order(verb, "nowhere"))


def test_a_paused_server_hands_out_nothing(scheduler, own) -> None:
    me, task = own("me"), own("task")
    scheduler.declare(me, [spec(task)])
    scheduler.control(Order("pause"))
    try:
        assert assigned(scheduler, me) == {}
    finally:
        scheduler.control(Order("unpause"))
    assert list(assigned(scheduler, me)) == [task]


def test_tasks_are_counted_by_status(scheduler, own) -> None:
    before = scheduler.view(Question("counts"))
    me, task = own("me"), own("b")
    scheduler.declare(me, [spec(own("a"), status=DONE), spec(task), spec(own("c"), task, own("never declared"))])
    assigned(scheduler, me)
    after = scheduler.view(Question("counts"))
    grown = {status: after[status] - before.get(status, 0) for status in after}
    assert {status: number for status, number in grown.items() if number} == {
        DONE: 1,
        RUNNING: 1,
        PENDING: 1,
        UNKNOWN: 1,
    }


def test_tasks_workers_and_resources(scheduler, own) -> None:
    me, pool, task = own("me"), own("pool"), own("task")
    scheduler.control(Order("set_limit", pool, 2))
    scheduler.add_worker(me, [("host", "far-away"), ("pid", 77), ("first_task", task)])
    scheduler.declare(me, [spec(task, resources={pool: 1}, priority=3)])
    token = assigned(scheduler, me)[task]
    page = scheduler.view(Question("tasks", "", {"status": RUNNING, "search": "Family"}))
    (row,) = [row for row in page["rows"] if row["task_id"] == task]
    assert (row["family"], row["priority"], row["worker"], row["needs"]) == ("Family", 3, me, {pool: 1})
    (worker,) = [one for one in scheduler.view(Question("workers")) if one["worker_id"] == me]
    assert (worker["info"]["host"], worker["enabled"], [row["task_id"] for row in worker["running"]]) == (
        "far-away",
        True,
        [task],
    )
    (resource,) = [one for one in scheduler.view(Question("resources")) if one["name"] == pool]
    assert (resource["limit"], resource["used"], resource["holders"][0]["task_id"]) == (2, 1, task)
    scheduler.exchange(me, [Report(task, token, DONE)], 0)
    ids = scheduler.view(Question("workers", "", {"include_running": False}))
    assert all(isinstance(running, str) for one in ids for running in one["running"])
    assert scheduler.view(Question("paused")) is False
    assert scheduler.view(Question("tasks", "", {"status": DONE, "limit": 0}))["total"] > 0
    scheduler.control(Order("prune"))


def test_questions_without_an_answer(scheduler) -> None:
    assert scheduler.view(Question("task", "nowhere")) is None
    with pytest.raises(KernelError, match="no question 'weather'"):
        scheduler.view(Question("weather"))
