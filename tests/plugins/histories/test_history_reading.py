"""The history in a database, asked: what the contract asks, on every kind of database; and what is in it besides."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, text

from luigi.configuration import get_config
from luigi.history_reading import AttemptsWanted, TasksWanted, is_kept, reading
from luigi.plugin_manager import PluginManager
from luigi.plugins.histories.sql.history import SqlHistory
from luigi.plugins.histories.sql.past import SHORT
from luigi.telling import AttemptEnded, AttemptStarted, RunBegan, RunEnded, TaskFacts, TaskScheduled
from luigi.testing.contracts import HistoryReadingContract

MADE_BY_LUIGI = Path(__file__).with_name("luigi_3_8_1.sql")
AT = 1_700_000_000.25
LOAD = TaskFacts("Load_1", "Load", {"day": "1"}, worker_running="w", token=1)

Ask = Callable[[str], list[tuple[Any, ...]]]


class TestSqlReading(HistoryReadingContract):
    @pytest.fixture
    def history(self, database: str) -> Iterator[SqlHistory]:
        with closing(SqlHistory(database)) as history:
            yield history


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SqlHistory]:
    """A history in SQLite."""
    with closing(SqlHistory(f"sqlite:///{tmp_path}/history.db")) as history:
        yield history


def test_of_a_long_error_the_end_is_in_lists(database: str) -> None:
    """There a traceback says what was raised."""
    said = ["ä" * SHORT + "b", "ä" * SHORT, "short", "x" * 5000 + "ValueError: sorry\n"]
    with closing(SqlHistory(database)) as history:
        for number, error in enumerate(said, 1):
            task = LOAD._replace(token=number)
            history.record([AttemptStarted(task, AT), AttemptEnded(task, AT, False, error)])
        found = history.reading().attempts(AttemptsWanted(), 10).items[::-1]
        whole = [history.reading().attempt(one.attempt) for one in found]
    assert [one.error for one in found] == [error[-SHORT:] for error in said]
    assert [one.cut for one in found] == [True, False, False, True]
    assert [one.error for one in whole if one is not None] == said


def test_who_guesses_a_hidden_value_learns_nothing(database: str) -> None:
    secret = LOAD._replace(id="Load_2", params={"day": "1", "seed": "42"}, hidden=("seed",))
    shown = LOAD._replace(id="Load_3", params={"day": "2", "seed": "42"})
    with closing(SqlHistory(database)) as history:
        history.record([TaskScheduled(secret, AT), TaskScheduled(shown, AT)])
        found = {
            name: [one.task_id for one in history.reading().tasks(TasksWanted(params=params), 10).items]
            for name, params in {
                "hidden": {"seed": "42"},
                "shown": {"day": "1"},
                "both": {"day": "1", "seed": "42"},
            }.items()
        }
    assert found == {"hidden": ["Load_3"], "shown": ["Load_2"], "both": []}


# --- runs beyond a process -------------------------------------------------------------------------------------------


def test_a_run_goes_on_after_a_restart(database: str) -> None:
    with closing(SqlHistory(database)) as before:
        before.record([RunBegan("w", AT, "a.host")])
    with closing(SqlHistory(database)) as after:
        after.record([AttemptStarted(LOAD, AT + 1, "a.host")])
        after.record([RunEnded("w", AT + 2, "SUCCESS"), AttemptStarted(LOAD._replace(token=2), AT + 3, "a.host")])
        (run,) = after.reading().runs(10).items
        last, first = after.reading().attempts(AttemptsWanted(), 10).items
    assert (first.run, last.run) == (run.run, run.run)
    assert (run.began, run.ended, run.status) == (AT, AT + 2, "SUCCESS")


def test_an_ended_run_has_no_more_attempts_after_a_restart(database: str) -> None:
    with closing(SqlHistory(database)) as before:
        before.record([RunBegan("w", AT), RunEnded("w", AT + 1, "SUCCESS")])
    with closing(SqlHistory(database)) as after:
        after.record([AttemptStarted(LOAD, AT + 2)])
        assert [one.run for one in after.reading().attempts(AttemptsWanted(), 10).items] == [None]


def test_of_a_run_told_twice_at_once_the_last_counts(small: SqlHistory) -> None:
    small.record([RunBegan("w", AT, "a.host"), RunBegan("w", AT + 1, "a.host", command="luigi Load")])
    (run,) = small.reading().runs(10).items
    assert (run.began, run.command) == (AT, "luigi Load")


# --- histories of other makers ---------------------------------------------------------------------------------------


def test_a_history_of_luigi_s_can_be_asked(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "old.db")) as connection:
        connection.executescript(MADE_BY_LUIGI.read_text(encoding="utf-8"))
    with closing(SqlHistory(f"sqlite:///{tmp_path}/old.db")) as history:
        found = history.reading()
        (top,) = found.tasks(TasksWanted(family="Top"), 10).items
        assert (top.task_id, top.host, top.attempt) == (
            "Top_2020_01_02_LLLLLLLLLLLLLLLL_s_cb61edb20c",
            "old-host",
            None,
        )
        assert top.params["day"] == "2020-01-02"
        assert found.events(top.record, 10).items[0].status == top.status
        assert len(found.latest(0, 100).items) == len(found.tasks(TasksWanted(), 100).items) > 1


def test_tables_of_the_version_before_go_on(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/history.db"
    with closing(SqlHistory(address)) as history:
        history.record([TaskScheduled(LOAD, AT)])
    with closing(sqlite3.connect(tmp_path / "history.db")) as connection:
        connection.executescript("DROP TABLE hidden_parameters; UPDATE history_schema SET version = 1;")
    with closing(SqlHistory(address)) as history:
        history.record([TaskScheduled(LOAD._replace(id="Load_2", hidden=("day",)), AT)])
        new, old = history.reading().tasks(TasksWanted(), 10).items
        assert (dict(new.params), dict(old.params)) == ({}, {"day": "1"})
    with closing(sqlite3.connect(tmp_path / "history.db")) as connection:
        assert connection.execute("SELECT version FROM history_schema").fetchall() == [(2,)]


def test_rows_that_somebody_deleted_are_passed_over(small: SqlHistory) -> None:
    small.record([TaskScheduled(LOAD._replace(id=f"Load_{n}"), AT + n) for n in range(3)])
    with small.engine.begin() as connection:
        connection.execute(text("DELETE FROM tasks WHERE task_id = 'Load_1'"))
    assert [one.task_id for one in small.reading().latest(0, 10).items] == ["Load_2", "Load_0"]


# --- what it costs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 500])
def test_a_page_is_a_handful_of_statements(small: SqlHistory, rows: int) -> None:
    """However many rows it has."""
    lives = [
        (TaskScheduled(task, AT), AttemptStarted(task, AT + 1), AttemptEnded(task, AT + 2, True)) for task in many(rows)
    ]
    small.record([fact for one in lives for fact in one])
    statements: list[str] = []
    event.listen(small.engine, "before_cursor_execute", lambda *facts: statements.append(facts[2]))
    assert len(small.reading().latest(0, 1000).items) == rows
    assert len(statements) == 5


def many(number: int) -> list[TaskFacts]:
    return [LOAD._replace(id=f"Load_{n}", params={"n": str(n)}, token=n + 1) for n in range(number)]


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("latest", "ix_task_events_ts"),
        ("family", "ix_tasks_name"),
        ("task_id", "ix_tasks_task_id"),
        ("attempts", "ix_attempts_task_id"),
        ("run", "ix_attempts_run_id"),
    ],
)
def test_a_page_is_read_along_an_index(small: SqlHistory, question: str, index: str) -> None:
    """So that it costs the same however much there is."""
    small.record([TaskScheduled(one, AT) for one in many(3)])
    asked: list[tuple[str, Any]] = []
    event.listen(small.engine, "before_cursor_execute", lambda *facts: asked.append((facts[2], facts[3])))
    ask = {
        "latest": lambda it: it.latest(AT - 10, 10, "2030-01-01T00:00:00~1"),
        "family": lambda it: it.tasks(TasksWanted(family="Load"), 10, "99"),
        "task_id": lambda it: it.tasks(TasksWanted(task_id="Load_1"), 10, "99"),
        "attempts": lambda it: it.attempts(AttemptsWanted(task_id="Load_1"), 10, "99"),
        "run": lambda it: it.attempts(AttemptsWanted(run=1), 10, "99"),
    }
    ask[question](small.reading())
    statement, values = asked[0]
    with closing(sqlite3.connect(small.engine.url.database or "")) as connection:
        plan = "; ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values))
    assert index in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


def test_lists_are_bounded(small: SqlHistory) -> None:
    facts = [LOAD._replace(id=f"L_{n}", params={f"p{k}": "x" * 10_000 for k in range(5)}, token=n) for n in range(20)]
    small.record([AttemptEnded(one, AT, False, "e" * 50_000) for one in facts])
    for task in small.reading().tasks(TasksWanted(), 100).items:
        assert max(map(len, task.params.values())) == SHORT


# --- by the configuration --------------------------------------------------------------------------------------------


@pytest.fixture
def configured() -> Iterator[Callable[[str, str, str], None]]:
    """Sets options."""
    yield get_config().set
    get_config().remove_section("task_history")
    get_config().remove_section("scheduler")


def test_it_is_the_one_that_is_configured(configured: Callable[..., None], tmp_path: Path) -> None:
    configured("task_history", "db_connection", f"sqlite:///{tmp_path}/h.db")
    with closing(SqlHistory(f"sqlite:///{tmp_path}/h.db")) as history:
        history.record([TaskScheduled(LOAD, AT)])
    found = reading(PluginManager.with_installed())
    assert found is not None
    with closing(found):
        assert [one.task_id for one in found.tasks(TasksWanted(), 10).items] == ["Load_1"]


@pytest.mark.parametrize(
    ("section", "option"), [("scheduler", "record_task_history"), ("task_history", "local_runs"), ("", "")]
)
def test_whether_there_is_one(configured: Callable[..., None], section: str, option: str) -> None:
    if section:
        configured(section, option, "true")
    assert is_kept() is bool(section)


def test_one_that_is_only_written_to_cannot_be_asked(configured: Callable[..., None]) -> None:
    from luigi.testing import Recorder

    configured("task_history", "kind", "memory")
    assert reading(PluginManager.with_installed([Recorder()])) is None


def test_a_database_that_is_gone_is_an_os_error(small: SqlHistory) -> None:
    with create_engine(small.engine.url).begin() as connection:
        connection.execute(text("DROP TABLE runs"))
    with pytest.raises(OSError, match="no such table"):
        small.reading().runs(10)
