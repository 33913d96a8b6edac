"""How a run gets into the history: by the calls of its worker, ours or Luigi's, and by its silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from falcon.testing import Result, TestClient

from luigi.configuration import get_config
from luigi.observers import observers
from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.scheduler.config import scheduler as scheduler_config
from luigi.testing import FakeClock

AT = 1_700_000_000.25

Say = Callable[..., Result]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(AT)


@pytest.fixture
def scheduler(clock: FakeClock, tmp_path: Path) -> Iterator[Scheduler]:
    """One whose history is kept, as the server's is."""
    get_config().set("scheduler", "record_task_history", "true")
    get_config().set("task_history", "db_connection", f"sqlite:///{tmp_path}/history.db")
    config = scheduler_config()
    scheduler = Scheduler(config, resources={}, clock=clock)
    with observers(PluginManager.with_installed(()), config).attached(scheduler):
        yield scheduler
    get_config().remove_section("task_history")
    get_config().remove_section("scheduler")


def kept(scheduler: Scheduler) -> None:
    """Wait until all is in the database."""
    assert scheduler.observers is not None
    scheduler.observers.flush()


def test_a_run_is_kept_from_introduction_to_farewell(
    see: Say, say: Say, scheduler: Scheduler, clock: FakeClock
) -> None:
    info = {"host": "b.host", "username": "bob", "first_task": "Load_1"}
    assert say("introduce", worker="w", info=info).status_code == 200
    told = {"command": "luigi Load", "code_version": "v1", "roots": ["Load_1", "Load_2"]}
    say("introduce", worker="w", info=told)
    say("declare", worker="w", tasks=[{"task_id": "Load_1", "family": "Load"}])
    token = say("exchange", worker="w", said=[], want=1).json["assignments"][0]["token"]
    clock.advance(2)
    report = {"kind": "report", "task_id": "Load_1", "token": token, "status": "FAILED", "explanation": "sorry"}
    say("exchange", worker="w", said=[report], want=0)
    clock.advance(1)
    assert say("farewell", worker="w", status="FAILED").status_code == 200
    kept(scheduler)
    (run,) = see("runs").json["runs"]
    assert (run["host"], run["user"], run["command"], run["code_version"]) == ("b.host", "bob", "luigi Load", "v1")
    assert (run["roots"], run["began"], run["ended"], run["status"]) == (["Load_1", "Load_2"], AT, AT + 3, "FAILED")
    (attempt,) = see("tasks/Load_1/attempts").json["attempts"]
    assert (attempt["run"], attempt["status"], attempt["error"], attempt["host"]) == (1, "FAILED", "sorry", "b.host")


def test_a_worker_of_luigi_s_that_goes_is_lost(
    see: Say, app_client: TestClient, scheduler: Scheduler, clock: FakeClock
) -> None:
    info = '{"worker": "w", "info": [["host", "c.host"], ["username", "cid"], ["first_task", "Load_1"]]}'
    answer = app_client.simulate_post(
        "/api/add_worker", body=f"data={info}", headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 200
    clock.advance(3600)
    scheduler.tick()
    kept(scheduler)
    (run,) = see("runs").json["runs"]
    assert (run["host"], run["user"], run["status"], run["ended"]) == ("c.host", "cid", "LOST", AT + 3600)


def test_luigi_s_page_is_told_that_there_is_a_history(app_client: TestClient) -> None:
    assert app_client.simulate_get("/api/has_task_history").json == {"response": True}
