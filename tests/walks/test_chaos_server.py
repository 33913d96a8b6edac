"""`kill -9` of the server again and again, under load from four workers, over a network that harms 5 % of their calls.

Every change of status that a worker was told is kept is there after the restart, every task ends once, and no output
is written twice. 30 kills in the usual run of the tests; LUIGI_TEST_SERVER_KILLS=100 for the long one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest

from luigi.clock import SYSTEM
from luigi.interfaces import Question
from luigi.rpc import RemoteScheduler
from luigi.task_status import DONE
from luigi.testing.network import FATES, UnreliableNetwork

KILLS = int(os.environ.get("LUIGI_TEST_SERVER_KILLS", "30"))
WORKERS = 4
HARMED = 0.05
LATEST = 200
"""So many of the tasks acknowledged last are looked at after each restart: what is kept is kept in order."""

PROGRAM = '''
"""Runs one graph after the other, each together with three other workers, until it is told to stop."""
import os
import sys

import luigi


class ChaosTask(luigi.Task):
    batch = luigi.IntParameter()
    number = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget(f"out/{self.batch}/{self.number}")

    def requires(self):
        return [ChaosTask(self.batch, self.number // 2)] if self.number else []

    def run(self):
        with open("ran", "a") as ran:
            ran.write(f"{self.task_id}\\n")
        with self.output().open("w") as out:
            out.write(f"{os.getpid()}")


class ChaosBatch(luigi.WrapperTask):
    batch = luigi.IntParameter()

    def requires(self):
        return [ChaosTask(self.batch, number) for number in range(40)]


batch = 0
while not os.path.exists("stop"):
    result = luigi.build([ChaosBatch(batch)], scheduler_url=sys.argv[1], log_level="WARNING", detailed_summary=True)
    if not result.scheduling_succeeded or not ChaosBatch(batch).complete():
        sys.exit(f"batch {batch}: {result.summary_text}")
    batch += 1
print(batch)
'''

CONFIG = """
[core]
rpc_connect_timeout = 5
rpc_retry_attempts = 100
rpc_retry_wait = 0.1

[worker]
keep_alive = true
wait_interval = 0.1
wait_jitter = 0.1
ping_interval = 0.5
"""


def started(folder: Path, network: UnreliableNetwork, number: int) -> subprocess.Popen[bytes]:
    with (folder / f"worker-{number}.log").open("wb") as log:
        command = [sys.executable, "program.py", f"http://127.0.0.1:{network.port}/"]
        return subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)


@pytest.mark.timeout(900)
def test_nothing_acknowledged_is_lost(tmp_path: Path, server_process: Any) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "luigi.cfg").write_text(CONFIG)
    (tmp_path / "ran").touch()
    chance = Random(5)
    network = UnreliableNetwork(server_process.port, HARMED, seed=5)
    workers = [started(tmp_path, network, number) for number in range(WORKERS)]
    try:
        for kill in range(KILLS):
            SYSTEM.sleep(chance.random())
            server_process.kill()
            acknowledged = list(network.acknowledged)
            server_process.start()
            lost = not_done(server_process.url, acknowledged[-LATEST:])
            assert not lost, f"after kill {kill}: {lost}"
            assert all(worker.poll() is None for worker in workers), logs(tmp_path)
        (tmp_path / "stop").touch()
        assert [worker.wait(timeout=120) for worker in workers] == [0] * WORKERS, logs(tmp_path)
    finally:
        for worker in workers:
            worker.kill()
        network.close()
    check_the_end(tmp_path, server_process.url, network)


def not_done(url: str, task_ids: list[str]) -> dict[str, object]:
    """Those of the tasks that the server does not know to be done, and how they stand instead."""
    direct = RemoteScheduler(url)
    stand = {task_id: direct.view(Question("task", task_id)) for task_id in task_ids}
    direct.close()
    return {task_id: task and task["status"] for task_id, task in stand.items() if not task or task["status"] != DONE}


def check_the_end(folder: Path, url: str, network: UnreliableNetwork) -> None:
    ran = Counter((folder / "ran").read_text().splitlines())
    twice = {task_id: times for task_id, times in ran.items() if times > 1}
    assert not twice, twice
    assert len(ran) > KILLS, "the workers did little"
    assert not not_done(url, list(ran))
    outputs = [path for path in (folder / "out").rglob("*") if path.is_file()]
    assert len(outputs) == len(ran)
    assert all(network.harmed[fate] for fate in FATES), network.harmed
    assert sum(network.harmed.values()) > network.calls * HARMED / 2


def logs(folder: Path) -> str:
    """What the workers and the server said last."""
    found = [f"{path.name}:\n{path.read_text()[-2000:]}" for path in sorted(folder.rglob("*.log"))]
    return "\n".join(islice(found, WORKERS + 1))
