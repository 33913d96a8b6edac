"""The state in an SQLite file: entries and a snapshot. One process writes, as long as it holds the lock file."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from luigi.clock import SYSTEM, Clock
from luigi.errors import NotLeading, StoreError
from luigi.interfaces import Kept
from luigi.plugins.stores.sqlite.errors import explained
from luigi.plugins.stores.sqlite.lock_file import LockFile
from luigi.plugins.stores.sqlite.reading import SqliteReading
from luigi.plugins.stores.sqlite.saving import Saving, refuse_unless_leading, transaction
from luigi.plugins.stores.sqlite.schema import migrate, refuse_damaged, require
from luigi.stored_state.errors import nothing_there
from luigi.stored_state.texts import packed

if TYPE_CHECKING:
    from sqlite3 import Connection

HOUR: Final = 3600.0
WAIT: Final = 10.0
"""Seconds until a file that another process writes to counts as out of reach."""

# Keeps nothing in another epoch than ours, and nothing that is part of the snapshot.
_INSERT: Final = """INSERT INTO entries (number, kept_at, content, checksum)
    SELECT ?1, ?2, ?3, ?4 FROM state WHERE epoch = ?5 AND upto < ?1
    ON CONFLICT (number) DO NOTHING"""

_CONTENT: Final = "SELECT content FROM entries WHERE number = ?"

_Row = tuple[int, float, bytes, int, int]


class SqliteStore:
    """A state store in the file at `path`, which is made, together with its folder, by the first who claims it.

    `synchronous`: "full" or "normal". `keep_hours`: how long entries that a snapshot takes the place of are kept.
    """

    durable = True

    def __init__(
        self, path: Path, *, synchronous: str = "normal", keep_hours: float = 0, clock: Clock = SYSTEM
    ) -> None:
        self._path, self._synchronous, self._keep_hours, self._clock = path, synchronous, keep_hours, clock
        self._lock = threading.RLock()
        self._lock_file = LockFile(path.with_name(f"{path.name}.lock"))
        self._epoch: int | None = None
        self._over = False
        """Whether it has led, or was closed: what still comes from that time must not be kept in another epoch."""
        self._writer: Connection | None = None

    # --- leading -----------------------------------------------------------------------------------------------

    def claim(self) -> bool:
        """Become the one that writes. Once that is over, another store has to be made to try again.

        Raises StoreError for a file that is not ours, damaged, or of a later version.
        """
        with self._lock:
            if self._over:
                return False
            if self._epoch is not None:
                return self._still_leads()
            self._make_place()
            if not self._lock_file.take():
                return False
            try:
                self._begin()
            except BaseException:
                self._let_go()
                raise
            return True

    def _still_leads(self) -> bool:
        try:
            with explained(self._path):
                refuse_unless_leading(self._connection(), self._epoch or 0)
        except NotLeading:
            self.close()
            return False
        return True

    def _make_place(self) -> None:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self._path.exists():  # never open one that SQLite has open: closing it ends SQLite's own locks
                self._path.touch(mode=0o600)
        except OSError as error:
            raise StoreError(
                f"the state cannot be kept in {self._path}: {error.strerror}",
                hint="name a file that can be written to: [sqlite] path, [scheduler] state_path or --state-path",
            ) from error

    def _begin(self) -> None:
        with explained(self._path):
            connection = self._connection()
            refuse_damaged(connection, self._path)
            migrate(connection, self._path)
            connection.execute("PRAGMA journal_mode = WAL")
            with transaction(connection):
                connection.execute("UPDATE state SET epoch = epoch + 1")
                self._epoch = connection.execute("SELECT epoch FROM state").fetchone()[0]

    # --- keeping -----------------------------------------------------------------------------------------------

    def load(self) -> Kept:
        """What is there. Raises StoreError, also while it is read, for what is damaged."""
        if not self._path.exists():
            return Kept((), 0, ())
        with explained(self._path), ExitStack() as undone:
            connection = undone.enter_context(closing(self._connect()))
            if not require(connection, self._path):
                return Kept((), 0, ())
            kept = SqliteReading(connection, self._path).kept()
            undone.pop_all()  # who reads closes it
            return kept

    def append(self, entries: Sequence[tuple[int, str]]) -> None:
        """Keep entries. Raises StoreAway and NotLeading."""
        with self._lock:
            if self._epoch is None and not self.claim():
                raise NotLeading(f"another process writes to {self._path}")
            try:
                with explained(self._path):
                    self._append(self._connection(), entries)
            except NotLeading:
                self.close()
                raise
            except StoreError:
                self._disconnect()
                raise

    def _append(self, connection: Connection, entries: Sequence[tuple[int, str]]) -> None:
        now, epoch = self._clock.now(), self._epoch or 0
        rows = [(number, now, *packed(text), epoch) for number, text in entries]
        if len(rows) == 1 and connection.execute(_INSERT, rows[0]).rowcount == 1:
            return  # one statement is a transaction of its own
        with transaction(connection):
            if connection.executemany(_INSERT, rows).rowcount != len(rows):
                self._see_why(connection, rows)

    def _see_why(self, connection: Connection, rows: Sequence[_Row]) -> None:
        """What was not inserted has to be there already. Raises NotLeading."""
        refuse_unless_leading(connection, self._epoch or 0)
        upto = connection.execute("SELECT upto FROM state").fetchone()[0]
        for number, _, content, _, _ in rows:
            if number > upto and (content,) != connection.execute(_CONTENT, (number,)).fetchone():
                raise NotLeading(f"another process has written entry {number} to {self._path}")

    def save(self, parts: Iterable[str], upto: int) -> None:
        """Keep a snapshot. Raises StoreAway, and NotLeading when this process led and does not any more."""
        nothing = nothing_there(str(self._path))
        if not self._path.exists():
            raise nothing
        with explained(self._path), closing(self._connect()) as connection:
            if not require(connection, self._path):
                raise nothing
            saving = Saving(connection, self._clock, self._epoch)
            saving.save(parts, upto, self._synchronous)
            saving.forget(self._clock.now() - self._keep_hours * HOUR)

    # --- connections -------------------------------------------------------------------------------------------

    def _connection(self) -> Connection:
        if self._writer is None:
            self._writer = self._connect()
        return self._writer

    def _connect(self) -> Connection:
        import sqlite3

        connection = sqlite3.connect(self._path, timeout=WAIT, isolation_level=None, check_same_thread=False)
        try:
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _disconnect(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def close(self) -> None:
        """Let another process write."""
        with self._lock:
            self._over = True
            self._let_go()

    def _let_go(self) -> None:
        self._epoch = None
        self._disconnect()
        self._lock_file.release()
