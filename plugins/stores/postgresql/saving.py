"""A snapshot's way into a PostgreSQL database: one transaction, which appending does not wait for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from luigi.stored_state.errors import not_leading
from luigi.stored_state.texts import packed

if TYPE_CHECKING:
    from psycopg import Connection, Cursor

ENTRIES: Final = 10_000
"""How many are deleted in one transaction."""

_COPY: Final = """COPY luigi_scheduler_parts (snapshot, position, content, checksum)
    FROM STDIN (FORMAT BINARY)"""
_TYPES: Final = ("int8", "int4", "bytea", "int8")
_COUNTS: Final = """UPDATE luigi_scheduler_state SET snapshot = %s, parts = %s, upto = %s
    WHERE upto <= %s AND epoch = coalesce(%s, epoch)"""
_OLD_PARTS: Final = """DELETE FROM luigi_scheduler_parts
    WHERE snapshot <> (SELECT snapshot FROM luigi_scheduler_state)"""
_OLD_ENTRIES: Final = """DELETE FROM luigi_scheduler_entries WHERE number IN (
    SELECT number FROM luigi_scheduler_entries
    WHERE number <= (SELECT upto FROM luigi_scheduler_state) AND kept_at <= now() - make_interval(secs => %s)
    ORDER BY number LIMIT %s)"""


def save(connection: Connection[Any], parts: Iterable[str], upto: int, epoch: int | None) -> None:
    """Put a snapshot in the place of the last one, unless that is of a later state.

    `epoch`: of the writer, where this is the one; None in another process. Raises NotLeading and psycopg's errors.
    """
    from psycopg import Rollback

    with connection.transaction(), connection.cursor() as cursor:
        snapshot = cursor.execute("SELECT nextval('luigi_scheduler_snapshots')").fetchone()[0]  # type: ignore[index]
        count = _write(cursor, snapshot, parts)
        if not cursor.execute(_COUNTS, (snapshot, count, upto, upto, epoch)).rowcount:
            _refuse_unless_leading(cursor, epoch)
            raise Rollback


def _write(cursor: Cursor[Any], snapshot: int, parts: Iterable[str]) -> int:
    count = 0
    with cursor.copy(_COPY) as copy:
        copy.set_types(_TYPES)
        for count, text in enumerate(parts, 1):
            copy.write_row((snapshot, count, *packed(text)))
    return count


def _refuse_unless_leading(cursor: Cursor[Any], epoch: int | None) -> None:
    row = cursor.execute("SELECT epoch FROM luigi_scheduler_state").fetchone()
    if epoch is not None and row != (epoch,):
        raise not_leading()


def forget(connection: Connection[Any], keep_seconds: float) -> None:
    """Delete what no snapshot that counts needs, entries only if older than that. Raises psycopg's errors."""
    connection.execute(_OLD_PARTS)
    while connection.execute(_OLD_ENTRIES, (keep_seconds, ENTRIES)).rowcount == ENTRIES:
        continue
