"""The state stores that a fleet's server is measured with: how it is told of them, and how much they hold."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from databases import postgres


class Store(Protocol):
    """A place for the state."""

    config: str
    """What the server's configuration says of it."""

    @property
    def size(self) -> int:
        """Bytes that it takes on the disk."""
        ...


class Sqlite:
    """A file. The server is on its own with it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.config = f"[server]\nstate_store = sqlite\n[sqlite]\npath = {folder / 'state.sqlite'}\n"

    @property
    def size(self) -> int:
        """The file's bytes, with those that SQLite keeps beside it."""
        return sum(file.stat().st_size for file in self._folder.glob("state.sqlite*"))


class Postgresql:
    """A database of its own on this machine, which waits for the disk as one that matters does."""

    def __init__(self, port: int) -> None:
        self._url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        self.config = f"[server]\nstate_store = postgresql\n[postgresql]\nurl = {self._url}\n"

    @property
    def size(self) -> int:
        """The bytes of all its tables."""
        import psycopg

        with psycopg.connect(self._url) as connection:
            row = connection.execute("SELECT pg_database_size('postgres')").fetchone()
            assert row is not None
            return int(row[0])


@contextmanager
def store(kind: str) -> Iterator[Store]:
    """An empty one: `sqlite` or `postgresql`."""
    if kind == "postgresql":
        with postgres(fsync=True) as port:
            yield Postgresql(port)
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield Sqlite(Path(folder))
