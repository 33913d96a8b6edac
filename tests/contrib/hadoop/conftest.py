"""A cluster of Hadoop: its commands, its file system as a folder, and the web services that tell of its jobs."""

from __future__ import annotations

import importlib
import json
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any

import pytest

from luigi.configuration import LuigiConfigParser
from luigi.contrib.hdfs import clients as hdfs_clients
from luigi.task_register import Register

PROGRAMS = Path(__file__).parent / "programs"


class Cluster:
    """The stand-in, and what it was asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hdfs = folder / "hdfs"
        self.hdfs.mkdir(parents=True)
        (folder / "bin").mkdir()
        for name in ("hadoop", "mapred", "yarn"):
            self.install(name, f'{shlex.quote(sys.executable)} -I -S {PROGRAMS}/stand_in_hadoop.py {name} "$@"')
        # No site-packages: a mapper has what was sent along, and the standard library.
        self.install("bare-python", f'{shlex.quote(sys.executable)} -E -s -S "$@"')

    def install(self, name: str, command: str) -> str:
        """Write a program that runs `command`."""
        program = self.folder / "bin" / name
        program.write_text(f"#!/bin/sh\nexec {command}\n")
        program.chmod(0o755)
        return str(program)

    def write(self, path: str, text: str) -> None:
        """Put a file into HDFS."""
        place = self.hdfs / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)

    def lines(self, path: str) -> list[str]:
        """All lines of what a job has written."""
        parts = sorted((self.hdfs / path.lstrip("/")).glob("part-*"))
        return sorted(line for part in parts for line in part.read_text().splitlines())

    def calls(self, program: str, verb: str) -> list[list[str]]:
        """The command lines of a program that begin with this verb, without both."""
        path = self.folder / "calls"
        calls = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
        return [call[2:] for call in calls if call[:2] == [program, verb]]

    def is_running(self, name: str) -> bool:
        """Whether a job of that name runs."""
        return any(self._runs(folder, name) for folder in (self.folder / "jobs").glob("*"))

    def _runs(self, folder: Path, name: str) -> bool:
        pid = folder / "pid"
        if not (folder / "told").exists() or not list(folder.glob("task_*")):  # which each task has, and jars write
            return False
        ps = ["ps", "-ww", "-o", "stat=", "-o", "args=", "-p", pid.read_text()]
        shown = subprocess.run(ps, capture_output=True, text=True, check=False).stdout
        return name in shown and not shown.startswith("Z")


class YarnWebServices(BaseHTTPRequestHandler):
    """Stands in for the web services of YARN: its proxy, the job history server, and a machine's logs."""

    jobs: Path
    running: frozenset[str] = frozenset()
    """Applications that tell of themselves, for they have not ended."""

    def do_GET(self) -> None:
        parts = self.path.strip("/").split("/")
        if parts[0] == "proxy" and len(parts) == 2 and parts[1] not in self.running:
            self._answer(302, b"", Location=f"/jobhistory/job/{parts[1].replace('application', 'job')}")
        elif parts[0] == "proxy" and len(parts) == 2:
            self._answer(200, b"<html>")
        elif parts[0] == "jobhistory":
            self._answer(200, b"<html>")
        elif parts[-1] == "tasks":
            task = self._failed(parts[-2])
            found = [{"id": "task_of_others", "state": "SUCCEEDED"}, {"id": task, "state": "FAILED"}]
            self._json({"tasks": {"task": found}})
        elif parts[-1] == "attempts":
            self._json({"taskAttempts": {"taskAttempt": self._attempts(parts[-2])}})
        elif parts[2] == "node":
            logs = list(self.jobs.glob(f"*/{parts[4]}/stderr"))
            self._answer(200, logs[0].read_bytes()) if logs else self._answer(404, b"")

    def _failed(self, job: str) -> str:
        return (self.jobs / job.removeprefix("job_") / "failed").read_text()

    def _attempts(self, task: str) -> list[dict[str, Any]]:
        machine = "{}:{}".format(*self.server.server_address)
        attempt = {"state": "FAILED", "diagnostics": "exit code 1", "nodeHttpAddress": machine}
        return [{**attempt, "id": f"{task.replace('task', 'attempt')}_0", "assignedContainerId": task}]

    def _json(self, content: Any) -> None:
        self._answer(200, json.dumps(content).encode())

    def _answer(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`configured(section, option="value")`, for one test."""
    config = LuigiConfigParser()
    monkeypatch.setattr(LuigiConfigParser, "_instance", config)
    vars(hdfs_clients._AUTOCONFIG_CLIENT).clear()

    def configure(section: str, **options: str) -> None:
        for name, value in options.items():
            config.set(section, name, value)

    return configure


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, configured: Callable[..., None]) -> Cluster:
    """The configured Hadoop."""
    made = Cluster(tmp_path / "cluster")
    monkeypatch.setenv("STAND_IN", str(made.folder))
    configured(
        "hadoop",
        command=str(made.folder / "bin" / "hadoop"),
        python_executable=str(made.folder / "bin" / "bare-python"),
        streaming_jar="/opt/hadoop-streaming.jar",
    )
    made.write("/texts/a", "to be or not to be\n")
    made.write("/texts/b", "that is to be\n")
    return made


@pytest.fixture
def tracked(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the cluster's jobs can be followed."""
    with ThreadingHTTPServer(("127.0.0.1", 0), YarnWebServices) as server:
        YarnWebServices.jobs = cluster.folder / "jobs"
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("STAND_IN_TRACKING", url)
        yield url
        server.shutdown()


@pytest.fixture
def yarn() -> type[YarnWebServices]:
    """What answers there."""
    return YarnWebServices


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module hadoop_words, from the folder of programs."""
    monkeypatch.syspath_prepend(PROGRAMS)
    Register.clear_instance_cache()
    return importlib.import_module("hadoop_words")
