"""An operator cancels, over HTTP, what a worker of `kernel run` is running: it is gone in seconds, and the run ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from luigi.clock import SYSTEM

KERNEL = str(Path(sys.executable).with_name("kernel"))

MODULE = """
import os
import subprocess
import luigi


class Endless(luigi.Task):
    def run(self):
        grandchild = subprocess.Popen(["sleep", "1000"])
        with open("pids.part", "w") as pids:
            pids.write(f"{os.getpid()} {grandchild.pid}")
        os.rename("pids.part", "pids")
        grandchild.wait()


class Quick(luigi.Task):
    def output(self):
        return luigi.LocalTarget("quick")

    def run(self):
        with self.output().open("w"):
            pass


class All(luigi.WrapperTask):
    def requires(self):
        return [Endless(), Quick()]
"""

SOON = 20.0
"""Seconds within which what is cancelled has to be gone: the worker hears of it within one, and takes five at most."""


def until(holds: Callable[[], Any], seconds: float) -> None:
    end = SYSTEM.monotonic() + seconds
    while not holds():
        assert SYSTEM.monotonic() < end
        SYSTEM.sleep(0.05)


def there(pid: str) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


def asked(server: Any, method: str, path: str, role: str) -> Any:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request(method, f"/api/v1/{path}", headers={"Authorization": f"Bearer {server.tokens[role]}"})
    told = json.loads(connection.getresponse().read())
    connection.close()
    return told


def test_a_run_is_cancelled_with_its_grandchild(start_server: Callable[..., Any], tmp_path: Path) -> None:
    server = start_server(tokens=True)
    (tmp_path / "shop.py").write_text(MODULE)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "LUIGI_CONFIG_PATH": "/dev/null"}
    command = [KERNEL, "run", "shop:All", "--workers", "2", "--scheduler-url", server.url_as("worker")]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as run:
        until(lambda: (tmp_path / "pids").exists() and (tmp_path / "quick").exists(), 60)
        (task,) = asked(server, "GET", "tasks?family=Endless", "viewer")["tasks"]
        path = f"tasks/{task['task_id']}"
        assert asked(server, "POST", f"{path}/cancel", "operator")["status"] == "RUNNING"
        pids = (tmp_path / "pids").read_text().split()
        until(lambda: not any(map(there, pids)), SOON)
        printed, _ = run.communicate(timeout=60)
    assert run.returncode == 30, printed
    assert "1 failed" in printed
    told = asked(server, "GET", path, "viewer")
    assert (told["status"], told["explanation"]) == ("DISABLED", "Cancelled by operator.")
    last = asked(server, "GET", f"{path}/story", "viewer")["story"][-1]
    assert (last["before"], last["why"], last["by"]) == ("RUNNING", "cancelled", "operator")
