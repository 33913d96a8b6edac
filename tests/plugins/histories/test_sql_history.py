"""The history in a database: what the contract asks, on every kind of database; and what the tables hold."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from luigi.errors import KernelError
from luigi.history_reading import AttemptsWanted
from luigi.plugins.histories.sql.history import SqlHistory
from luigi.telling import AttemptEnded, AttemptStarted, Happened, RunBegan, RunEnded, TaskFacts, TaskScheduled
from luigi.testing.contracts.task_histories import Kept, KeptRun, KeptTask, TaskHistoryContract

AT = 1_700_000_000.25
LOAD = TaskFacts("Load_1", "Load", {"day": "2024-05-01"}, worker_running="w", token=7)
RUN = RunBegan("w", AT, "a.host", "ann", "luigi Load", "c0ffee", ("Load_1",))

Ask = Callable[[str], list[tuple[Any, ...]]]


class TestSqlHistory(TaskHistoryContract):
    @pytest.fixture
    def reopen(self, database: str) -> Callable[[], SqlHistory]:
        return lambda: SqlHistory(database)

    @pytest.fixture
    def kept(self, rows: Ask) -> Callable[[], Kept]:
        return lambda: Kept(_tasks(rows), _runs(rows))


def _tasks(rows: Ask) -> dict[str, KeptTask]:
    """Of all rows of a task together: each process begins one of its own."""
    events = rows(
        "SELECT t.task_id, e.event_name, e.ts FROM task_events e JOIN tasks t ON t.id = e.task_id ORDER BY e.id"
    )
    parameters = rows("SELECT t.task_id, p.name, p.value FROM task_parameters p JOIN tasks t ON t.id = p.task_id")
    errors = rows("SELECT task_id, error FROM attempts WHERE error IS NOT NULL ORDER BY id")
    return {
        task_id: KeptTask(
            family,
            {name: value for of, name, value in parameters if of == task_id},
            [(name, _seconds(ts)) for of, name, ts in events if of == task_id],
            [error for of, error in errors if of == task_id],
        )
        for task_id, family in rows("SELECT DISTINCT task_id, name FROM tasks")
    }


def _seconds(ts: Any) -> float:
    local = ts if isinstance(ts, datetime) else datetime.fromisoformat(ts)
    return local.timestamp()


def _runs(rows: Ask) -> dict[str, KeptRun]:
    found = rows("SELECT worker_id, status, host, username, command, code_version FROM runs")
    return {run_id: KeptRun(status or "", *rest) for run_id, status, *rest in found}


@pytest.fixture
def history(database: str) -> Any:
    with closing(SqlHistory(database)) as history:
        yield history


def test_an_attempt_is_one_row_from_start_to_end(history: SqlHistory, rows: Ask) -> None:
    history.record([RUN, AttemptStarted(LOAD, AT + 1, "a.host")])
    assert rows("SELECT status, ended FROM attempts") == [("RUNNING", None)]
    history.record([AttemptEnded(LOAD, AT + 2.5, False, "ValueError: sorry")])
    ((started, ended),) = rows("SELECT started, ended FROM attempts")
    assert _utc(ended) - _utc(started) == 1.5
    assert _utc(started) == AT + 1
    assert rows("SELECT task_id, worker_id, token, host, status, error FROM attempts") == [
        ("Load_1", "w", 7, "a.host", "FAILED", "ValueError: sorry")
    ]


def _utc(value: Any) -> float:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return found.replace(tzinfo=UTC).timestamp()


def test_attempts_belong_to_their_task_and_their_run(history: SqlHistory, rows: Ask) -> None:
    history.record([RUN])
    history.record([AttemptStarted(LOAD, AT + 1, "a.host"), AttemptEnded(LOAD, AT + 2, True)])
    joined = "FROM attempts a JOIN runs r ON r.id = a.run_id JOIN tasks t ON t.id = a.record_id"
    assert rows(f"SELECT t.name, r.username, r.roots, a.status {joined}") == [("Load", "ann", '["Load_1"]', "DONE")]


def test_two_runs_of_one_worker_id_are_two(history: SqlHistory, rows: Ask) -> None:
    """`[worker] id` may give every run the same."""
    for number, status in enumerate(("FAILED", "SUCCESS")):
        started = AttemptStarted(LOAD._replace(token=number + 1), AT + number, "h")
        history.record([RUN._replace(at=AT + number), started, RunEnded("w", AT + number + 0.5, status)])
    assert rows("SELECT r.status FROM attempts a JOIN runs r ON r.id = a.run_id ORDER BY a.id") == [
        ("FAILED",),
        ("SUCCESS",),
    ]


def test_two_runs_of_one_worker_id_told_at_once_are_two(history: SqlHistory, rows: Ask) -> None:
    told: list[Happened] = []
    for number, status in enumerate(("FAILED", "SUCCESS", "LOST")):
        started = AttemptStarted(LOAD._replace(token=number + 1), AT + number, "h")
        told += [RUN._replace(at=AT + number), started, RunEnded("w", AT + number + 0.5, status)]
    history.record([*told, RUN._replace(at=AT + 9, command="luigi More")])
    history.record([AttemptStarted(LOAD._replace(token=4), AT + 10, "h")])
    joined = "FROM attempts a JOIN runs r ON r.id = a.run_id ORDER BY a.id"
    assert rows(f"SELECT a.token, r.status, r.command {joined}") == [
        (1, "FAILED", "luigi Load"),
        (2, "SUCCESS", "luigi Load"),
        (3, "LOST", "luigi Load"),
        (4, None, "luigi More"),
    ]
    assert rows("SELECT count(*) FROM tasks") == [(1,)]


def test_a_run_that_ends_as_another_of_its_name_begins_is_not_that_one(history: SqlHistory, rows: Ask) -> None:
    history.record([RUN])
    history.record([RunEnded("w", AT + 1, "LOST"), RUN._replace(at=AT + 2), AttemptEnded(LOAD, AT + 3, True)])
    assert rows("SELECT status FROM runs ORDER BY id") == [("LOST",), (None,)]


def test_what_is_told_at_once_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    told = [RUN, AttemptStarted(LOAD, AT, "h"), RunEnded("w", AT + 1, "SUCCESS"), RUN._replace(at=AT + 2)]
    with closing(SqlHistory(f"sqlite:///{tmp_path}/history.db")) as history:
        history.record([TaskScheduled(LOAD._replace(id="Load_0"), AT)])
        with history.engine.begin() as connection:
            connection.exec_driver_sql(
                "CREATE TRIGGER full BEFORE INSERT ON runs WHEN (SELECT count(*) FROM runs) > 0 "
                "BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
        with pytest.raises(KernelError, match="full"):
            history.record(told)
        found = history.reading()
        assert (len(found.runs(10).items), len(found.attempts(AttemptsWanted(), 10).items)) == (0, 0)
        with history.engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER full")
        history.record(told)
        (attempt,) = found.attempts(AttemptsWanted(), 10).items
        last, first = found.runs(10).items
        assert (attempt.run, first.status, last.status) == (first.run, "SUCCESS", "")


def test_a_task_that_gives_way_ends_its_attempt(history: SqlHistory, rows: Ask) -> None:
    history.record([AttemptStarted(LOAD, AT, "h"), TaskScheduled(LOAD, AT + 1)])
    again = LOAD._replace(token=8)
    history.record([AttemptStarted(again, AT + 2, "h")])
    history.record([TaskScheduled(again, AT + 3), AttemptStarted(LOAD._replace(token=9), AT + 4, "h")])
    assert rows("SELECT token, status FROM attempts ORDER BY id") == [(7, "PENDING"), (8, "PENDING"), (9, "RUNNING")]


def test_a_lost_worker_ends_its_attempt(history: SqlHistory, rows: Ask) -> None:
    history.record([AttemptStarted(LOAD, AT, "h")])
    history.record([AttemptEnded(LOAD._replace(worker_running=None), AT + 9, False, "its worker w was lost")])
    assert rows("SELECT worker_id, status, error FROM attempts") == [("w", "FAILED", "its worker w was lost")]


def test_what_was_found_done_was_no_attempt(history: SqlHistory, rows: Ask) -> None:
    history.record([AttemptEnded(LOAD._replace(worker_running=None, token=0), AT, True)])
    assert rows("SELECT * FROM attempts") == []
    assert rows("SELECT event_name FROM task_events") == [("DONE",)]


def test_a_row_is_one_task_in_one_process(database: str, history: SqlHistory, rows: Ask) -> None:
    """As Luigi has it: a restart begins another row, and each says where it ran last."""
    history.record([TaskScheduled(LOAD, AT), AttemptStarted(LOAD, AT + 1, "one.host")])
    history.record([AttemptStarted(LOAD._replace(token=8), AT + 2, "other.host")])
    with closing(SqlHistory(database)) as restarted:
        restarted.record([TaskScheduled(LOAD, AT + 3)])
    assert rows("SELECT task_id, name, host FROM tasks ORDER BY id") == [
        ("Load_1", "Load", "other.host"),
        ("Load_1", "Load", None),
    ]


def test_a_row_that_somebody_deletes_is_begun_anew(history: SqlHistory, rows: Ask) -> None:
    history.record([RUN, TaskScheduled(LOAD, AT)])
    with history.engine.begin() as connection:
        for table in ("task_events", "task_parameters", "tasks", "runs"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    history.record([AttemptStarted(LOAD, AT + 1, "h")])
    assert rows("SELECT t.name, a.run_id FROM attempts a JOIN tasks t ON t.id = a.record_id") == [("Load", None)]


def test_names_that_differ_in_case_differ(history: SqlHistory, rows: Ask) -> None:
    history.record([TaskScheduled(LOAD._replace(params={"x": "1", "X": "2", "é": "3", "e": "4"}), AT)])
    assert sorted(rows("SELECT name, value FROM task_parameters")) == [("X", "2"), ("e", "4"), ("x", "1"), ("é", "3")]


def test_what_is_too_long_is_cut(history: SqlHistory, rows: Ask) -> None:
    long = TaskFacts("T" * 500, "F" * 500, {"n" * 300: "v", "n" * 299: "w"}, worker_running="w" * 500, token=1)
    history.record([AttemptStarted(long, AT, "h" * 500), AttemptEnded(long, AT + 1, False, "日" * 200_000)])
    history.record([RUN._replace(run_id="w" * 500), RunEnded("w" * 500, AT, "SUCCESS")])
    assert rows("SELECT status FROM runs") == [("SUCCESS",)]
    ((task_id, host, error),) = rows("SELECT task_id, host, error FROM attempts")
    assert (task_id, host, len(error)) == ("T" * 200, "h" * 128, 100_000)


def test_a_batch_of_many_tasks_is_kept_whole(history: SqlHistory, rows: Ask) -> None:
    tasks = [LOAD._replace(id=f"Load_{n}", token=n) for n in range(1, 2501)]
    history.record([TaskScheduled(task, AT) for task in tasks])
    history.record([AttemptStarted(task, AT, "h") for task in tasks])
    history.record([AttemptEnded(task, AT, True) for task in tasks])
    assert rows("SELECT count(*), count(DISTINCT record_id) FROM attempts WHERE status = 'DONE'") == [(2500, 2500)]
    assert rows("SELECT count(*) FROM tasks") == [(2500,)]
