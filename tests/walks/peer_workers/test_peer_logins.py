"""The released Luigi's workers and our server: over an outage, with tokens, by urllib and by `requests`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.service("luigi"), pytest.mark.timeout(120)]


def test_a_server_that_is_killed_and_comes_back_costs_a_worker_nothing(
    peer_of: Callable[..., Any], start_server: Any
) -> None:
    server = start_server()
    peer = peer_of(server.url)
    worker = peer.start("Waits --name through")
    peer.wait_until(lambda: "begin through" in peer.runs())
    server.kill()
    peer.go_on()
    server.start()
    peer.ended(worker)
    assert peer.runs() == ["begin through", "end through"]
    assert peer.statuses() == {"through": "DONE"}


@pytest.mark.parametrize("library", ["urllib", "requests"])
def test_a_worker_logs_in_by_its_schedulers_url(
    peer_of: Callable[..., Any], start_server: Any, library: str, tmp_path: Path
) -> None:
    server = start_server(tokens=True)
    peer = peer_of(server.url_as("worker"))
    if library == "requests":
        peer.use_requests(tmp_path / "requests")
    assert peer.has_requests() is (library == "requests")
    peer.run("Diamond", "--workers", "2")
    rows = peer.ask_as(server.url_as("viewer"), "task_list", status="DONE")
    assert len(rows) == 5


@pytest.mark.parametrize("role", ["viewer", "nobody"])
def test_a_worker_that_may_not_runs_nothing(peer_of: Callable[..., Any], start_server: Any, role: str) -> None:
    server = start_server(tokens=True)
    url = server.url if role == "nobody" else server.url_as(role)
    peer = peer_of(url)
    peer.settings(attempts="1")
    worker = peer.start("Diamond")
    worker.communicate(timeout=50)
    assert worker.returncode != 0
    assert not peer.runs()
    assert peer.ask_as(server.url_as("viewer"), "task_list") == {}
