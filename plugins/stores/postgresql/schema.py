"""The tables in a PostgreSQL database, and how those of any earlier version become today's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from luigi.stored_state.errors import is_there, too_new

if TYPE_CHECKING:
    from psycopg import Connection

Migration = Sequence[str]
"""The statements that lead from one version to the next."""

VERSIONS: Final = """CREATE TABLE luigi_scheduler_versions (
    version integer PRIMARY KEY,
    since timestamptz NOT NULL DEFAULT now()
)"""

MIGRATIONS: Final[Sequence[Migration]] = [
    [
        VERSIONS,
        """CREATE TABLE luigi_scheduler_state (
            only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
            epoch bigint NOT NULL DEFAULT 0,  -- how often somebody has begun to write here
            snapshot bigint NOT NULL DEFAULT 0,  -- which one counts; 0 for none
            parts integer NOT NULL DEFAULT 0,  -- how many it has
            upto bigint NOT NULL DEFAULT 0  -- the last entry it takes the place of
        )""",
        "INSERT INTO luigi_scheduler_state DEFAULT VALUES",
        """CREATE TABLE luigi_scheduler_entries (
            number bigint PRIMARY KEY,
            kept_at timestamptz NOT NULL DEFAULT now(),
            content bytea NOT NULL,  -- UTF-8
            checksum bigint NOT NULL  -- CRC-32 of the content
        )""",
        "CREATE SEQUENCE luigi_scheduler_snapshots",
        """CREATE TABLE luigi_scheduler_parts (
            snapshot bigint NOT NULL,
            position integer NOT NULL,
            content bytea NOT NULL,
            checksum bigint NOT NULL,
            PRIMARY KEY (snapshot, position)
        )""",
    ],
]
"""The n-th of them leads to version n."""


def version_of(connection: Connection[Any], place: str, known: int = len(MIGRATIONS)) -> int:
    """The version of what is there; 0 for nothing. Raises StoreError for a later version's."""
    found = connection.execute("SELECT to_regclass('luigi_scheduler_versions') IS NOT NULL").fetchone()
    if not found or not found[0]:
        return 0
    row = connection.execute("SELECT coalesce(max(version), 0) FROM luigi_scheduler_versions").fetchone()
    version = int(row[0]) if row else 0
    if version > known:
        raise too_new(place, version, known)
    return version


def migrate(connection: Connection[Any], schema: str, place: str, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring what is there into today's shape: all of it, or none. For the one that leads. Raises StoreError."""
    from psycopg.sql import SQL, Identifier

    version = version_of(connection, place, len(migrations))
    if version == len(migrations):
        return
    with connection.transaction():
        connection.execute("SET LOCAL statement_timeout = 0")
        row = connection.execute("SELECT to_regnamespace(%s) IS NULL", (Identifier(schema).as_string(),)).fetchone()
        if row and row[0]:
            connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(schema)))
        for number, migration in enumerate(migrations[version:], version + 1):
            for statement in migration:
                connection.execute(SQL(statement))
            connection.execute("INSERT INTO luigi_scheduler_versions (version) VALUES (%s)", (number,))


def require(connection: Connection[Any], place: str) -> bool:
    """Whether there is anything. Raises StoreError for an earlier version: who writes brings it up to date first."""
    return is_there(place, version_of(connection, place), len(MIGRATIONS))
