"""Loads of PostgreSQL by each driver, by the suite for all that load tables, on a real server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg import ClientCursor

from luigi.contrib.postgres import CopyToTable, PostgresTarget
from luigi.target import Target
from luigi.task import Task
from luigi.testing.contracts import TableLoadContract, TargetContract
from luigi.testing.contracts.sql import Rows

pytestmark = pytest.mark.service("postgres")

KINDS = {str: "TEXT", int: "INT"}


@pytest.fixture(scope="module")
def database(postgres_service: Any) -> str:
    """A database for all tests of this module."""
    name = postgres_service.new_database().rpartition("/")[2]
    with psycopg.connect(host="127.0.0.1", port=postgres_service.port, user="postgres", dbname=name) as connection:
        connection.execute('CREATE SCHEMA "Other Schema"')
    return str(name)


class OnPostgres:
    """The database, reached by a driver."""

    driver = "psycopg"

    @pytest.fixture(autouse=True)
    def place(self, postgres_service: Any, database: str, closed_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip(self.driver)
        monkeypatch.setenv("LUIGI_PGSQL_DRIVER", self.driver)
        self.port, self.database, self.closed_port = postgres_service.port, database, closed_port

    def target(self, update_id: str, *, port: int = 0) -> PostgresTarget:
        facts = self.database, "postgres", "secret-password", "any_table", update_id
        return PostgresTarget("127.0.0.1", *facts, port=port or self.port)


class LoadsPostgres(OnPostgres, TableLoadContract):
    def make_task(
        self, table: str, rows: Callable[[], Rows], columns: dict[str, type], key: str, **members: Any
    ) -> Task:
        described = [(name, KINDS[kind]) for name, kind in columns.items()]
        place = {"host": "127.0.0.1", "port": self.port, "database": self.database, "user": "postgres", "password": ""}
        own = {"table": table, "columns": described, "update_id": key, "rows": lambda task: rows()}
        return type("LoadOfPostgres", (CopyToTable,), {**place, **own, **members})()

    def fetch(self, table: str) -> list[tuple[Any, ...]]:
        name = table if table.startswith(('"', "loaded")) else self.written(table)
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="postgres", dbname=self.database, cursor_factory=ClientCursor
        ) as connection:
            return connection.execute(f"SELECT * FROM {name}").fetchall()  # type: ignore[call-overload,no-any-return]

    def in_schema(self, table: str) -> str:
        return f'"Other Schema".{table}'

    def unreachable(self) -> Any:
        return self.target("any", port=self.closed_port)


class TestPsycopgLoads(LoadsPostgres):
    driver = "psycopg"


class TestPsycopg2Loads(LoadsPostgres):
    driver = "psycopg2"


class TestPg8000Loads(LoadsPostgres):
    driver = "pg8000"


class TargetsOfPostgres(OnPostgres, TargetContract):
    @pytest.fixture(autouse=True)
    def empty(self, place: None) -> None:
        with psycopg.connect(host="127.0.0.1", port=self.port, user="postgres", dbname=self.database) as connection:
            connection.execute("DROP TABLE IF EXISTS table_updates")

    def make_target(self, name: str) -> Target:
        return self.target(name)

    def put(self, target: PostgresTarget) -> None:
        target.touch()

    def unreachable(self) -> Target:
        return self.target("any", port=self.closed_port)


class TestPsycopgTarget(TargetsOfPostgres):
    driver = "psycopg"


class TestPsycopg2Target(TargetsOfPostgres):
    driver = "psycopg2"


class TestPg8000Target(TargetsOfPostgres):
    driver = "pg8000"
