"""What a server says of itself: that it lives, that it is ready, its figures."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from falcon.testing import TestClient

from luigi.server.standing import Alone


def test_alive_and_ready(app_client: TestClient) -> None:
    assert app_client.simulate_get("/healthz").json == {"status": "alive"}
    assert app_client.simulate_get("/readyz").json == {"status": "ready"}


def test_no_figures_without_a_collector(app_client: TestClient) -> None:
    answer = app_client.simulate_get("/metrics")
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_figures_of_a_collector(start_server: Callable[..., Any]) -> None:
    server = start_server(config="[scheduler]\nmetrics_collector = prometheus\n")
    said = quote(json.dumps({"worker": "w", "task_id": "Counted_1", "family": "Counted", "params": {}}))
    urlopen(f"{server.url}api/add_task", f"data={said}".encode(), timeout=60).close()
    urlopen(f"{server.url}api/get_work", b"data={%22worker%22: %22w%22}", timeout=60).close()
    for _ in range(200):  # a courier takes it there
        with urlopen(f"{server.url}metrics", timeout=60) as answer:
            page, kind = answer.read().decode(), answer.headers["Content-Type"]
            assert "Server" not in answer.headers
        if page:
            break
        threading.Event().wait(0.05)
    assert 'luigi_task_started_total{family="Counted"} 1.0' in page
    assert kind.startswith("text/plain; version=")


def test_one_that_stands_by_lives_but_is_not_ready(
    client_of: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Alone, "leads", False)
    client = client_of()
    assert client.simulate_get("/healthz").status_code == 200
    answer = client.simulate_get("/readyz")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert answer.json["detail"] == "another server leads, or none yet"


def test_one_whose_state_cannot_be_kept_is_not_ready(
    client_of: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Alone, "trouble", "the disk is full")
    answer = client_of().simulate_get("/readyz")
    assert (answer.status_code, answer.json["detail"]) == (503, "the disk is full")


def test_unknown_paths(app_client: TestClient) -> None:
    answer = app_client.simulate_get("/healthy")
    assert (answer.status_code, answer.json["hint"]) == (404, "did you mean /healthz?")
