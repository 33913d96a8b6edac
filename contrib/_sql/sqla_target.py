"""SQLAlchemyTarget: a note in a database that rows were loaded, written in the transaction that loads them."""

from __future__ import annotations

import os
from collections import namedtuple
from datetime import datetime
from typing import Any, ClassVar, Final

from luigi.clock import SYSTEM
from luigi.contrib._sql import settings
from luigi.contrib._sql.errors import MarkerTaken, NotReadable
from luigi.contrib._sql.sqla_engines import connection_of, engine_for, explained, make, sqlalchemy
from luigi.target import Target

LONGEST = 255
"""Letters of an update_id, and of a table's name."""

_EXACT: Final = {"utf8mb4_bin": ("mysql", "mariadb"), "Latin1_General_BIN2": ("mssql",)}
"""Databases that do not tell small letters from capitals, and the rule for comparing texts by which they do."""


class SQLAlchemyTarget(Target):
    """There once `update_id` stands in the marker table of the database, beside the table it is about.

    `connect_args` are options of the driver. Methods raise DatabaseAway, SqlError, and MissingExtra where SQLAlchemy is
    not installed.
    """

    marker_table: str | None = None
    """The marker table, unless it is `[sqlalchemy] marker_table`."""

    Connection = namedtuple("Connection", "engine pid")
    """An engine, and the process that made it: one that was forked must not use it."""

    _engine_dict: ClassVar[dict[str, Any]] = {}

    def __init__(
        self,
        connection_string: str,
        target_table: str,
        update_id: str,
        echo: bool = False,
        connect_args: dict[str, Any] | None = None,
    ) -> None:
        self.connection_string = connection_string
        self.target_table = target_table
        self.update_id = update_id if update_id is None else str(update_id)  # in MySQL 7 equals '7 more'
        self.echo = echo
        self.connect_args = connect_args or {}
        self.marker_table = self.marker_table or settings.text("sqlalchemy", "marker_table", settings.MARKER_TABLE)

    def __str__(self) -> str:
        return self.target_table

    @property
    def engine(self) -> Any:
        """The engine, which all targets of the database share in a process."""
        key = f"{self.connection_string} {self.echo} {self.connect_args}"
        known = self._engine_dict.get(key)
        if known is None or known.pid != os.getpid():
            made = engine_for(self.connection_string, self.echo, self.connect_args)
            known = self._engine_dict[key] = self.Connection(made, os.getpid())
        return known.engine

    def exists(self) -> bool:
        """Whether the rows were loaded."""
        with explained(self.engine, self.marker_table), connection_of(self.engine) as connection:
            return self._is_noted(connection)

    def touch(self, connection: Any = None) -> bool:
        """Note that the rows were loaded. False when that stood there already. Raises MarkerTaken.

        In the transaction of `connection`, if one is given, which ends elsewhere; then the marker table has to be
        there, and where another has written the same meanwhile, the transaction is taken back with that.
        """
        if connection is not None:
            return self._note(connection)
        self.create_marker_table()
        with explained(self.engine, self.marker_table), connection_of(self.engine) as own:
            noted = self._note(own)
            own.commit()
            return noted

    def _note(self, connection: Any) -> bool:
        if self._is_noted(connection):
            return False
        values = {
            "update_id": self.update_id,
            "target_table": self.target_table,
            "inserted": datetime.fromtimestamp(SYSTEM.now()),
        }
        try:
            connection.execute(self._marker().insert(), values)
        except sqlalchemy().exc.IntegrityError as error:
            connection.rollback()
            if self._is_noted(connection):
                return False
            raise MarkerTaken(self.update_id, self.target_table, str(self.marker_table)) from error
        return True

    def _is_noted(self, connection: Any) -> bool:
        library, marker = sqlalchemy(), self._marker()
        if not library.inspect(connection).has_table(marker.name):
            return False
        same = (marker.c.update_id == self.update_id, marker.c.target_table == self.target_table)
        return connection.execute(library.select(marker.c.update_id).where(*same).limit(1)).first() is not None

    def create_marker_table(self) -> None:
        """Make the marker table, in a transaction of its own, unless it is there."""
        with explained(self.engine, self.marker_table):
            make(self.engine, self._marker())

    def _marker(self) -> Any:
        library = sqlalchemy()
        return library.Table(
            self.marker_table,
            library.MetaData(),
            library.Column("update_id", _exact(library), primary_key=True),
            library.Column("target_table", _exact(library), primary_key=True),
            library.Column("inserted", library.DateTime),
        )

    def open(self, mode: str) -> None:
        """Raises NotReadable."""
        raise NotReadable(self)


def _exact(library: Any) -> Any:
    """A text that is told from one in other letters, small or capital, also where databases take them for the same."""
    kind = library.String(LONGEST)
    for collation, databases in _EXACT.items():
        kind = kind.with_variant(library.String(LONGEST, collation=collation), *databases)
    return kind
