"""A client of the API, and a scheduler that already has something to tell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from falcon.testing import Result, TestClient

from luigi.authentication import ROLES
from luigi.interfaces import Progress, Report, TaskSpec
from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.server.config import ServerSettings
from luigi.server.guard import token_file
from luigi.server.guard.tokens import digest_of, new_secret, token
from luigi.server.office import Office
from luigi.server.standing import Alone
from luigi.server.v1.operations import Operation
from luigi.server.v1.routes import operations

Say = Callable[..., Result]


@pytest.fixture
def say(app_client: TestClient) -> Say:
    """Makes a call of one of the verbs: `say("declare", worker="w", tasks=[…])`."""

    def make(path: str, **body: Any) -> Result:
        return app_client.simulate_post(f"/api/v1/{path}", json=body)

    return make


@pytest.fixture
def see(app_client: TestClient) -> Say:
    """Looks at a resource: `see("tasks", status="DONE")`."""

    def look(path: str, headers: dict[str, str] | None = None, **query: str) -> Result:
        return app_client.simulate_get(f"/api/v1/{path}", params=query, headers=headers or {})

    return look


@pytest.fixture
def busy(scheduler: Scheduler) -> Scheduler:
    """Has a worker `w` that runs Load_1, which takes messages; Clean_1 failed, Fetch_1 is done, Report_1 waits."""
    tasks = [
        TaskSpec("Fetch_1", "Fetch", "m", {"day": "1"}, priority=9),
        TaskSpec("Clean_1", "Clean", "m", {"day": "1"}, priority=8),
        TaskSpec("Load_1", "Load", "m", {"day": "1"}, priority=7, accepts_messages=True, resources={"db": 1}),
        TaskSpec("Report_1", "Report", "m", {"day": "1", "key": "k"}, deps=["Load_1", "Fetch_1"], hidden=["key"]),
    ]
    scheduler.add_worker("w", [("host", "h"), ("first_task", "Report_1"), ("roots", ["Report_1"])])
    scheduler.declare("w", tasks)
    fetch, clean, load = scheduler.exchange("w", (), 3).assignments
    said = [Report("Fetch_1", fetch.token, "DONE"), Report("Clean_1", clean.token, "FAILED", (), "it broke")]
    scheduler.exchange("w", [*said, Progress("Load_1", load.token, "http://h/1", "half way", 50)], 0)
    return scheduler


@pytest.fixture
def secrets(tmp_path: Path) -> dict[str, str]:
    """A secret for each role."""
    made = {role: new_secret() for role in ROLES}
    for role, secret in made.items():
        token_file.add(tmp_path / "tokens", token(role, role, digest_of(secret)))
    return made


@pytest.fixture
def guarded(client_of: Callable[..., TestClient], secrets: dict[str, str], tmp_path: Path) -> TestClient:
    """A client of a server that asks for those secrets."""
    return client_of(tokens_file=str(tmp_path / "tokens"))


@pytest.fixture
def everything(scheduler: Scheduler) -> list[Operation]:
    """All operations of the API."""
    office = Office(settings=ServerSettings(), standing=Alone(scheduler), plugins=PluginManager.with_installed(()))
    return operations(office)
