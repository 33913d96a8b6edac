"""Luigi's own histories go on: a database that Luigi 3.8.1 has made is read and appended to, under Luigi's names."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, text

from luigi import db_task_history
from luigi.configuration import get_config
from luigi.plugins.histories.sql.history import SqlHistory
from luigi.scheduler import Task
from luigi.task_history import TaskHistory
from luigi.telling import AttemptEnded, AttemptStarted, TaskFacts, TaskScheduled

MADE_BY_LUIGI = Path(__file__).with_name("luigi_3_8_1.sql")
DEP = TaskFacts("Dep_1_f4fe3360f0", "Dep", {"n": "1"}, worker_running="w", token=1)
AT = 1_700_000_000.25

Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def old(tmp_path: Path) -> str:
    """The address of a history of Luigi's."""
    with closing(sqlite3.connect(tmp_path / "old.db")) as connection:
        connection.executescript(MADE_BY_LUIGI.read_text(encoding="utf-8"))
    return f"sqlite:///{tmp_path}/old.db"


@pytest.fixture
def luigis(old: str, configured: Callable[[str], Any]) -> Iterator[Any]:
    with closing(configured(old)) as history:
        yield history


@pytest.fixture
def configured() -> Iterator[Callable[[str], Any]]:
    """A `DbTaskHistory` of the database that the configuration names."""

    def make(db_connection: str) -> Any:
        get_config().set("task_history", "db_connection", db_connection)
        return db_task_history.DbTaskHistory()

    yield make
    get_config().remove_section("task_history")


def test_what_luigi_wrote_is_read(luigis: Any) -> None:
    (top,) = luigis.find_all_by_name("Top")
    assert (top.task_id, top.host) == ("Top_2020_01_02_LLLLLLLLLLLLLLLL_s_cb61edb20c", "old-host")
    assert {name: one.value for name, one in top.parameters.items() if name != "long"} == {
        "day": "2020-01-02",
        "shown": "s",
        "hid": "hidden!",
        "insig": "i",
    }
    assert [event.event_name for event in top.events] == ["DONE", "RUNNING", "PENDING"]
    assert top.events[0].ts.isoformat() == "2026-11-22T07:52:09.295871"
    assert luigis.find_all_events()[0].task.name == "All"


def test_what_luigi_wrote_is_gone_on_with(old: str) -> None:
    with closing(SqlHistory(old)) as history:
        history.record(
            [TaskScheduled(DEP, AT), AttemptStarted(DEP, AT + 1, "new-host"), AttemptEnded(DEP, AT + 2, True)]
        )
    with create_engine(old).connect() as connection:
        found = connection.execute(text("SELECT id, task_id, host FROM tasks WHERE name = 'Dep' ORDER BY id")).all()
        events = connection.execute(text("SELECT task_id, event_name FROM task_events ORDER BY id")).all()
    assert [tuple(row) for row in found][-1] == (12, "Dep_1_f4fe3360f0", "new-host")
    assert len(found) == 5
    assert [tuple(row) for row in events][-3:] == [(12, "PENDING"), (12, "RUNNING"), (12, "DONE")]


def test_luigi_s_tables_are_made_as_luigi_makes_them(old: str, tmp_path: Path) -> None:
    """So that Luigi can go on with a history of ours, too."""
    new = f"sqlite:///{tmp_path}/new.db"
    SqlHistory(new).close()
    for table in ("tasks", "task_parameters", "task_events"):
        ours, luigis = (inspect(create_engine(url)) for url in (new, old))
        assert [_column(one) for one in ours.get_columns(table)] == [_column(one) for one in luigis.get_columns(table)]
        assert _sorted(ours.get_indexes(table)) == _sorted(luigis.get_indexes(table))
        assert ours.get_foreign_keys(table) == luigis.get_foreign_keys(table)
        assert ours.get_pk_constraint(table) == luigis.get_pk_constraint(table)


def _column(found: Any) -> tuple[Any, ...]:
    return (found["name"], str(found["type"]), found["nullable"])


def _sorted(indexes: Any) -> list[Any]:
    return sorted([one["name"], one["column_names"], one["unique"]] for one in indexes)


def test_a_history_older_than_task_ids_gets_them(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "older.db")) as connection:
        script = MADE_BY_LUIGI.read_text(encoding="utf-8")
        connection.executescript(script)
        connection.executescript("DROP INDEX ix_tasks_task_id; ALTER TABLE tasks DROP COLUMN task_id;")
    url = f"sqlite:///{tmp_path}/older.db"
    with closing(SqlHistory(url)) as history:
        history.record([TaskScheduled(DEP, AT)])
    with create_engine(url).connect() as connection:
        found = connection.execute(text("SELECT name, task_id FROM tasks ORDER BY id")).all()
        assert "ix_tasks_task_id" in {one["name"] for one in inspect(connection).get_indexes("tasks")}
    assert [tuple(row) for row in (found[0], found[-1])] == [("All", None), ("Dep", "Dep_1_f4fe3360f0")]


# --- Luigi's class ---------------------------------------------------------------------------------------------------


@pytest.fixture
def own(database: str, configured: Callable[[str], Any]) -> Iterator[Any]:
    """Luigi's class on an empty database, of each kind in turn."""
    with closing(configured(database)) as history:
        yield history


def scheduler_task(task_id: str, **params: str) -> Any:
    """One of the scheduler's own tasks, as Luigi's callers hand them over."""
    return Task(task_id, "PENDING", [], family=task_id.partition("_")[0], params=params)


def test_its_calls_are_kept(own: Any, rows: Ask) -> None:
    task = scheduler_task("Dep_1", n="1")
    own.task_scheduled(task)
    own.task_started(task, "a.host")
    own.task_finished(task, False)
    own.task_started(task, None)
    own.task_finished(task, True)
    assert isinstance(own, TaskHistory)
    assert rows("SELECT task_id, name, host FROM tasks") == [("Dep_1", "Dep", None)]
    assert [name for (name,) in rows("SELECT event_name FROM task_events ORDER BY id")] == [
        "PENDING", "RUNNING", "FAILED", "RUNNING", "DONE",
    ]  # fmt: skip
    assert rows("SELECT name, value FROM task_parameters") == [("n", "1")]


def test_its_questions_are_answered(own: Any) -> None:
    one, two, other = scheduler_task("Dep_1", n="1"), scheduler_task("Dep_2", n="2", m="x"), scheduler_task("Top_1")
    for task in (one, other, two):
        own.task_finished(task, True)
    assert [found.task_id for found in own.find_all_by_name("Dep")] == ["Dep_1", "Dep_2"]
    assert [found.task_id for found in own.find_all_by_parameters("Dep", n="2", m="x")] == ["Dep_2"]
    assert list(own.find_all_by_parameters("Dep", n="2", m="y")) == []
    assert [found.task_id for found in own.find_all_runs()] == ["Dep_1", "Top_1", "Dep_2"]
    assert [found.task_id for found in own.find_latest_runs()] == ["Dep_2", "Top_1", "Dep_1"]
    assert [event.event_name for event in own.find_all_events()] == ["DONE"] * 3
    assert own.find_task_by_id(2).task_id == "Top_1"
    assert own.find_task_by_id(99) is None
    assert own.find_task_by_task_id("Dep_2").parameters["m"].value == "x"
    with pytest.raises(IndexError, match="Dep_9"):
        own.find_task_by_task_id("Dep_9")


def test_what_happened_before_yesterday_is_not_lately(luigis: Any) -> None:
    luigis.record([AttemptEnded(DEP, AT, True)])
    assert DEP.id not in {found.task_id for found in luigis.find_latest_runs() if found.events[0].ts.year == 2023}


def test_a_session_of_the_caller_s_is_used(own: Any) -> None:
    own.task_scheduled(scheduler_task("Dep_1", n="1"))
    with own.session_factory() as session:
        record = own.find_task_by_id(1, session=session)
        assert record in session
        assert own.find_task_by_task_id("Dep_1", session) is record
        assert (
            session.query(db_task_history.TaskRecord).filter(db_task_history.TaskRecord.name == "Dep").one() is record
        )


def test_the_classes_are_sqlalchemy_s() -> None:
    assert set(db_task_history.Base.metadata.tables) >= {"tasks", "task_parameters", "task_events"}
    record = db_task_history.TaskRecord(task_id="Dep_1", name="Dep", host="h")
    assert repr(record) == "TaskRecord(name=Dep, host=h)"
    assert set(db_task_history.NAMES) <= set(dir(db_task_history))
    with pytest.raises(AttributeError, match="Nothing"):
        db_task_history.Nothing  # noqa: B018
