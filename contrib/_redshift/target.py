"""RedshiftTarget: a note in a Redshift database that rows were loaded, written in the transaction that loads them."""

from __future__ import annotations

from typing import Any

from luigi.contrib._configured import Configured
from luigi.contrib._redshift.dialect import DIALECT
from luigi.contrib._sql import settings
from luigi.contrib._sql.postgres_target import PostgresTarget


class RedshiftTarget(PostgresTarget):
    """There once `update_id` stands in the marker table of the database.

    `host` may have the port behind a colon. Methods raise DatabaseAway, SqlError, and MissingExtra where no driver is
    installed. What is noted is looked up by a connection of its own: a transaction sees what was there when it began,
    and two that both read and write the marker table would be refused, whatever they load.
    """

    marker_table: Any = Configured("redshift", "marker_table", settings.MARKER_TABLE)
    """With its schema, if that is not the user's."""

    DEFAULT_DB_PORT: int = 5439

    use_db_timestamps: bool = False

    _kind = "redshift"
    _section = "redshift"
    _dialect = DIALECT

    def exists(self, connection: Any = None) -> bool:
        """Whether the rows were loaded, by a transaction that has ended; `connection` is not used."""
        return super().exists()

    def touch(self, connection: Any = None) -> bool:
        """Note that the rows were loaded; in the transaction of `connection`, if one is given, which ends elsewhere.

        False when another has noted that, and then the transaction is to be taken back. Redshift enforces no keys, but
        who adds to a table lets others who want to wait for his end. Not so where the database has snapshot isolation:
        there, two that end within the same moment may both have loaded.
        """
        if connection is None or connection.autocommit:
            return not self.exists() and super().touch(connection)
        super().touch(connection)
        return not self.exists()
