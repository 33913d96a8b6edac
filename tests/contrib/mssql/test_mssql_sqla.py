"""What `luigi.contrib.sqla` would send to SQL Server: statements as SQLAlchemy compiles them, and how it connects."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Integer, String, Table
from sqlalchemy.schema import CreateTable

from luigi.contrib._sql.errors import DatabaseAway
from luigi.contrib._sql.sqla_bulk import insertion
from luigi.contrib.sqla import CopyToTable, SQLAlchemyTarget
from luigi.testing import FakeClock

ADDRESS = "mssql+pymssql://loader:secret-password@127.0.0.1:1/shop"


class Orders(CopyToTable):
    connection_string = ADDRESS
    table = "order"
    schema = "sales"
    columns = [(["name", String(64)], {"primary_key": True}), (["100 %", Integer()], {})]


def compiled(statement: Any) -> str:
    engine = SQLAlchemyTarget(ADDRESS, "any_table", "any").engine
    return " ".join(str(statement.compile(engine)).split())


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Table:
    """The table that the task would make."""
    tables: list[Table] = []
    monkeypatch.setattr("luigi.contrib._sql.sqla_task.make", lambda engine, table: tables.append(table))
    Orders().create_table(Orders().output().engine)
    return tables[0]


def test_the_table(made: Table) -> None:
    expected = "CREATE TABLE sales.[order] ( name VARCHAR(64) NOT NULL, [100 %] INTEGER NULL, PRIMARY KEY (name) )"
    assert compiled(CreateTable(made)) == expected


def test_the_rows(made: Table) -> None:
    assert compiled(insertion(made)) == "INSERT INTO sales.[order] (name, [100 %]) VALUES (%(_name)s, %(_100_P)s)"


def test_the_marker_table() -> None:
    statement = compiled(CreateTable(SQLAlchemyTarget(ADDRESS, "any_table", "any")._marker()))
    assert "update_id VARCHAR(255) COLLATE Latin1_General_BIN2 NOT NULL" in statement
    assert "PRIMARY KEY (update_id, target_table)" in statement


def test_the_driver_is_pymssql(clock: FakeClock) -> None:
    with pytest.raises(
        DatabaseAway, match=r"mssql\+pymssql://loader:\*\*\*@127.0.0.1:1/shop.*Unable to connect"
    ) as caught:
        SQLAlchemyTarget(ADDRESS, "any_table", "any").exists()
    assert "secret-password" not in f"{caught.value}{caught.value.__cause__}"
