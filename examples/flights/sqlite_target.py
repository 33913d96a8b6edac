"""A target for rows in a SQLite database: they exist when the marker row of their update does."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import luigi


class SqliteTarget(luigi.Target):
    """What one update puts into a database. Rows and marker are written in one transaction: both are there, or neither.

    `update_id` names the update; a task passes its `task_id`, so that other parameters are another update.
    """

    def __init__(self, path: str, update_id: str) -> None:
        self.path = path
        self.update_id = update_id

    def exists(self) -> bool:
        """Whether the marker is there. Creates no database."""
        if not Path(self.path).exists():
            return False
        with closing(self.connect()) as database:
            tables = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'updates'").fetchone()
            if tables is None:
                return False
            return database.execute("SELECT 1 FROM updates WHERE id = ?", [self.update_id]).fetchone() is not None

    def connect(self) -> sqlite3.Connection:
        """A connection in autocommit mode that waits up to 30 seconds for another writer."""
        return sqlite3.connect(self.path, timeout=30, isolation_level=None)

    @contextmanager
    def update(self) -> Iterator[sqlite3.Connection]:
        """A transaction that sets the marker last. Whatever ends it early leaves the database as it was."""
        Path(self.path).parent.mkdir(parents=True, exist_ok=True)
        with closing(self.connect()) as database:
            database.execute("BEGIN IMMEDIATE")
            yield database
            database.execute("CREATE TABLE IF NOT EXISTS updates (id TEXT PRIMARY KEY)")
            database.execute("INSERT OR REPLACE INTO updates VALUES (?)", [self.update_id])
            database.execute("COMMIT")
