"""MySqlTarget: a note in MySQL or MariaDB that rows were loaded, written in the transaction that loads them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from luigi.contrib._configured import Configured
from luigi.contrib._sql import settings
from luigi.contrib._sql.connecting import Place, connected, parted
from luigi.contrib._sql.mysql_dialect import DUPLICATE_ENTRY, MySqlDialect, connector, is_answer
from luigi.contrib._sql.names import MYSQL
from luigi.target import Target

logger = logging.getLogger("luigi-interface")

DIALECT: Final = MySqlDialect()
DEFAULT_PORT: Final = 3306


class MySqlTarget(Target):
    """There once `update_id` stands in the marker table of the database.

    `host` may have the port behind a colon; `cnx_kwargs` are options of Connector/Python's `connect`. Methods raise
    DatabaseAway, SqlError, and MissingExtra where that is not installed.
    """

    marker_table: Any = Configured("mysql", "marker_table", settings.MARKER_TABLE)
    """With its database, if that is another."""

    def __init__(
        self, host: str, database: str, user: str, password: str, table: str, update_id: str, **cnx_kwargs: Any
    ) -> None:
        self.host, behind = parted(host)
        self.port = int(behind or DEFAULT_PORT)
        self.database = database
        self.user = user
        self.password = password
        self.table = table
        self.update_id = update_id if update_id is None else str(update_id)  # a number would equal texts that begin so
        self.cnx_kwargs = cnx_kwargs

    def __str__(self) -> str:
        return self.table

    @property
    def place(self) -> Place:
        """Where the database is."""
        port = self.cnx_kwargs.get("port", self.port)
        return Place("mysql", self.host, port, self.database, self.user)

    def connect(self, autocommit: bool = False) -> Any:
        """A new connection of the driver. Who asks closes it.

        It is tried `[mysql] connect_attempts` times where nobody answers within `connect_timeout` seconds.
        """
        driver = connector()
        facts = {
            "user": self.user,
            "password": self.password,
            "host": self.host,
            "port": self.port,
            "database": self.database,
            "autocommit": autocommit,
            "connection_timeout": max(1, round(settings.connect_timeout("mysql"))),
            "charset": "utf8mb4",
            **self.cnx_kwargs,
        }
        attempts = settings.connect_attempts("mysql")
        return connected(self.place, lambda: driver.connect(**facts), (driver.Error, OSError), is_answer, attempts)

    def exists(self, connection: Any = None) -> bool:
        """Whether the rows were loaded; in the transaction of `connection`, if one is given."""
        with self._on(connection) as connection:
            cursor = connection.cursor()
            try:
                cursor.execute(f"SELECT 1 FROM {self._marker} WHERE update_id = %s LIMIT 1", (self.update_id,))
            except DIALECT.errors as error:
                if not DIALECT.is_undefined(error):
                    raise
                return False
            return bool(cursor.fetchall())

    def touch(self, connection: Any = None) -> bool:
        """Note that the rows were loaded; in the transaction of `connection`, if one is given, which ends elsewhere.

        False when that stood there already. Whoever wants to note the same at the same time waits for the other's end.
        """
        with self._on(connection) as connection:
            if not DIALECT.has_table(connection, self.marker_table):
                self.create_marker_table()
            return self._insert(connection.cursor())

    def _insert(self, cursor: Any) -> bool:
        query = f"INSERT INTO {self._marker} (update_id, target_table) VALUES (%s, %s)"
        try:
            cursor.execute(query, (self.update_id, self.table))
        except DIALECT.errors as error:
            if getattr(error, "errno", None) != DUPLICATE_ENTRY:  # which takes back that statement alone
                raise
            return False
        return True

    def create_marker_table(self) -> None:
        """Make the marker table, unless it is there."""
        # By most databases' rules for comparing texts, ids that differ in small and capital letters would be the same.
        columns = (
            "id BIGINT(20) NOT NULL AUTO_INCREMENT, "
            "update_id VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, "
            "target_table VARCHAR(255), inserted TIMESTAMP DEFAULT NOW(), PRIMARY KEY (update_id), KEY id (id)"
        )
        with self._on(None) as connection:
            if not DIALECT.has_table(connection, self.marker_table):
                # MySQL would warn where another task has made it meanwhile; it is no error.
                connection.cursor().execute(f"CREATE TABLE IF NOT EXISTS {self._marker} ({columns}) ENGINE = InnoDB")

    @property
    def _marker(self) -> str:
        return MYSQL.table(self.marker_table)

    @contextmanager
    def _on(self, connection: Any) -> Iterator[Any]:
        """That connection, or a new one in which every statement is a transaction. Raises SqlError."""
        used = self.connect(autocommit=True) if connection is None else connection
        try:
            yield used
        except DIALECT.errors as error:
            raise DIALECT.in_our_words(self.place, self.marker_table, error) from error
        finally:
            if used is not connection:
                used.close()
