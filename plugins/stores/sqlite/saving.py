"""A snapshot's way into an SQLite file, which has one writer at a time: many short transactions, and one that counts.

Parts are written under a number of their own, which nobody reads until the last transaction says that it counts. What
is left of one that did not get so far is deleted by the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from luigi.clock import Clock
from luigi.errors import StoreError
from luigi.stored_state.errors import not_leading
from luigi.stored_state.texts import packed

if TYPE_CHECKING:
    from sqlite3 import Connection

PAUSE: Final = 0.01
"""Seconds between two transactions, so that another process gets to append."""

PARTS, ENTRIES = 20, 2_000
"""How many are deleted in one transaction."""

_INSERT: Final = "INSERT INTO parts (snapshot, position, content, checksum) VALUES (?, ?, ?, ?)"
_COUNTS: Final = "UPDATE state SET snapshot = ?, parts = ?, upto = ? WHERE upto <= ?"
_OLD_PARTS: Final = """DELETE FROM parts WHERE rowid IN (
    SELECT rowid FROM parts WHERE snapshot <> (SELECT snapshot FROM state) LIMIT ?)"""
_OLD_ENTRIES: Final = """DELETE FROM entries WHERE number IN (
    SELECT number FROM entries WHERE number <= (SELECT upto FROM state) AND kept_at <= ? ORDER BY number LIMIT ?)"""


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """All that is executed meanwhile, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def refuse_unless_leading(connection: Connection, epoch: int) -> None:
    """Raise NotLeading when somebody has begun to write here since `epoch`."""
    if connection.execute("SELECT epoch FROM state").fetchone()[0] != epoch:
        raise not_leading()


class Saving:
    """Saves by a connection of its own. `epoch`: of the writer, where this is the one; None in another process."""

    def __init__(self, connection: Connection, clock: Clock, epoch: int | None) -> None:
        self._connection, self._clock, self._epoch = connection, clock, epoch
        self._pause = 0.0 if epoch is not None else PAUSE

    def save(self, parts: Iterable[str], upto: int, synchronous: str) -> None:
        """Put a snapshot in the place of the last one. Raises StoreError."""
        self._connection.execute("PRAGMA synchronous = NORMAL")  # the last transaction sees to all of them
        self._again_and_again(_OLD_PARTS, (PARTS,))
        snapshot = self._begin()
        count = self._write(snapshot, parts)
        self._connection.execute(f"PRAGMA synchronous = {synchronous}")
        self._let_it_count(snapshot, count, upto)

    def forget(self, before: float) -> None:
        """Delete what no snapshot that counts needs, entries only if kept before that time (since the epoch)."""
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._again_and_again(_OLD_PARTS, (PARTS,))
        self._again_and_again(_OLD_ENTRIES, (before, ENTRIES))

    def _begin(self) -> int:
        row = self._connection.execute("INSERT INTO snapshots (began_at) VALUES (?)", (self._clock.now(),))
        snapshot = row.lastrowid or 0
        self._connection.execute("DELETE FROM snapshots WHERE id < ?", (snapshot,))
        return snapshot

    def _write(self, snapshot: int, parts: Iterable[str]) -> int:
        count = 0
        for count, text in enumerate(parts, 1):
            self._connection.execute(_INSERT, (snapshot, count, *packed(text)))
            self._clock.sleep(self._pause)
        return count

    def _let_it_count(self, snapshot: int, count: int, upto: int) -> None:
        """One of a later state may have been saved meanwhile, by another process: then that one stays."""
        with transaction(self._connection):
            if self._epoch is not None:
                refuse_unless_leading(self._connection, self._epoch)
            there = "SELECT count(*) FROM parts WHERE snapshot = ?"
            if self._connection.execute(there, (snapshot,)).fetchone()[0] != count:
                raise StoreError("another process has begun to save a snapshot meanwhile")
            self._connection.execute(_COUNTS, (snapshot, count, upto, upto))

    def _again_and_again(self, delete: str, values: tuple[float, ...]) -> None:
        while self._connection.execute(delete, values).rowcount:
            self._clock.sleep(self._pause)
