"""`kernel serve` and `luigid` as processes: how they start, where they log, how they end."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from luigi.testing.ports import free_port

PATIENCE = 60
BIN = Path(sys.executable).parent


def get(port: int, path: str) -> Any:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    line.request("GET", path)
    answer = line.getresponse()
    said = answer.read()
    return json.loads(said) if answer.status == 200 else answer.status


def clean() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith(("LUIGI", "PYTHON"))}


def refused(folder: Path, *command: str, **environment: str) -> str:
    """What a server that must not start says."""
    done = subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=folder, env=clean() | environment, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode in (1, 2), done
    assert "Traceback" not in done.stderr
    return done.stderr


def comes_true(what: Callable[[], bool]) -> bool:
    """Wait for it, though not for ever."""
    for _ in range(PATIENCE * 20):
        if what():
            return True
        threading.Event().wait(0.05)
    return False


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_told(server_process: Any, how: signal.Signals) -> None:
    assert get(server_process.port, "/readyz") == {"status": "ready"}
    server_process.process.send_signal(how)
    assert server_process.process.wait(PATIENCE) == 0
    log = server_process.log.read_text()
    assert log.splitlines()[-1].endswith(f"luigi.server[{server_process.process.pid}] INFO: stopped")
    assert "Traceback" not in log


def test_what_was_said_is_there_after_a_restart(server_process: Any) -> None:
    def call(method: str, **facts: Any) -> Any:
        line = http.client.HTTPConnection("127.0.0.1", server_process.port, timeout=PATIENCE)
        body = f"data={json.dumps(facts)}"
        line.request("POST", f"/api/{method}", body, {"Content-Type": "application/x-www-form-urlencoded"})
        return json.load(line.getresponse())["response"]

    call("add_task", worker="w", task_id="Kept_1", family="Kept", params={})
    assert server_process.stop() == 0
    server_process.start()
    assert list(call("task_list", status="PENDING", upstream_status="")) == ["Kept_1"]
    server_process.kill()
    server_process.start()
    assert list(call("task_list", status="PENDING", upstream_status="")) == ["Kept_1"]


def test_the_pid_file(start_server: Callable[..., Any], tmp_path: Path) -> None:
    server = start_server("--pidfile", "run/pid")
    path = server.folder / "run" / "pid"
    assert path.read_text() == str(server.process.pid)
    said = refused(server.folder, "kernel", "serve", "--port", "0", "--pidfile", str(path))
    assert f"a server runs already, as process {server.process.pid}" in said
    server.stop()
    assert not path.exists()


def test_a_unix_socket(tmp_path: Path) -> None:
    path = tmp_path / "s"
    command = [BIN / "kernel", "serve", "--unix-socket", str(path), "--state-store", "memory"]
    server = subprocess.Popen(command, cwd=tmp_path, env=clean(), stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        for line in server.stderr:
            if "listening at" in line:
                break
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(PATIENCE)
            caller.connect(str(path))
            caller.sendall(b"GET /healthz HTTP/1.1\r\nHost: any\r\nConnection: close\r\n\r\n")
            assert b"".join(iter(lambda: caller.recv(4096), b"")).endswith(b'{"status": "alive"}')
    finally:
        server.terminate()
        server.communicate(timeout=PATIENCE)
    assert server.returncode == 0
    assert not path.exists()


def test_in_the_background(tmp_path: Path) -> None:
    port = free_port()
    flags = f"--background --pidfile run/pid --logdir log --state-path state.sqlite --port {port}"
    started = subprocess.run(
        [BIN / "luigid", *flags.split()],
        cwd=tmp_path, env=clean(), capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert (started.returncode, started.stdout, started.stderr) == (0, "", "")
    pid = int((tmp_path / "run" / "pid").read_text())
    try:
        assert get(port, "/readyz") == {"status": "ready"}, "it answers as soon as the command has ended"
        again = refused(tmp_path, "luigid", *flags.split())
        assert f"as process {pid}" in again
    finally:
        os.kill(pid, signal.SIGTERM)
    assert comes_true(lambda: not (tmp_path / "run" / "pid").exists())
    assert "INFO: stopped" in (tmp_path / "log" / "luigi-server.log").read_text()


def test_in_the_background_what_fails_is_said_in_front(tmp_path: Path) -> None:
    flags = ("--background", "--logdir", "log", "--port", "0", "--state-store", "memry")
    assert "did you mean memory?" in refused(tmp_path, "kernel", "serve", *flags)


def test_a_log_folder(tmp_path: Path) -> None:
    """The terminal stays quiet."""
    command = [BIN / "kernel", "serve", "--port", "0", "--state-store", "memory", "--logdir", "log"]
    server = subprocess.Popen(command, cwd=tmp_path, env=clean(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    log = tmp_path / "log" / "luigi-server.log"
    try:
        assert comes_true(lambda: log.exists() and "INFO: listening at http://127.0.0.1:" in log.read_text())
    finally:
        server.terminate()
        said, _ = server.communicate(timeout=PATIENCE)
    assert (server.returncode, said) == (0, b"")


def test_a_public_address_is_refused(tmp_path: Path) -> None:
    for program in (("kernel", "serve"), ("luigid",)):
        said = refused(tmp_path, *program, "--port", "0", "--address", "0.0.0.0")
        assert "anybody who reaches this machine" in said
        assert "--insecure" in said


def test_the_help_names_the_program(tmp_path: Path) -> None:
    for program in (("kernel", "serve"), ("luigid",)):
        done = subprocess.run([BIN / program[0], *program[1:], "--help"], capture_output=True, text=True, check=True)
        assert done.stdout.startswith(f"usage: {' '.join(program)} [-h]")
