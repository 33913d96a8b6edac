"""The history in a database: keeps facts, all of a call in one transaction."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from luigi.clock import SYSTEM, Clock
from luigi.plugins.histories.sql.engine import engine_for, explained
from luigi.plugins.histories.sql.retention import Retention
from luigi.plugins.histories.sql.rows import Ahead, Rows
from luigi.plugins.histories.sql.schema import prepare
from luigi.plugins.histories.sql.writing import Writing, pieces

if TYPE_CHECKING:
    from luigi.plugins.histories.sql.reading import SqlReading
    from luigi.telling import Happened


class SqlHistory:
    """Writes to the database at `db_connection`. Any thread may call it.

    `keep_days`, `keep_rows`: what older tasks and runs, or more of them, are forgotten; 0 for none.
    Raises HistoryError when the database cannot be used; see `engine` and `schema`.
    """

    def __init__(self, db_connection: str, *, keep_days: float = 0, keep_rows: int = 0, clock: Clock = SYSTEM) -> None:
        self.engine = engine_for(db_connection)
        prepare(self.engine)
        self._rows = Rows()
        self._retention = Retention(keep_days, keep_rows, clock)
        self._lock = threading.Lock()

    def record(self, happened: Sequence[Happened]) -> None:
        """Keep all of it, in this order.

        Raises HistoryAway, which is an OSError, when the database is not there, and HistoryError when it takes none
        of it; then nothing is kept. A connection that breaks in the very moment of the commit may mean that all is.
        """
        if not happened:
            return
        with self._lock:
            known = Ahead(self._rows)
            with explained(self.engine), self.engine.begin() as connection:
                for piece in pieces(happened):
                    known.learn(Writing(connection, known).write(piece))
            known.keep()
            self._retention.apply_when_due(self.engine)

    def reading(self) -> SqlReading:
        """What answers questions about all that is kept. It needs no closing but this history's."""
        from luigi.plugins.histories.sql.reading import SqlReading

        return SqlReading(self.engine)

    def close(self) -> None:
        """Let go of connections. What is recorded later opens new ones."""
        self.engine.dispose()
