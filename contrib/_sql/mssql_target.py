"""MSSqlTarget: a note in SQL Server that work was done, written in the transaction that did it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

from luigi.contrib._configured import Configured
from luigi.contrib._sql import mssql_dialect as dialect
from luigi.contrib._sql import settings
from luigi.contrib._sql.connecting import Place, connected, parted
from luigi.target import Target

logger = logging.getLogger("luigi-interface")

DEFAULT_PORT: Final = 1433


class MSSqlTarget(Target):
    """There once `update_id` stands in the marker table of the database.

    `host` may have the port behind a colon. Methods raise DatabaseAway, SqlError, and MissingExtra where pymssql is not
    installed.
    """

    marker_table: Any = Configured("mssql", "marker_table", settings.MARKER_TABLE)
    """With its database and schema, if they are others: `shop.dbo.marks`, `[any name]`."""

    def __init__(self, host: str, database: str, user: str, password: str, table: str, update_id: str) -> None:
        self.host, behind = parted(host)
        self.port = int(behind or DEFAULT_PORT)
        self.database = database
        self.user = user
        self.password = password
        self.table = table
        self.update_id = update_id

    def __str__(self) -> str:
        return self.table

    @property
    def place(self) -> Place:
        """Where the database is."""
        return Place("mssql", self.host, self.port, self.database, self.user)

    def connect(self) -> Any:
        """A new connection, of `pymssql._mssql`, in which every statement is a transaction. Who asks closes it.

        Several are one between `execute_non_query("BEGIN TRAN")` and `"COMMIT TRAN"`. It is tried `[mssql]
        connect_attempts` times where nobody answers within `connect_timeout` seconds.
        """
        dialect.driver().login_timeout = max(1, round(settings.connect_timeout("mssql")))  # pymssql knows no other way
        facts = {"server": self.host, "port": self.port, "database": self.database}
        login = {
            "user": self.user,
            "password": self.password,
            "encryption": settings.text("mssql", "encryption") or None,
        }
        attempts = settings.connect_attempts("mssql")
        connect = partial(dialect.connection, **facts, **login)
        return connected(self.place, connect, dialect.NotConnected, dialect.is_answer, attempts)

    def exists(self, connection: Any = None) -> bool:
        """Whether the work was done; in the transaction of `connection`, if one is given."""
        query = f"SELECT 1 FROM {self._marker} WHERE update_id = %(update_id)s"
        with self._on(connection) as connection:
            try:
                return connection.execute_row(query, {"update_id": self.update_id}) is not None
            except dialect.driver().MSSQLDatabaseException as error:
                if error.number != dialect.INVALID_OBJECT:
                    raise
                return False

    def touch(self, connection: Any = None) -> bool:
        """Note that the work was done; in the transaction of `connection`, if one is given, which ends elsewhere.

        False when that stood there already. Whoever wants to note the same at the same time waits for the other's end.
        """
        with self._on(connection) as connection:
            if not dialect.has_table(connection, self.marker_table):
                self.create_marker_table()
            return self._insert(connection)

    def _insert(self, connection: Any) -> bool:
        query = f"INSERT INTO {self._marker} (update_id, target_table) VALUES (%(update_id)s, %(target_table)s)"
        try:
            connection.execute_non_query(query, {"update_id": self.update_id, "target_table": self.table})
        except dialect.driver().MSSQLDatabaseException as error:
            if error.number not in dialect.DUPLICATE_KEYS:  # which takes back that statement alone
                raise
            return False
        return True

    def create_marker_table(self) -> None:
        """Make the marker table, in a transaction of its own, unless it is there."""
        # By most databases' rules for comparing texts, ids that differ in small and capital letters would be the same.
        columns = (
            "id BIGINT NOT NULL IDENTITY(1,1), update_id NVARCHAR(255) COLLATE Latin1_General_BIN2 NOT NULL, "
            "target_table NVARCHAR(255), inserted DATETIME DEFAULT GETDATE(), PRIMARY KEY (update_id)"
        )
        with self._on(None) as connection:
            try:
                connection.execute_non_query(f"CREATE TABLE {self._marker} ({columns})")
            except dialect.driver().MSSQLDatabaseException as error:
                if error.number != dialect.TABLE_EXISTS:
                    raise
                logger.debug("%s: %s is there already", self.place, self.marker_table)

    @property
    def _marker(self) -> str:
        return dialect.quoted(self.marker_table)

    @contextmanager
    def _on(self, connection: Any) -> Iterator[Any]:
        """That connection, or a new one. Raises SqlError."""
        used = self.connect() if connection is None else connection
        try:
            yield used
        except dialect.driver().MSSQLException as error:
            raise dialect.in_our_words(self.place, self.marker_table, error) from error
        finally:
            if used is not connection:
                used.close()
