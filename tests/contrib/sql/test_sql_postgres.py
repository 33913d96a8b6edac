"""What PostgreSQL's tasks and target do beyond the suite, on a real server."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import psycopg.sql
import pytest

import luigi
from luigi.contrib import postgres
from luigi.contrib._sql.errors import DatabaseAway, SqlError
from luigi.contrib.postgres import CopyToTable, PostgresQuery, PostgresTarget
from luigi.errors import ConfigurationError
from luigi.mock import MockTarget
from luigi.testing import FakeClock, run_task

pytestmark = pytest.mark.service("postgres")

Line = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def database(postgres_service: Any) -> str:
    """The name of a database. To make one for each test would take most of their time."""
    return str(postgres_service.new_database().rpartition("/")[2])


@pytest.fixture
def line(postgres_service: Any, database: str) -> Iterator[Line]:
    """A connection to that database, once it is empty and nobody else is in it."""
    place = {"host": "127.0.0.1", "port": postgres_service.port, "user": "postgres", "dbname": database}
    with psycopg.connect(**place, autocommit=True) as connection:
        others = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"
        connection.execute(f"SELECT pg_terminate_backend(pid, 30000) FROM ({others}) others")
        own = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^information_schema$'"
        for (schema,) in connection.execute(own).fetchall():
            connection.execute(psycopg.sql.SQL("DROP SCHEMA {} CASCADE").format(psycopg.sql.Identifier(schema)))
        connection.execute("CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC")
        yield connection


@pytest.fixture
def place(line: Line) -> dict[str, str]:
    """That database, as tasks name it."""
    host = f"127.0.0.1:{line.info.port}"
    return {"host": host, "database": line.info.dbname, "user": "postgres", "password": "secret-password"}


class Loads(CopyToTable):
    """Loads `given` into a table of two columns."""

    host = database = user = password = ""
    table = "loaded"
    columns = [("name", "TEXT"), ("number", "INT")]
    given: Any = [("one", 1)]

    def rows(self) -> Any:
        return self.given


def loads(place: dict[str, str], base: Any = Loads, **members: Any) -> Any:
    return type("Loaded", (base,), {**place, **members})()


def target(place: dict[str, str], update_id: str = "any", **more: Any) -> PostgresTarget:
    return PostgresTarget(**{**place, **more}, table="any_table", update_id=update_id)


# --- rows ------------------------------------------------------------------------------------------------------------


class Lines(luigi.ExternalTask):
    def output(self) -> MockTarget:
        return MockTarget("lines")


class FromFile(CopyToTable):
    """Loads what stands in a file."""

    host = database = user = password = ""
    table = "loaded"
    columns = [("name", "TEXT"), ("number", "INT")]

    def requires(self) -> Lines:
        return Lines()


def test_a_file_is_loaded(line: Line, place: dict[str, str]) -> None:
    with MockTarget("lines").open("w") as file:
        file.write("one\t1\n back\\slash \t\\N\n\t3")
    run_task(loads(place, FromFile))
    assert line.execute("SELECT * FROM loaded").fetchall() == [("one", 1), (" back\\slash ", None), ("", 3)]


def test_a_file_with_another_separator_is_loaded(line: Line, place: dict[str, str]) -> None:
    with MockTarget("lines").open("w") as file:
        file.write("one,1\nt\two,2\n")
    run_task(loads(place, FromFile, column_separator=","))
    assert line.execute("SELECT * FROM loaded").fetchall() == [("one", 1), ("t\two", 2)]


def test_values_that_mean_none(line: Line, place: dict[str, str]) -> None:
    run_task(loads(place, null_values=(None, "", "NULL"), given=[["", 1], ["NULL", None], ["null", 3]]))
    assert line.execute("SELECT * FROM loaded").fetchall() == [(None, 1), (None, None), ("null", 3)]


def test_a_value_may_be_mapped(line: Line, place: dict[str, str]) -> None:
    class Maps(Loads):
        def map_column(self, value: Any) -> str:
            return super().map_column(None if value == "n/a" else value)

    run_task(loads(place, Maps, given=[("n/a", 1), ("a\tb", 2)]))
    assert line.execute("SELECT * FROM loaded").fetchall() == [(None, 1), ("a\tb", 2)]


def test_types_of_all_kinds(line: Line, place: dict[str, str]) -> None:
    kinds = [("a", "BOOL"), ("b", "FLOAT"), ("c", "TIMESTAMP"), ("d", "BYTEA"), ("e", "NUMERIC(6, 2)"), ("f", "INT[]")]
    row = (True, 1.5, datetime.datetime(2012, 6, 1, 12, 30), b"\x00\\\xff", 12.25, "{1,2}")
    run_task(loads(place, columns=kinds, given=[row]))
    assert line.execute("SELECT * FROM loaded").fetchall() == [(*row[:5], [1, 2])]


class Suit(Enum):
    HEARTS = 1


@pytest.mark.parametrize("how", ["psycopg", "psycopg through a file", "psycopg2", "pg8000"])
def test_every_driver_writes_values_alike(
    line: Line, place: dict[str, str], how: str, luigi_config: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LUIGI_PGSQL_DRIVER", how.partition(" ")[0])
    if "file" in how:
        luigi_config("postgres", local_tmp_dir=str(tmp_path))
    texts = {
        "True": True,
        r"[1, 'a\tb']": [1, "a\tb"],
        "{'a': None}": {"a": None},
        "(1, 2)": (1, 2),
        "12345678-1234-5678-1234-567812345678": UUID("12345678-1234-5678-1234-567812345678"),
        "Suit.HEARTS": Suit.HEARTS,
        "1 day, 0:00:01": datetime.timedelta(days=1, seconds=1),
        "2012-06-01": datetime.date(2012, 6, 1),
        "2012-06-01 12:30:00": datetime.datetime(2012, 6, 1, 12, 30),
        "12.50": Decimal("12.50"),
        "1e+30": 1e30,
        "\\x00ff": b"\x00\xff",
        "anything": type("Anything", (), {"__str__": lambda self: "anything"})(),
    }
    given = ((value, number) for number, value in enumerate(texts.values()))
    run_task(loads(place, given=given, null_values=(None, "NULL")))
    assert [name for (name,) in line.execute("SELECT name FROM loaded ORDER BY number")] == list(texts)


def test_rows_in_a_file_hold_no_lock(line: Line, place: dict[str, str], luigi_config: Any, tmp_path: Path) -> None:
    """Steps of the task's own may lock tables that its rows come from."""

    def rows(task: Any) -> Iterator[Any]:
        yield from line.execute("SELECT name, number + 1 FROM loaded").fetchall()

    def init_copy(task: Any, connection: Any) -> None:
        connection.cursor().execute("TRUNCATE loaded")

    run_task(loads(place))
    run_task(loads(place, rows=rows, init_copy=init_copy, update_id="next"))
    assert line.execute("SELECT * FROM loaded").fetchall() == [("one", 2)]


def test_columns_without_types_are_those_of_a_table(line: Line, place: dict[str, str]) -> None:
    line.execute("CREATE TABLE loaded (more INT DEFAULT 7, number INT, name TEXT)")
    run_task(loads(place, columns=["name", "number"]))
    assert line.execute("SELECT name, number, more FROM loaded").fetchall() == [("one", 1, 7)]


def test_columns_without_types_make_no_table(place: dict[str, str]) -> None:
    with pytest.raises(NotImplementedError, match="create_table.. not implemented for 'loaded'") as caught:
        run_task(loads(place, columns=["name", "number"]))
    assert caught.value.hint  # type: ignore[attr-defined]


@pytest.mark.parametrize("columns", [[("name", "TEXT", "more")], [7]])
def test_what_is_no_column(place: dict[str, str], columns: Any) -> None:
    with pytest.raises(SqlError, match="is not a name, or a tuple"):
        run_task(loads(place, columns=columns))


def test_rows_are_kept_where_it_is_configured(place: dict[str, str], luigi_config: Any, tmp_path: Path) -> None:
    luigi_config("postgres", local_tmp_dir=str(tmp_path / "missing"))
    with pytest.raises(FileNotFoundError, match="missing"):
        run_task(loads(place))


# --- steps -----------------------------------------------------------------------------------------------------------


def test_a_missing_table_is_made_when_a_step_has_missed_it(line: Line, place: dict[str, str]) -> None:
    def init_copy(task: Any, connection: Any) -> None:
        connection.cursor().execute("DELETE FROM loaded")

    run_task(loads(place, init_copy=init_copy))
    assert line.execute("SELECT * FROM loaded").fetchall() == [("one", 1)]


def test_a_step_may_make_the_table(line: Line, place: dict[str, str]) -> None:
    def init_copy(task: Any, connection: Any) -> None:
        connection.cursor().execute("CREATE TEMPORARY TABLE loaded (name TEXT, number INT)")

    def post_copy(task: Any, connection: Any) -> None:
        connection.cursor().execute("CREATE TABLE clean AS SELECT number FROM loaded")

    run_task(loads(place, init_copy=init_copy, post_copy=post_copy))
    assert line.execute("SELECT * FROM clean").fetchall() == [(1,)]
    assert line.execute("SELECT to_regclass('loaded')").fetchone() == (None,)


def test_another_table_that_is_missing_is_said(line: Line, place: dict[str, str]) -> None:
    def init_copy(task: Any, connection: Any) -> None:
        connection.cursor().execute("DELETE FROM elsewhere")

    line.execute("CREATE TABLE loaded (name TEXT, number INT)")
    with pytest.raises(SqlError, match='"elsewhere" does not exist'):
        run_task(loads(place, init_copy=init_copy))


def test_a_load_may_be_of_its_own(line: Line, place: dict[str, str]) -> None:
    def copy(task: Any, cursor: Any, file: Any) -> None:
        for name, number in (text.decode().split() for text in file):
            cursor.execute("INSERT INTO loaded VALUES (%s, %s)", (name.upper(), int(number)))

    run_task(loads(place, copy=copy))
    assert line.execute("SELECT * FROM loaded").fetchall() == [("ONE", 1)]


def test_tables_may_be_made_otherwise(line: Line, place: dict[str, str]) -> None:
    def create_table(task: Any, connection: Any) -> None:
        connection.cursor().execute("CREATE TABLE loaded (name TEXT PRIMARY KEY, number INT CHECK (number > 0))")

    run_task(loads(place, create_table=create_table))
    with pytest.raises(SqlError, match="violates check constraint") as caught:
        run_task(loads(place, given=[("zero", 0)], update_id="other"))
    assert "rows()" in caught.value.hint


@pytest.mark.parametrize("there", [False, True])
def test_columns_that_every_table_has(line: Line, place: dict[str, str], there: bool) -> None:
    if there:
        line.execute("CREATE TABLE loaded (name TEXT, number INT)")
    query = "UPDATE loaded SET day = '2012-06-01' WHERE day IS NULL"
    more = {"metadata_columns": [("Day", "DATE")], "metadata_queries": [query], "enable_metadata_columns": True}
    for key in ("first", "second"):
        run_task(loads(place, update_id=key, **more))
    assert line.execute("SELECT * FROM loaded").fetchall() == [("one", 1, datetime.date(2012, 6, 1))] * 2


def test_a_column_that_every_table_has_needs_a_type(place: dict[str, str]) -> None:
    with pytest.raises(SqlError, match="a name and a type"):
        run_task(loads(place, metadata_columns=["day"], enable_metadata_columns=True))


# --- statements ------------------------------------------------------------------------------------------------------


class AsksOnce(PostgresQuery):
    host = database = user = password = ""
    table = "asked"
    query = "INSERT INTO asked VALUES ('100%'); INSERT INTO asked VALUES ('%s')"


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "pg8000"])
def test_a_statement_is_carried_out_once(
    line: Line, place: dict[str, str], driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUIGI_PGSQL_DRIVER", driver)
    line.execute("CREATE TABLE asked (a TEXT)")
    task = loads(place, AsksOnce)
    for _ in range(2):
        task.run()
    assert task.complete()
    assert line.execute("SELECT a FROM asked").fetchall() == [("100%",), ("%s",)]


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "pg8000"])
def test_a_statement_outside_transactions(
    line: Line, place: dict[str, str], driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUIGI_PGSQL_DRIVER", driver)
    with pytest.raises(SqlError, match="VACUUM cannot run inside a transaction"):
        run_task(loads(place, AsksOnce, query="VACUUM", update_id="vacuum"))
    assert run_task(loads(place, AsksOnce, query="VACUUM", update_id="vacuum", autocommit=True)).complete()


def test_a_statement_that_fails_leaves_nothing(line: Line, place: dict[str, str]) -> None:
    line.execute("CREATE TABLE asked (a TEXT)")
    task = loads(place, AsksOnce, query="INSERT INTO asked VALUES ('a'); SELECT 1 / 0")
    with pytest.raises(SqlError, match="division by zero"):
        run_task(task)
    assert not task.complete()
    assert line.execute("SELECT a FROM asked").fetchall() == []


# --- the target ------------------------------------------------------------------------------------------------------


def test_what_luigi_has_noted_counts(line: Line, place: dict[str, str]) -> None:
    line.execute(
        "CREATE TABLE table_updates (update_id TEXT PRIMARY KEY, target_table TEXT, inserted TIMESTAMP DEFAULT NOW())"
    )
    line.execute("INSERT INTO table_updates (update_id, target_table) VALUES ('of luigi', 'any_table')")
    assert target(place, "of luigi").exists()
    assert target(place, "of luigi").touch() is False
    assert target(place, "ours").touch() is True
    shown = line.execute("SELECT update_id, target_table FROM table_updates WHERE inserted IS NOT NULL").fetchall()
    assert shown == [("of luigi", "any_table"), ("ours", "any_table")]


def test_a_note_is_of_the_transaction_it_is_in(place: dict[str, str]) -> None:
    noted = target(place)
    connection = noted.connect()
    noted.touch(connection)
    assert noted.exists(connection)
    assert not noted.exists()
    connection.commit()
    connection.close()
    assert noted.exists()


def test_the_marker_table_may_be_elsewhere(line: Line, place: dict[str, str], luigi_config: Any) -> None:
    line.execute('CREATE SCHEMA "Notes"')
    luigi_config("postgres", marker_table='"Notes".done')
    target(place, "one").touch()

    class Other(PostgresTarget):
        marker_table = "others"
        use_db_timestamps = False

    Other(**place, table="any_table", update_id="two").touch()
    mine = target(place, "three")
    mine.marker_table = "mine"
    mine.touch()
    assert line.execute('SELECT update_id FROM "Notes".done').fetchall() == [("one",)]
    assert line.execute("SELECT update_id FROM others WHERE inserted IS NOT NULL").fetchall() == [("two",)]
    assert line.execute("SELECT update_id FROM mine").fetchall() == [("three",)]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"host": "a"}, ("a", 5432)),
        ({"host": "a:99"}, ("a", "99")),
        ({"host": "a", "port": 5}, ("a", 5)),
        ({"host": "a:99", "port": 5}, ("a", "99")),
        ({"host": "::1"}, ("::1", 5432)),
    ],
)
def test_where_it_is(given: dict[str, Any], found: tuple[str, Any]) -> None:
    made = PostgresTarget(**given, database="d", user="u", password="secret-password", table="t", update_id="i")
    assert (made.host, made.port) == found
    assert "secret-password" not in f"{made.place}{made}{made!r}"


def test_it_cannot_be_opened() -> None:
    with pytest.raises(NotImplementedError, match="Cannot open.. PostgresTarget"):
        PostgresTarget("h", "d", "u", "p", "t", "i").open("r")


# --- when it fails ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "pg8000"])
def test_a_server_that_is_away_is_asked_again(
    closed_port: int, clock: FakeClock, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUIGI_PGSQL_DRIVER", driver)
    before = clock.now()
    with pytest.raises(DatabaseAway, match="postgresql://u@127.0.0.1"):
        PostgresTarget(f"127.0.0.1:{closed_port}", "d", "u", "secret-password", "t", "i").exists()
    assert clock.now() - before == 0.5 + 1.0


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "pg8000"])
def test_what_the_server_refuses_is_not_asked_again(
    place: dict[str, str], clock: FakeClock, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUIGI_PGSQL_DRIVER", driver)
    before = clock.now()
    with pytest.raises(DatabaseAway, match='"nobody" does not exist') as caught:
        target(place, user="nobody").exists()
    assert clock.now() == before
    assert "28000" not in str(caught.value)  # of what pg8000 has as a dict, the sentence is enough
    assert "secret-password" not in f"{caught.value}{caught.value.__cause__}"


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "pg8000"])
def test_who_may_not_is_told_so(
    line: Line, place: dict[str, str], driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUIGI_PGSQL_DRIVER", driver)
    line.execute("DROP ROLE IF EXISTS guest")
    line.execute("CREATE ROLE guest LOGIN")
    line.execute("CREATE TABLE loaded (name TEXT, number INT)")
    with pytest.raises(SqlError, match="permission denied for table loaded") as caught:
        run_task(loads({**place, "user": "guest"}))
    assert "grant" in caught.value.hint


def test_who_may_only_insert_may_load(line: Line, place: dict[str, str]) -> None:
    target(place).create_marker_table()
    line.execute("DROP ROLE IF EXISTS loader")
    line.execute("CREATE ROLE loader LOGIN")
    line.execute("CREATE TABLE loaded (name TEXT, number INT)")
    line.execute("GRANT INSERT ON loaded TO loader; GRANT SELECT, INSERT ON table_updates TO loader")
    run_task(loads({**place, "user": "loader"}))
    assert line.execute("SELECT * FROM loaded").fetchall() == [("one", 1)]
    line.execute("DROP OWNED BY loader")


def test_a_driver_that_there_is_not(monkeypatch: pytest.MonkeyPatch, place: dict[str, str]) -> None:
    monkeypatch.setenv("LUIGI_PGSQL_DRIVER", "psycopg4")
    with pytest.raises(ConfigurationError, match="no driver psycopg4") as caught:
        target(place).exists()
    assert "psycopg" in caught.value.hint


# --- Luigi's names ---------------------------------------------------------------------------------------------------


def test_the_driver_by_luigis_names(monkeypatch: pytest.MonkeyPatch, luigi_config: Any) -> None:
    monkeypatch.delenv("LUIGI_PGSQL_DRIVER", raising=False)
    assert (postgres.DB_DRIVER, postgres.dbapi) == ("psycopg", psycopg)
    luigi_config("postgres", driver="pg8000")
    assert (postgres.DB_DRIVER, postgres.dbapi.__name__) == ("pg8000", "pg8000.dbapi")
    monkeypatch.setenv("LUIGI_PGSQL_DRIVER", "psycopg2")
    assert (postgres.DB_DRIVER, postgres.dbapi.__name__) == ("psycopg2", "psycopg2")


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "pg8000"])
def test_errors_by_luigis_names(place: dict[str, str], driver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUIGI_PGSQL_DRIVER", driver)
    connection = target(place).connect()
    with pytest.raises(postgres.dbapi.Error) as caught:
        connection.cursor().execute("SELECT * FROM missing")
    assert postgres.db_error_code(caught.value) == postgres.ERROR_UNDEFINED_TABLE == "undefined_table"
    connection.rollback()
    with pytest.raises(postgres.dbapi.Error) as caught:
        connection.cursor().execute("SELECT 1 / 0")
    assert postgres.db_error_code(caught.value) is None
    connection.close()
    assert postgres.DB_ERROR_CODES == {"42P01": "undefined_table", "42P07": "duplicate_table"}
