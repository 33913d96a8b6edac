"""The `columns` of a task for Redshift: names, or names with types and perhaps encodings; and the table they make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from luigi.contrib._sql.errors import TableNotDescribed, WrongColumns
from luigi.contrib._sql.names import POSTGRES


def listed(columns: Sequence[Any]) -> str:
    """The names as a statement lists them, or nothing where there are none. Raises WrongColumns."""
    names = [one if isinstance(one, str) else _described(one)[0] for one in columns]
    return f"({', '.join(map(POSTGRES.column, names))})" if names else ""


def creation(task: Any) -> str:
    """The statement that makes a task's table. Raises WrongColumns, and TableNotDescribed where they have no types."""
    if not task.columns or any(isinstance(one, str) for one in task.columns):
        raise TableNotDescribed(task.table)
    parts = [_definition(*_described(column)) for column in task.columns]
    if task.table_constraints:
        parts.append(task.table_constraints)
    kind = f"{task.table_type} TABLE".strip()
    return f"CREATE {kind} {POSTGRES.table(task.table)} ({', '.join(parts)}) {task.table_attributes}".rstrip()


def _described(column: Any) -> tuple[str, ...]:
    if isinstance(column, list | tuple) and len(column) in (2, 3):
        return tuple(map(str, column))
    raise WrongColumns(column, "a name, or a tuple of a name, a type and perhaps an encoding")


def _definition(name: str, kind: str, encoding: str = "") -> str:
    encoded = f" ENCODE {encoding}" if encoding else ""
    return f"{POSTGRES.column(name)} {kind}{encoded}"
