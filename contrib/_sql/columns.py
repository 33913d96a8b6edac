"""The `columns` of a task: names, or names with types, and the statement that makes such a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from luigi.contrib._sql.errors import TableNotDescribed, WrongColumns
from luigi.contrib._sql.names import Quoting


def names(columns: Sequence[Any]) -> list[str]:
    """The names, as they were written. Raises WrongColumns."""
    return [one if isinstance(one, str) else _pair(one)[0] for one in columns]


def listed(columns: Sequence[Any], quoting: Quoting) -> str:
    """The names as a statement lists them. Raises WrongColumns."""
    return ", ".join(quoting.column(name) for name in names(columns))


def creation(table: str, columns: Sequence[Any], quoting: Quoting) -> str:
    """The statement that makes the table. Raises TableNotDescribed where columns have no types, and WrongColumns."""
    if not columns or any(isinstance(one, str) for one in columns):
        raise TableNotDescribed(table)
    described = ", ".join(f"{quoting.column(name)} {kind}" for name, kind in map(_pair, columns))
    return f"CREATE TABLE {quoting.table(table)} ({described})"


def _pair(column: Any) -> tuple[str, str]:
    if isinstance(column, list | tuple) and len(column) == 2:
        return str(column[0]), str(column[1])
    raise WrongColumns(column, "a name, or a tuple of a name and a type")
