"""What SQLAlchemy's task and target do beyond the suite, on SQLite."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    String,
    bindparam,
    create_engine,
    text,
)

import luigi
from luigi.contrib._sql.errors import DatabaseAway, MarkerTaken, SqlError
from luigi.contrib.sqla import CopyToTable, SQLAlchemyTarget
from luigi.mock import MockTarget
from luigi.testing import FakeClock, run_task


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    yield f"sqlite:///{tmp_path / 'file.db'}"
    for known in SQLAlchemyTarget._engine_dict.values():
        known.engine.dispose()


def ask(url: str, statement: str) -> list[Any]:
    engine = create_engine(url)
    with engine.begin() as connection:
        answer = connection.execute(text(statement))
        found = [tuple(row) for row in answer] if answer.returns_rows else []
    engine.dispose()
    return found


class Items(CopyToTable):
    """Loads two rows."""

    connection_string = ""
    table = "items"
    columns = [(["item", String(64)], {"primary_key": True}), (["property", String(64)], {})]

    def rows(self) -> Any:
        return [("item1", "property1"), ("item2", None)]


class Lines(luigi.ExternalTask):
    def output(self) -> MockTarget:
        return MockTarget("lines")


class FromFile(CopyToTable):
    """Loads what stands in a file."""

    connection_string = ""
    table = "lines"
    columns = [(["name", String(64)], {}), (["number", Integer()], {})]

    def requires(self) -> Lines:
        return Lines()


def loads(url: str, base: Any = Items, **members: Any) -> Any:
    return type("Loaded", (base,), {"connection_string": url, **members})()


def test_it_loads_and_keeps_the_table(url: str) -> None:
    task = run_task(loads(url))
    assert ask(url, "SELECT * FROM items") == [("item1", "property1"), ("item2", None)]
    assert task.update_id() == task.task_id
    assert list(task.table_bound.columns.keys()) == ["item", "property"]
    assert task.table_bound.columns["item"].primary_key


def test_a_file_is_loaded(url: str) -> None:
    with MockTarget("lines").open("w") as file:
        file.write("one,1\n back\\slash ,2\n,3")
    run_task(loads(url, FromFile, column_separator=","))
    assert ask(url, "SELECT * FROM lines") == [("one", 1), (" back\\slash ", 2), ("", 3)]


def test_types_are_sqlalchemys(url: str) -> None:
    columns = [(["day", Date()], {}), (["number", Integer()], {"nullable": False})]
    run_task(loads(url, columns=columns, rows=lambda task: [(datetime.date(2012, 6, 1), 7)]))
    assert ask(url, "SELECT * FROM items") == [("2012-06-01", 7)]
    with pytest.raises(SqlError, match="NOT NULL constraint failed"):
        run_task(loads(url, rows=lambda task: [(None, None)], columns=columns, update_id=lambda task: "other"))


def test_values_are_as_their_types_have_them(url: str) -> None:
    """In rows together with others that need no care."""
    kinds = {"a": Numeric(6, 2), "b": Float(), "c": JSON(), "d": Boolean(), "e": DateTime(), "f": LargeBinary()}
    columns = [([name, kind], {}) for name, kind in kinds.items()]
    at = datetime.datetime(2012, 6, 1, 12, 30)
    given = [(Decimal("1.50"), 2, {"a": [1]}, True, at, b"\x00"), [1.5, Decimal("2"), None, None, None, None]]
    task = run_task(loads(url, columns=columns, rows=lambda task: given))
    with create_engine(url).connect() as connection:
        found = [tuple(row) for row in connection.execute(task.table_bound.select())]
    assert found == [tuple(given[0]), (Decimal("1.50"), 2.0, None, None, None, None)]


def test_the_columns_may_be_those_of_the_table(url: str) -> None:
    ask(url, "CREATE TABLE items (a TEXT, b TEXT)")
    run_task(loads(url, reflect=True, columns=[]))
    assert ask(url, "SELECT a, b FROM items") == [("item1", "property1"), ("item2", None)]


def test_a_table_that_is_not_there_has_no_columns(url: str) -> None:
    with pytest.raises(SqlError, match="no table items"):
        run_task(loads(url, reflect=True, columns=[]))
    with pytest.raises(NotImplementedError, match="'items' and columns types not specified"):
        run_task(loads(url, columns=[]))


@pytest.mark.parametrize("columns", [["item"], [("item", String(64))], [(["item", String], {"primary": True})]])
def test_what_is_no_column(url: str, columns: Any) -> None:
    with pytest.raises(SqlError, match="which is not arguments of sqlalchemy.Column"):
        run_task(loads(url, columns=columns))


@pytest.mark.parametrize(("size", "chunks"), [(1, [1, 1]), (2, [2]), (5000, [2])])
def test_rows_go_in_chunks(url: str, size: int, chunks: list[int]) -> None:
    seen = []

    def copy(task: Any, conn: Any, ins_rows: Any, table_bound: Any) -> None:
        seen.append(len(ins_rows))
        CopyToTable.copy(task, conn, ins_rows, table_bound)

    run_task(loads(url, chunk_size=size, copy=copy))
    assert seen == chunks
    assert len(ask(url, "SELECT * FROM items")) == 2


def test_a_load_may_be_of_its_own(url: str) -> None:
    """As Luigi's documentation updates a table."""

    class Updates(Items):
        reflect = True

        def copy(self, conn: Any, ins_rows: Any, table_bound: Any) -> None:
            key = table_bound.c.item == bindparam("_item")
            conn.execute(
                table_bound.update().where(key).values({table_bound.c.property: bindparam("_property")}), ins_rows
            )

    ask(url, "CREATE TABLE items (item TEXT, property TEXT)")
    ask(url, "INSERT INTO items VALUES ('item1', 'old'), ('item2', 'old')")
    run_task(loads(url, Updates))
    assert ask(url, "SELECT * FROM items") == [("item1", "property1"), ("item2", None)]


def test_a_table_may_be_made_otherwise(url: str) -> None:
    def create_table(task: Any, engine: Any) -> None:
        ask(str(engine.url), "CREATE TABLE items (item TEXT, property TEXT, more INT DEFAULT 7)")
        columns = [sqlalchemy.Column(name, String) for name in ("item", "property")]
        task.table_bound = sqlalchemy.Table("items", sqlalchemy.MetaData(), *columns)

    run_task(loads(url, create_table=create_table))
    assert ask(url, "SELECT * FROM items") == [("item1", "property1", 7), ("item2", None, 7)]


@pytest.mark.parametrize("row", [("a",), ("a", "b", "c")])
def test_a_row_of_another_length_is_shown(url: str, row: Any) -> None:
    with pytest.raises(SqlError, match="does not have 2 values"):
        run_task(loads(url, rows=lambda task: [("x", "y"), row]))
    assert ask(url, "SELECT * FROM items") == []


# --- the target ------------------------------------------------------------------------------------------------------


def test_the_same_update_id_may_be_of_two_tables(url: str) -> None:
    for table in ("one", "two"):
        target = SQLAlchemyTarget(url, table, "same")
        assert not target.exists()
        assert target.touch() is True
        assert target.touch() is False
        assert target.exists()
    assert ask(url, "SELECT update_id, target_table FROM table_updates") == [("same", "one"), ("same", "two")]


LUIGIS = "CREATE TABLE table_updates (update_id VARCHAR(128) PRIMARY KEY, target_table VARCHAR(128), inserted DATETIME)"


def test_what_luigi_has_noted_counts(url: str) -> None:
    ask(url, LUIGIS)
    ask(url, "INSERT INTO table_updates (update_id, target_table) VALUES ('of luigi', 'any')")
    assert SQLAlchemyTarget(url, "any", "of luigi").exists()
    assert SQLAlchemyTarget(url, "any", "of luigi").touch() is False
    assert SQLAlchemyTarget(url, "any", "ours").touch() is True
    assert SQLAlchemyTarget(url, "any", "ours").exists()


def test_luigis_table_has_room_for_one(url: str) -> None:
    ask(url, LUIGIS)
    SQLAlchemyTarget(url, "one", "same").touch()
    with pytest.raises(MarkerTaken, match="'same' is noted in table_updates for another table than items") as caught:
        run_task(loads(url, update_id=lambda task: "same"))
    assert "primary key" in caught.value.hint
    assert ask(url, "SELECT * FROM items") == []


def test_a_note_has_the_time_it_was_made(url: str) -> None:
    before = datetime.datetime.now()
    SQLAlchemyTarget(url, "any", "one").touch()
    ((noted,),) = ask(url, "SELECT inserted FROM table_updates")
    assert before <= datetime.datetime.fromisoformat(noted) <= datetime.datetime.now()


def test_the_marker_table_may_be_another(url: str, luigi_config: Any) -> None:
    luigi_config("sqlalchemy", marker_table="all done")
    SQLAlchemyTarget(url, "any", "one").touch()

    class Other(SQLAlchemyTarget):
        marker_table = "others"

    Other(url, "any", "two").touch()
    assert ask(url, 'SELECT update_id FROM "all done"') == [("one",)]
    assert ask(url, "SELECT update_id FROM others") == [("two",)]


def test_asking_makes_nothing(url: str, tmp_path: Path) -> None:
    assert not SQLAlchemyTarget(url, "any", "one").exists()
    assert ask(url, "SELECT name FROM sqlite_master") == []


def test_it_cannot_be_opened(url: str) -> None:
    with pytest.raises(NotImplementedError, match="Cannot open.. SQLAlchemyTarget"):
        SQLAlchemyTarget(url, "any", "one").open("r")


def test_an_engine_is_shared_within_a_process(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = SQLAlchemyTarget(url, "any", "one").engine
    assert SQLAlchemyTarget(url, "other", "two").engine is engine
    assert SQLAlchemyTarget(url, "any", "one", connect_args={"timeout": 3}).engine is not engine
    monkeypatch.setattr(os, "getpid", lambda: 1)
    assert SQLAlchemyTarget(url, "any", "one").engine is not engine


def test_a_database_in_memory(tmp_path: Path) -> None:
    assert run_task(loads("sqlite://")).complete()


def test_options_reach_the_driver(url: str) -> None:
    with pytest.raises(Exception, match="no_such_option"):
        run_task(loads(url, connect_args={"no_such_option": 1}))
    assert run_task(loads(url, connect_args={"timeout": 3}, echo=False)).complete()


# --- when it fails ---------------------------------------------------------------------------------------------------


def test_what_is_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SqlError, match="no address of a database") as caught:
        SQLAlchemyTarget("nonsense:secret-password", "any", "one").exists()
    assert caught.value.__suppress_context__
    with pytest.raises(SqlError, match="no address of a database"):
        SQLAlchemyTarget("postgresql+psycopg://user:secret-password@host:port/d", "any", "one").exists()
    with pytest.raises(SqlError, match="knows no such database") as caught:
        SQLAlchemyTarget("postgres://user:secret-password@host/d", "any", "one").exists()
    assert "postgresql+psycopg://" in caught.value.hint


def test_a_driver_that_is_not_installed() -> None:
    with pytest.raises(SqlError, match=r"oracle://user:\*\*\*@host/d: its driver is not installed") as caught:
        SQLAlchemyTarget("oracle://user:secret-password@host/d?wallet=other-secret", "any", "one").exists()
    assert caught.value.hint


def test_a_file_that_cannot_be_made_is_not_tried_again(tmp_path: Path, clock: FakeClock) -> None:
    before = clock.now()
    with pytest.raises(DatabaseAway, match=r"can be made: unable to open database file$"):
        SQLAlchemyTarget(f"sqlite:///{tmp_path}/missing/file.db", "any", "one").exists()
    assert clock.now() == before


def test_a_server_that_is_away_is_asked_again(closed_port: int, clock: FakeClock, luigi_config: Any) -> None:
    luigi_config("sqlalchemy", connect_attempts=2)
    before = clock.now()
    url = f"postgresql+psycopg://user:secret-password@127.0.0.1:{closed_port}/d?options=other-secret"
    with pytest.raises(DatabaseAway) as caught:
        SQLAlchemyTarget(url, "any", "one").exists()
    assert clock.now() - before == 0.5
    assert "secret" not in str(caught.value)
    assert "user:***@127.0.0.1" in str(caught.value)
