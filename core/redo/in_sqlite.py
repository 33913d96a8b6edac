"""Fingerprints in one SQLite file, for outputs that have no folder on this machine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from luigi.errors import StoreError
from luigi.redo.fingerprints import Record, read, written

if TYPE_CHECKING:
    import sqlite3

    from luigi.task import Task

PATIENCE = 30.0
"""Seconds to wait for another process that writes."""

TABLE = "CREATE TABLE IF NOT EXISTS fingerprints (task_id TEXT PRIMARY KEY, record TEXT NOT NULL)"
PUT = "INSERT OR REPLACE INTO fingerprints VALUES (?, ?)"
GET = "SELECT record FROM fingerprints WHERE task_id = ?"


class InSqlite:
    """A row for each task. Reading makes no file. Reads in one thread, writes in one."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._reading: sqlite3.Connection | None = None
        self._writing: sqlite3.Connection | None = None

    def of(self, task: Task) -> Record:
        """The task's record; empty without one. Raises StoreError for a file that is no such database."""
        import sqlite3

        if self._reading is None and not os.path.exists(self._path):
            return {}
        try:
            row = self._reader().execute(GET, [task.task_id]).fetchone()
        except sqlite3.Error as error:
            raise StoreError(f"the fingerprints in {self._path} cannot be read: {error}") from error
        return {} if row is None else read(row[0], f"of {task.task_id} in {self._path}")

    def keep(self, task: Task, record: Record) -> None:
        """Write the task's record. Raises sqlite3.Error where it cannot be written."""
        with self._writer() as connection:
            connection.execute(PUT, [task.task_id, written(task.task_id, record)])

    def close(self) -> None:
        """Close what was opened for reading; called where that was."""
        if self._reading is not None:
            self._reading.close()
            self._reading = None

    def _reader(self) -> sqlite3.Connection:
        if self._reading is None:
            import sqlite3
            from urllib.parse import quote

            self._reading = sqlite3.connect(f"file:{quote(os.path.abspath(self._path))}?mode=ro", PATIENCE, uri=True)
        return self._reading

    def _writer(self) -> sqlite3.Connection:
        if self._writing is None:
            import sqlite3

            folder = os.path.dirname(self._path)
            if folder:
                os.makedirs(folder, exist_ok=True)
            self._writing = sqlite3.connect(self._path, PATIENCE, check_same_thread=False)
            # What a crash of the machine takes is only remembered anew: it need not be waited for.
            self._writing.execute("PRAGMA synchronous = OFF")
            self._writing.execute(TABLE)
        return self._writing
