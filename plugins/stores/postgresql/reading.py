"""What is in a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from luigi.plugins.stores.postgresql.errors import explained
from luigi.stored_state.reading import Reading
from luigi.stored_state.texts import Row

if TYPE_CHECKING:
    from psycopg import Connection

_BEGIN: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_STATE: Final = "SELECT snapshot, parts, upto FROM luigi_scheduler_state"
_PARTS: Final = """SELECT position, content, checksum FROM luigi_scheduler_parts
    WHERE snapshot = %s ORDER BY position"""
_ENTRIES: Final = """SELECT number, content, checksum FROM luigi_scheduler_entries
    WHERE number > %s ORDER BY number"""


class PostgresqlReading(Reading):
    """Takes the connection over."""

    def __init__(self, connection: Connection[Any], place: str) -> None:
        self._connection = connection
        connection.execute(_BEGIN)
        snapshot, parts, upto = connection.execute(_STATE).fetchone() or (0, 0, 0)
        super().__init__(place, snapshot, parts, upto)

    def parts(self, snapshot: int) -> Iterator[Row]:
        """The parts of a snapshot, in order: a few at a time, for they are long."""
        return self._rows("parts", _PARTS, snapshot, 4)

    def entries(self, after: int) -> Iterator[Row]:
        """The entries after a number, in order."""
        return self._rows("entries", _ENTRIES, after, 1_000)

    def _rows(self, name: str, query: Any, value: int, at_once: int) -> Iterator[Row]:
        with explained(self._place), self._connection.cursor(name, binary=True) as cursor:
            cursor.itersize = at_once
            yield from cursor.execute(query, (value,), binary=True)

    def close(self) -> None:
        """End the transaction and the connection."""
        self._connection.close()
