"""What tasks for databases have in common: loading a table, and carrying out a statement. See `postgres`, `mysqldb`.

Everything a task does to the database, and the note that it did, is one transaction.
"""

from __future__ import annotations

import abc
from collections.abc import Sequence
from typing import Any, BinaryIO

import luigi
from luigi.contrib._sql import columns as described
from luigi.contrib._sql.errors import NothingToLoad
from luigi.contrib._sql.metadata_columns import MetadataColumns as _MetadataColumnsMixin
from luigi.contrib._sql.names import ANSI, Quoting
from luigi.task import MixinNaiveBulkComplete

__all__ = ["CopyToTable", "Query"]


class _AtDatabase(luigi.Task):
    """Where the database is, and what identifies a task's work in it."""

    @property
    @abc.abstractmethod
    def host(self) -> str:
        """The server, with `:port` if that is not the usual one."""

    @property
    @abc.abstractmethod
    def database(self) -> str:
        """The database on that server."""

    @property
    @abc.abstractmethod
    def user(self) -> str:
        """Who connects."""

    @property
    @abc.abstractmethod
    def password(self) -> str:
        """With which password."""

    @property
    def update_id(self) -> str:
        """What identifies this work: it is done once for each."""
        return str(self.task_id)

    @abc.abstractmethod
    def output(self) -> Any:
        """The target that notes the work."""


class _InDatabase(MixinNaiveBulkComplete, _AtDatabase):
    """Which of the database's tables the work is about."""

    @property
    def port(self) -> int | None:
        """The port, unless `host` has it or it is the usual one."""
        return None

    @property
    @abc.abstractmethod
    def table(self) -> str:
        """The table, as SQL names it: `top10`, `charts.top10`, `charts."Top 10"`."""


class CopyToTable(_MetadataColumnsMixin, _InDatabase):
    """Loads rows into a table, which is made where it is missing.

    `columns` are names, or `(name, type)`: with types the table can be made.
    """

    columns: Sequence[Any] = []

    null_values: Sequence[Any] = (None,)
    """Values that mean there is none."""

    column_separator: str = "\t"
    """What divides values in a file that is loaded."""

    _quoting: Quoting = ANSI

    def create_table(self, connection: Any) -> None:
        """Make the table, in the transaction that loads it. Override for more than `columns` can say.

        Raises TableNotDescribed where columns have no types, and WrongColumns.
        """
        connection.cursor().execute(described.creation(self.table, self.columns, self._quoting))

    def init_copy(self, connection: Any) -> None:
        """Override to do something before rows are loaded, in the same transaction, such as removing old ones.

        Where the table is missing, it may be called a second time, once that is made.
        """

    def post_copy(self, connection: Any) -> None:
        """Override to do something once rows are loaded, in the same transaction."""

    @abc.abstractmethod
    def copy(self, cursor: Any, file: BinaryIO) -> None:
        """Load what is in the file."""

    def _check_columns(self) -> None:
        """Raise NothingToLoad or WrongColumns where it is not said what to load."""
        if not (self.table and self.columns):
            raise NothingToLoad(self)
        described.names(self.columns)


class Query(_InDatabase):
    """Carries out `query`."""

    @property
    @abc.abstractmethod
    def query(self) -> str:
        """A statement, or several."""

    @property
    def autocommit(self) -> bool:
        """Whether each statement is a transaction of its own, as `VACUUM` needs it. Then so is the note."""
        return False

    @abc.abstractmethod
    def run(self) -> None:
        """Carry it out, and note that."""
