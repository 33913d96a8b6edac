"""What MySQL's task and target do beyond the suite, on a real MariaDB."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import mysql.connector
import pytest

import luigi
from luigi.contrib._sql.errors import DatabaseAway, SqlError
from luigi.contrib.mysqldb import CopyToTable, MySqlTarget
from luigi.mock import MockTarget
from luigi.testing import FakeClock, run_task

pytestmark = pytest.mark.service("mariadb")


class Line:
    """A connection to an empty database."""

    def __init__(self, port: int, name: str) -> None:
        self.port, self.name = port, name
        self.connection = mysql.connector.connect(
            host="127.0.0.1", port=port, user="root", database=name, autocommit=True
        )

    def ask(self, statement: str) -> list[Any]:
        with self.connection.cursor() as cursor:
            cursor.execute(statement)
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []


@pytest.fixture
def line(mariadb_service: Any) -> Iterator[Line]:
    line = Line(mariadb_service.port, mariadb_service.new_database().rpartition("/")[2])
    yield line
    line.connection.close()


@pytest.fixture
def place(line: Line) -> dict[str, str]:
    """That database, as tasks name it."""
    return {"host": f"127.0.0.1:{line.port}", "database": line.name, "user": "root", "password": ""}


class Loads(CopyToTable):
    """Loads `given` into a table of two columns."""

    host = database = user = password = ""
    table = "loaded"
    columns = [("name", "TEXT"), ("number", "INT")]
    given: Any = [("one", 1)]

    def rows(self) -> Any:
        return self.given


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


def loads(place: dict[str, str], base: Any = Loads, **members: Any) -> Any:
    return type("Loaded", (base,), {**place, **members})()


def target(place: dict[str, str], update_id: str = "any", **more: Any) -> MySqlTarget:
    return MySqlTarget(**place, table="any_table", update_id=update_id, **more)


def test_a_file_is_loaded(line: Line, place: dict[str, str]) -> None:
    with MockTarget("lines").open("w") as file:
        file.write("one\t1\n back\\slash \t2\n\t3")
    run_task(loads(place, FromFile))
    assert line.ask("SELECT * FROM loaded") == [("one", 1), (" back\\slash ", 2), ("", 3)]


def test_values_that_mean_none(line: Line, place: dict[str, str]) -> None:
    run_task(loads(place, null_values=(None, "", "NULL"), given=[["", 1], ["NULL", ""]]))
    assert line.ask("SELECT * FROM loaded") == [(None, 1), (None, None)]


def test_types_of_all_kinds(line: Line, place: dict[str, str]) -> None:
    kinds = [("a", "BOOL"), ("b", "DOUBLE"), ("c", "DATETIME"), ("d", "BLOB"), ("e", "DATE")]
    row = (True, 1.5, datetime.datetime(2012, 6, 1, 12, 30), b"\x00\\\xff", datetime.date(2012, 6, 1))
    run_task(loads(place, columns=kinds, given=[row]))
    assert line.ask("SELECT * FROM loaded") == [row]


@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_rows_go_in_bulks(line: Line, place: dict[str, str], size: int) -> None:
    run_task(loads(place, bulk_size=size, given=((f"name {number}", number) for number in range(5))))
    assert line.ask("SELECT number FROM loaded ORDER BY number") == [(number,) for number in range(5)]


def test_columns_without_types_are_those_of_a_table(line: Line, place: dict[str, str]) -> None:
    line.ask("CREATE TABLE loaded (more INT DEFAULT 7, number INT, name TEXT)")
    run_task(loads(place, columns=["name", "number"]))
    assert line.ask("SELECT name, number, more FROM loaded") == [("one", 1, 7)]
    with pytest.raises(NotImplementedError, match="'other' and columns types not specified"):
        run_task(loads(place, columns=["name", "number"], table="other", update_id="other"))


def test_a_missing_table_is_made_when_a_step_has_missed_it(line: Line, place: dict[str, str]) -> None:
    def init_copy(task: Any, connection: Any) -> None:
        connection.cursor().execute("DELETE FROM loaded")

    run_task(loads(place, init_copy=init_copy))
    assert line.ask("SELECT * FROM loaded") == [("one", 1)]


def test_rows_are_computed_once(line: Line, place: dict[str, str]) -> None:
    computed = []

    def rows(task: Any) -> Iterator[Any]:
        computed.append(task)
        yield "one", 1

    run_task(loads(place, rows=rows))
    assert len(computed) == 1


def test_columns_that_every_table_has(line: Line, place: dict[str, str]) -> None:
    query = "UPDATE loaded SET day = '2012-06-01' WHERE day IS NULL"
    more = {"metadata_columns": [("Day", "DATE")], "metadata_queries": [query], "enable_metadata_columns": True}
    for key in ("first", "second"):
        run_task(loads(place, update_id=key, **more))
    assert line.ask("SELECT * FROM loaded") == [("one", 1, datetime.date(2012, 6, 1))] * 2


def test_what_luigi_has_noted_counts(line: Line, place: dict[str, str]) -> None:
    line.ask(
        "CREATE TABLE table_updates (id BIGINT(20) NOT NULL AUTO_INCREMENT, update_id VARCHAR(128) NOT NULL, "
        "target_table VARCHAR(128), inserted TIMESTAMP DEFAULT NOW(), PRIMARY KEY (update_id), KEY id (id))"
    )
    line.ask("INSERT INTO table_updates (update_id, target_table) VALUES ('of luigi', 'any_table')")
    assert target(place, "of luigi").exists()
    assert target(place, "of luigi").touch() is False
    assert target(place, "ours").touch() is True
    shown = line.ask("SELECT update_id, target_table FROM table_updates WHERE inserted IS NOT NULL ORDER BY id")
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


def test_the_marker_table_may_be_another(line: Line, place: dict[str, str], luigi_config: Any) -> None:
    luigi_config("mysql", marker_table=f"{line.name}.`all done`")
    target(place, "one").touch()
    assert line.ask("SELECT update_id FROM `all done`") == [("one",)]


def test_options_of_the_driver(place: dict[str, str]) -> None:
    noted = target(place, connection_timeout=3, init_command="SET @greeting = 'hello'")
    assert noted.cnx_kwargs == {"connection_timeout": 3, "init_command": "SET @greeting = 'hello'"}
    connection = noted.connect(autocommit=True)
    assert connection.autocommit
    cursor = connection.cursor()
    cursor.execute("SELECT @greeting")
    assert cursor.fetchall() == [("hello",)]
    connection.close()


def test_the_port_may_be_said_apart(line: Line, place: dict[str, str]) -> None:
    run_task(loads({**place, "host": "127.0.0.1"}, port=line.port))
    assert line.ask("SELECT * FROM loaded") == [("one", 1)]


def test_a_server_that_is_away_is_asked_again(closed_port: int, clock: FakeClock) -> None:
    before = clock.now()
    with pytest.raises(DatabaseAway, match="mysql://u@127.0.0.1"):
        MySqlTarget(f"127.0.0.1:{closed_port}", "d", "u", "secret-password", "t", "i").exists()
    assert clock.now() - before == 0.5 + 1.0


def test_what_the_server_refuses_is_not_asked_again(place: dict[str, str], clock: FakeClock) -> None:
    before = clock.now()
    with pytest.raises(DatabaseAway, match="Access denied for user 'nobody'") as caught:
        target({**place, "user": "nobody", "password": "secret-password"}).exists()
    assert clock.now() == before
    assert "secret-password" not in f"{caught.value}{caught.value.__cause__}"


def test_who_may_not_is_told_so(line: Line, place: dict[str, str]) -> None:
    line.ask("CREATE TABLE loaded (name TEXT, number INT)")
    line.ask("CREATE TABLE other (name TEXT, number INT)")
    line.ask("CREATE OR REPLACE USER guest@localhost")
    line.ask(f"GRANT SELECT ON {line.name}.other TO guest@localhost")
    with pytest.raises(SqlError, match="table_updates: .*denied") as caught:
        run_task(loads({**place, "user": "guest"}))
    assert "this user may" in caught.value.hint


def test_a_row_of_another_length_is_shown(place: dict[str, str]) -> None:
    with pytest.raises(SqlError, match=r"does not have 2 values.*\('x' , 1, 2\)".replace("' ", "'")):
        run_task(loads(place, given=[("x", 1, 2)]))
    with pytest.raises(SqlError, match="…"):
        run_task(loads(place, given=[("x" * 500,)], update_id="long"))
