"""What targets are called, by the naming rules of OpenLineage's specification."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import IO, Any

import pytest
from openlineage.client.naming import dataset as naming

from luigi import LocalTarget
from luigi.local_target import LocalFileSystem
from luigi.mock import MockTarget
from luigi.plugins.observers.openlineage.datasets import dataset_of
from luigi.target import FileSystemTarget, Target


class Elsewhere(FileSystemTarget):
    """A file of some file system, as contrib has them."""

    fs = LocalFileSystem()

    def open(self, mode: str) -> IO[Any]:
        raise NotImplementedError


class PostgresTarget(Target):
    """Has the attributes of the one of contrib."""

    def __init__(self, **facts: object) -> None:
        vars(self).update(facts)

    def exists(self) -> bool:
        raise AssertionError("nobody asked for that")


class RedshiftTarget(PostgresTarget):
    """The same, by another name."""


class MySqlTarget(PostgresTarget):
    """The same, by another name."""


class MSSqlTarget(PostgresTarget):
    """The same, by another name."""


class SQLAlchemyTarget(PostgresTarget):
    """The same, by another name."""


class BigQueryTarget(PostgresTarget):
    """The same, by another name."""


class HivePartitionTarget(PostgresTarget):
    """Its path would be asked from Hive."""

    @property
    def path(self) -> str:
        raise AssertionError("a question to Hive")


class ElasticsearchTarget(PostgresTarget):
    """The same, by another name."""


class OurPostgresTarget(PostgresTarget):
    """Of somebody who derived one."""


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("s3://bucket/a/b.csv", naming.S3("bucket", "a/b.csv")),
        ("s3a://bucket/a/b.csv", naming.S3("bucket", "a/b.csv")),
        ("gs://bucket/a", naming.GCS("bucket", "a")),
        ("hdfs://namenode:8020/a/b", naming.HDFS("namenode", "8020", "/a/b")),
        ("abfss://box@store.dfs.core.windows.net/a", naming.ABFSS("box", "store", "/a")),
        ("file:///a/b", naming.LocalFileSystem("/a/b")),
    ],
)
def test_paths_with_a_scheme(path: str, named: naming.DatasetNaming) -> None:
    assert dataset_of(Elsewhere(path)) == (named.get_namespace(), named.get_name())


def test_passwords_in_paths_are_nobodys_business() -> None:
    assert dataset_of(Elsewhere("ftp://anna:hunter2@host:21/a")) == ("ftp://host:21", "/a")


def test_other_files() -> None:
    assert dataset_of(LocalTarget("a/b")) == ("file", os.path.abspath("a/b"))
    assert dataset_of(MockTarget("a/b")) == ("mock", "a/b")
    assert dataset_of(Elsewhere("/a/b")) == ("elsewhere", "/a/b")
    remote = Elsewhere("/a/b")
    remote.host = "far"  # type: ignore[attr-defined]
    assert dataset_of(remote) == ("elsewhere://far", "/a/b")


SERVER = {"host": "db", "database": "shop", "table": "sales", "user": "u", "password": "hunter2"}


@pytest.mark.parametrize(
    ("target", "named"),
    [
        (PostgresTarget(**SERVER, port=None), naming.Postgres("db", "5432", "shop", "public", "sales")),
        (PostgresTarget(**{**SERVER, "host": "db:99"}), naming.Postgres("db", "99", "shop", "public", "sales")),
        (PostgresTarget(**{**SERVER, "table": "x.sales"}), naming.Postgres("db", "5432", "shop", "x", "sales")),
        (OurPostgresTarget(**SERVER, port=7), naming.Postgres("db", "7", "shop", "public", "sales")),
        (MySqlTarget(**SERVER), naming.MySQL("db", "3306", "shop", "sales")),
    ],
)
def test_tables(target: Target, named: naming.DatasetNaming) -> None:
    assert dataset_of(target) == (named.get_namespace(), named.get_name())


def test_tables_of_other_kinds() -> None:
    table = SimpleNamespace(project_id="p", dataset_id="d", table_id="t")
    string = "postgresql+psycopg://u:hunter2@db:5432/shop"
    assert dataset_of(RedshiftTarget(**SERVER)) == ("redshift://db:5439", "shop.public.sales")
    assert dataset_of(MSSqlTarget(**SERVER)) == ("mssql://db:1433", "shop.dbo.sales")
    assert dataset_of(BigQueryTarget(table=table)) == ("bigquery", "p.d.t")
    assert dataset_of(HivePartitionTarget(database="d", table="t")) == ("hive", "d.t")
    assert dataset_of(ElasticsearchTarget(host="h", port=9200, index="i")) == ("elasticsearch://h:9200", "i")
    lonely = SQLAlchemyTarget(connection_string=string.replace(":5432", ""), target_table="t")
    assert dataset_of(SQLAlchemyTarget(connection_string=string, target_table="t")) == dataset_of(lonely)
    assert dataset_of(lonely) == ("postgres://db:5432", "shop.public.t")
    lite = SQLAlchemyTarget(connection_string="sqlite:////tmp/x.db", target_table="t")
    assert dataset_of(lite) == ("sqlite", "/tmp/x.db.t")


class Sensor(Target):
    """A target of a program's own."""

    def exists(self) -> bool:
        return True


def test_targets_of_ones_own() -> None:
    assert dataset_of(Sensor()) is None
    named, left_out = Sensor(), LocalTarget("x")
    named.lineage = "kafka://broker:9092", "topic"  # type: ignore[attr-defined]
    left_out.lineage = None  # type: ignore[attr-defined]
    assert dataset_of(named) == ("kafka://broker:9092", "topic")
    assert dataset_of(left_out) is None
