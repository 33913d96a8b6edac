"""Rows by SQLAlchemy's INSERT, as tuples where the driver takes them: dicts of values would take most of the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from luigi.contrib._sql.sqla_engines import sqlalchemy

Convert = Callable[[Any], Any]

_NUMBERS: Final = frozenset({int, float, type(None)})
"""Values that columns of numbers take as they are."""


def insertion(table: Any) -> Any:
    """The INSERT of a whole row, whose values are by the names of the columns with `_` in front."""
    bound = {column: sqlalchemy().bindparam(f"_{column.key}") for column in table.columns}
    return table.insert().values(bound)


class Insertion:
    """That INSERT, ready for many rows of one database."""

    def __init__(self, table: Any, dialect: Any) -> None:
        self._keys = [f"_{column.key}" for column in table.columns]
        self._statement = insertion(table)
        self._compiled = self._statement.compile(dialect=dialect)
        kinds = [self._compiled.binds[key].type for key in self._keys]
        found = [kind.dialect_impl(dialect).bind_processor(dialect) for kind in kinds]
        self._converts: Mapping[int, Convert] = {at: convert for at, convert in enumerate(found) if convert}
        of_numbers = sqlalchemy().Numeric, sqlalchemy().Float
        self._of_numbers = {at for at, kind in enumerate(kinds) if isinstance(kind, of_numbers)}

    def write(self, connection: Any, rows: Sequence[Sequence[Any]]) -> None:
        """Load some rows."""
        if self._compiled.positional and self._compiled.positiontup == self._keys:
            connection.exec_driver_sql(str(self._compiled), self._converted(rows))
        else:
            connection.execute(self._statement, named(self._keys, rows))

    def _converted(self, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
        """As the driver takes values of these types: column by column, which is faster than value by value."""
        converts = {at: convert for at, convert in self._converts.items() if self._is_needed(at, rows)}
        if not converts:
            return list(map(tuple, rows))
        columns = enumerate(zip(*rows, strict=True))
        converted = [map(converts[at], values) if at in converts else values for at, values in columns]
        return list(zip(*converted, strict=True))

    def _is_needed(self, at: int, rows: Sequence[Sequence[Any]]) -> bool:
        return at not in self._of_numbers or not {type(row[at]) for row in rows} <= _NUMBERS


def named(keys: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Rows as dicts."""
    return [dict(zip(keys, row, strict=True)) for row in rows]
