"""Runs and attempts by the API: page by page, one by one; bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from falcon.testing import Result

from luigi.configuration import get_config
from luigi.plugins.histories.sql.history import SqlHistory
from luigi.telling import AttemptEnded, AttemptStarted, RunBegan, RunEnded, TaskFacts

LOAD = TaskFacts("Load_1", "Load", {"day": "1"}, worker_running="w", token=1)
AT = 1_700_000_000.25

See = Callable[..., Result]


@pytest.fixture
def history(tmp_path: Path) -> Iterator[SqlHistory]:
    """The history that the server can be asked for."""
    address = f"sqlite:///{tmp_path}/history.db"
    get_config().set("scheduler", "record_task_history", "true")
    get_config().set("task_history", "db_connection", address)
    with closing(SqlHistory(address)) as history:
        yield history
    get_config().remove_section("task_history")
    get_config().remove_section("scheduler")


@pytest.fixture
def one_run(history: SqlHistory) -> None:
    history.record(
        [
            RunBegan("w", AT, "a.host", "ann", "luigi Load", "c0ffee", ("Load_1",)),
            AttemptStarted(LOAD, AT + 1, "a.host"),
            AttemptEnded(LOAD, AT + 3, False, "ValueError: sorry"),
            RunEnded("w", AT + 5, "FAILED"),
        ]
    )


def all_of(see: See, path: str, kind: str, **query: str) -> list[Any]:
    found: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        answer = see(path, **query, **cursor)
        assert answer.status_code == 200, answer.text
        assert len(answer.content) <= 256 * 1024
        found += answer.json[kind]
        if answer.json["next"] is None:
            return found
        cursor = {"cursor": answer.json["next"]}


@pytest.mark.usefixtures("one_run")
def test_a_run_and_its_attempts(see: See) -> None:
    (run,) = see("runs").json["runs"]
    assert run == {
        "run": 1,
        "worker": "w",
        "began": AT,
        "ended": AT + 5,
        "status": "FAILED",
        "host": "a.host",
        "user": "ann",
        "command": "luigi Load",
        "code_version": "c0ffee",
        "roots": ["Load_1"],
        "attempts": {},
        "cut": [],
    }
    assert see("runs/1").json == run | {"attempts": {"FAILED": 1}}
    (attempt,) = see("runs/1/attempts").json["attempts"]
    assert attempt == {
        "attempt": 1,
        "record": 1,
        "run": 1,
        "task_id": "Load_1",
        "worker": "w",
        "host": "a.host",
        "started": AT + 1,
        "ended": AT + 3,
        "status": "FAILED",
        "error": "ValueError: sorry",
        "cut": [],
    }
    assert see("tasks/Load_1/attempts").json == {"attempts": [attempt], "next": None}
    assert see("attempts/1").json == attempt
    assert see("tasks/Other_1/attempts").json == {"attempts": [], "next": None}


@pytest.mark.usefixtures("one_run")
@pytest.mark.parametrize("path", ["runs/2", "runs/x", "runs/2/attempts", "attempts/2", "attempts/-1", f"runs/{9**40}"])
def test_what_is_not_there_is_404(see: See, path: str) -> None:
    assert see(path).status_code == 404


def test_page_by_page(see: See, history: SqlHistory) -> None:
    history.record([RunBegan(f"w{n}", AT + n) for n in range(25)])
    runs = all_of(see, "runs", "runs", limit="10")
    assert [one["worker"] for one in runs] == [f"w{n}" for n in range(24, -1, -1)]


def test_pages_that_would_be_too_long_have_fewer_rows(see: See, history: SqlHistory) -> None:
    long = "\N{SNOWMAN}" * 100_000
    history.record([RunBegan(f"w{n}", AT, command=long, roots=(long[:150],) * 1000) for n in range(120)])
    tasks = [LOAD._replace(id=f"{n}_" + long[:150], token=n + 1, worker_running="w1") for n in range(120)]
    history.record([AttemptStarted(task, AT, long) for task in tasks])
    history.record([AttemptEnded(task, AT, False, long) for task in tasks])
    assert [one["run"] for one in all_of(see, "runs", "runs")] == list(range(120, 0, -1))
    attempts = all_of(see, "runs/2/attempts", "attempts")
    assert [one["attempt"] for one in attempts] == list(range(120, 0, -1))
    assert attempts[0]["cut"]
    assert len(see("attempts/1").content) <= 256 * 1024
    assert len(see("runs/1").content) <= 256 * 1024


@pytest.mark.usefixtures("one_run")
@pytest.mark.parametrize("path", ["runs", "runs/1/attempts", "tasks/Load_1/attempts"])
@pytest.mark.parametrize("query", [{"cursor": "x"}, {"limit": "0"}, {"limit": "x"}, {"a": "1"}])
def test_a_query_that_is_wrong_is_said_to_be(see: See, path: str, query: dict[str, str]) -> None:
    assert see(path, **query).status_code == 400


@pytest.mark.usefixtures("one_run")
def test_a_page_that_begins_nowhere_is_not_there(see: See) -> None:
    assert see("runs", cursor="runs1.6161").status_code == 404


@pytest.mark.parametrize("path", ["runs", "runs/1", "runs/1/attempts", "tasks/Load_1/attempts", "attempts/1"])
def test_without_a_history_it_is_said_how_to_have_one(see: See, path: str) -> None:
    answer = see(path)
    assert answer.status_code == 404
    assert "record_task_history" in answer.json["hint"]


@pytest.mark.usefixtures("one_run")
def test_what_did_not_change_is_not_sent_again(see: See) -> None:
    first = see("runs")
    assert see("runs", {"If-None-Match": first.headers["etag"]}).status_code == 304
