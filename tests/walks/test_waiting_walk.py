"""Waiting behind a real server: a worker that waits is killed, and another goes on until it is there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from luigi.clock import SYSTEM
from luigi.interfaces import Question
from luigi.rpc import RemoteScheduler

PROGRAM = """
import luigi


class Delivered(luigi.ExternalTask):
    n = luigi.IntParameter()
    poke = luigi.Poke(interval=0.2, timeout=60)

    def output(self):
        return luigi.LocalTarget(f"delivered/{self.n}")


class Used(luigi.Task):
    n = luigi.IntParameter()
    resources = {"api": 1}

    def requires(self):
        return Delivered(self.n)

    def output(self):
        return luigi.LocalTarget(f"used/{self.n}")

    def run(self):
        with self.output().open("w") as file:
            file.write("x")


class All(luigi.WrapperTask):
    def requires(self):
        return [Used(n) for n in range(200)]
"""

CONFIG = "[scheduler]\nworker_disconnect_delay = 1.5\n[resources]\napi = 150/second\n[server]\ntick_interval = 0.1\n"


def worker(folder: Path, url: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "luigi", "--module", "deliveries", "All", "--scheduler-url", url]
    command += ["--log-level", "WARNING", "--worker-keep-alive", "--worker-wait-interval", "0.2", "--no-lock"]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    with (folder / "worker.log").open("ab") as log:
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)


def running_on(scheduler: RemoteScheduler) -> dict[str, int]:
    return {one["worker_id"]: len(one["running"]) for one in scheduler.view(Question("workers"))}


def until(what: Callable[[], Any], seconds: float = 60) -> None:
    end = SYSTEM.monotonic() + seconds
    while not what():
        assert SYSTEM.monotonic() < end
        SYSTEM.sleep(0.1)


def test_another_worker_goes_on_waiting(start_server: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "deliveries.py").write_text(PROGRAM)
    server = start_server(config=CONFIG)
    scheduler = RemoteScheduler(server.url)
    first = worker(tmp_path, server.url)
    second: subprocess.Popen[bytes] | None = None
    try:
        until(lambda: 200 in running_on(scheduler).values())
        second = worker(tmp_path, server.url)
        until(lambda: len(running_on(scheduler)) == 2)
        first.send_signal(signal.SIGKILL)
        until(lambda: list(running_on(scheduler).values()) == [200])
        (tmp_path / "delivered").mkdir()
        for n in range(200):
            (tmp_path / "delivered" / str(n)).touch()
        assert second.wait(60) == 0
        assert len(list((tmp_path / "used").iterdir())) == 200
    finally:
        for process in (first, second):
            if process is not None and process.poll() is None:
                process.kill()
            if process is not None:
                process.wait()
        scheduler.close()
