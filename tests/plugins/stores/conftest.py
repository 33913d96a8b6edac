"""State stores to test: each kind in turn, at an empty place of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from luigi.clock import SYSTEM
from luigi.interfaces import StateStore
from luigi.plugins.stores.postgresql import Settings as PostgresqlSettings
from luigi.plugins.stores.postgresql import postgresql_store
from luigi.plugins.stores.sqlite import Settings as SqliteSettings
from luigi.plugins.stores.sqlite import sqlite_store

Opens = Callable[..., StateStore]
"""Makes another store at the same place; keywords are settings."""


@pytest.fixture
def state_path(tmp_path: Path) -> Path:
    """Where the SQLite file of `open_sqlite` is."""
    return tmp_path / "folder" / "state.sqlite"


@pytest.fixture
def open_sqlite(state_path: Path) -> Iterator[Opens]:
    yield from _closing(lambda **more: sqlite_store(SqliteSettings(path=str(state_path), **more)))


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database."""
    url: str = request.getfixturevalue("postgres_service").new_database()
    return url.replace("+psycopg", "")


@pytest.fixture
def open_postgresql(postgres_url: str) -> Iterator[Opens]:
    yield from _closing(lambda **more: postgresql_store(PostgresqlSettings(url=postgres_url, **more)))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service("postgres"))])
def open_store(request: pytest.FixtureRequest) -> Opens:
    opens: Opens = request.getfixturevalue(f"open_{request.param}")
    return opens


def _closing(make: Opens) -> Iterator[Opens]:
    made: list[StateStore] = []

    def opens(**settings: object) -> StateStore:
        made.append(make(**settings))
        return made[-1]

    yield opens
    for store in made:
        store.close()


@pytest.fixture
def overtake(open_store: Opens, request: pytest.FixtureRequest) -> Callable[[], StateStore]:
    """Makes another store the one that writes, while the first still believes that it is."""

    def sqlite() -> StateStore:
        path: Path = request.getfixturevalue("state_path")
        path.with_name(f"{path.name}.lock").unlink()
        return _claimed(open_store())

    def postgresql() -> StateStore:
        end = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        with psycopg.connect(request.getfixturevalue("postgres_url"), autocommit=True) as connection:
            connection.execute(end)
        other = open_store()
        for _ in range(100):  # the other's connection takes a moment to end
            if other.claim():
                return other
            SYSTEM.sleep(0.05)
        pytest.fail("the lock is not free")

    return sqlite if "sqlite" in request.node.callspec.id else postgresql


def _claimed(store: StateStore) -> StateStore:
    assert store.claim()
    return store


@pytest.fixture
def count_entries(request: pytest.FixtureRequest) -> Callable[[], int]:
    """How many entries are there, also those that a snapshot has taken the place of."""

    def sqlite() -> int:
        with closing(sqlite3.connect(request.getfixturevalue("state_path"))) as connection:
            return int(connection.execute("SELECT count(*) FROM entries").fetchone()[0])

    def postgresql() -> int:
        with psycopg.connect(request.getfixturevalue("postgres_url")) as connection:
            row = connection.execute("SELECT count(*) FROM luigi_scheduler_entries").fetchone()
            return int(row[0]) if row else 0

    return sqlite if "sqlite" in request.node.callspec.id else postgresql
