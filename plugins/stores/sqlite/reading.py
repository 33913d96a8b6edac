"""What is in an SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from luigi.plugins.stores.sqlite.errors import explained
from luigi.stored_state.reading import Reading
from luigi.stored_state.texts import Row

if TYPE_CHECKING:
    from sqlite3 import Connection

_PARTS: Final = "SELECT position, content, checksum FROM parts WHERE snapshot = ? ORDER BY position"
_ENTRIES: Final = "SELECT number, content, checksum FROM entries WHERE number > ? ORDER BY number"


class SqliteReading(Reading):
    """Takes the connection over."""

    def __init__(self, connection: Connection, path: Path) -> None:
        self._connection, self._path = connection, path
        connection.execute("BEGIN")
        super().__init__(str(path), *connection.execute("SELECT snapshot, parts, upto FROM state").fetchone())

    def parts(self, snapshot: int) -> Iterator[Row]:
        """The parts of a snapshot, in order."""
        return self._rows(_PARTS, snapshot)

    def entries(self, after: int) -> Iterator[Row]:
        """The entries after a number, in order."""
        return self._rows(_ENTRIES, after)

    def _rows(self, query: str, value: int) -> Iterator[Row]:
        with explained(self._path):
            for row in self._connection.execute(query, (value,)):  # noqa: UP028  # `yield from` would close the cursor
                yield row

    def close(self) -> None:
        """End the transaction and the connection."""
        self._connection.close()
