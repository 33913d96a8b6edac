"""The PostgreSQL store and its database: when it is away, whose the tables are, what is told to nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from luigi.clock import SYSTEM
from luigi.errors import ConfigurationError, NotLeading, StoreAway, StoreError
from luigi.interfaces import StateStore
from luigi.plugins.stores.postgresql import Settings, look, postgresql_store
from luigi.plugins.stores.postgresql.connecting import Address
from luigi.plugins.stores.postgresql.schema import MIGRATIONS, migrate, require, version_of

from ...conftest import DatabaseServer, postgres

Opens = Callable[..., StateStore]
SECRET = "s3cret-word"

service = pytest.mark.service("postgres")


@pytest.fixture
def own_server() -> Iterator[DatabaseServer]:
    """A server that this test alone may stop."""
    with TemporaryDirectory(prefix="luigi-postgres-") as folder, postgres(Path(folder)) as server:
        yield server


@pytest.fixture
def connection(postgres_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection


def until_claimed(store: StateStore) -> None:
    """A connection that was ended takes a moment to be gone."""
    for _ in range(100):
        if store.claim():
            return
        SYSTEM.sleep(0.05)
    pytest.fail("the lock is not free")


# --- away and back ---------------------------------------------------------------------------------------------------


@service
def test_a_database_that_is_away_is_gone_on_with_when_it_is_back(own_server: DatabaseServer) -> None:
    store = postgresql_store(Settings(url=own_server.url.replace("+psycopg", "")))
    store.append([(1, "one")])
    own_server.stop()
    for use in (lambda: store.append([(2, "two")]), store.claim, store.load, lambda: store.save([], 1)):
        with pytest.raises(StoreAway, match="cannot be reached at the moment"):
            use()
    own_server.start()
    assert store.claim(), "nobody else has led meanwhile"
    store.append([(2, "two")])
    assert list(store.load().entries) == [(1, "one"), (2, "two")]
    store.close()


@service
def test_a_connection_that_ended_is_made_anew_unseen(open_postgresql: Opens, connection: psycopg.Connection) -> None:
    store = open_postgresql()
    store.append([(1, "one")])
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'luigi-kernel'"
    assert len(connection.execute(end).fetchall()) == 2
    store.append([(2, "two")])
    assert list(store.load().entries) == [(1, "one"), (2, "two")]


@service
def test_a_lost_lock_is_taken_again_unless_another_has_led(
    open_postgresql: Opens, connection: psycopg.Connection
) -> None:
    end = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    first, second = open_postgresql(), open_postgresql()
    assert first.claim()
    connection.execute(end)
    with pytest.raises(StoreAway):
        first.claim()
    until_claimed(first)
    assert not second.claim()
    connection.execute(end)
    until_claimed(second)
    second.close()
    with pytest.raises(StoreAway):
        first.claim()
    assert not first.claim(), "what it knows is older than what is there"
    with pytest.raises(NotLeading):
        first.append([(1, "one")])


# --- tables ----------------------------------------------------------------------------------------------------------


@service
def test_each_schema_has_a_scheduler_of_its_own(open_postgresql: Opens, connection: psycopg.Connection) -> None:
    one, other = open_postgresql(), open_postgresql(schema='Odd "name"')
    assert one.claim()
    assert other.claim()
    other.append([(1, "in the other")])
    assert list(one.load().entries) == []
    assert list(open_postgresql(schema='Odd "name"').load().entries) == [(1, "in the other")]


@service
def test_tables_of_a_later_version_are_refused(open_postgresql: Opens, connection: psycopg.Connection) -> None:
    first = open_postgresql()
    assert first.claim()
    first.close()
    connection.execute("INSERT INTO luigi_scheduler_versions (version) VALUES (99)")
    for name in ("claim", "load"):
        with pytest.raises(StoreError, match="of version 99, made by a newer luigi-kernel"):
            getattr(open_postgresql(), name)()


NEXT = [*MIGRATIONS, ["CREATE TABLE further (x integer)", "INSERT INTO further VALUES (7)"]]


@service
def test_an_earlier_version_becomes_todays(
    open_postgresql: Opens, connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_postgresql().append([(1, "one")])
    with pytest.raises(psycopg.errors.SyntaxError):
        migrate(connection, "public", "here", [*NEXT, ["nonsense"]])
    assert version_of(connection, "here") == len(MIGRATIONS)
    migrate(connection, "public", "here", NEXT)
    migrate(connection, "public", "here", NEXT)
    assert version_of(connection, "here", len(NEXT)) == len(NEXT)
    assert connection.execute("SELECT x FROM further").fetchall() == [(7,)]
    connection.execute("DELETE FROM luigi_scheduler_versions WHERE version = 2")
    monkeypatch.setattr("luigi.plugins.stores.postgresql.schema.MIGRATIONS", NEXT)
    with pytest.raises(StoreError, match="made by an older luigi-kernel"):
        require(connection, "here")


@service
def test_what_this_user_may_not_do_is_said(postgres_url: str, connection: psycopg.Connection) -> None:
    connection.execute("DROP ROLE IF EXISTS luigi_guest")
    connection.execute("CREATE ROLE luigi_guest LOGIN")
    store = postgresql_store(Settings(url=postgres_url.replace("postgres@", "luigi_guest@")))
    with pytest.raises(StoreError, match="permission denied") as raised:
        store.claim()
    assert not isinstance(raised.value, StoreAway)
    assert "[postgresql]" in raised.value.hint


@service
def test_damage_is_seen(open_postgresql: Opens, connection: psycopg.Connection) -> None:
    open_postgresql().append([(1, "one")])
    connection.execute("UPDATE luigi_scheduler_entries SET content = 'two'")
    with pytest.raises(StoreError, match="damaged: number 1 is not what was written"):
        list(open_postgresql().load().entries)


# --- what is told ----------------------------------------------------------------------------------------------------


@service
def test_the_self_test_says_what_is_there_and_makes_nothing(
    open_postgresql: Opens, postgres_url: str, connection: psycopg.Connection
) -> None:
    assert "has 0 entries after number 0" in look(Settings(url=postgres_url))
    assert version_of(connection, "here") == 0
    open_postgresql().append([(1, "one")])
    assert "has 1 entries after number 0" in look(Settings(url=postgres_url))


def test_an_address_that_is_none_is_not_shown() -> None:
    with pytest.raises(ConfigurationError, match="not an address") as raised:
        postgresql_store(Settings(url=f"password {SECRET}"))
    assert SECRET not in str(raised.value)
    assert raised.value.__suppress_context__


def test_neither_user_nor_password_is_shown() -> None:
    url = f"postgresql://someone:{SECRET}@127.0.0.1:1/luigi"
    assert str(Address(url, "public")) == "postgresql://127.0.0.1:1/luigi (schema public)"
    with pytest.raises(StoreAway) as raised:
        postgresql_store(Settings(url=url)).claim()
    assert SECRET not in f"{raised.value!r} {raised.value.hint} {Settings(url=url)!r}"
