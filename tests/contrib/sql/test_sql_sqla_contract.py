"""Loads by SQLAlchemy of SQLite, PostgreSQL and MariaDB, by the suite for all that load tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Integer, Text, create_engine, text

from luigi.contrib.sqla import CopyToTable, SQLAlchemyTarget
from luigi.target import Target
from luigi.task import Task
from luigi.testing.contracts import TableLoadContract, TargetContract
from luigi.testing.contracts.sql import Rows

KINDS = {str: Text, int: Integer}


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file for all tests of this module."""
    return f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'file.db'}"


@pytest.fixture(scope="module")
def in_postgres(postgres_service: Any) -> str:
    """A database with a schema beside the usual one."""
    url = str(postgres_service.new_database())
    with create_engine(url).begin() as connection:
        connection.execute(text('CREATE SCHEMA "Other Schema"'))
    return url


@pytest.fixture(scope="module")
def in_mariadb(mariadb_service: Any) -> str:
    """A database, beside which there is another."""
    url = str(mariadb_service.new_database())
    with create_engine(url).begin() as connection:
        connection.execute(text(f"ALTER DATABASE {url.rpartition('/')[2]} CHARACTER SET utf8mb4"))
        connection.execute(text("CREATE DATABASE IF NOT EXISTS `Other Schema`"))
    return url


class OnSqla:
    """A database, as SQLAlchemy names it."""

    url: str

    @pytest.fixture(autouse=True)
    def clean(self, place: None) -> Iterator[None]:
        yield
        for known in SQLAlchemyTarget._engine_dict.values():
            known.engine.dispose()


class OnSqlite(OnSqla):
    can_be_away = False

    @pytest.fixture
    def place(self, sqlite: str) -> None:
        self.url = sqlite


@pytest.mark.service("postgres")
class OnPostgresBySqla(OnSqla):
    @pytest.fixture
    def place(self, in_postgres: str, closed_port: int) -> None:
        self.url, self.closed_port = in_postgres, closed_port

    def unreachable(self) -> Any:
        url = f"postgresql+psycopg://postgres:secret-password@127.0.0.1:{self.closed_port}/any"
        return SQLAlchemyTarget(url, "any_table", "any")


@pytest.mark.service("mariadb")
class OnMariaDbBySqla(OnSqla):
    @pytest.fixture
    def place(self, in_mariadb: str, closed_port: int) -> None:
        self.url, self.closed_port = in_mariadb, closed_port

    def unreachable(self) -> Any:
        url = f"mysql+mysqlconnector://root:secret-password@127.0.0.1:{self.closed_port}/any"
        return SQLAlchemyTarget(url, "any_table", "any")


class SqlaLoads(TableLoadContract):
    url: str
    has_steps = False

    def make_task(
        self, table: str, rows: Callable[[], Rows], columns: dict[str, type], key: str, **members: Any
    ) -> Task:
        schema, _, name = table.rpartition("//")
        described = [([name, KINDS[kind]()], {}) for name, kind in columns.items()]
        place = {"connection_string": self.url, "table": name, "schema": schema, "columns": described}
        own = {"update_id": lambda task: key, "rows": lambda task: rows()}
        return type("LoadBySqla", (CopyToTable,), {**place, **own, **members})()

    def fetch(self, table: str) -> list[tuple[Any, ...]]:
        schema, _, name = table.rpartition("//")
        engine = create_engine(self.url)
        quoted = engine.dialect.identifier_preparer.quote_identifier
        written = ".".join(quoted(part) for part in (schema, name) if part)
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {written}")]
        engine.dispose()
        return found

    def written(self, name: str) -> str:
        return name

    def in_schema(self, table: str) -> str:
        return f"Other Schema//{table}"


class TestSqliteLoads(OnSqlite, SqlaLoads):
    has_schemas = False

    def not_a_number(self) -> Any:
        return object()  # SQLite takes any text


class TestSqlaPostgresLoads(OnPostgresBySqla, SqlaLoads):
    pass


class TestSqlaMariaDbLoads(OnMariaDbBySqla, SqlaLoads):
    pass


class SqlaTargets(TargetContract):
    url: str

    @pytest.fixture(autouse=True)
    def empty(self, clean: None) -> None:
        with create_engine(self.url).begin() as connection:
            connection.execute(text("DROP TABLE IF EXISTS table_updates"))

    def make_target(self, name: str) -> Target:
        return SQLAlchemyTarget(self.url, "any_table", name)

    def put(self, target: SQLAlchemyTarget) -> None:
        target.touch()


class TestSqliteTarget(OnSqlite, SqlaTargets):
    pass


class TestSqlaPostgresTarget(OnPostgresBySqla, SqlaTargets):
    pass


class TestSqlaMariaDbTarget(OnMariaDbBySqla, SqlaTargets):
    pass
