"""Reaching the database: addresses, drivers, servers that are away, tables that are not ours; and no secret told."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from luigi.configuration import get_config
from luigi.errors import ConfigurationError, MissingExtra, PluginError
from luigi.observers import Listener
from luigi.plugin_manager import PluginManager
from luigi.plugin_settings import MissingSettings
from luigi.plugins.histories import sql
from luigi.plugins.histories.sql import Settings, engine, reach
from luigi.plugins.histories.sql.engine import HistoryAway, HistoryError, engine_for
from luigi.plugins.histories.sql.history import SqlHistory
from luigi.plugins.histories.sql.tables import VERSION
from luigi.recording import Pauses, Recording
from luigi.telling import AttemptEnded, TaskFacts, TaskScheduled
from luigi.testing.contracts import PluginContract

from ...conftest import DatabaseServer, postgres

LOAD = TaskFacts("Load_1", "Load", {"day": "1"})
SECRET = "hunter2"


@pytest.fixture
def section() -> Iterator[Callable[..., None]]:
    """Sets options of `[task_history]`."""

    def configure(**options: str) -> None:
        for name, value in options.items():
            get_config().set("task_history", name, value)

    yield configure
    get_config().remove_section("task_history")


# --- as a plugin -----------------------------------------------------------------------------------------------------


class TestSqlPlugin(PluginContract):
    plugin = sql


def test_it_is_found_by_its_name_and_reads_its_section(section: Callable[..., None], tmp_path: Path) -> None:
    section(db_connection=f"sqlite:///{tmp_path}/history.db", keep_days="1.5", kind="sql")
    with closing(PluginManager.with_installed().make("task_histories", "sql")) as history:
        history.record([TaskScheduled(LOAD, 1.0)])
    assert (tmp_path / "history.db").exists()


def test_without_an_address_it_says_what_to_write(section: Callable[..., None]) -> None:
    section(kind="sql")
    with pytest.raises(MissingSettings) as raised:
        PluginManager.with_installed().make("task_histories", "sql")
    assert "[task_history] db_connection" in raised.value.hint


def test_a_kind_that_nobody_offers_names_those_there_are() -> None:
    with pytest.raises(PluginError, match="sq1") as raised:
        PluginManager.with_installed().make("task_histories", "sq1")
    assert raised.value.hint == "did you mean sql?"


def test_its_address_is_in_no_repr() -> None:
    assert SECRET not in repr(Settings(f"postgresql://me:{SECRET}@127.0.0.1/db"))


# --- addresses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", [f"nonsense {SECRET}", f"oracel://me:{SECRET}@host/db", f"postgresql://me:{SECRET}@host:port/db"]
)
def test_an_address_that_is_none_is_said_without_its_secrets(address: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        engine_for(address)
    assert "[task_history] db_connection" in str(raised.value)
    assert (
        SECRET not in f"{raised.value} {raised.value.hint} {raised.value.__context__ if raised.value.__cause__ else ''}"
    )


def test_the_driver_is_the_one_that_is_installed() -> None:
    assert engine_for("postgresql://me@127.0.0.1/db").url.drivername == "postgresql+psycopg"
    assert engine_for("mysql://me@127.0.0.1/db").url.drivername == "mysql+mysqlconnector"
    assert engine_for("mariadb://me@127.0.0.1/db").url.drivername == "mysql+mysqlconnector"


def test_without_any_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(module: str, extra: str, what: str) -> None:
        raise MissingExtra(what, extra)

    monkeypatch.setattr(engine, "find_spec", lambda module: None)
    monkeypatch.setattr(engine, "need", lambda *asked: nothing(*asked) if asked[0] != "sqlalchemy" else _sqlalchemy())
    with pytest.raises(MissingExtra) as raised:
        engine_for("mysql://me@127.0.0.1/db")
    assert raised.value.hint == 'pip install "luigi-kernel[mysql]"'


def _sqlalchemy() -> Any:
    import sqlalchemy

    return sqlalchemy


def test_a_database_in_memory_is_the_same_for_all_threads() -> None:
    with closing(SqlHistory("sqlite://")) as history:
        thread = threading.Thread(target=history.record, args=([TaskScheduled(LOAD, 1.0)],))
        thread.start()
        thread.join()
        with history.engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM task_events")) == 1


def test_a_file_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    with pytest.raises(HistoryAway, match=f"sqlite:///{tmp_path}/no/history.db.*unable to open"):
        SqlHistory(f"sqlite:///{tmp_path}/no/history.db")


@pytest.mark.service("postgres")
def test_a_refusal_tells_no_secret(postgres_service: DatabaseServer) -> None:
    with pytest.raises(HistoryAway) as raised:
        SqlHistory(f"postgresql://nobody:{SECRET}@127.0.0.1:{postgres_service.port}/none")
    assert f"postgresql://127.0.0.1:{postgres_service.port}/none" in str(raised.value)
    assert "does not exist" in str(raised.value)
    assert SECRET not in str(raised.value)


# --- tables ----------------------------------------------------------------------------------------------------------


def test_a_table_of_somebody_else_s_is_left_alone(database: str) -> None:
    with create_engine(database).begin() as connection:
        connection.execute(text("CREATE TABLE runs (marathon INTEGER)"))
    with pytest.raises(HistoryError, match="a table runs of somebody else's") as raised:
        SqlHistory(database)
    assert "db_connection" in raised.value.hint


def test_tables_of_a_newer_release_are_left_alone(database: str) -> None:
    SqlHistory(database).close()
    with create_engine(database).begin() as connection:
        connection.execute(text("UPDATE history_schema SET version = 99"))
    with pytest.raises(HistoryError, match="version 99.*newer luigi-kernel"):
        SqlHistory(database)


def test_several_may_start_at_once(database: str) -> None:
    failed: list[BaseException] = []

    def start() -> None:
        try:
            SqlHistory(database).close()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    with create_engine(database).connect() as connection:
        assert connection.execute(text("SELECT version FROM history_schema")).all() == [(VERSION,)]


def test_a_check_looks_and_makes_nothing(tmp_path: Path) -> None:
    settings = Settings(f"sqlite:///{tmp_path}/history.db")
    assert "the first start makes it" in reach(settings)
    assert not (tmp_path / "history.db").exists()
    with closing(SqlHistory(settings.db_connection)) as history:
        history.record([TaskScheduled(LOAD, 1.0)])
    assert "has 1 tasks" in reach(settings)


def test_a_check_of_an_empty_database_makes_nothing(database: str) -> None:
    engine_ = create_engine(database)
    with engine_.connect():
        pass
    reach(Settings(database))
    with engine_.connect() as connection:
        assert not engine_.dialect.get_table_names(connection)


# --- databases of Luigi's that take less -----------------------------------------------------------------------------


@pytest.mark.service("mariadb")
def test_an_old_database_that_takes_no_unicode_keeps_what_it_can(mariadb_service: DatabaseServer) -> None:
    url = mariadb_service.new_database()
    with create_engine(url).begin() as connection:
        connection.execute(text(f"ALTER DATABASE {url.rpartition('/')[2]} CHARACTER SET latin1"))
        for table in (
            "tasks (id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY, task_id VARCHAR(200), name VARCHAR(128), "
            "host VARCHAR(128))",
            "task_parameters (task_id INTEGER NOT NULL, name VARCHAR(128) NOT NULL, value TEXT, "
            "PRIMARY KEY (task_id, name), FOREIGN KEY(task_id) REFERENCES tasks (id))",
        ):
            connection.execute(text(f"CREATE TABLE {table} CHARACTER SET latin1"))
    with closing(SqlHistory(url)) as history:
        history.record([TaskScheduled(LOAD._replace(params={"x": "日", "X": "2", "y": "3"}), 1.7e9)])
    with create_engine(url).connect() as connection:
        found = connection.execute(text("SELECT name, value FROM task_parameters ORDER BY name")).all()
    assert [tuple(row) for row in found] == [("x", "?"), ("y", "3")]


# --- servers that are away -------------------------------------------------------------------------------------------


@pytest.mark.service("postgres")
def test_a_server_that_goes_and_comes_back_loses_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with TemporaryDirectory(prefix="luigi-postgres-") as folder, postgres(Path(folder)) as server:
        url = server.new_database()
        recording: Listener = Recording(SqlHistory(url), pauses=Pauses(0.05, 0.2), at_once=7)
        post = recording.courier.post  # type: ignore[attr-defined]
        post(TaskScheduled(LOAD, 1.7e9))
        assert recording.courier.flush(10)  # type: ignore[attr-defined]
        server.stop()
        for number in range(100):
            post(AttemptEnded(LOAD._replace(id=f"Load_{number}"), 1.7e9, True))
        assert not recording.courier.flush(0.5)  # type: ignore[attr-defined]
        server.start()
        recording.flush()
        with create_engine(url).connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM task_events")) == 101
            assert connection.scalar(text("SELECT count(DISTINCT task_id) FROM tasks")) == 100
    assert caplog.text.count("is away") == 1
    assert caplog.text.count("is back") == 1


def test_a_database_that_somebody_locks_is_waited_for(tmp_path: Path) -> None:
    history = SqlHistory(f"sqlite:///{tmp_path}/history.db")
    with closing(sqlite3.connect(tmp_path / "history.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        recording = Recording(history, pauses=Pauses(0.05, 0.2))
        recording.courier.post(TaskScheduled(LOAD, 1.0))
        assert not recording.courier.flush(0.2)
        other.execute("COMMIT")
        recording.flush()
        assert other.execute("SELECT count(*) FROM task_events").fetchall() == [(1,)]
