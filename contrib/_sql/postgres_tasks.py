"""Tasks for PostgreSQL: CopyToTable loads rows by COPY, PostgresQuery carries out a statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final

from luigi.contrib import rdbms
from luigi.contrib._sql import columns, postgres_text, settings
from luigi.contrib._sql.loading import load, note, transaction
from luigi.contrib._sql.names import POSTGRES
from luigi.contrib._sql.postgres_drivers import Psycopg, driver
from luigi.contrib._sql.postgres_target import DIALECT, PostgresTarget

_STEPS: Final = ("copy", "init_copy", "map_column")


class CopyToTable(rdbms.CopyToTable):
    """Loads the rows that `rows()` gives, or that stand in the input's file, into a table."""

    _quoting = POSTGRES

    def output(self) -> PostgresTarget:
        """The note that the rows were loaded."""
        return PostgresTarget(*facts_of(self))

    def rows(self) -> Iterable[Any]:
        """The rows: lists or tuples of values. Unless overridden, each line of the input is one, and `\\N` no value."""
        with self.input().open("r") as file:
            yield from postgres_text.rows_of(file, self.column_separator)

    def map_column(self, value: Any) -> str:
        """A value as COPY reads it. Override for types that `str` does not write as the column needs them."""
        return postgres_text.NULL if value in self.null_values else postgres_text.escaped(value)

    def copy(self, cursor: Any, file: BinaryIO) -> None:
        """Load what is in the file, in COPY's own format. Override for another statement."""
        driver().copy(cursor, self._statement(postgres_text.separator_for(self.column_separator)), file)

    def run(self) -> None:
        """Load the rows and note it, all in one transaction.

        Rows go straight to COPY where that is all there is to do. With steps of the task's own, or where `[postgres]
        local_tmp_dir` says so, they are computed first and kept in a file: no transaction, and no lock, waits for them.
        """
        self._check_columns()
        if self.output().exists():
            return
        chosen = driver()
        if isinstance(chosen, Psycopg) and self._is_plain():
            load(self, DIALECT, partial(self._stream, chosen))
            return
        with self._written_rows() as file:
            load(self, DIALECT, lambda connection: self.copy(connection.cursor(), file))

    def _is_plain(self) -> bool:
        """Whether nothing of a load is the task's own but the rows."""
        usual = all(getattr(type(self), name) is getattr(CopyToTable, name) for name in _STEPS)
        return usual and not settings.text("postgres", "local_tmp_dir")

    def _stream(self, psycopg: Psycopg, connection: Any) -> None:
        rows, nulls = self.rows(), self.null_values
        if tuple(nulls) != (None,):
            rows = ([None if value in nulls else value for value in row] for row in rows)
        psycopg.copy_rows(connection.cursor(), self._statement(postgres_text.TAB), rows)

    @contextmanager
    def _written_rows(self) -> Iterator[BinaryIO]:
        own = None if type(self).map_column is CopyToTable.map_column else self.map_column
        separator = postgres_text.separator_for(self.column_separator)
        lines = postgres_text.Lines(separator, self.null_values, own)
        with TemporaryFile(dir=settings.text("postgres", "local_tmp_dir") or None) as file:
            lines.write(self.rows(), file)
            file.seek(0)
            yield file

    def _statement(self, separator: str) -> str:
        table, names = POSTGRES.table(self.table), columns.listed(self.columns, POSTGRES)
        written = "''" if separator == "'" else separator
        told = f"FORMAT text, NULL '{postgres_text.NULL}', DELIMITER '{written}', ENCODING 'UTF8'"
        return f"COPY {table} ({names}) FROM STDIN WITH ({told})"


class PostgresQuery(rdbms.Query):
    """Carries out `query`, once for each `update_id`."""

    _dialect = DIALECT

    def output(self) -> PostgresTarget:
        """The note that it was carried out."""
        return PostgresTarget(*facts_of(self))

    def run(self) -> None:
        """Carry it out and note that, in one transaction unless `autocommit`."""
        with transaction(self, self._dialect) as connection:
            connection.autocommit = self.autocommit
            if self.output().exists(connection):
                return
            self._execute(connection.cursor())
            note(self, connection)

    def _execute(self, cursor: Any) -> None:
        cursor.execute(self.query)


def facts_of(task: Any) -> tuple[Any, ...]:
    """What a target is made with that notes the work of a task."""
    return task.host, task.database, task.user, task.password, task.table, task.update_id, task.port
