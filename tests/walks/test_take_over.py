"""Two servers on one PostgreSQL: the one that leads is killed under load, the other leads, and each task ends once."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from luigi.clock import SYSTEM
from luigi.rpc import RemoteScheduler
from luigi.task_status import DONE

if TYPE_CHECKING:
    from ..conftest import DatabaseServer, KernelServer

WITHIN = 15.0
"""Seconds until the other server has to lead."""

TASKS = 150

PROGRAM = f'''
"""Runs one graph together with the other workers."""
import os
import sys
import time

import luigi


class TakenOver(luigi.Task):
    number = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget(f"out/{{self.number}}")

    def requires(self):
        return [TakenOver(self.number // 2)] if self.number else []

    def run(self):
        time.sleep(0.02)
        with open("ran", "a") as ran:
            ran.write(f"{{self.task_id}}\\n")
        with self.output().open("w") as out:
            out.write(f"{{os.getpid()}}")


class AllTakenOver(luigi.WrapperTask):
    def requires(self):
        return [TakenOver(number) for number in range({TASKS})]


result = luigi.build([AllTakenOver()], scheduler_url=sys.argv[1], log_level="WARNING", detailed_summary=True)
sys.exit(0 if result.scheduling_succeeded and AllTakenOver().complete() else result.summary_text)
'''

CONFIG = """
[core]
rpc_connect_timeout = 5

[worker]
keep_alive = true
wait_interval = 0.1
wait_jitter = 0.1
ping_interval = 0.5
"""


def is_ready(server: KernelServer) -> bool:
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=10)) as line:
        line.request("GET", "/readyz")
        return line.getresponse().status == 200


def seconds_until(is_so: Callable[[], bool], longest: float, log: Callable[[], str] = str) -> float:
    began = SYSTEM.monotonic()
    while not is_so():
        assert SYSTEM.monotonic() < began + longest, log()
        SYSTEM.sleep(0.05)
    return SYSTEM.monotonic() - began


def done_at(server: KernelServer) -> set[str]:
    """The ids of the tasks that are done, as this server tells."""
    with closing(RemoteScheduler(server.url)) as scheduler:
        return set(scheduler.task_list(DONE, ""))


@pytest.fixture
def servers(
    postgres_service: DatabaseServer, start_server: Callable[..., KernelServer]
) -> tuple[KernelServer, KernelServer]:
    """One that leads and one that stands by."""
    url = postgres_service.new_database().replace("+psycopg", "")
    config = f"[server]\nstate_store = postgresql\n[postgresql]\nurl = {url}\n"
    return start_server(config=config, name="first"), start_server(config=config, name="second", leads=False)


@pytest.mark.service("postgres")
@pytest.mark.timeout(600)
def test_the_other_server_takes_over(tmp_path: Path, servers: tuple[KernelServer, KernelServer]) -> None:
    first, second = servers
    assert (is_ready(first), is_ready(second)) == (True, False)
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "luigi.cfg").write_text(CONFIG)
    ran = tmp_path / "ran"
    ran.touch()
    command = [sys.executable, "program.py", f"{second.url},{first.url}"]
    logs = [tmp_path / f"worker-{number}.log" for number in range(3)]
    workers = [subprocess.Popen(command, cwd=tmp_path, stdout=log.open("wb"), stderr=subprocess.STDOUT) for log in logs]
    try:
        seconds_until(lambda: len(ran.read_text().splitlines()) > TASKS // 4, 120, lambda: said(logs))
        known = done_at(first)
        SYSTEM.sleep(0.5)  # it shows what it is about to keep; workers are answered once that is done
        first.kill()
        assert seconds_until(lambda: is_ready(second), 60, second.log.read_text) <= WITHIN
        assert known <= done_at(second), "what was answered is kept"
        assert [worker.wait(240) for worker in workers] == [0, 0, 0], said(logs)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    counted = Counter(ran.read_text().splitlines())
    assert (len(counted), set(counted.values())) == (TASKS, {1}), said(logs)
    assert len(done_at(second)) == TASKS + 1

    first.start(leads=False)
    assert not is_ready(first)
    assert second.stop() == 0
    assert seconds_until(lambda: is_ready(first), 60, first.log.read_text) <= WITHIN
    assert len(done_at(first)) == TASKS + 1


def said(logs: list[Path]) -> str:
    return "\n".join(log.read_text()[-2000:] for log in logs)
