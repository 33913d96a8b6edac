"""What a scheduler remembers over a restart, by dump and load."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from luigi.errors import KernelError
from luigi.interfaces import TaskSpec
from luigi.scheduler import Scheduler
from luigi.testing import FakeClock

Rows = dict[str, dict[str, Any]]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(1000.0)


@pytest.fixture
def before(clock: FakeClock, tmp_path: Path) -> Scheduler:
    return made(clock, tmp_path)


def made(clock: FakeClock, tmp_path: Path) -> Scheduler:
    return Scheduler(
        clock=clock, resources={"r": 2}, retry_count=3, retry_delay=100, state_path=str(tmp_path / "state")
    )


@pytest.fixture
def restart(before: Scheduler, clock: FakeClock, tmp_path: Path) -> Any:
    def dump_and_load() -> Scheduler:
        before.dump()
        after = made(clock, tmp_path)
        after.load()
        return after

    return dump_and_load


def add(scheduler: Scheduler, task_id: str, worker: str = "w", **said: Any) -> None:
    scheduler.add_task(**{"task_id": task_id, "worker": worker, "family": task_id[0], "params": {"n": "1"}} | said)


def test_tasks_of_every_status(before: Scheduler, restart: Any, clock: FakeClock) -> None:
    before.add_worker("w", [("host", "h")])
    for number, status in enumerate(["PENDING", "DONE", "FAILED", "UNKNOWN", "DISABLED"]):
        clock.advance(1)
        add(before, f"A_{number}", status=status, priority=number, resources={"r": 1}, expl="why", module="m")
    add(before, "B_1", deps=["A_0", "X_1"], param_visibilities={"n": 1}, owners=["me"], accepts_messages=True)
    add(before, "B_1", "v", runnable=False)
    after = restart()
    assert after.graph() == before.graph()
    assert after.worker_list() == before.worker_list()
    assert after.fetch_error("A_2") == before.fetch_error("A_2")


def test_what_runs_goes_on(before: Scheduler, restart: Any) -> None:
    add(before, "A_1", resources={"r": 2})
    add(before, "A_2", resources={"r": 2})
    before.get_work(worker="w", current_tasks=[])
    before.add_task("A_1", worker="w", status="RUNNING", tracking_url="http://x", resources={"r": 2})
    before.set_task_status_message("A_1", "half of it")
    before.set_task_progress_percentage("A_1", 50)
    before.decrease_running_task_resources("A_1", {"r": 1})
    after = restart()
    assert after.graph()["A_1"] == before.graph()["A_1"]
    assert after.resource_list() == before.resource_list()
    assert after.get_work(worker="w", current_tasks=["A_1"])["task_id"] is None  # r is used still
    add(after, "A_1", status="DONE", runnable=None)
    assert after.get_work(worker="w", current_tasks=[])["task_id"] == "A_2"


def test_failures_still_count(before: Scheduler, restart: Any, clock: FakeClock) -> None:
    add(before, "A_1")
    for _ in range(2):
        clock.advance(5)
        add(before, "A_1", status="FAILED")
        clock.advance(5)
        add(before, "A_1", status="PENDING")
    after = restart()
    assert after.graph()["A_1"] == before.graph()["A_1"]
    add(after, "A_1", status="FAILED")
    assert after.graph()["A_1"]["status"] == "DISABLED"


def test_what_was_disabled_stays_so_until_its_time(before: Scheduler, restart: Any, clock: FakeClock) -> None:
    add(before, "A_1")
    for _ in range(3):
        add(before, "A_1", status="FAILED")
    after = restart()
    assert after.graph()["A_1"]["re_enable_able"] is True
    add(after, "A_1")
    assert after.graph()["A_1"]["status"] == "DISABLED"
    clock.advance(86401)
    after.ping(worker="w")
    assert after.graph()["A_1"]["status"] == "FAILED"


def test_a_re_enabled_task_waits_its_delay(before: Scheduler, restart: Any, clock: FakeClock) -> None:
    add(before, "A_1")
    for _ in range(3):
        add(before, "A_1", status="FAILED")
    before.re_enable_task("A_1")
    after = restart()
    assert after.graph()["A_1"]["status"] == "FAILED"
    clock.advance(101)
    after.ping(worker="w")
    assert after.graph()["A_1"]["status"] == "PENDING"
    add(after, "A_1", status="FAILED")
    assert after.graph()["A_1"]["status"] == "FAILED"  # with a clean slate


def test_what_only_a_lost_worker_knew_is_still_done(before: Scheduler, restart: Any, clock: FakeClock) -> None:
    add(before, "A_1", "lost", status="DONE")
    clock.advance(100)
    before.prune()
    add(before, "B_1", deps=["A_1"])
    after = restart()
    assert after.get_work(worker="w")["task_id"] == "B_1"
    after.prune()
    assert [worker["name"] for worker in after.worker_list()] == ["w"]


def test_operators_orders_stay(before: Scheduler, restart: Any) -> None:
    add(before, "A_1", "v")
    before.disable_worker("v")
    before.pause()
    before.update_resource("s", 7)
    before.set_worker_processes("w", 3)
    message_id = before.send_scheduler_message("w", "A_1", "hello")["message_id"]
    after = restart()
    assert after.is_paused() == {"paused": True}
    assert after.resources()["s"] == {"total": 7, "used": 0}
    assert after.get_work(worker="v")["worker_state"] == "disabled"
    assert [message["name"] for message in after.ping(worker="w")["rpc_messages"]] == [
        "set_worker_processes",
        "dispatch_scheduler_message",
    ]
    assert message_id is not None


def test_a_batch_that_got_lost_starts_anew(before: Scheduler, restart: Any) -> None:
    before.add_task_batcher("w", "B", ["n"], 5)
    for number in "12":
        add(before, f"B_{number}", params={"n": number}, batchable=True)
    assert before.get_work(worker="w")["batch_task_ids"] == ["B_1", "B_2"]
    after = restart()
    assert after.graph() == before.graph()
    assert after.get_work(worker="w", current_tasks=[])["batch_task_ids"] == ["B_1", "B_2"]


def test_without_a_file_there_is_nothing_to_load(before: Scheduler) -> None:
    before.load()
    assert before.graph() == {}


@pytest.mark.parametrize(
    "content", ["", "\x80\x04", "[]", '["state",0,{}]', '["state",1,{}]', '{"version":1,"story":[[0,"X",[]]]}']
)
def test_another_file_is_refused(before: Scheduler, tmp_path: Path, content: str) -> None:
    (tmp_path / "state").write_text(content, encoding="utf-8")
    with pytest.raises(KernelError, match="not a scheduler's state"):
        before.load()


def test_a_file_that_is_cut_off_is_refused(before: Scheduler, clock: FakeClock, tmp_path: Path) -> None:
    before.declare("w", [TaskSpec(f"T_{number}", "T") for number in range(1500)])
    before.dump()
    path = Path(before.config.state_path)
    lines = path.read_text().splitlines(keepends=True)
    for number in range(1, len(lines)):
        path.write_text("".join(lines[:number]))
        if not any(line.startswith('["tasks"') for line in lines[number:]):
            break
        with pytest.raises(KernelError, match="cut off"):
            Scheduler(state_path=str(path), resources={}, clock=clock).load()
    else:
        raise AssertionError("there is more behind the last task")


def test_luigis_pickle_is_refused(before: Scheduler, tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b"\x80\x04\x95\xff\xfe")
    with pytest.raises(KernelError, match="not a scheduler's state"):
        before.load()
