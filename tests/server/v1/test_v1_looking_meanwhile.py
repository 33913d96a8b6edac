"""Tables, graphs and runs are read outside the scheduler's lock, while it goes on: none of them ever fails."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from falcon.testing import TestClient

from luigi.interfaces import Report, TaskSpec
from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.server.config import ServerSettings
from luigi.server.office import Office
from luigi.server.rooms import application_of
from luigi.server.standing import Alone
from luigi.testing import FakeClock

PATHS = (
    "table?status=UPSTREAM_FAILED,UPSTREAM_DISABLED,PENDING&sort=duration",
    "table?search=n%3D*1&sort=name&run=w",
    "tasks/Top_1/outline",
    "tasks/Base_1/outline?direction=down&include_done=false",
    "families/graph",
    "families/graph?task=Base_1&direction=down",
    "tasks/Base_1/lately",
    "workers/w/lately",
    "live-runs",
    "resources",
    "throughput",
)


@pytest.fixture
def client(restless: Scheduler) -> TestClient:
    """Of a server for which so much time passes between two calls that nothing is given again."""
    plugins = PluginManager.with_installed(())
    office = Office(settings=ServerSettings(), standing=Alone(restless), plugins=plugins, clock=Hurried())
    return TestClient(application_of(office), headers={"Host": "127.0.0.1:8082"})


class Hurried(FakeClock):
    """Goes on by a minute whenever it is asked."""

    def monotonic(self) -> float:
        self.advance(60)
        return super().monotonic()


@pytest.fixture
def restless() -> Iterator[Scheduler]:
    """Tasks come, run, fail, get more dependencies and dependents, all the time."""
    scheduler, over = Scheduler(resources={"r": 50}, retry_delay=0.0), threading.Event()
    busy = threading.Thread(target=work, args=(scheduler, over))
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # threads take turns in the midst of everything
    busy.start()
    yield scheduler
    over.set()
    busy.join(30)
    sys.setswitchinterval(usual)


def work(scheduler: Scheduler, over: threading.Event) -> None:
    number = 0
    while not over.is_set():
        names = [f"T_{number + place}" for place in range(40)]
        specs = [TaskSpec(name, name[:3], "m", {"n": name}, deps=["Base_1"], resources={"r": 1}) for name in names]
        stopped = [TaskSpec(f"S_{number + place}", "S", deps=["Bad_1"]) for place in range(40)]
        ends = [TaskSpec("Base_1", "Base", status="DONE"), TaskSpec("Bad_1", "Bad", status="DISABLED")]
        scheduler.declare("w", [*ends, *specs, *stopped])
        scheduler.declare("w", [TaskSpec("Top_1", "Top", deps=names)])
        for given in scheduler.exchange("w", (), 20).assignments:
            status = ("DONE", "FAILED", "PENDING")[given.token % 3]
            deps = [f"Later_{number}"] if status == "PENDING" else ()
            scheduler.exchange("w", [Report(given.task_id, given.token, status, deps)], 0)
        number += 40


@pytest.mark.parametrize("path", PATHS)
def test_nothing_fails_meanwhile(client: TestClient, restless: Scheduler, path: str) -> None:
    while "Top_1" not in restless.machine.tasks:
        assert client.simulate_get("/api/v1/counts").status_code == 200
    for _ in range(30):
        answer: Any = client.simulate_get(f"/api/v1/{path}")
        assert answer.status_code == 200, answer.text
