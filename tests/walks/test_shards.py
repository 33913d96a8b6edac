"""Two servers that have divided the namespaces between them: what one has, the other waits for by its output alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from luigi.interfaces import Question
from luigi.rpc import RemoteScheduler

MODULE = """
import luigi


class Extract(luigi.Task):
    task_namespace = "sales"
    day = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget(f"out/sales-{self.day}")

    def run(self):
        with open("ran", "a") as ran:
            ran.write(f"{self.day} ")
        with self.output().open("w") as file:
            file.write(str(self.day))


class Week(luigi.WrapperTask):
    task_namespace = "sales"

    def requires(self):
        return [Extract(day) for day in range(7)]


class Report(luigi.Task):
    task_namespace = "reports"

    def requires(self):
        return [luigi.task.externalize(Extract(day)) for day in range(7)]

    def output(self):
        return luigi.LocalTarget("out/report")

    def run(self):
        days = [target.open().read() for target in self.input()]
        with self.output().open("w") as file:
            file.write(",".join(days))
"""

WAITS = """
[worker]
keep_alive = true
retry_external_tasks = true
wait_interval = 0.1
wait_jitter = 0
"""


SERVER = "[scheduler]\nretry_delay = 0.2\n[server]\ntick_interval = 0.1\n"
PATIENCE = 60


def start(task: str, url: str, folder: Path, config: str = "") -> subprocess.Popen[bytes]:
    """A run of one task, by the server of its namespace."""
    settings = folder / f"{task}.cfg"
    settings.write_text(config)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LUIGI")}
    command = [Path(sys.executable).with_name("luigi"), "--module", "sharded", task, "--scheduler-url", url]
    environment = {**clean, "LUIGI_CONFIG_PATH": str(settings), "PYTHONPATH": str(folder)}
    return subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.DEVNULL)


def test_a_task_of_another_server_is_waited_for_and_run_once(start_server: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "sharded.py").write_text(MODULE)
    sales, reports = (start_server(name=name, config=SERVER) for name in ("sales", "reports"))
    waiting = start("reports.Report", reports.url, tmp_path, WAITS)
    running = start("sales.Week", sales.url, tmp_path)
    assert (running.wait(PATIENCE), waiting.wait(PATIENCE)) == (0, 0)
    assert (tmp_path / "out/report").read_text() == "0,1,2,3,4,5,6"
    assert sorted((tmp_path / "ran").read_text().split()) == [str(day) for day in range(7)]
    families = [RemoteScheduler(server.url).view(Question("families")) for server in (sales, reports)]
    assert [family.keys() for family in families] == [
        {"sales.Week", "sales.Extract"},
        {"reports.Report", "sales.Extract"},
    ]
