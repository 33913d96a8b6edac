"""Loads of MariaDB by Connector/Python, by the suite for all that load tables, on a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import mysql.connector
import pytest

from luigi.contrib.mysqldb import CopyToTable, MySqlTarget
from luigi.target import Target
from luigi.task import Task
from luigi.testing.contracts import TableLoadContract, TargetContract
from luigi.testing.contracts.sql import NAMES, Rows

pytestmark = pytest.mark.service("mariadb")

KINDS = {str: "TEXT", int: "INT"}


@pytest.fixture(scope="module")
def database(mariadb_service: Any) -> Iterator[Any]:
    """A connection to a database for all tests of this module."""
    name = mariadb_service.new_database().rpartition("/")[2]
    line = mysql.connector.connect(
        host="127.0.0.1", port=mariadb_service.port, user="root", database=name, autocommit=True
    )
    line.cursor().execute(f"ALTER DATABASE {name} CHARACTER SET utf8mb4")
    line.cursor().execute("CREATE DATABASE IF NOT EXISTS `Other Database`")
    yield line
    line.close()


class OnMariaDb:
    """The database."""

    @pytest.fixture(autouse=True)
    def place(self, mariadb_service: Any, database: Any, closed_port: int) -> None:
        self.line, self.closed_port = database, closed_port
        self.host, self.database = f"127.0.0.1:{mariadb_service.port}", database.database

    def target(self, update_id: str) -> MySqlTarget:
        return MySqlTarget(self.host, self.database, "root", "", "any_table", update_id)

    def unreachable(self) -> Any:
        host = f"127.0.0.1:{self.closed_port}"
        return MySqlTarget(host, self.database, "root", "secret-password", "any_table", "any")


class TestMySqlLoads(OnMariaDb, TableLoadContract):
    names = [name.replace("%s", "%") for name in NAMES]  # for the driver %s is a value, wherever it stands

    def make_task(
        self, table: str, rows: Callable[[], Rows], columns: dict[str, type], key: str, **members: Any
    ) -> Task:
        described = [(name, KINDS[kind]) for name, kind in columns.items()]
        place = {"host": self.host, "database": self.database, "user": "root", "password": ""}
        own = {"table": table, "columns": described, "update_id": key, "rows": lambda task: rows()}
        return type("LoadOfMySql", (CopyToTable,), {**place, **own, **members})()

    def fetch(self, table: str) -> list[tuple[Any, ...]]:
        cursor = self.line.cursor()
        cursor.execute(f"SELECT * FROM {table if '`' in table or '_' in table else self.written(table)}")
        return [tuple(row) for row in cursor.fetchall()]

    def written(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def in_schema(self, table: str) -> str:
        return f"`Other Database`.{table}"


class TestMySqlTarget(OnMariaDb, TargetContract):
    @pytest.fixture(autouse=True)
    def empty(self, place: None) -> None:
        self.line.cursor().execute("DROP TABLE IF EXISTS table_updates")

    def make_target(self, name: str) -> Target:
        return self.target(name)

    def put(self, target: MySqlTarget) -> None:
        target.touch()
