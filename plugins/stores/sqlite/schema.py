"""The tables in an SQLite file, and how a file of any earlier version gets them.

SQLite keeps two numbers for a program in each file: `application_id` says that a file is ours, `user_version` which of
the migrations it has been through.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from luigi.plugins.stores.sqlite.errors import not_ours
from luigi.stored_state.errors import damaged, is_there, too_new

if TYPE_CHECKING:
    from sqlite3 import Connection

APPLICATION: Final = 0x4C754B73  # "LuKs": Luigi, the kernel's state

Migration = Sequence[str]
"""The statements that lead from one version to the next."""

MIGRATIONS: Final[Sequence[Migration]] = [
    [
        """CREATE TABLE state (
            only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
            epoch INTEGER NOT NULL,  -- how often somebody has begun to write here
            snapshot INTEGER NOT NULL,  -- which one counts; 0 for none
            parts INTEGER NOT NULL,  -- how many it has
            upto INTEGER NOT NULL  -- the last entry it takes the place of
        )""",
        "INSERT INTO state VALUES (1, 0, 0, 0, 0)",
        """CREATE TABLE entries (
            number INTEGER PRIMARY KEY,
            kept_at REAL NOT NULL,  -- seconds since the epoch
            content BLOB NOT NULL,  -- UTF-8
            checksum INTEGER NOT NULL  -- CRC-32 of the content
        )""",
        "CREATE TABLE snapshots (id INTEGER PRIMARY KEY AUTOINCREMENT, began_at REAL NOT NULL)",
        """CREATE TABLE parts (
            snapshot INTEGER NOT NULL,
            position INTEGER NOT NULL,
            content BLOB NOT NULL,
            checksum INTEGER NOT NULL,
            PRIMARY KEY (snapshot, position)
        )""",
    ],
]
"""The n-th of them leads to version n."""


def version_of(connection: Connection, path: Path, known: int = len(MIGRATIONS)) -> int:
    """The version of what is there; 0 for a new file. Raises StoreError for a stranger's file, or a later version's."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if application != APPLICATION:
        if application or version or connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            raise not_ours(path)
        return 0
    if version > known:
        raise too_new(str(path), version, known)
    return version


def migrate(connection: Connection, path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring the file into today's shape: all of it, or none. Raises StoreError as `version_of`."""
    if version_of(connection, path, len(migrations)) == len(migrations):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = version_of(connection, path, len(migrations))  # another process may have done it meanwhile
        for statement in (one for migration in migrations[version:] for one in migration):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def refuse_damaged(connection: Connection, path: Path) -> None:
    """Look at the whole file, a gigabyte in about two seconds: to write to a damaged one would make it worse."""
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise damaged(str(path), found)


def require(connection: Connection, path: Path) -> bool:
    """Whether there is anything. Raises StoreError for an earlier version: who writes brings it up to date first."""
    return is_there(str(path), version_of(connection, path), len(MIGRATIONS))
