"""The way to the database: its address, and connections that notice when the other end is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, LiteralString

from luigi.errors import ConfigurationError
from luigi.extras import need

if TYPE_CHECKING:
    from psycopg import Connection

_PATIENCE: Final = {
    "connect_timeout": "5",
    "keepalives_idle": "4",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
    "application_name": "luigi-kernel",
}
"""Ten seconds without a sign of the database's machine end a connection, unless the address says otherwise."""

QUICK: Final = "SET statement_timeout = '10s'"
"""For what is asked while somebody waits for an answer."""

WATCHED: Final = "SET tcp_keepalives_idle = 4; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3"
"""For the connection that has the lock: so does ten seconds without a sign of this machine."""


class Address:
    """Where the database is, and the schema in it. Raises ConfigurationError, and MissingExtra without the driver."""

    def __init__(self, url: str, schema: str) -> None:
        need("psycopg", "postgres", "the state store postgresql")
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict

        try:
            self._told: dict[str, Any] = {**_PATIENCE, **conninfo_to_dict(url)}
        except ProgrammingError:
            raise ConfigurationError(
                "[postgresql] url is not an address of a PostgreSQL database",
                hint="such as postgresql://user:password@host/database",
            ) from None  # the error shows the address, with the password
        self.schema = schema

    def __str__(self) -> str:
        """For people: without user and password."""
        host, port = self._told.get("host", ""), self._told.get("port", "")
        database = self._told.get("dbname", "")
        return f"postgresql://{host}{f':{port}' if port else ''}/{database} (schema {self.schema})"

    def connect(self, *settings: str) -> Connection[Any]:
        """A new connection, outside a transaction; `settings` are executed first. Raises psycopg's errors."""
        import psycopg
        from psycopg.sql import SQL, Identifier

        connection = psycopg.connect(**self._told, autocommit=True)
        try:
            connection.execute(SQL("SET search_path TO {}").format(Identifier(self.schema)))
            for one in settings:
                connection.execute(SQL(one))
        except psycopg.Error:
            connection.close()
            raise
        return connection


class Line:
    """A connection that is made when it is used, and made anew after `close`. Its methods raise psycopg's errors."""

    def __init__(self, address: Address, *settings: str) -> None:
        self._address, self._settings = address, settings
        self._connection: Connection[Any] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it was used, and not closed since."""
        return self._connection is not None

    @property
    def connection(self) -> Connection[Any]:
        """The connection itself."""
        if self._connection is None:
            self._connection = self._address.connect(*self._settings)
        return self._connection

    def value(self, query: LiteralString, *values: Any) -> Any:
        """The first value of the first row that a statement brings."""
        row = self.connection.execute(query, values).fetchone()
        return None if row is None else row[0]

    def close(self) -> None:
        """End the connection, if there is one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
