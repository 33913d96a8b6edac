"""What schemathesis makes of the document's part about the history finds nothing, with a history that has something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from luigi.configuration import get_config
from luigi.plugin_manager import PluginManager
from luigi.plugins.histories.sql.history import SqlHistory
from luigi.scheduler import Scheduler
from luigi.server.config import ServerSettings
from luigi.server.office import Office
from luigi.server.rooms import application_of
from luigi.server.standing import Alone
from luigi.telling import AttemptStarted, RunBegan, TaskFacts

OFFICE = Office(
    settings=ServerSettings(), standing=Alone(Scheduler(resources={})), plugins=PluginManager.with_installed(())
)
HEADERS = {"Accept-Encoding": "identity"}  # schemathesis does not unpack what comes from a WSGI application

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application_of(OFFICE), headers=HEADERS).include(
    path_regex=r"/(runs|attempts)", method="GET"
)


@pytest.fixture(scope="module", autouse=True)
def history() -> Iterator[None]:
    """It is opened when it is first asked, so by the first of these tests."""
    with TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder)}/history.db"
        get_config().set("scheduler", "record_task_history", "true")
        get_config().set("task_history", "db_connection", address)
        task = TaskFacts("0", "0", {"0": "0"}, worker_running="0", token=1)
        with closing(SqlHistory(address)) as kept:
            kept.record([RunBegan("0", 1.7e9), AttemptStarted(task, 1.7e9, "0")])
            yield
        get_config().remove_section("task_history")
        get_config().remove_section("scheduler")


@schema.parametrize()
@settings(max_examples=25, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_nothing_is_found_of_history(case: Any) -> None:
    case.call_and_validate(headers=HEADERS)
