"""A real `kernel serve` with tokens: over sockets, as workers, browsers and operators meet it."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from luigi.clock import SYSTEM

KERNEL = str(Path(sys.executable).with_name("kernel"))


def call(server: Any, method: str, path: str, role: str = "", **headers: str) -> http.client.HTTPResponse:
    """The answer, read."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if role:
        named["Authorization"] = f"Bearer {server.tokens[role]}"
    connection.request(method, path, headers=named)
    answer = connection.getresponse()
    answer.text = answer.read().decode()  # type: ignore[attr-defined]
    connection.close()
    return answer


@pytest.fixture
def server(start_server: Callable[..., Any]) -> Any:
    return start_server(tokens=True)


def test_roles_hosts_and_origins_over_a_socket(server: Any) -> None:
    assert call(server, "GET", "/healthz").status == 200
    assert call(server, "POST", "/api/pause").status == 401
    assert call(server, "POST", "/api/pause", "worker").status == 403
    assert call(server, "POST", "/api/pause", "operator", Origin="https://evil.example").status == 403
    assert call(server, "POST", "/api/pause", "operator", Host="evil.example").status == 403
    assert json.loads(call(server, "GET", "/api/is_paused", "viewer").text)["response"] == {"paused": False}
    assert call(server, "POST", "/api/pause", "operator", Origin=f"http://127.0.0.1:{server.port}").status == 200
    assert json.loads(call(server, "GET", "/api/is_paused", "viewer").text)["response"] == {"paused": True}


def test_a_browser_is_led_to_sign_in_with_the_path_as_it_was_written(server: Any) -> None:
    answer = call(server, "GET", "/history/by_params/A%2Fb?data=%7B%7D", Accept="text/html")
    assert answer.status == 303
    assert answer.headers["Location"] == "../../login?next=history%2Fby_params%2FA%252Fb%3Fdata%3D%257B%257D"


def test_the_log_has_changes_and_no_secret(server: Any) -> None:
    call(server, "POST", "/api/pause", "operator")
    call(server, "POST", "/api/pause", Authorization="Bearer luigi_guessed")
    assert server.stop() == 0
    log = server.log.read_text()
    assert '"who": "operator"' in log
    assert '"status": 401' in log
    assert not [secret for secret in (*server.tokens.values(), "luigi_guessed") if secret in log]


def test_a_removed_token_is_refused_within_seconds(server: Any) -> None:
    assert call(server, "GET", "/session", "viewer").status == 200
    command = [KERNEL, "tokens", "remove", "viewer", "--file", str(server.folder / "tokens")]
    subprocess.run(command, check=True, capture_output=True)
    until = SYSTEM.monotonic() + 30
    while call(server, "GET", "/session", "viewer").status == 200:
        assert SYSTEM.monotonic() < until, "the token is in force still"
        SYSTEM.sleep(0.1)
    assert call(server, "GET", "/session", "worker").status == 200


def test_a_worker_with_its_token_runs_tasks(server: Any, tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text("import luigi\n\nclass Load(luigi.Task):\n    def run(self):\n        pass\n")
    url = server.url_as("worker")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "LUIGI_CONFIG_PATH": "/dev/null"}
    command = [KERNEL, "run", "shop:Load", "--scheduler-url", url]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert "This progress looks :)" in done.stderr + done.stdout, done.stderr
    assert server.tokens["worker"] not in done.stderr + done.stdout


def test_at_a_unix_socket_any_host_goes_and_tokens_count(
    start_server: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    server = start_server("--unix-socket", "s", tokens=True, leads=False, name="unix")
    with socket.socket(socket.AF_UNIX) as plug:
        plug.connect(str(Path("unix/s")))
        plug.sendall(b"GET /session HTTP/1.0\r\nHost: any.example\r\n\r\n")
        assert plug.makefile("rb").readline().startswith(b"HTTP/1.0 401")
    assert server.stop() == 0
