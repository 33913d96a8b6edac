"""SimpleTaskState, Task and Worker: views over what the scheduler knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from luigi.errors import KernelError
from luigi.interfaces import RetryPolicy
from luigi.scheduler import OrderedSet, Scheduler, SimpleTaskState, Task, Worker
from luigi.scheduler.config import scheduler as scheduler_config
from luigi.testing import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(1000.0)


@pytest.fixture
def scheduler(clock: FakeClock) -> Scheduler:
    return Scheduler(clock=clock, resources={"r": 2}, retry_count=1, remove_delay=10, worker_disconnect_delay=60)


@pytest.fixture
def state(scheduler: Scheduler) -> SimpleTaskState:
    """A_1 runs on w, B_1 waits for it, C_1 has failed too often; w and an assistant."""
    scheduler.add_worker("w", [("workers", 2)])
    scheduler.add_worker("helper", [("assistant", True)])
    scheduler.add_task("A_1", worker="w", family="A", params={"n": "1", "p": "2"}, param_visibilities={"p": 1})
    scheduler.get_work(worker="w", current_tasks=[])
    scheduler.add_task("B_1", worker="w", family="B", deps=["A_1"], resources={"r": 1}, priority=4)
    scheduler.add_task("C_1", worker="w", family="C", status="FAILED", expl="why")
    return SimpleTaskState("", scheduler)


def ids(tasks: list[Task]) -> list[str]:
    return [task.id for task in tasks]


# --- the state -------------------------------------------------------------------------------------------------------


def test_tasks_are_found_by_status(state: SimpleTaskState) -> None:
    assert ids(state.get_active_tasks()) == ["A_1", "B_1", "C_1"]
    assert ids(state.get_active_tasks_by_status("PENDING", "DISABLED")) == ["B_1", "C_1"]
    assert state.get_active_task_count_for_status("RUNNING") == 1
    assert state.get_active_task_count_for_status("") == 3
    assert state.num_pending_tasks() == 2
    assert state.has_task("A_1")
    assert not state.has_task("X_1")


def test_a_task_is_asked_for_by_id(state: SimpleTaskState) -> None:
    assert state.get_task("A_1").status == "RUNNING"
    assert state.get_task("X_1") is None
    assert state.get_task("X_1", default=3) == 3
    with pytest.raises(KernelError, match="nobody but the scheduler can make X_1 known"):
        state.get_task("X_1", setdefault=Task("X_1", "PENDING", []))


def test_a_view_is_live(scheduler: Scheduler, state: SimpleTaskState) -> None:
    task = state.get_task("B_1")
    assert (task.status, task.worker_running) == ("PENDING", None)
    scheduler.add_task("A_1", worker="w", status="DONE")
    scheduler.get_work(worker="w", current_tasks=[])
    assert (task.status, task.worker_running, task.resources_running) == ("RUNNING", "w", {"r": 1})


def test_what_operators_may_do_is_done(state: SimpleTaskState) -> None:
    config = scheduler_config()
    state.re_enable(state.get_task("C_1"), config)
    assert state.get_task("C_1").status == "FAILED"
    state.set_status(state.get_task("C_1"), "PENDING", config)
    state.set_status(state.get_task("A_1"), "DONE", config)
    assert ids(state.get_active_tasks_by_status("PENDING")) == ["B_1", "C_1"]
    assert state.get_task("A_1").status == "DONE"


@pytest.mark.parametrize(
    "act",
    [
        lambda state: state.set_status(state.get_task("B_1"), "RUNNING"),
        lambda state: state.set_status(state.get_task("B_1"), "DONE"),
        lambda state: state.re_enable(state.get_task("B_1")),
        lambda state: state.inactivate_tasks(["B_1"]),
        lambda state: state.inactivate_workers(["w"]),
        lambda state: state.set_batch_running(state.get_task("B_1"), "1", "w"),
        lambda state: state.get_task("B_1").add_failure(),
        lambda state: state.get_task("B_1").clear_failures(),
        lambda state: state.get_task("B_1").set_params({}),
        lambda state: state.get_worker("w").add_info({"host": "h"}),
        lambda state: state.get_worker("w").add_rpc_message("hello"),
        lambda state: state.get_worker("w").fetch_rpc_messages(),
        lambda state: state.get_worker("w").update({}),
    ],
)
def test_what_only_the_scheduler_may_do_is_refused(state: SimpleTaskState, act: object) -> None:
    before = state.get_state()
    with pytest.raises(KernelError):
        act(state)  # type: ignore[operator]
    assert state.get_state() == before


def test_time_is_let_pass(clock: FakeClock, state: SimpleTaskState) -> None:
    config = scheduler_config()
    clock.advance(61)
    state.fail_dead_worker_task(state.get_task("A_1"), config, [])
    assert state.get_task("A_1").status == "DISABLED"  # it may fail once
    assert state.get_worker_ids() == []
    task = state.get_task("C_1")
    assert not state.may_prune(task)
    clock.advance(10)
    assert state.may_prune(task)
    state.update_status(task, config)
    assert not state.has_task("C_1")


def test_workers(scheduler: Scheduler, clock: FakeClock, state: SimpleTaskState) -> None:
    assert state.get_worker_ids() == ["w", "helper"]
    clock.advance(5)
    scheduler.ping(worker="helper")
    assert [worker.id for worker in state.get_active_workers(last_active_lt=1003)] == ["w"]
    assert [worker.id for worker in state.get_active_workers(last_get_work_gt=999)] == ["w"]
    assert [worker.id for worker in state.get_assistants()] == ["helper"]
    assert state.get_worker("new").started == 1005
    state.disable_workers(["w"])
    assert [worker.state for worker in state.get_active_workers()] == ["disabled", "active", "active"]


def test_batches(scheduler: Scheduler, state: SimpleTaskState) -> None:
    assert state.get_batcher("v", "D") == (None, 1)
    state.set_batcher("v", "D", ["n"], 5)
    assert state.get_batcher("v", "D") == (["n"], 5)
    for number in "12":
        scheduler.add_task(f"D_{number}", worker="v", family="D", params={"n": number}, batchable=True)
    batch_id = scheduler.get_work(worker="v")["batch_id"]
    assert ids(state.get_batch_running_tasks(batch_id)) == ["D_1", "D_2"]
    assert state.get_batch_running_tasks("17") == []


def test_a_state_of_its_own(tmp_path: Path, state: SimpleTaskState) -> None:
    own = SimpleTaskState(str(tmp_path / "state"))
    assert own.get_active_tasks() == []
    own.load()  # there is nothing yet
    own.set_state(state.get_state())
    assert ids(own.get_active_tasks()) == ["A_1", "B_1", "C_1"]
    own.dump()
    again = SimpleTaskState(str(tmp_path / "state"))
    again.load()
    assert [(task.id, task.status) for task in again.get_active_tasks()] == [
        ("A_1", "RUNNING"),
        ("B_1", "PENDING"),
        ("C_1", "DISABLED"),
    ]


# --- a task ----------------------------------------------------------------------------------------------------------


def test_a_task_tells_what_is_known_of_it(state: SimpleTaskState) -> None:
    task = state.get_task("A_1")
    assert task.pretty_id == "A(n=1)"
    assert (task.public_params, task.hidden_params) == ({"n": "1"}, {"p": "2"})
    assert (task.time, task.updated, task.time_running) == (1000, 1000, 1000)
    assert (task.workers, task.stakeholders) == (OrderedSet(["w"]), {"w"})
    assert (task.priority, state.get_task("B_1").deps) == (4, {"A_1"})  # B_1 waits for it
    failed = state.get_task("C_1")
    assert (failed.expl, failed.failures, failed.scheduler_disable_time) == ("why", [1000], 1000)
    assert failed.retry_policy.retry_count == 1
    assert failed.retry == 1000 + 86400


def test_a_task_of_ones_own_counts_its_failures() -> None:
    task = Task("A_1", "PENDING", ["B_1"], {"r": 1}, params={"n": "1"}, family="A", retry_policy=RetryPolicy(2))
    assert (task.deps, task.resources, task.pretty_id) == ({"B_1"}, {"r": 1}, "A(n=1)")
    task.add_failure()
    assert (task.num_failures(), task.has_excessive_failures()) == (1, False)
    task.add_failure()
    assert (task.num_failures(), task.has_excessive_failures()) == (2, True)
    task.clear_failures()
    assert (task.num_failures(), task.has_excessive_failures(), task.first_failure_time) == (0, False, None)
    task.set_params({"n": "2"})
    assert task.pretty_id == "A(n=2)"
    assert not task.is_batchable()


# --- a worker --------------------------------------------------------------------------------------------------------


def test_a_worker_tells_what_is_known_of_it(scheduler: Scheduler, state: SimpleTaskState) -> None:
    worker = state.get_worker("w")
    scheduler.set_worker_processes("w", 3)
    assert (worker.enabled, worker.assistant, worker.state, dict(worker.info)) == (
        True,
        False,
        "active",
        {"workers": 2},
    )
    assert worker.tasks == {"A_1", "B_1", "C_1"}
    assert ids(worker.get_tasks(state, "RUNNING", "DISABLED")) == ["A_1", "C_1"]
    assert not worker.is_trivial_worker(state)  # B_1 needs a resource
    assert worker.rpc_messages == [{"name": "set_worker_processes", "kwargs": {"n": 3}}]
    assert not state.get_worker("helper").is_trivial_worker(state)
    assert state.get_worker("other").is_trivial_worker(state)


def test_a_worker_of_ones_own() -> None:
    worker = Worker("w", last_active=5.0)
    assert worker.prune(scheduler_config())
    worker.update("whoever", get_work=True)
    assert not worker.prune(scheduler_config())
    assert worker.last_get_work == worker.last_active
    worker.add_info({"assistant": True})
    assert worker.assistant
    worker.add_rpc_message("hello", to="you")
    assert worker.fetch_rpc_messages() == [{"name": "hello", "kwargs": {"to": "you"}}]
    assert worker.fetch_rpc_messages() == []


# --- an ordered set --------------------------------------------------------------------------------------------------


def test_an_ordered_set_keeps_its_order() -> None:
    letters = OrderedSet("cab")
    letters.add("d")
    letters.add("c")
    letters.discard("x")
    assert (list(letters), list(reversed(letters)), len(letters)) == (list("cabd"), list("dbac"), 4)
    assert (letters.peek(), letters.peek(last=False), letters.pop(), letters.pop(last=False)) == ("d", "c", "d", "c")
    assert repr(letters) == "OrderedSet(['a', 'b'])"
    assert "a" in letters
    assert "c" not in letters


def test_an_ordered_set_equals() -> None:
    assert OrderedSet("ab") == OrderedSet("ab") != OrderedSet("ba")
    assert OrderedSet("ab") == {"b", "a"}
    assert OrderedSet("ab") != 3
    assert OrderedSet("ab") | OrderedSet("bc") == OrderedSet("abc")


@pytest.mark.parametrize("take", [OrderedSet.peek, OrderedSet.pop])
def test_an_empty_ordered_set_has_nothing_to_give(take: object) -> None:
    with pytest.raises(KeyError):
        take(OrderedSet())  # type: ignore[operator]
