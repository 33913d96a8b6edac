"""Columns that every table of a kind gets beside those its rows have, such as when they were loaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from luigi.contrib._sql import columns
from luigi.contrib._sql.errors import WrongColumns
from luigi.contrib._sql.names import ANSI, Quoting


class MetadataColumns:
    """For tasks that load a table: adds the columns where they are missing, and has queries fill them."""

    table: Any
    _quoting: Quoting = ANSI

    @property
    def metadata_columns(self) -> Sequence[Any]:
        """The columns, as `(name, type)`."""
        return []

    @property
    def metadata_queries(self) -> Sequence[str]:
        """Statements that give them their values, carried out once the rows are there."""
        return []

    @property
    def enable_metadata_columns(self) -> bool:
        """Whether any of this is done."""
        return False

    def _add_metadata_columns(self, connection: Any) -> None:
        """Add those that are missing."""
        cursor = connection.cursor()
        for column in self.metadata_columns:
            (name,) = columns.names([column])
            if not self._column_exists(cursor, name):
                self._add_column_to_table(cursor, column)

    def _column_exists(self, cursor: Any, column_name: str) -> bool:
        """Whether the table has a column of that name."""
        cursor.execute(f"SELECT * FROM {self._quoting.table(self.table)} LIMIT 0")
        found = [described[0] for described in cursor.description]
        cursor.fetchall()
        name = self._quoting.meaning(column_name)
        return name in found if self._quoting.folds else name.casefold() in map(str.casefold, found)

    def _add_column_to_table(self, cursor: Any, column: Any) -> None:
        """Add a column. Raises WrongColumns for one without a type."""
        if isinstance(column, str) or len(column) != 2:
            raise WrongColumns(column, "a tuple of a name and a type")
        name, kind = column
        table, added = self._quoting.table(self.table), self._quoting.column(name)
        cursor.execute(f"ALTER TABLE {table} ADD COLUMN {added} {kind}")

    def post_copy_metacolumns(self, cursor: Any) -> None:
        """Carry out the queries."""
        for query in self.metadata_queries:
            cursor.execute(query)
