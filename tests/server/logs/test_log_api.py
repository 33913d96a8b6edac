"""Output over the API: whose it is, and what is shown of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from falcon.testing import Result, TestClient

from luigi.interfaces import Report, TaskSpec
from luigi.scheduler import Scheduler
from luigi.testing import FakeClock


@pytest.fixture
def client(client_of: Callable[..., TestClient], tmp_path: Path) -> TestClient:
    return client_of(logs_dir=str(tmp_path / "logs"))


@pytest.fixture
def running(client: TestClient, scheduler: Scheduler) -> dict[str, int]:
    """Tokens of two tasks that two workers run, by worker."""
    found = {}
    for worker in ("v", "w"):
        scheduler.declare(worker, [TaskSpec(f"{worker.upper()}_1", worker.upper())])
        (assignment,) = scheduler.exchange(worker, (), 1).assignments
        found[worker] = assignment.token
    return found


@pytest.fixture
def hand_in(client: TestClient) -> Callable[..., Result]:
    """Hands in texts of an attempt."""

    def make(worker: str, task_id: str, token: int, *texts: str, first: int = 0, ended: Any = None) -> Result:
        pieces = [{"at": 1.5, "stream": "stderr", "text": text} for text in texts]
        printed = {"task_id": task_id, "attempt": token, "first": first, "pieces": pieces, "ended": ended}
        return client.simulate_post("/api/v1/output", json={"worker": worker, "attempts": [printed]})

    return make


def log(client: TestClient, task_id: str, **query: Any) -> Any:
    answer = client.simulate_get(f"/api/v1/tasks/{task_id}/log", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_what_was_handed_in_is_shown(
    client: TestClient, running: dict[str, int], hand_in: Any, scheduler: Scheduler
) -> None:
    token = running["w"]
    began = scheduler.machine.tasks["W_1"].lease.started
    assert hand_in("w", "W_1", token, "one\n", "two\n").json == {"refused": []}
    told = log(client, "W_1")
    assert told == {
        "attempt": token,
        "attempts": [{"attempt": token, "worker": "w", "began": began, "ended": None}],
        "pieces": [{"at": 1.5, "stream": "stderr", "text": f"{word}\n"} for word in ("one", "two")],
        "next": told["next"],
        "ended": False,
        "lost": 0,
    }
    hand_in("w", "W_1", token, "three\n", first=2, ended=7.0)
    later = log(client, "W_1", after=told["next"])
    assert [piece["text"] for piece in later["pieces"]] == ["three\n"]
    assert later["ended"] is True
    assert later["attempts"][0]["ended"] == 7.0
    assert log(client, "W_1", after=later["next"])["pieces"] == []


def test_only_whom_the_task_was_handed_out_to_says_what_it_prints(
    client: TestClient, running: dict[str, int], hand_in: Any
) -> None:
    for worker, task_id, token in [
        ("v", "W_1", running["w"]),
        ("w", "V_1", running["w"]),
        ("w", "W_1", running["w"] + 100),
        ("nobody", "W_1", running["w"]),
        ("w", "X_1", running["w"]),
    ]:
        assert hand_in(worker, task_id, token, "not mine").status_code == 409
    assert log(client, "W_1")["pieces"] == []


def test_of_several_attempts_those_that_are_its_own_are_taken(client: TestClient, running: dict[str, int]) -> None:
    attempts = [
        {"task_id": task_id, "attempt": running[worker], "first": 0, "pieces": [{"at": 1.0, "text": "mine?"}]}
        for worker, task_id in (("v", "V_1"), ("w", "W_1"))
    ]
    answer = client.simulate_post("/api/v1/output", json={"worker": "w", "attempts": attempts})
    assert (answer.status_code, answer.json) == (200, {"refused": [running["v"]]})
    assert log(client, "V_1")["pieces"] == []
    assert [piece["text"] for piece in log(client, "W_1")["pieces"]] == ["mine?"]


def test_a_worker_may_add_to_what_it_held(
    client: TestClient, running: dict[str, int], hand_in: Any, scheduler: Scheduler
) -> None:
    first = running["w"]
    scheduler.exchange("w", [Report("W_1", first, "FAILED", (), "it broke")], 0)
    scheduler.forgive_failures("W_1")
    (again,) = scheduler.exchange("w", (), 1).assignments
    assert hand_in("w", "W_1", again.token, "second").status_code == 200
    assert hand_in("w", "W_1", first, "first").status_code == 200
    told = log(client, "W_1")
    assert told["attempt"] == again.token
    assert [row["attempt"] for row in told["attempts"]] == [again.token, first]
    assert [piece["text"] for piece in told["pieces"]] == ["second"]
    assert [piece["text"] for piece in log(client, "W_1", attempt=first)["pieces"]] == ["first"]


def test_also_after_the_server_has_started_again(
    client_of: Callable[..., TestClient], tmp_path: Path, running: dict[str, int], hand_in: Any, scheduler: Scheduler
) -> None:
    hand_in("w", "W_1", running["w"], "before")
    scheduler.exchange("w", [Report("W_1", running["w"], "FAILED", (), "it broke")], 0)
    scheduler.forgive_failures("W_1")
    scheduler.exchange("w", (), 1)
    after = client_of(logs_dir=str(tmp_path / "logs"))
    printed = {"task_id": "W_1", "attempt": running["w"], "first": 1, "pieces": [{"at": 1.0, "text": "after"}]}
    for worker, status in (("v", 409), ("w", 200)):
        answer = after.simulate_post("/api/v1/output", json={"worker": worker, "attempts": [printed]})
        assert answer.status_code == status
    assert [piece["text"] for piece in log(after, "W_1", attempt=running["w"])["pieces"]] == ["before", "after"]


def test_a_task_that_has_printed_nothing(client: TestClient, running: dict[str, int], scheduler: Scheduler) -> None:
    told = log(client, "W_1")
    assert (told["attempt"], told["pieces"], told["ended"]) == (running["w"], [], False)
    scheduler.exchange("w", [Report("W_1", running["w"], "DONE")], 0)
    told = log(client, "W_1")
    assert told["ended"] is True
    assert told["attempts"][0]["ended"] is not None


def test_a_task_that_has_never_run(client: TestClient, scheduler: Scheduler) -> None:
    scheduler.declare("w", [TaskSpec("N_1", "N")])
    assert log(client, "N_1") == {
        "attempt": None, "attempts": [], "pieces": [], "next": 0, "ended": False, "lost": 0,
    }  # fmt: skip


def test_what_is_not_there(client: TestClient, running: dict[str, int]) -> None:
    assert client.simulate_get("/api/v1/tasks/X_1/log").status_code == 404
    assert client.simulate_get("/api/v1/tasks/W_1/log", params={"attempt": 999}).status_code == 404
    for name in ("attempt", "after"):
        for wrong in ("-1", "x", "9" * 16, "1" * 17, "1.5"):
            answer = client.simulate_get("/api/v1/tasks/W_1/log", params={name: wrong})
            assert (answer.status_code, answer.json["field"]) == (400, name)


def test_the_output_of_a_task_that_is_forgotten_is_shown(
    client: TestClient, running: dict[str, int], hand_in: Any, scheduler: Scheduler, clock: FakeClock
) -> None:
    hand_in("w", "W_1", running["w"], "kept")
    clock.sleep(10_000)
    scheduler.prune()
    clock.sleep(10_000)
    scheduler.prune()
    assert "W_1" not in scheduler.machine.tasks
    assert [piece["text"] for piece in log(client, "W_1")["pieces"]] == ["kept"]


@pytest.mark.parametrize(
    "piece",
    [
        {"at": "now"},
        {"at": 1.0, "text": "x" * 16_385},
        {"at": 1.0, "stream": "stdin"},
        {"at": 1.0, "lost": -1},
        {"stream": "stdout"},
    ],
)
def test_what_cannot_be_is_refused(client: TestClient, running: dict[str, int], piece: Any) -> None:
    printed = {"task_id": "W_1", "attempt": running["w"], "first": 0, "pieces": [piece]}
    answer = client.simulate_post("/api/v1/output", json={"worker": "w", "attempts": [printed]})
    assert answer.status_code == 400
    assert answer.json["field"].startswith("attempts[0].pieces[0]")


def test_long_output_comes_in_answers_that_are_not_too_long(
    client: TestClient, running: dict[str, int], hand_in: Any
) -> None:
    texts = ["\0" * 16_384, "😀" * 16_384, *("é\n" * 5000 for _ in range(20))]
    hand_in("w", "W_1", running["w"], *texts, ended=9.0)
    found, after, ended = [], 0, False
    while not ended:
        answer = client.simulate_get("/api/v1/tasks/W_1/log", params={"after": after})
        assert len(answer.content) <= 256 * 1024
        found += [piece["text"] for piece in answer.json["pieces"]]
        after, ended = answer.json["next"], answer.json["ended"]
    assert found == texts
