"""What OpenLineage calls a target: the namespace and the name of a dataset, by the naming rules of its specification.

A target of one's own says so itself, by an attribute `lineage`: a pair of namespace and name, or None for what is not
a dataset.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from luigi.local_target import LocalTarget
from luigi.target import FileSystemTarget, Target


class DatasetName(NamedTuple):
    """One dataset."""

    namespace: str
    """Where it is: a scheme, with server or bucket where there is one."""
    name: str
    """What it is called there."""


_MISSING: Any = object()
_BUCKETS = ("s3", "s3a", "s3n", "gs", "gcs")  # the name of an object does not begin with a slash
_CONTAINERS = ("abfs", "abfss", "wasb", "wasbs")  # what stands before the @ is a container, not a user
_SAME = {"s3a": "s3", "s3n": "s3", "gcs": "gs", "postgresql": "postgres"}


def dataset_of(target: Target) -> DatasetName | None:
    """What `target` is called; None when it is no dataset, or of a kind that has no name here."""
    own = getattr(target, "lineage", _MISSING)
    if own is not _MISSING:
        return None if own is None else DatasetName(*own)
    for cls in type(target).__mro__:
        if cls.__name__ in _TABLES:
            return _TABLES[cls.__name__](target)
    return _of_path(target) if isinstance(target, FileSystemTarget) else None


# --- files -----------------------------------------------------------------------------------------------------


def _of_path(target: Any) -> DatasetName:
    if isinstance(target, LocalTarget):
        return DatasetName("file", os.path.abspath(target.path))
    url = urlsplit(target.path)
    if url.scheme == "file":
        return DatasetName("file", url.path)
    if url.scheme and url.netloc:
        path = url.path.lstrip("/") if url.scheme in _BUCKETS else url.path
        return DatasetName(_server(url), path or "/")
    return DatasetName(_place(target), target.path)


def _server(url: SplitResult) -> str:
    """Scheme, host and port. Whoever logs in there is nobody's business."""
    server = url.netloc if url.scheme in _CONTAINERS else url.netloc.rpartition("@")[2]
    return f"{_SAME.get(url.scheme, url.scheme)}://{server}"


def _place(target: Any) -> str:
    """Where a path without a scheme is: what the class of its target is called, with the host if it has one."""
    classes = [
        cls for cls in type(target).__mro__ if cls.__module__.startswith("luigi.") and cls is not FileSystemTarget
    ]
    kind = (classes[0] if issubclass(classes[0], FileSystemTarget) else type(target)).__name__
    kind = kind.removesuffix("Target").removesuffix("Flag").casefold().removeprefix("web") or "files"
    host = getattr(target, "host", None)
    return f"{kind}://{host}" if isinstance(host, str) else kind


# --- tables ----------------------------------------------------------------------------------------------------


_SERVERS: Mapping[str, tuple[int, str]] = {
    "mssql": (1433, "dbo"),
    "mysql": (3306, ""),
    "postgres": (5432, "public"),
    "redshift": (5439, "public"),
}
"""Scheme → the port, and the schema of tables that name none; where that is empty there are no schemas."""


def _on_server(scheme: str) -> Callable[[Any], DatasetName]:
    """A table of a database server, by the attributes that those targets have."""

    def name(target: Any) -> DatasetName:
        host, _, port = str(target.host).partition(":")
        return _table(scheme, host, port or getattr(target, "port", None), target.database, target.table)

    return name


def _table(scheme: str, host: str, port: object, database: str, table: str) -> DatasetName:
    usual, schema = _SERVERS.get(scheme, (None, ""))
    place = ":".join(str(part) for part in (host, port or usual) if part)
    full = f"{schema}.{table}" if schema and "." not in table else table
    return DatasetName(f"{scheme}://{place}", f"{database}.{full}")


def _in_bigquery(target: Any) -> DatasetName:
    table = target.table
    return DatasetName("bigquery", f"{table.project_id}.{table.dataset_id}.{table.table_id}")


def _in_hive(target: Any) -> DatasetName:
    return DatasetName("hive", f"{target.database}.{target.table}")


def _in_index(target: Any) -> DatasetName:
    return DatasetName(f"elasticsearch://{target.host}:{target.port}", str(target.index))


def _by_connection(target: Any) -> DatasetName:
    """A table that SQLAlchemy reaches: `dialect+driver://user:password@host:port/database`."""
    url = urlsplit(target.connection_string)
    dialect = url.scheme.partition("+")[0]
    database = url.path.removeprefix("/")
    if not url.hostname:
        return DatasetName(dialect, f"{database}.{target.target_table}")
    return _table(_SAME.get(dialect, dialect), url.hostname, url.port, database, target.target_table)


_TABLES: Mapping[str, Callable[[Any], DatasetName]] = {
    "BigQueryTarget": _in_bigquery,
    "ElasticsearchTarget": _in_index,
    "HivePartitionTarget": _in_hive,
    "MSSqlTarget": _on_server("mssql"),
    "MySqlTarget": _on_server("mysql"),
    "PostgresTarget": _on_server("postgres"),
    "RedshiftTarget": _on_server("redshift"),
    "SQLAlchemyTarget": _by_connection,
}
"""By the name of the class, or of one it derives from: the modules of these are not to be imported for it."""
