"""Orders to a scheduler's server on the command line: about one task, about many, and what comes back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from luigi.clock import SYSTEM
from luigi.interfaces import Answer, Question, TaskSpec
from luigi.rpc import RemoteScheduler
from luigi.rpc.operating import OperatorLine
from luigi.rpc.servers import Servers

Status = Callable[[str], str]


@pytest.fixture
def status(scheduler: RemoteScheduler) -> Status:
    """How a task stands."""
    return lambda task_id: str(scheduler.view(Question("task", task_id))["status"])


# --- one task ------------------------------------------------------------------------------------------------------


def test_a_failed_task_is_forgiven(asking: Any, attempted: Any, status: Status) -> None:
    attempted("w", Sins_1="FAILED")
    said = asking("forgive", "Sins_1")
    assert (said.code, said.out) == (0, "Sins_1 is forgiven, and PENDING now\n")
    assert status("Sins_1") == "PENDING"
    again = asking("forgive", "Sins_1")
    assert (again.code, again.err) == (1, "error: forgive Sins_1: the task is PENDING, not FAILED\n")


def test_a_failed_task_is_retried(asking: Any, attempted: Any, status: Status) -> None:
    attempted("w", Retries_1="FAILED")
    assert asking("retry", "Retries_1", "--json").json == {"task_id": "Retries_1", "status": "PENDING"}
    assert status("Retries_1") == "PENDING"


def test_a_task_is_cancelled_and_enabled_again(asking: Any, attempted: Any, status: Status) -> None:
    attempted("w", Drops_1="FAILED")
    assert asking("cancel", "Drops_1").out == "Drops_1 is cancelled, and DISABLED now\n"
    assert asking("explain", "Drops_1").code == 1
    assert asking("reenable", "Drops_1").code == 0
    assert status("Drops_1") != "DISABLED"


def test_a_task_is_marked_as_done(asking: Any, attempted: Any, status: Status) -> None:
    attempted("w", Marks_1="RUNNING")
    assert asking("mark-done", "Marks_1").out == "Marks_1 is taken for done, and DONE now\n"
    assert status("Marks_1") == "DONE"


@pytest.mark.parametrize("verb", ["forgive", "retry", "cancel", "reenable", "mark-done"])
def test_a_task_there_is_not_cannot_be_ordered_about(asking: Any, verb: str) -> None:
    said = asking(verb, "Nowhere_1")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("error: no task has the id 'Nowhere_1'\nhint: ")
    assert asking(verb).code == 2


# --- many tasks ----------------------------------------------------------------------------------------------------


def test_everything_that_has_failed_is_retried(asking: Any, attempted: Any, status: Status) -> None:
    asking("retry", "--failed")
    attempted("w", Bulk_1="FAILED", Bulk_2="FAILED", Bulk_3="DONE")
    assert asking("retry", "--failed").out == "2 tasks to be tried again\n"
    assert [status(f"Bulk_{number}") for number in (1, 2, 3)] == ["PENDING", "PENDING", "DONE"]
    assert asking("retry", "--failed", "--json").json == {"done": 0, "refused": 0, "refusals": []}


def test_what_has_failed_of_a_run_is_retried_and_no_more(asking: Any, attempted: Any, status: Status) -> None:
    attempted("Worker(salt=4711, host=h)", Mine_1="FAILED", Mine_2="DONE")
    attempted("Worker(salt=0815, host=h)", Theirs_1="FAILED")
    said = asking("retry", "salt=4711", "--failed")
    assert (said.code, said.out) == (0, "1 task to be tried again\n")
    assert (status("Mine_1"), status("Theirs_1")) == ("PENDING", "FAILED")


def test_a_run_that_is_over_is_named_by_its_number(server: Any, asking: Any, attempted: Any, status: Status) -> None:
    attempted("Worker(salt=1234, host=h)", Over_1="FAILED", Over_2="FAILED", Over_3="DONE")
    asking("forgive", "Over_2")
    said = asking("retry", str(_number_of_run(server, "Worker(salt=1234, host=h)", 3)), "--failed")
    assert (said.code, said.out) == (0, "1 task to be tried again\n")
    assert status("Over_1") == "PENDING"
    assert asking("retry", "4999", "--failed").code == 1


def _number_of_run(server: Any, worker: str, attempts: int) -> int:
    """Its number in the history, once that has all its attempts: it is kept a moment later."""
    line = OperatorLine(Servers(server.url, None, SYSTEM))
    for _ in range(200):
        for run in line.pages("runs", "runs"):
            ended = [one for one in line.pages("attempts", "runs", str(run["run"]), "attempts") if one["ended"]]
            if run["worker"] == worker and len(ended) == attempts:
                return int(run["run"])
        SYSTEM.sleep(0.05)
    raise AssertionError("the history does not have it")


def test_what_a_run_has_left_is_cancelled(
    asking: Any, attempted: Any, scheduler: RemoteScheduler, status: Status
) -> None:
    attempted("Worker(salt=9999, host=h)", Left_1="DONE")
    scheduler.declare("Worker(salt=9999, host=h)", [TaskSpec("Left_2", "Left"), TaskSpec("Left_3", "Left")])
    said = asking("cancel", "--run", "salt=9999")
    assert (said.code, said.out) == (0, "2 tasks cancelled\n")
    assert [status(f"Left_{number}") for number in (1, 2, 3)] == ["DONE", "DISABLED", "DISABLED"]


def test_a_run_must_be_one(asking: Any, attempted: Any) -> None:
    for salt in ("111", "112"):
        attempted(f"Worker(salt={salt}, host=twins)", **{f"Twins_{salt}": "RUNNING"})
    several = asking("cancel", "--run", "host=twins")
    assert several.err.startswith(
        "error: 2 runs have 'host=twins' in the ids of their workers\nhint: write more of it: "
    )
    assert asking("cancel", "--run", "salt=zzz").err.startswith("error: no run is under way whose worker is called")
    assert asking("cancel", "--run", "salt=111", "Twins_111").code == 2
    assert asking("retry", "salt=111", "salt=112", "--failed").code == 2


# --- the whole scheduler, and messages -----------------------------------------------------------------------------


def test_nothing_is_handed_out_while_it_is_paused(asking: Any, scheduler: RemoteScheduler) -> None:
    assert asking("pause", "--json").json == {"paused": True}
    try:
        scheduler.declare("pauser", [TaskSpec("Paused_1", "Paused")])
        assert not scheduler.exchange("pauser", (), 1).assignments
        assert "paused: nothing is handed out until kernel unpause" in asking("status").out
    finally:
        assert asking("unpause").out == "tasks are handed out\n"
    assert scheduler.exchange("pauser", (), 1).assignments


def test_a_message_reaches_the_running_task(asking: Any, attempted: Any, scheduler: RemoteScheduler) -> None:
    attempted("listener", Hears_1="RUNNING")
    said = asking("message", "Hears_1", "go faster")
    assert (said.code, said.out) == (0, "sent to Hears_1\n")
    (message,) = scheduler.exchange("listener", (), 0).messages
    assert message.kwargs["content"] == "go faster"


def test_the_answer_is_waited_for(asking: Any, attempted: Any, server: Any) -> None:
    attempted("replier", Replies_1="RUNNING")
    thread = threading.Thread(target=_reply, args=(server.url,))
    thread.start()
    said = asking("message", "Replies_1", "how far?", "--wait=20")
    thread.join()
    assert (said.code, said.out) == (0, "half way\n")


def _reply(url: str) -> None:
    """Answer the first message that comes, as the worker of the task does."""
    line = RemoteScheduler(url)
    for _ in range(200):
        for message in line.exchange("replier", (), 0).messages:
            answer = Answer(message.kwargs["task_id"], message.kwargs["message_id"], "half way")
            line.exchange("replier", [answer], 0)
            return
        SYSTEM.sleep(0.05)


def test_no_answer_in_time_is_a_failure(asking: Any, attempted: Any) -> None:
    attempted("deaf", Deaf_1="RUNNING")
    said = asking("message", "Deaf_1", "hello?", "--wait=0")
    assert (said.code, said.err.splitlines()[0]) == (1, "error: Deaf_1 has not answered within 0 seconds")


def test_messages_are_for_running_tasks(asking: Any, attempted: Any) -> None:
    attempted("w", Ended_1="DONE")
    said = asking("message", "Ended_1", "hello")
    assert (said.code, said.err.splitlines()[0]) == (1, "error: Ended_1 is DONE, it does not run")
    assert asking("message", "Ended_1").code == 2
