"""Notes in MySQL and MariaDB: what they are told apart by, and many at once; and long statements. On a real MariaDB."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import mysql.connector
import pytest

from luigi.clock import SYSTEM
from luigi.contrib._sql.errors import SqlError
from luigi.contrib.mysqldb import CopyToTable, MySqlTarget
from luigi.contrib.sqla import SQLAlchemyTarget
from luigi.testing import run_task

pytestmark = pytest.mark.service("mariadb")

Ask = Callable[[str], list[Any]]


@pytest.fixture
def place(mariadb_service: Any) -> dict[str, Any]:
    """An empty database, as tasks name it."""
    name = mariadb_service.new_database().rpartition("/")[2]
    return {"host": f"127.0.0.1:{mariadb_service.port}", "database": name, "user": "root", "password": ""}


@pytest.fixture
def ask(mariadb_service: Any, place: dict[str, Any]) -> Iterator[Ask]:
    """Asks that database, by a connection of its own."""
    facts = {"host": "127.0.0.1", "port": mariadb_service.port, "user": "root", "database": place["database"]}
    with closing(mysql.connector.connect(**facts, autocommit=True)) as connection:

        def asked(statement: str) -> list[Any]:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return [tuple(row) for row in cursor.fetchall()] if cursor.description else []

        yield asked


@pytest.fixture(params=["mysqldb", "sqla"])
def make(request: Any, place: dict[str, Any]) -> Iterator[Callable[[Any], Any]]:
    """Makes a target for an update_id."""
    url = f"mysql+mysqlconnector://root@{place['host']}/{place['database']}"
    yield {
        "mysqldb": lambda key: MySqlTarget(**place, table="any_table", update_id=key),
        "sqla": lambda key: SQLAlchemyTarget(url, "any_table", key),
    }[request.param]
    for known in SQLAlchemyTarget._engine_dict.values():
        known.engine.dispose()


def test_small_letters_and_capitals_are_told_apart(make: Callable[[Any], Any]) -> None:
    make("Customers-A").touch()
    assert make("Customers-A").exists()
    assert not make("customers-a").exists()
    assert make("customers-a").touch()


def test_a_number_is_that_number_alone(make: Callable[[Any], Any]) -> None:
    make("7 more").touch()
    make("none").touch()
    assert not make(7).exists()
    assert not make(0).exists()
    make(7).touch()
    assert make("7").exists()


def test_a_marker_table_that_another_is_just_making(place: dict[str, Any], ask: Ask) -> None:
    """It cannot be described meanwhile by who holds locks: a load waits until it is there."""

    def make_slowly() -> None:
        with closing(MySqlTarget(**place, table="t", update_id="i").connect()) as connection:
            columns = "update_id VARCHAR(255) NOT NULL PRIMARY KEY, target_table VARCHAR(255)"
            made = f"CREATE TABLE table_updates ({columns}) SELECT 'other' update_id, GET_LOCK('gate', 60) target_table"
            connection.cursor().execute(made)

    def load() -> None:
        with closing(MySqlTarget(**place, table="t", update_id="mine").connect()) as connection:
            connection.cursor().execute("INSERT INTO loaded VALUES (1)")
            assert MySqlTarget(**place, table="t", update_id="mine").touch(connection)
            connection.commit()

    ask("CREATE TABLE loaded (number INT)")
    ask("SELECT GET_LOCK('gate', 0)")
    with ThreadPoolExecutor(2) as threads:
        try:
            making = threads.submit(make_slowly)
            wait_for(lambda: is_in_state(ask, "User lock") or making.done())
            loading = threads.submit(load)
            wait_for(lambda: is_in_state(ask, "Waiting for table metadata lock") or loading.done())
        finally:
            ask("SELECT RELEASE_LOCK('gate')")
        making.result(timeout=30)
        loading.result(timeout=30)
    assert ask("SELECT update_id FROM table_updates ORDER BY update_id") == [("mine",), ("other",)]


@pytest.fixture
def short_statements(ask: Ask) -> Iterator[None]:
    """A server that takes a mebibyte at most."""
    ((usual,),) = ask("SELECT @@global.max_allowed_packet")
    ask(f"SET GLOBAL max_allowed_packet = {2**20}")
    yield
    ask(f"SET GLOBAL max_allowed_packet = {usual}")


@pytest.mark.usefixtures("short_statements")
def test_a_statement_that_is_too_long_for_the_server(place: dict[str, Any], ask: Ask) -> None:
    rows = [("x" * (2**20 // 3), number) for number in range(4)]
    members = {**place, "table": "loaded", "columns": [("name", "LONGTEXT"), ("number", "INT")]}
    task = type("LoadedLong", (CopyToTable,), {**members, "rows": lambda task: rows})
    with pytest.raises(SqlError) as caught:
        run_task(task())
    assert "bulk_size" in caught.value.hint
    run_task(type("LoadedLongInBulks", (task,), {"bulk_size": 2})())
    assert ask("SELECT count(*) FROM loaded") == [(4,)]


def test_a_port_that_is_none() -> None:
    with pytest.raises(SqlError, match=r"'db\.example\.com:mysql' has no port") as caught:
        MySqlTarget("db.example.com:mysql", "d", "u", "secret-password", "t", "i")
    assert caught.value.hint


def is_in_state(ask: Ask, state: str) -> bool:
    """Whether some connection to the database is."""
    return ask(f"SELECT 1 FROM information_schema.processlist WHERE db = DATABASE() AND state = '{state}'") != []


def wait_for(condition: Callable[[], bool]) -> None:
    end = SYSTEM.monotonic() + 30
    while not condition():
        assert SYSTEM.monotonic() < end
        SYSTEM.sleep(0.02)
