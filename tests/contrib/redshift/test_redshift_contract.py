"""Loads of Redshift from S3, by the suite for all that load tables."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg import ClientCursor

from luigi.contrib._sql.postgres_text import Lines
from luigi.contrib.redshift import RedshiftTarget, S3CopyToTable
from luigi.target import Target
from luigi.task import Task
from luigi.testing.contracts import TableLoadContract, TargetContract
from luigi.testing.contracts.sql import Rows

pytestmark = [pytest.mark.service("postgres"), pytest.mark.service("s3")]

KINDS = {str: "VARCHAR", int: "INT"}


class OnRedshift:
    """The stand-in."""

    @pytest.fixture(autouse=True)
    def place(self, redshift: Any, database: dict[str, Any], s3: Any, keys: dict[str, str], closed_port: int) -> None:
        self.database, self.s3, self.keys, self.closed_port = database, s3, keys, closed_port

    def target(self, update_id: str, **place: Any) -> RedshiftTarget:
        return RedshiftTarget(**{**self.database, **place}, table="any_table", update_id=update_id)

    def execute(self, query: str) -> Any:
        place = {"host": "127.0.0.1", "port": self.database["port"], "user": "postgres"}
        with psycopg.connect(**place, dbname=self.database["database"], cursor_factory=ClientCursor) as connection:
            cursor = connection.execute(query)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []

    def unreachable(self) -> Any:
        return self.target("any", port=self.closed_port)


class TestRedshiftLoads(OnRedshift, TableLoadContract):
    def make_task(
        self, table: str, rows: Callable[[], Rows], columns: dict[str, type], key: str, **members: Any
    ) -> Task:
        def s3_load_path(task: Any) -> str:
            file = io.BytesIO()
            Lines("\t", (None,), None).write(rows(), file)
            name = f"contract/{id(task)}/{id(file)}"
            self.s3.put_object(Bucket="bucket", Key=name, Body=file.getvalue())
            return f"s3://bucket/{name}"

        described = [(name, KINDS[kind]) for name, kind in columns.items()]
        own = {"table": table, "columns": described, "update_id": key, "s3_load_path": s3_load_path}
        options = {"copy_options": r"ESCAPE DELIMITER '\t' NULL AS '\\N'"}
        if post_copy := members.pop("post_copy", None):  # which here is given a cursor
            options["post_copy"] = lambda task, cursor: post_copy(task, cursor.connection)
        return type("LoadOfRedshift", (S3CopyToTable,), {**self.database, **self.keys, **own, **options, **members})()

    def fetch(self, table: str) -> list[tuple[Any, ...]]:
        name = table if table.startswith(('"', "loaded")) else self.written(table)
        return self.execute(f"SELECT * FROM {name}")  # type: ignore[no-any-return]

    def in_schema(self, table: str) -> str:
        return f'"Other Schema".{table}'


class TestRedshiftTargets(OnRedshift, TargetContract):
    @pytest.fixture(autouse=True)
    def empty(self, place: None) -> None:
        self.execute("DROP TABLE IF EXISTS table_updates")

    def make_target(self, name: str) -> Target:
        return self.target(name)

    def put(self, target: RedshiftTarget) -> None:
        target.touch()
