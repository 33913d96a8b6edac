"""A real server tells of what is not done in time, though nobody ever started it, and of nothing twice after a kill."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from luigi.clock import SYSTEM
from luigi.interfaces import Report, TaskSpec
from luigi.plugins.stores.sqlite import Settings, sqlite_store
from luigi.rpc import RemoteScheduler
from luigi.scheduler import Scheduler

CONFIG = """
[server]
tick_interval = 0.05
[email]
format = none
[deadline.x]
task = Never
by = 0 0 * * *
date = {date}
[notify.log]
notifier = log
kinds = late, recovered
"""


def said(server: Any, words: str, seconds: float = 70) -> int:
    """How often the server's log has these words, once it has them."""
    until = SYSTEM.monotonic() + seconds
    while words not in server.log.read_text() and SYSTEM.monotonic() < until:
        SYSTEM.sleep(0.1)
    return int(server.log.read_text().count(words))


def test_a_deadline_of_the_configuration_is_told_of_once_over_a_kill(
    start_server: Callable[..., Any], tmp_path: Path
) -> None:
    """The server was away last midnight."""
    store = sqlite_store(Settings(str(tmp_path / "state.sqlite")))
    away = Scheduler(resources={}, store=store)
    away.remember("deadline.x", json.dumps({"upto": SYSTEM.now() - 2 * 86400, "late": []}))
    store.close()
    server = start_server("--state-path", str(tmp_path / "state.sqlite"), config=CONFIG)
    assert said(server, ") LATE") == 1
    server.kill()
    server.start()
    SYSTEM.sleep(0.5)
    assert said(server, ") LATE") == 1


def test_a_task_is_late_though_its_worker_is_gone(start_server: Callable[..., Any]) -> None:
    server = start_server(config=CONFIG + "[scheduler]\nworker_disconnect_delay = 0.3\nremove_delay = 0.3\n")
    scheduler = RemoteScheduler(server.url)
    scheduler.declare("w", [TaskSpec("Load_1", "Load", deadline=2.0)], call=1)
    server.kill()
    server.start()
    assert said(server, "Load() LATE", 20) == 1
    scheduler.declare("v", [TaskSpec("Load_1", "Load")], call=1)
    for one in scheduler.exchange("v", [], 1, call=2).assignments:
        scheduler.exchange("v", [Report(one.task_id, one.token, "DONE")], 0, call=3)
    assert said(server, "Load() RECOVERED", 20) == 1
    scheduler.close()
