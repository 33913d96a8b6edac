"""The state in a PostgreSQL database: entries and a snapshot. One process writes, as long as it has the lock.

The lock is an advisory one, of a connection that is held for nothing else: it is free as soon as that connection, or
the process, ends. Whoever gets it begins a new epoch; each append says of which it is, and one of an earlier epoch
keeps nothing. So it does no harm when a process has lost the lock and does not know.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing, suppress
from typing import Final

from luigi.errors import NotLeading, StoreAway, StoreError
from luigi.interfaces import Kept
from luigi.plugins.stores.postgresql import saving
from luigi.plugins.stores.postgresql.connecting import QUICK, WATCHED, Address, Line
from luigi.plugins.stores.postgresql.errors import explained
from luigi.plugins.stores.postgresql.reading import PostgresqlReading
from luigi.plugins.stores.postgresql.schema import migrate, require, version_of
from luigi.stored_state.errors import nothing_there
from luigi.stored_state.texts import packed

HOUR: Final = 3600.0
LOCK: Final = 0x4C754B73
"""The first of the advisory lock's two numbers; the second is made of the schema's name."""

_LOCK: Final = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
_BEGIN: Final = "UPDATE luigi_scheduler_state SET epoch = epoch + 1 RETURNING epoch"
_EPOCH: Final = "SELECT epoch FROM luigi_scheduler_state"

# FOR SHARE: a new epoch does not begin while this is under way. An entry that is there already with another content
# becomes NULL, which is not allowed: so the whole statement fails, and keeps nothing.
_APPEND: Final = """
WITH leader AS MATERIALIZED (
    SELECT upto FROM luigi_scheduler_state WHERE epoch = %s FOR SHARE
), kept AS (
    INSERT INTO luigi_scheduler_entries AS there (number, content, checksum)
    SELECT said.number, said.content, said.checksum
    FROM unnest(%s::bigint[], %b::bytea[], %s::bigint[]) AS said (number, content, checksum), leader
    WHERE said.number > leader.upto
    ON CONFLICT (number) DO UPDATE
    SET content = CASE WHEN there.content = excluded.content THEN there.content END
)
SELECT count(*) FROM leader"""


class PostgresqlStore:
    """A state store in the database at `address`; the first who claims it makes the tables.

    `keep_hours`: how long entries that a snapshot takes the place of are kept.
    """

    durable = True

    def __init__(self, address: Address, *, keep_hours: float = 0) -> None:
        self._address, self._keep_hours = address, keep_hours
        self._lock = threading.RLock()
        self._epoch: int | None = None
        self._over = False
        """Whether it has led, or was closed: what still comes from that time must not be kept in another epoch."""
        self._keeper = Line(address, QUICK, WATCHED)
        """Has the advisory lock, or tries to get it."""
        self._writer = Line(address, QUICK)

    # --- leading -----------------------------------------------------------------------------------------------

    def claim(self) -> bool:
        """Become the one that writes. Once that is over, another store has to be made to try again.

        Raises StoreAway, and StoreError for tables of a later version.
        """
        with self._lock:
            try:
                with explained(str(self._address)):
                    return self._claim()
            except StoreError:
                self._keeper.close()  # whether another leads meanwhile, the epoch tells the next time
                raise

    def _claim(self) -> bool:
        if self._over:
            return False
        if self._epoch is not None:
            return self._still_leads(self._epoch)
        version_of(self._keeper.connection, str(self._address))
        if not self._locks():
            return False
        migrate(self._keeper.connection, self._address.schema, str(self._address))
        self._epoch = self._keeper.value(_BEGIN)
        return True

    def _still_leads(self, epoch: int) -> bool:
        """Also when the connection with the lock broke, as long as nobody has led meanwhile."""
        if (self._keeper.is_open or self._locks()) and self._keeper.value(_EPOCH) == epoch:
            return True
        self.close()
        return False

    def _locks(self) -> bool:
        return bool(self._keeper.value(_LOCK, LOCK, self._address.schema))

    # --- keeping -----------------------------------------------------------------------------------------------

    def load(self) -> Kept:
        """What is there. Raises StoreAway, and StoreError, also while it is read, for what is damaged."""
        with explained(str(self._address)), ExitStack() as undone:
            connection = undone.enter_context(closing(self._address.connect()))
            if not require(connection, str(self._address)):
                return Kept((), 0, ())
            kept = PostgresqlReading(connection, str(self._address)).kept()
            undone.pop_all()  # who reads closes it
            return kept

    def append(self, entries: Sequence[tuple[int, str]]) -> None:
        """Keep entries. Raises StoreAway and NotLeading."""
        if not entries:
            return
        with self._lock:
            if self._epoch is None and not self.claim():
                raise NotLeading(f"another process writes to the state in {self._address}")
            was_open = self._writer.is_open
            try:
                self._append(entries)
            except StoreAway:
                if not was_open:
                    raise
                self._append(entries)  # the connection may have ended long ago

    def _append(self, entries: Sequence[tuple[int, str]]) -> None:
        numbers = [number for number, _ in entries]
        contents, checksums = zip(*(packed(text) for _, text in entries), strict=True)
        try:
            with explained(str(self._address)):
                if not self._writer.value(_APPEND, self._epoch, numbers, list(contents), list(checksums)):
                    raise NotLeading(f"another process has begun to write to the state in {self._address}")
        except NotLeading:
            self.close()
            raise
        except StoreError:
            self._writer.close()
            raise

    def save(self, parts: Iterable[str], upto: int) -> None:
        """Keep a snapshot. Raises StoreAway, and NotLeading when this process led and does not any more."""
        with explained(str(self._address)), closing(self._address.connect()) as connection:
            if not require(connection, str(self._address)):
                raise nothing_there(str(self._address))
            saving.save(connection, parts, upto, self._epoch)
            saving.forget(connection, self._keep_hours * HOUR)

    def close(self) -> None:
        """Let another process write."""
        with self._lock:
            self._over, self._epoch = True, None
            self._unlock()
            self._keeper.close()
            self._writer.close()

    def _unlock(self) -> None:
        """At once: a connection that was closed here ends over there a moment later."""
        if self._keeper.is_open:
            with suppress(StoreError), explained(str(self._address)):  # one that broke has no lock any more
                self._keeper.value("SELECT pg_advisory_unlock_all()")
