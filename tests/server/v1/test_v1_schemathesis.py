"""What schemathesis makes of the OpenAPI document finds nothing: neither data that fits it nor data that does not.

Its tests are made when the module is read, so the server is too. That a token is asked for is tested elsewhere.
"""

from __future__ import annotations

from tempfile import mkdtemp
from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings

from luigi.interfaces import TaskSpec
from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.server.app import App
from luigi.server.config import ServerSettings
from luigi.server.office import Office
from luigi.server.rooms import application_of
from luigi.server.standing import Alone

HEADERS = {"Accept-Encoding": "identity"}  # schemathesis does not unpack what comes from a WSGI application


def server() -> App:
    """Its worker and its tasks are called as what schemathesis tries first."""
    scheduler = Scheduler(resources={})
    tasks = [TaskSpec("0", "0", params={"0": "0"}, accepts_messages=True), TaskSpec("00", "0", deps=["0"])]
    scheduler.declare("0", tasks)
    scheduler.exchange("0", (), 1)
    plugins = PluginManager.with_installed(())
    settings = ServerSettings(logs_dir=mkdtemp())
    return application_of(Office(settings=settings, standing=Alone(scheduler), plugins=plugins))


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", server(), headers=HEADERS)


@schema.parametrize()
@settings(max_examples=15, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_nothing_is_found(case: Any) -> None:
    case.call_and_validate(headers=HEADERS)
