"""PostgresTarget: a note in a PostgreSQL database that rows were loaded, written in the transaction that loads them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from luigi.clock import SYSTEM
from luigi.contrib._configured import Configured
from luigi.contrib._sql import postgres_drivers, settings
from luigi.contrib._sql.connecting import Place, connected, parted
from luigi.contrib._sql.errors import NotReadable
from luigi.contrib._sql.names import POSTGRES, beside_values
from luigi.contrib._sql.postgres_dialect import PostgresDialect, is_answer
from luigi.contrib._sql.postgres_drivers import Driver
from luigi.target import Target

logger = logging.getLogger("luigi-interface")

DIALECT: Final = PostgresDialect()


class PostgresTarget(Target):
    """There once `update_id` stands in the marker table of the database.

    `host` may have the port behind a colon. Methods raise DatabaseAway, SqlError, and MissingExtra where no driver is
    installed.
    """

    marker_table: Any = Configured("postgres", "marker_table", settings.MARKER_TABLE)
    """With its schema, if that is not the user's."""

    DEFAULT_DB_PORT: int = 5432

    use_db_timestamps: bool = True
    """Whether the database says when a row was inserted, or this machine."""

    _kind = "postgresql"
    _section = "postgres"
    _dialect: PostgresDialect = DIALECT

    def __init__(
        self,
        host: str,
        database: str,
        user: str,
        password: str,
        table: str,
        update_id: str,
        port: int | str | None = None,
    ) -> None:
        self.host, behind = parted(host)
        self.port = behind or port or self.DEFAULT_DB_PORT
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
        return Place(self._kind, self.host, self.port, self.database, self.user)

    @property
    def _driver(self) -> Driver:
        return postgres_drivers.driver()

    def connect(self) -> Any:
        """A new connection of the driver, in which a transaction begins with the first statement. Who asks closes it.

        It is tried `connect_attempts` times where nobody answers within `connect_timeout` seconds.
        """
        driver, timeout = self._driver, settings.connect_timeout(self._section)
        facts = self.host, int(self.port), self.database, self.user, self.password
        errors = driver.module.Error, OSError
        attempts = settings.connect_attempts(self._section)
        return connected(self.place, lambda: driver.connect(*facts, timeout), errors, is_answer, attempts)

    def exists(self, connection: Any = None) -> bool:
        """Whether the rows were loaded; in the transaction of `connection`, if one is given."""
        with self._on(connection) as connection:
            if not self._dialect.has_table(connection, self.marker_table):
                return False
            cursor = connection.cursor()
            cursor.execute(f"SELECT 1 FROM {self._marker} WHERE update_id = %s LIMIT 1", (self.update_id,))
            return cursor.fetchone() is not None

    def touch(self, connection: Any = None) -> bool:
        """Note that the rows were loaded; in the transaction of `connection`, if one is given, which ends elsewhere.

        False when that stood there already. Whoever wants to note the same at the same time waits for the other's end.
        """
        with self._on(connection) as connection:
            if not self._dialect.has_table(connection, self.marker_table):
                self.create_marker_table()
            return self._insert(connection.cursor())

    def _insert(self, cursor: Any) -> bool:
        columns, values = ["update_id", "target_table"], [self.update_id, self.table]
        if not self.use_db_timestamps:
            columns.append("inserted")
            values.append(str(datetime.fromtimestamp(SYSTEM.now())))
        cursor.execute(self._dialect.noting(self.marker_table, columns), tuple(values))
        return bool(cursor.rowcount)

    def create_marker_table(self) -> None:
        """Make the marker table, in a transaction of its own, unless it is there."""
        inserted = "TIMESTAMP DEFAULT NOW()" if self.use_db_timestamps else "TIMESTAMP"
        columns = f"update_id TEXT PRIMARY KEY, target_table TEXT, inserted {inserted}"
        with self._on(None) as connection:
            if self._dialect.has_table(connection, self.marker_table):
                return
            try:
                connection.cursor().execute(f"CREATE TABLE {POSTGRES.table(self.marker_table)} ({columns})")
            except self._dialect.errors as error:
                if not self._dialect.is_duplicate(error):
                    raise
                logger.debug("%s: %s was made by another", self.place, self.marker_table)

    def open(self, mode: str) -> None:
        """Raises NotReadable."""
        raise NotReadable(self)

    @property
    def _marker(self) -> str:
        return beside_values(POSTGRES.table(self.marker_table))

    @contextmanager
    def _on(self, connection: Any) -> Iterator[Any]:
        """That connection, or a new one in which every statement is a transaction. Raises SqlError."""
        used = self.connect() if connection is None else connection
        try:
            if used is not connection:
                used.autocommit = True
            yield used
        except self._dialect.errors as error:
            raise self._dialect.in_our_words(self.place, self.marker_table, error) from error
        finally:
            if used is not connection:
                used.close()
