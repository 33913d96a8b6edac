"""The scheduler's state in a PostgreSQL database: of two servers on it, one takes over when the other ends.

`store` keeps and claims, `connecting` reaches the database; `schema` says what is kept and brings it into today's
shape, `errors` says what is wrong in words, `reading` gives what is there, `saving` puts a snapshot in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from luigi.hookspecs import Provider, hookimpl
from luigi.plugin_settings import setting

if TYPE_CHECKING:
    from luigi.plugins.stores.postgresql.store import PostgresqlStore


@dataclass(frozen=True)
class Settings:
    """The section `[postgresql]`."""

    url: str = setting(help="the database, as libpq writes it: postgresql://user:password@host/database", secret=True)
    schema: str = setting("public", help="the schema of its tables: each scheduler needs one of its own")
    keep_hours: float = setting(0.0, help="hours that entries are kept which a snapshot has taken the place of")


@hookimpl
def luigi_state_stores() -> Iterator[Provider]:
    """PostgreSQL, by psycopg 3."""
    yield Provider(
        "postgresql",
        postgresql_store,
        "the state in a PostgreSQL database, for one server or several",
        Settings,
        extra="postgres",
        needs=("psycopg",),
        check=look,
    )


def postgresql_store(settings: Settings) -> PostgresqlStore:
    """The store; nothing is connected to yet. Raises ConfigurationError, and MissingExtra without psycopg."""
    from luigi.plugins.stores.postgresql.connecting import Address
    from luigi.plugins.stores.postgresql.store import PostgresqlStore

    return PostgresqlStore(Address(settings.url, settings.schema), keep_hours=settings.keep_hours)


def look(settings: Settings) -> str:
    """Connect, and say what is there; nothing is made. Raises StoreError."""
    from luigi.plugins.stores.postgresql.connecting import Address

    address = Address(settings.url, settings.schema)
    kept = postgresql_store(settings).load()
    return f"{address} can be reached, and has {sum(1 for _ in kept.entries)} entries after number {kept.upto}"
