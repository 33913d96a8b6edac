"""MSSqlTarget by the real driver, on a stand-in for SQL Server that speaks its protocol."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

import luigi
from luigi.contrib._sql.errors import DatabaseAway, SqlError
from luigi.contrib._sql.mssql_dialect import quoted
from luigi.contrib.mssqldb import MSSqlTarget
from luigi.errors import ConfigurationError, MissingExtra
from luigi.target import Target
from luigi.testing import FakeClock, run_task
from luigi.testing.contracts import TargetContract

MADE_BY_LUIGI = (
    "CREATE TABLE table_updates (id BIGINT NOT NULL, update_id VARCHAR(128) NOT NULL, target_table VARCHAR(128), "
    "inserted DATETIME DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (update_id))"
)

Make = Callable[..., MSSqlTarget]


@pytest.fixture
def target(sql_server: Any) -> Make:
    """Makes targets."""

    def make(update_id: str = "any", **other: Any) -> MSSqlTarget:
        place = {"host": f"127.0.0.1:{sql_server.port}", "database": "shop"}
        login = {"user": "loader", "password": "secret-password"}
        return MSSqlTarget(**{**place, **login, "table": "any_table", "update_id": update_id, **other})

    return make


class TestMSSqlTarget(TargetContract):
    @pytest.fixture(autouse=True)
    def place(self, target: Make) -> None:
        self.target = target

    def make_target(self, name: str) -> Target:
        return self.target(name)

    def put(self, target: Any) -> None:
        target.touch()

    def unreachable(self) -> Target:
        return self.target(host="127.0.0.1:1")


def test_the_note_says_of_what_and_when(sql_server: Any, target: Make) -> None:
    target("süß 'quoted' %s 🦆", table="dbo.[any table]").touch()
    found = sql_server.ask("SELECT update_id, target_table, inserted IS NOT NULL FROM table_updates")
    assert found == [("süß 'quoted' %s 🦆", "dbo.[any table]", 1)]
    assert str(target(table="dbo.orders")) == "dbo.orders"


def test_noted_again_is_noted_once(sql_server: Any, target: Make) -> None:
    assert target().touch() is True
    assert target().touch() is False
    assert sql_server.ask("SELECT count(*) FROM table_updates") == [(1,)]


def test_what_luigi_has_noted_counts(sql_server: Any, target: Make) -> None:
    sql_server.ask(MADE_BY_LUIGI.replace("id BIGINT NOT NULL, ", ""))
    sql_server.ask("INSERT INTO table_updates (update_id, target_table) VALUES ('of luigi', 'any_table')")
    assert target("of luigi").exists()
    assert target("of luigi").touch() is False
    assert target("ours").touch() is True


def test_small_and_capital_letters_differ(target: Make) -> None:
    target("Load").touch()
    assert not target("LOAD").exists()
    assert target("LOAD").touch() is True


def test_a_note_is_of_the_transaction_it_is_in(sql_server: Any, target: Make) -> None:
    noted = target()
    noted.create_marker_table()
    connection = noted.connect()
    for end, stays in (("ROLLBACK TRAN", False), ("COMMIT TRAN", True)):
        connection.execute_non_query("BEGIN TRAN")
        assert noted.touch(connection) is True
        assert noted.exists(connection)
        assert not target().exists()
        connection.execute_non_query(end)
        assert target().exists() is stays
    assert connection.connected  # it is not for the target to close it
    connection.close()


def test_two_at_once_note_it_once(sql_server: Any, target: Make) -> None:
    target().create_marker_table()
    first = target().connect()
    first.execute_non_query("BEGIN TRAN")
    target().touch(first)
    noted: list[bool] = []
    second = threading.Thread(target=lambda: noted.append(target().touch()))
    second.start()
    first.execute_non_query("COMMIT TRAN")
    second.join(30)
    first.close()
    assert noted == [False]


def test_the_marker_table_may_be_made_twice(target: Make) -> None:
    for _ in range(2):
        target().create_marker_table()
    assert not target().exists()


def test_the_marker_table_is_configured(sql_server: Any, target: Make, luigi_config: Any) -> None:
    luigi_config("mssql", marker_table="all marks")
    target().touch()
    assert sql_server.ask("SELECT update_id FROM 'all marks'") == [("any",)]


@pytest.mark.parametrize("name", ["[all done] 100%", "%s", "[x]]y]", 'dbo."all done"', "x); DROP TABLE y", "it's"])
def test_the_marker_table_may_have_any_name(
    sql_server: Any, target: Make, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MSSqlTarget, "marker_table", name)
    assert target().touch() is True
    assert target().exists()
    assert target().touch() is False
    assert sql_server.ask("SELECT count(*) FROM sqlite_master WHERE type = 'table'") == [(1,)]


def test_the_marker_table_may_be_in_another_schema(
    sql_server: Any, target: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MSSqlTarget, "marker_table", "audit.marks")
    assert target().touch() is True
    assert target().exists()
    assert sql_server.ask("SELECT update_id FROM audit.marks") == [("any",)]


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("marks", "[marks]"),
        ("shop.dbo.marks", "[shop].[dbo].[marks]"),
        ("shop..marks", "[shop]..[marks]"),
        ("[my.shop].[a]]b]", "[my.shop].[a]]b]"),
        ('"my shop"."a""b"', '[my shop].[a"b]'),
        ("a]; DROP TABLE x; --", "[a]]; DROP TABLE x; --]"),
        ("[a] b]", "[[a]] b]]]"),
    ],
)
def test_names_are_names(written: str, made: str) -> None:
    assert quoted(written) == made


def test_a_task_of_ones_own(sql_server: Any, target: Make) -> None:
    """As programs for Luigi write it."""

    class Order(luigi.Task):
        def output(self) -> MSSqlTarget:
            return target(str(self.task_id), table="orders")

        def run(self) -> None:
            connection = self.output().connect()
            connection.execute_non_query("BEGIN TRAN")
            connection.execute_non_query("CREATE TABLE orders (name VARCHAR(10))")
            connection.execute_non_query("INSERT INTO orders VALUES (%s)", ("tea",))
            self.output().touch(connection)
            connection.execute_non_query("COMMIT TRAN")
            connection.close()

    target().create_marker_table()
    assert run_task(Order()).complete()
    assert sql_server.ask("SELECT * FROM orders") == [("tea",)]


# --- when it fails ---------------------------------------------------------------------------------------------------


def test_a_server_that_is_away_is_asked_again(target: Make, clock: FakeClock, caplog: Any) -> None:
    before = clock.now()
    with caplog.at_level("DEBUG"), pytest.raises(DatabaseAway, match="Unable to connect") as caught:
        target(host="127.0.0.1:1").exists()
    assert clock.now() - before == 0.5 + 1.0
    assert "mssql://loader@127.0.0.1:1/shop" in str(caught.value)
    assert "secret-password" not in f"{caught.value}{caught.value.__cause__}{caplog.text}"


def test_attempts_and_time_are_configured(target: Make, clock: FakeClock, luigi_config: Any) -> None:
    from pymssql import _mssql

    luigi_config("mssql", connect_attempts=1, connect_timeout=4)
    before = clock.now()
    with pytest.raises(DatabaseAway):
        target(host="127.0.0.1:1").exists()
    assert clock.now() == before
    assert _mssql.login_timeout == 4


def test_who_wants_tls_gets_it_or_nothing(sql_server: Any, target: Make, luigi_config: Any) -> None:
    luigi_config("mssql", encryption="require", connect_attempts=1)
    with pytest.raises(DatabaseAway):
        target().exists()
    assert sql_server.logins == []
    luigi_config("mssql", encryption="always")
    with pytest.raises(ConfigurationError, match="encryption"):
        target().exists()


@pytest.mark.parametrize("wrong", [{"user": "nobody"}, {"password": "wrong-password"}, {"database": "other"}])
def test_what_the_server_refuses_is_not_asked_again(sql_server: Any, target: Make, wrong: dict[str, str]) -> None:
    with pytest.raises(DatabaseAway, match="no connection can be made") as caught:
        target(**wrong).exists()
    assert len(sql_server.logins) == 1
    assert "password" in caught.value.hint
    assert "-password" not in f"{caught.value}{caught.value.__cause__}"


def test_who_may_not_is_told_so(sql_server: Any, target: Make) -> None:
    target().create_marker_table()
    with pytest.raises(SqlError, match="table_updates: The INSERT permission was denied") as caught:
        target(user="reader").touch()
    assert "DB-Lib" not in str(caught.value)
    assert "grant" in caught.value.hint
    assert not target(user="reader").exists()


def test_a_connection_that_is_closed_is_an_error_of_ours(target: Make) -> None:
    connection = target().connect()
    connection.close()
    with pytest.raises(SqlError, match="Not connected"):
        target().exists(connection)


def test_without_the_driver_the_extra_is_named(target: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymssql._mssql", None)
    with pytest.raises(MissingExtra) as caught:
        target().exists()
    assert "luigi-kernel[mssql]" in f"{caught.value}{caught.value.hint}"
