"""What operators look at and order over HTTP: any id is a step of a path, lists are read page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from luigi.interfaces import TaskSpec
from luigi.rpc import RemoteScheduler, RPCError, SchedulerAway
from luigi.rpc.operating import OperatorLine
from luigi.rpc.servers import Servers
from luigi.testing import FakeClock


@pytest.fixture(scope="module")
def server(start_shared_server: Any) -> Any:
    return start_shared_server()


@pytest.fixture
def scheduler(server: Any) -> Iterator[RemoteScheduler]:
    line = RemoteScheduler(server.url)
    yield line
    line.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def line(server: Any, clock: FakeClock) -> Iterator[OperatorLine]:
    servers = Servers(server.url, None, clock)
    yield OperatorLine(servers)
    servers.close()


@pytest.mark.parametrize("task_id", ["A?c#d%2F", "Grün_1", "a b+c&d=e", ".."])
def test_any_id_is_a_step_of_a_path(line: OperatorLine, scheduler: RemoteScheduler, task_id: str) -> None:
    scheduler.declare("w", [TaskSpec(task_id, "Odd")])
    assert line.look("tasks", task_id)["task_id"] == task_id
    assert line.look("ids", beginning=task_id)["ids"] == [task_id]


def test_lists_are_read_page_by_page(line: OperatorLine, scheduler: RemoteScheduler) -> None:
    scheduler.declare("w", [TaskSpec(f"Many_{number}", "Many") for number in range(250)])
    assert len(list(line.pages("tasks", "tasks", family="Many"))) == 250
    assert len(list(line.pages("tasks", "tasks", family="Many", most=120))) == 120
    assert list(line.pages("tasks", "tasks", family="Nobody")) == []


def test_orders_go_by_their_method(line: OperatorLine, scheduler: RemoteScheduler) -> None:
    scheduler.declare("w", [TaskSpec("Ordered_1", "Ordered")])
    told = line.order("resources", "oven", method="PUT", limit=3)
    assert told == {"name": "oven", "limit": 3, "window": None}
    assert line.order("tasks", "Ordered_1", "cancel")["status"] == "DISABLED"
    with pytest.raises(RPCError) as caught:
        line.order("tasks", "Ordered_1", "forgive")
    assert (caught.value.status, str(caught.value)) == (409, "forgive Ordered_1: the task is DISABLED, not FAILED")


def test_nobody_waits_for_a_server_that_is_not_there(clock: FakeClock) -> None:
    before = clock.monotonic()
    with pytest.raises(SchedulerAway):
        OperatorLine(Servers("http://127.0.0.1:9/", None, clock)).look("counts")
    assert clock.monotonic() == before
