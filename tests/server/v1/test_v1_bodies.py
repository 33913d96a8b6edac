"""Bodies that are no JSON, or JSON that other programs could not read again, are refused whole."""

from __future__ import annotations

from typing import Any

import pytest
from falcon.testing import Result, TestClient

from luigi.scheduler import Scheduler


@pytest.fixture
def post(app_client: TestClient) -> Any:
    def make(body: bytes, **headers: str) -> Result:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return app_client.simulate_post(
            "/api/v1/introduce", body=body, headers={"Content-Type": "application/json", **named}
        )

    return make


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"worker=w",
        b"\xff\xfe",
        b'{"worker": "\xe4"}',
        b"[" * 100_000,
        b'{"worker": "w", "info": ' + b'{"a":' * 5000 + b"1" + b"}" * 5001,
        b'{"worker": "w", "info": {"x": NaN}}',
        b'{"worker": "w", "info": {"x": -Infinity}}',
        b'{"worker": "w", "info": {"x": 1e999}}',
        b'{"worker": "w", "info": {"x": ' + b"9" * 5000 + b"}}",
        rb'{"worker": "w\ud800"}',
        rb'{"worker": "w", "info": {"\uDC00": 1}}',
        b'["worker"]',
        b'"worker"',
        b"null",
        b"\xef\xbb\xbf{}",
    ],
)
def test_no_json(post: Any, scheduler: Scheduler, body: bytes) -> None:
    answer = post(body)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert not list(scheduler.machine.workers)


def test_every_character_but_halves_of_one(post: Any, scheduler: Scheduler) -> None:
    assert post(rb'{"worker": "w\ud83d\ude00\u0000"}').status_code == 200
    assert [worker.worker_id for worker in scheduler.machine.workers] == ["w😀\0"]


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
def test_another_type(post: Any, scheduler: Scheduler, media: str) -> None:
    answer = post(b'{"worker": "w"}', Content_Type=media)
    assert (answer.status_code, answer.json["hint"]) == (415, "Content-Type: application/json")
    assert not list(scheduler.machine.workers)


def test_the_type_may_say_more(post: Any) -> None:
    assert post(b'{"worker": "w"}', Content_Type="Application/JSON; charset=utf-8").status_code == 200


def test_an_encoded_body(post: Any) -> None:
    assert post(b'{"worker": "w"}', Content_Encoding="gzip").status_code == 415


def test_the_first_mistake_is_named_even_in_a_long_list(app_client: TestClient) -> None:
    tasks: list[dict[str, Any]] = [{"task_id": f"A_{number}", "family": "A"} for number in range(50)]
    tasks[30]["priority"] = "high"
    answer = app_client.simulate_post("/api/v1/declare", json={"worker": "w", "tasks": tasks})
    assert answer.json["field"] == "tasks[30].priority"


def test_what_is_refused_is_not_repeated_at_length(post: Any) -> None:
    answer = post(b'{"worker": ["' + b"x" * 100_000 + b'"]}')
    assert answer.status_code == 400
    assert len(answer.content) < 1000


def test_unknown_ids_are_not_repeated_at_length(app_client: TestClient) -> None:
    answer = app_client.simulate_post("/api/v1/control", json={"verb": "forgive", "subject": "x" * 1000})
    assert answer.status_code == 404
    assert len(answer.content) < 1000
