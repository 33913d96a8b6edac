"""CopyToTable for MySQL and MariaDB: loads rows by INSERT, many at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

from luigi.contrib import rdbms
from luigi.contrib._sql import columns, rows
from luigi.contrib._sql.loading import load
from luigi.contrib._sql.mysql_target import DIALECT, MySqlTarget
from luigi.contrib._sql.names import MYSQL


class CopyToTable(rdbms.CopyToTable):
    """Loads the rows that `rows()` gives, or that stand in the input's file, into a table.

    Making a table ends a transaction in MySQL: a load that fails may leave an empty table, but neither rows nor note.
    """

    _quoting = MYSQL

    @property
    def bulk_size(self) -> int:
        """How many rows are sent at a time."""
        return 10_000

    def output(self) -> MySqlTarget:
        """The note that the rows were loaded."""
        options: dict[str, Any] = {} if self.port is None else {"port": self.port}
        place = self.host, self.database, self.user, self.password
        return MySqlTarget(*place, self.table, self.update_id, **options)

    def rows(self) -> Iterable[Any]:
        """The rows: lists or tuples of values. Unless overridden, each line of the input is one."""
        with self.input().open("r") as file:
            yield from rows.of_lines(file, self.column_separator)

    def copy(self, cursor: Any, file: BinaryIO | None = None) -> None:
        """Load what `rows()` gives. Override for another statement."""
        width = len(self.columns)
        table, names = MYSQL.table(self.table), columns.listed(self.columns, MYSQL)
        query = f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * width)})"
        for some in rows.in_chunks(self.table, self.rows(), width, self.bulk_size):
            cursor.executemany(query, rows.without(self.null_values, some))

    def run(self) -> None:
        """Load the rows and note it, in one transaction."""
        self._check_columns()
        load(self, DIALECT, lambda connection: self.copy(connection.cursor()))
