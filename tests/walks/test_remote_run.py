"""Runs of `luigi` that are scheduled by the released Luigi's own server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from luigi.rpc import RemoteScheduler
from luigi.testing.ports import free_port

MODULE = '''
import luigi


class Logged(luigi.Task):
    """Notes in a file that it ran."""

    def output(self):
        return luigi.LocalTarget(f"out/{self.task_id}")

    def run(self):
        self.work()
        with open("ran", "a") as ran:
            ran.write(f"{self}\\n")
        with self.output().open("w"):
            pass

    def work(self):
        pass


class RemoteBottom(Logged):
    pass


class RemoteSecret(Logged):
    password = luigi.Parameter(default="hunter2", visibility=luigi.parameter.ParameterVisibility.PRIVATE)


class RemoteSide(Logged):
    name = luigi.Parameter()

    def requires(self):
        return RemoteBottom()


class RemoteDiamond(Logged):
    def requires(self):
        return [RemoteSide(name="left"), RemoteSide(name="right")]


class RemoteBroken(Logged):
    retry_count = 1

    def work(self):
        raise ValueError("it never works")


class RemoteAbove(Logged):
    def requires(self):
        return [RemoteBroken(), RemoteBottom()]


class RemoteCensus(Logged):
    def run(self):
        sides = yield [RemoteSide(name=f"found {n}") for n in range(3)]
        assert all(side.exists() for side in sides)
        yield from super().run() or ()


class RemoteNeedy(Logged):
    resources = {"remote_pool": 2}

    def work(self):
        self.set_tracking_url("http://follow/me")
        self.set_status_message("half of it")
        self.set_progress_percentage(50)
        self.decrease_running_resources({"remote_pool": 1})


class Meeting(Logged):
    """Two of these at a time, or none: each waits at the pipe for the other."""

    mode = luigi.Parameter()

    def work(self):
        open("pipe", self.mode).close()


class Common(Logged):
    n = luigi.IntParameter()

    def requires(self):
        return [Meeting(mode="r"), Meeting(mode="w")]


class RemoteShared(Logged):
    def requires(self):
        return [Common(n=n) for n in range(10)]
'''

SETTINGS = """
[core]
rpc_retry_wait = 0.01
[worker]
wait_interval = 0.02
wait_jitter = 0
ping_interval = 0.1
[retcode]
task_failed = 30
unhandled_exception = 40
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "remote_tasks.py").write_text(MODULE)
    (tmp_path / "luigi.cfg").write_text(SETTINGS)
    return tmp_path


def start(folder: Path, port: int, task: str, *args: str) -> subprocess.Popen[str]:
    """`luigi` in `folder`, scheduled by the server at `port`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LUIGI")}
    command = [
        sys.executable,
        "-m",
        "luigi",
        "--module",
        "remote_tasks",
        task,
        "--scheduler-port",
        str(port),
        "--no-lock",
    ]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([*command, *args], cwd=folder, env=kept | {"PYTHONPATH": "."}, **pipes)


def run(folder: Path, port: int, task: str, *args: str) -> tuple[int, str]:
    """Exit code and what was written to stderr."""
    with start(folder, port, task, *args) as process:
        _, err = process.communicate(timeout=60)
    return process.returncode, err


def ran(folder: Path) -> Counter[str]:
    """How often each task ran."""
    return Counter((folder / "ran").read_text().splitlines())


def ask(port: int, method: str, **arguments: object) -> dict:
    return RemoteScheduler(f"http://127.0.0.1:{port}/").call(method, **arguments)


def on_server(port: int, prefix: str) -> dict[str, dict]:
    """The server's tasks whose family begins with `prefix`: task id → what it says of it."""
    tasks = ask(port, "task_list", status="", upstream_status="", limit=False)
    return {task_id: task for task_id, task in tasks.items() if task["name"].startswith(prefix)}


@pytest.mark.service("luigid")
def test_a_diamond(folder: Path, luigid_service: int) -> None:
    code, err = run(folder, luigid_service, "RemoteDiamond")
    assert code == 0, err
    assert "This progress looks :) because there were no failed tasks or missing dependencies" in err
    first, *sides, last = ran(folder)
    assert (first, set(sides), last) == (
        "RemoteBottom()",
        {"RemoteSide(name=left)", "RemoteSide(name=right)"},
        "RemoteDiamond()",
    )
    assert set(ran(folder).values()) == {1}
    assert run(folder, luigid_service, "RemoteDiamond")[0] == 0
    assert set(ran(folder).values()) == {1}, "a second run has nothing to do"


@pytest.mark.service("luigid")
def test_private_parameters_stay_here(folder: Path, luigid_service: int) -> None:
    assert run(folder, luigid_service, "RemoteSecret", "--password", "hunter3")[0] == 0
    (task_id,) = on_server(luigid_service, "RemoteSecret")
    known = ask(luigid_service, "fetch_error", task_id=task_id)
    assert known["taskParams"] == {}
    assert "hunter" not in json.dumps(known)


@pytest.mark.service("luigid")
def test_a_failure_is_known_to_the_server(folder: Path, luigid_service: int) -> None:
    code, err = run(folder, luigid_service, "RemoteAbove")
    assert code == 30, err
    assert "This progress looks :( because there were failed tasks" in err
    assert list(ran(folder)) == ["RemoteBottom()"]
    (broken,) = on_server(luigid_service, "RemoteBroken").items()
    assert broken[1]["status"] == "DISABLED", "its retry_count is 1"
    assert "ValueError: it never works" in ask(luigid_service, "fetch_error", task_id=broken[0])["error"]
    (above,) = on_server(luigid_service, "RemoteAbove").values()
    assert above["status"] == "PENDING"


@pytest.mark.service("luigid")
def test_requirements_found_while_running(folder: Path, luigid_service: int) -> None:
    code, err = run(folder, luigid_service, "RemoteCensus")
    assert code == 0, err
    assert list(ran(folder))[-1] == "RemoteCensus()"
    assert set(ran(folder).values()) == {1}
    (census,) = on_server(luigid_service, "RemoteCensus")
    graph = ask(luigid_service, "dep_graph", task_id=census)
    assert sorted(graph[dep]["params"]["name"] for dep in graph[census]["deps"]) == ["found 0", "found 1", "found 2"]


@pytest.mark.service("luigid")
def test_resources_and_progress(folder: Path, luigid_service: int) -> None:
    assert run(folder, luigid_service, "RemoteNeedy")[0] == 0
    assert not (folder / "ran").exists(), "an unknown resource has a limit of 1, and the task needs 2"
    assert ask(luigid_service, "update_resource", resource="remote_pool", amount=2) is True
    code, err = run(folder, luigid_service, "RemoteNeedy")
    assert code == 0, err
    (needy,) = on_server(luigid_service, "RemoteNeedy").values()
    shown = needy["tracking_url"], needy["status_message"], needy["progress_percentage"]
    assert (needy["status"], *shown) == ("DONE", "http://follow/me", "half of it", 50)
    assert needy["resources_running"] == {"remote_pool": 1}


@pytest.mark.service("luigid")
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_two_workers_run_each_task_once(folder: Path, luigid_service: int) -> None:
    os.mkfifo(folder / "pipe")  # the two meetings end only when they run at the same time, in two workers
    both = [start(folder, luigid_service, "RemoteShared", "--worker-keep-alive") for _ in range(2)]
    try:
        ends = [(process.communicate(timeout=60)[1], process.returncode) for process in both]
    finally:
        for process in both:
            process.kill()
    assert [code for _, code in ends] == [0, 0], ends
    assert ran(folder) == Counter(
        ["Meeting(mode=r)", "Meeting(mode=w)", *(f"Common(n={n})" for n in range(10)), "RemoteShared()"]
    )


def test_no_server_is_told_in_a_sentence(folder: Path) -> None:
    port = free_port()
    code, err = run(folder, port, "RemoteDiamond", "--log-level", "ERROR")
    assert code == 40
    assert err.splitlines() == [
        f"error: the scheduler at http://localhost:{port} cannot be reached: Connection refused",
        "hint: start the server, or run with --local-scheduler",
    ]
    assert not (folder / "ran").exists()
