"""Luigi's method names: what they take, and what is different on purpose. tests/peer/scheduler holds the rest."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from luigi.errors import KernelError
from luigi.interfaces import Order, Progress, Report, TaskSpec
from luigi.scheduler import RPC_METHODS, Scheduler, rpc_method
from luigi.testing import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(1000.0)


@pytest.fixture
def scheduler(clock: FakeClock) -> Scheduler:
    return Scheduler(clock=clock, resources={})


def add(scheduler: Scheduler, task_id: str, worker: str = "w", **said: Any) -> None:
    family = task_id.partition("_")[0]
    scheduler.add_task(**{"task_id": task_id, "worker": worker, "family": family, "params": {"n": "1"}} | said)


def ask(scheduler: Scheduler, worker: str = "w", *running: str) -> Any:
    return scheduler.get_work(worker=worker, host="h", current_tasks=list(running))["task_id"]


# --- the wire's methods ----------------------------------------------------------------------------------------------


def test_the_wire_offers_what_luigi_offers() -> None:
    assert (
        sorted(RPC_METHODS)
        == """
        add_scheduler_message_response add_task add_task_batcher add_worker announce_scheduling_failure count_pending
        decrease_running_task_resources dep_graph disable_worker fetch_error forgive_failures
        get_running_task_resources get_scheduler_message_response get_task_progress_percentage get_task_status_message
        get_work graph has_task_history inverse_dep_graph is_pause_enabled is_paused mark_as_done pause ping prune
        re_enable_task report_task_statistics resource_list send_scheduler_message set_task_progress_percentage
        set_task_status_message set_worker_processes task_list task_search unpause update_metrics_task_started
        update_resource update_resources worker_list
    """.split()
    )


def test_a_method_says_how_it_is_to_be_called() -> None:
    assert RPC_METHODS["ping"].rpc_request_args == {"attempts": 1}
    assert RPC_METHODS["graph"].rpc_request_args == {}

    @rpc_method(attempts=2)
    def mine() -> str:
        return "called"

    assert (mine(), mine.rpc_request_args) == ("called", {"attempts": 2})


TAKE_MORE = {
    "add_task": {"task_id": "A_1", "worker": "w"},
    "announce_scheduling_failure": {"task_name": "", "family": "A", "params": {}, "expl": "", "owners": []},
    "add_worker": {"worker": "w", "info": []},
    "get_work": {"worker": "w"},
    "ping": {"worker": "w"},
    "graph": {},
    "dep_graph": {"task_id": "A_1"},
    "inverse_dep_graph": {"task_id": "A_1"},
    "task_list": {},
    "worker_list": {},
    "task_search": {"task_str": "A"},
    "fetch_error": {"task_id": "A_1"},
}


@pytest.mark.parametrize("method", TAKE_MORE)
def test_unknown_keys_are_passed_over(scheduler: Scheduler, method: str) -> None:
    getattr(scheduler, method)(**TAKE_MORE[method], from_a_later_luigi=1)


@pytest.mark.parametrize("method", sorted(RPC_METHODS.keys() - TAKE_MORE.keys() - {"update_resources"}))
def test_other_methods_refuse_unknown_keys(scheduler: Scheduler, method: str) -> None:
    with pytest.raises(TypeError, match="from_a_later_luigi"):
        getattr(scheduler, method)(from_a_later_luigi=1)


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ({"task_id": "A_1"}, "no worker"),
        ({"worker": "w"}, "no task_id"),
        ({"task_id": "A_1", "worker": "w", "status": "RUNING"}, "no status 'RUNING'"),
    ],
)
def test_add_task_says_what_is_missing(scheduler: Scheduler, said: dict[str, str], match: str) -> None:
    with pytest.raises(KernelError, match=match):
        scheduler.add_task(**said)
    assert scheduler.graph() == {}


def test_get_work_needs_a_worker(scheduler: Scheduler) -> None:
    with pytest.raises(KernelError, match="no worker"):
        scheduler.get_work()


def test_a_wrong_amount_sets_no_resource_at_all(scheduler: Scheduler) -> None:
    with pytest.raises(KernelError, match="there cannot be 'many' of s"):
        scheduler.update_resources(r=2, s="many")  # type: ignore[arg-type]
    assert scheduler.resources() == {}


# --- one scheduler, two languages ------------------------------------------------------------------------------------


def test_both_languages_speak_of_the_same_task(scheduler: Scheduler) -> None:
    scheduler.declare("w", [TaskSpec("A_1", "A", params={"n": "1"}), TaskSpec("B_1", "B", deps=["A_1"])])
    assert ask(scheduler) == "A_1"
    add(scheduler, "A_1", status="DONE", runnable=None)
    (assignment,) = scheduler.exchange("w", [], 1).assignments
    assert assignment.task_id == "B_1"
    scheduler.exchange("w", [Progress("B_1", assignment.token, percentage=30)], 0)
    assert scheduler.get_task_progress_percentage("B_1") == {"taskId": "B_1", "progressPercentage": 30}
    scheduler.exchange("w", [Report("B_1", assignment.token, "DONE")], 0)
    assert set(scheduler.task_list("DONE", "")) == {"A_1", "B_1"}


def test_a_lost_workers_late_failure_is_not_taken_for_the_new_ones(scheduler: Scheduler, clock: FakeClock) -> None:
    add(scheduler, "A_1", "slow")
    add(scheduler, "A_1", "quick")
    assert ask(scheduler, "slow") == "A_1"
    clock.advance(100)
    scheduler.ping(worker="quick")
    scheduler.prune()
    scheduler.forgive_failures("A_1")
    assert ask(scheduler, "quick") == "A_1"
    add(scheduler, "A_1", "slow", status="FAILED", expl="late")
    assert scheduler.graph()["A_1"]["status"] == "RUNNING"


def test_private_values_are_nowhere_shown(scheduler: Scheduler) -> None:
    params = {"day": "1", "password": "secret"}
    add(scheduler, "A_1", params=params, param_visibilities={"day": 0, "password": 2})
    scheduler.add_worker("w", [("first_task", "A_1")])
    assert scheduler.get_work(worker="w")["task_params"] == params  # the worker makes the task of them
    shown = [
        scheduler.fetch_error("A_1"),
        scheduler.task_list(),
        scheduler.graph(),
        scheduler.dep_graph("A_1"),
        scheduler.worker_list(),
        scheduler.task_search("A"),
    ]
    assert "secret" not in str(shown)


def test_an_answer_can_be_read_again(scheduler: Scheduler) -> None:
    add(scheduler, "A_1", accepts_messages=True)
    ask(scheduler)
    message_id = scheduler.send_scheduler_message("w", "A_1", "hello")["message_id"]
    assert message_id is not None
    scheduler.add_scheduler_message_response("A_1", message_id, "hi")
    for _ in range(2):
        assert scheduler.get_scheduler_message_response("A_1", message_id) == {"response": "hi"}


def test_a_batch_holds_its_resources_from_the_hand_out_on(scheduler: Scheduler) -> None:
    scheduler.add_task_batcher("w", "B", ["n"])
    for number in "12":
        add(scheduler, f"B_{number}", params={"n": number}, batchable=True, resources={"r": 1})
    add(scheduler, "C_1", "v", resources={"r": 1})
    assert scheduler.get_work(worker="w")["batch_task_ids"] == ["B_1", "B_2"]
    assert ask(scheduler, "v") is None


def test_what_was_made_for_a_failed_batch_is_not_retried_beside_its_members(
    scheduler: Scheduler, clock: FakeClock
) -> None:
    scheduler.add_task_batcher("w", "B", ["n"])
    for number in "12":
        add(scheduler, f"B_{number}", params={"n": number}, batchable=True)
    batch_id = scheduler.get_work(worker="w", current_tasks=[])["batch_id"]
    add(scheduler, "B_all", status="RUNNING", batch_id=batch_id)
    add(scheduler, "B_all", status="FAILED", expl="why", runnable=None)
    assert {row["status"] for row in scheduler.task_list().values()} == {"FAILED"}
    clock.advance(901)
    scheduler.ping(worker="w")
    assert set(scheduler.task_list("PENDING", "")) == {"B_1", "B_2"}
    assert scheduler.fetch_error("B_1")["error"] == "why"


def test_a_batch_that_is_no_more_has_no_runner(scheduler: Scheduler) -> None:
    add(scheduler, "B_all", status="RUNNING", batch_id="17")
    assert scheduler.graph() == {}


@pytest.mark.parametrize("batch_id", ["", "nonsense", "1aa16b433dbecd186e6522e756cf2a2e"])
def test_a_batch_of_another_scheduler_is_refused(scheduler: Scheduler, batch_id: str) -> None:
    """A worker may have got it from the Luigi that was here before."""
    add(scheduler, "B_all", status="RUNNING", batch_id=batch_id)
    assert scheduler.graph() == {}


def test_pausing_where_that_is_not_allowed_has_no_effect() -> None:
    scheduler = Scheduler(pause_enabled=False, resources={})
    scheduler.pause()
    assert scheduler.is_paused() == {"paused": False}
    with pytest.raises(KernelError, match="pause"):
        scheduler.control(Order("pause"))


def test_nobody_keeps_a_history_yet(scheduler: Scheduler) -> None:
    assert scheduler.has_task_history() is False
    assert scheduler.task_history is None


# --- names on demand -------------------------------------------------------------------------------------------------


def test_an_unknown_name_is_an_attribute_error() -> None:
    import luigi.scheduler

    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = luigi.scheduler.nothing_of_the_kind


def test_a_part_of_the_scheduler_loads_no_more_than_itself() -> None:
    program = "import sys, luigi.scheduler.events; print(*[m for m in sys.modules if m.startswith('luigi.scheduler.')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["luigi.scheduler.events"]
