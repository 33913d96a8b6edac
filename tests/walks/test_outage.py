"""Workers outlive their server: a real one is killed under running tasks, stays away, and comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from luigi.clock import SYSTEM
from luigi.interfaces import Question
from luigi.rpc import RemoteScheduler

MODULE = '''
import os
import time

import luigi


class OutageTask(luigi.Task):
    """Notes in a file that it ran; the ones named slow say when they run, and wait until they may end."""

    name = luigi.Parameter()

    def output(self):
        return luigi.LocalTarget(f"out/{self.name}")

    def run(self):
        if self.name.startswith("slow"):
            open(f"running-{self.name}", "w").close()
            self.set_status_message("waiting")
            while not os.path.exists("may-end"):
                time.sleep(0.05)
            self.set_progress_percentage(99)
        if self.name == "slow1":
            yield OutageTask(name="found")
        with open("ran", "a") as ran:
            ran.write(f"{self.name}\\n")
        with self.output().open("w"):
            pass


class OutageAll(luigi.WrapperTask):
    slow = luigi.IntParameter()

    def requires(self):
        slow = [OutageTask(name=f"slow{n}") for n in range(self.slow)]
        return slow + [OutageTask(name=f"quick{n}") for n in range(5)]
'''
PATIENCE = 30.0
"""Seconds until something counts as not happening."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "run"
    made.mkdir()
    (made / "outage_tasks.py").write_text(MODULE)
    return made


def start(folder: Path, url: str, *flags: str, token: str = "") -> subprocess.Popen[bytes]:
    """A run of `luigi` by the server at `url`; its log is in `log`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LUIGI")}
    environment = clean | {"PYTHONPATH": str(folder)} | ({"LUIGI_SCHEDULER_TOKEN": token} if token else {})
    command = [sys.executable, "-m", "luigi", "--module", "outage_tasks", "OutageAll", "--scheduler-url", url]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen([*command, *flags], cwd=folder, env=environment, stdout=log, stderr=log)


def wait_for(happens: Any, folder: Path) -> None:
    until = SYSTEM.monotonic() + PATIENCE
    while not happens():
        assert SYSTEM.monotonic() < until, (folder / "log").read_text()
        SYSTEM.sleep(0.05)


def ended(run: subprocess.Popen[bytes], folder: Path) -> int:
    try:
        return run.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        run.kill()
        run.wait()
        pytest.fail((folder / "log").read_text())


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("killed", [True, False])
def test_tasks_end_without_a_server_and_are_reported_when_it_is_back(
    start_server: Any, folder: Path, workers: int, killed: bool
) -> None:
    server = start_server(tokens=True)
    run = start(folder, server.url, "--slow", "2", "--workers", str(workers), token=server.tokens["worker"])
    wait_for(lambda: (folder / f"running-slow{workers - 1}").exists(), folder)
    server.kill() if killed else server.stop()
    (folder / "may-end").touch()
    wait_for(lambda: (folder / "log").read_text().count("What runs goes on") == 1, folder)
    SYSTEM.sleep(0.5)
    assert run.poll() is None
    server.start()
    assert ended(run, folder) == 0
    everything = ["found", *[f"quick{n}" for n in range(5)], "slow0", "slow1"]
    assert Counter((folder / "ran").read_text().split()) == Counter(everything)
    counts = RemoteScheduler(server.url_as("viewer")).view(Question("counts"))
    assert counts == {"DONE": len(everything) + 1}
    assert "is not assigned to this worker" not in (folder / "log").read_text()


def test_a_server_that_hangs_is_ridden_out_too(start_server: Any, folder: Path) -> None:
    server = start_server()
    (folder / "luigi.cfg").write_text("[core]\nrpc_connect_timeout = 0.3\n")
    run = start(folder, server.url, "--slow", "1")
    wait_for((folder / "running-slow0").exists, folder)
    os.kill(server.process.pid, signal.SIGSTOP)
    try:
        (folder / "may-end").touch()
        wait_for(lambda: "What runs goes on" in (folder / "log").read_text(), folder)
        assert run.poll() is None
    finally:
        os.kill(server.process.pid, signal.SIGCONT)
    assert ended(run, folder) == 0
    assert Counter((folder / "ran").read_text().split()).most_common(1)[0][1] == 1


def test_a_run_gives_up_after_its_patience(start_server: Any, folder: Path) -> None:
    server = start_server()
    run = start(folder, server.url, "--slow", "1", "--worker-outage-patience", "0.5")
    wait_for((folder / "running-slow0").exists, folder)
    server.kill()
    (folder / "may-end").touch()
    assert ended(run, folder) == 4
    assert (folder / "out" / "slow0").exists()
    assert "cannot be reached: Connection refused" in (folder / "log").read_text()


def test_the_other_server_is_asked(start_server: Any, folder: Path) -> None:
    first, second = start_server(), start_server()
    run = start(folder, f"{first.url},{second.url}", "--slow", "1")
    wait_for((folder / "running-slow0").exists, folder)
    first.kill()
    (folder / "may-end").touch()
    assert ended(run, folder) == 0  # it knows nothing of the run, and is told all of it
    counts = RemoteScheduler(second.url).view(Question("counts"))
    assert counts.get("DONE", 0) + counts.get("PENDING", 0) >= 6
    assert Counter((folder / "ran").read_text().split()).most_common(1)[0][1] == 1
