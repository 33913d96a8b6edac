"""Statements, unloads, ended sessions and manifests, on the stand-in for Redshift and a real store of objects."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from luigi.contrib._redshift import sessions
from luigi.contrib._sql.errors import DatabaseAway, SqlError
from luigi.contrib.redshift import KillOpenRedshiftSessions, RedshiftManifestTask, RedshiftQuery, RedshiftUnloadTask
from luigi.contrib.s3 import S3Client, S3Target
from luigi.testing import FakeClock, run_task

pytestmark = [pytest.mark.service("postgres"), pytest.mark.service("s3")]

Line = psycopg.Connection[Any]


@pytest.fixture
def line(database: dict[str, Any], redshift: Any) -> Iterator[Line]:
    """A connection of our own, with a table that each test has anew."""
    place = {"host": "127.0.0.1", "port": database["port"], "user": "postgres", "dbname": database["database"]}
    with psycopg.connect(**place, autocommit=True) as connection:
        connection.execute("CREATE TABLE sold (name TEXT, number INT)")
        connection.execute("INSERT INTO sold VALUES ('it''s', 1), ('a|b', 2)")
        yield connection
    with psycopg.connect(**place, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS sold, table_updates")


class AsksRedshift(RedshiftQuery):
    """Carries out a statement."""

    host = database = user = password = ""
    table = "sold"
    query = "INSERT INTO sold VALUES ('100%', 3)"


class Unloads(RedshiftUnloadTask):
    """Writes what a statement finds to S3."""

    host = database = user = password = ""
    table = "sold"
    query = "SELECT name, number FROM sold WHERE name != 'x' ORDER BY number"


def made(base: Any, *members: dict[str, Any], **more: Any) -> Any:
    everything: dict[str, Any] = {}
    for some in (*members, more):
        everything |= some
    return type("OnStandIn", (base,), everything)()


# --- statements ------------------------------------------------------------------------------------------------------


def test_a_statement_is_carried_out_once(line: Line, database: dict[str, Any]) -> None:
    task = made(AsksRedshift, database)
    for _ in range(2):
        task.run()
    assert task.complete()
    assert line.execute("SELECT number FROM sold WHERE name = '100%'").fetchall() == [(3,)]


def test_a_statement_that_fails_leaves_nothing(line: Line, database: dict[str, Any]) -> None:
    task = made(AsksRedshift, database, query="DELETE FROM sold; SELECT 1 / 0")
    with pytest.raises(SqlError, match="division by zero"):
        run_task(task)
    assert not task.complete()
    assert line.execute("SELECT count(*) FROM sold").fetchone() == (2,)


def test_a_statement_outside_transactions(line: Line, database: dict[str, Any]) -> None:
    assert run_task(made(AsksRedshift, database, query="VACUUM", autocommit=True)).complete()


# --- unloads ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", [Unloads.query, lambda task: Unloads.query], ids=["property", "method"])
def test_what_a_statement_finds_is_written(
    line: Line, database: dict[str, Any], keys: dict[str, str], s3: Any, folder: str, stand_in: Any, query: Any
) -> None:
    task = made(Unloads, database, keys, query=query, s3_unload_path=f"s3://bucket/{folder}/it's_")
    assert run_task(task).complete()
    content = s3.get_object(Bucket="bucket", Key=f"{folder}/it's_0000_part_00.gz")["Body"].read()
    assert stand_in.rows_in(content) == [["it's", "1"], ["a|b", "2"]]


def test_the_options_of_an_unload(
    line: Line, database: dict[str, Any], keys: dict[str, str], redshift: Any, folder: str
) -> None:
    options = {"unload_options": "PARALLEL OFF", "s3_unload_path": f"s3://bucket/{folder}/"}
    run_task(made(Unloads, database, keys, options))
    (unloaded,) = [query for query in redshift.statements if query.startswith("UNLOAD")]
    assert unloaded.endswith("' PARALLEL OFF;")
    assert "name != ''x'' ORDER" in unloaded
    assert run_task(made(Unloads, database, keys, options, update_id="more", autocommit=True)).complete()


def test_an_unload_needs_a_place(line: Line, database: dict[str, Any], keys: dict[str, str]) -> None:
    with pytest.raises(SqlError, match="s3_unload_path needs to be specified") as caught:
        run_task(made(Unloads, database, keys))
    assert caught.value.hint


def test_an_unload_tells_no_credential(line: Line, database: dict[str, Any], keys: dict[str, str]) -> None:
    task = made(Unloads, database, keys, s3_unload_path="s3://bucket/any", unload_options="SYNTAX")
    with pytest.raises(SqlError, match="syntax error") as caught:
        run_task(task)
    shown = "".join(traceback.format_exception(caught.value, chain=True)) + repr(caught.value.__context__)
    assert "very/secr" not in shown
    assert "AKIA" not in shown
    assert not task.complete()


# --- sessions --------------------------------------------------------------------------------------------------------


class Kills(KillOpenRedshiftSessions):
    """Ends sessions."""

    host = database = user = password = ""


def where(database: dict[str, Any]) -> dict[str, Any]:
    host = f"{database['host']}:{database['port']}"
    return {**{name: database[name] for name in ("database", "user", "password")}, "host": host}


def test_sessions_of_others_are_ended(
    line: Line, database: dict[str, Any], clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "SYSTEM", clock)
    before = clock.now()
    task = run_task(made(Kills, where(database)))
    assert task.complete()
    assert task.output().table == "OnStandIn"
    assert clock.now() == before
    with pytest.raises(psycopg.OperationalError):
        line.execute("SELECT 1")


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "pg8000"])
def test_it_waits_when_its_own_is_ended(
    line: Line, database: dict[str, Any], clock: FakeClock, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "SYSTEM", clock)
    monkeypatch.setattr(sessions, "_END_THE_OTHERS", "SELECT pg_terminate_backend(pg_backend_pid()), %s::text")
    monkeypatch.setenv("LUIGI_PGSQL_DRIVER", driver)
    before = clock.now()
    task = type("Waits", (Kills,), where(database))(connection_reset_wait_seconds=7)
    assert run_task(task).complete()
    assert clock.now() == before + 7


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "pg8000"])
def test_a_target_by_every_driver(
    line: Line, database: dict[str, Any], driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUIGI_PGSQL_DRIVER", driver)
    target = made(Kills, where(database)).output()
    assert [target.exists(), target.touch(), target.touch(), target.exists()] == [False, True, False, True]


def test_who_may_not_end_sessions_is_told_so(line: Line, database: dict[str, Any]) -> None:
    line.execute("CREATE ROLE nobody LOGIN")
    task = made(Kills, where(database), user="nobody")
    with pytest.raises(SqlError, match="permission denied") as caught:
        run_task(task)
    assert "grant" in caught.value.hint
    line.execute("DROP ROLE nobody")


def test_a_server_that_is_away(closed_port: int) -> None:
    place = {"host": f"127.0.0.1:{closed_port}", "database": "sales", "user": "me", "password": "secret-password"}
    with pytest.raises(DatabaseAway, match="redshift://me@127.0.0.1") as caught:
        made(Kills, place).run()
    assert "secret-password" not in f"{caught.value}{caught.value.__cause__}"


# --- manifests -------------------------------------------------------------------------------------------------------

Manifest = Callable[..., Any]


@pytest.fixture
def manifest(s3_service: str, s3: Any, folder: str, luigi_config: Any) -> Manifest:
    """Writes a manifest of folders of the test's, and gives its entries."""
    names = {"aws_access_key_id": "anybody", "aws_secret_access_key": "any-secret", "region_name": "us-east-1"}
    luigi_config("s3", endpoint_url=s3_service, **names)
    for name in ("day/1", "day/more/2", "day/_SUCCESS", "night/it's ü", "day 2/no"):
        s3.put_object(Bucket="bucket", Key=f"{folder}/{name}", Body=b"")
    S3Client().mkdir(f"s3://bucket/{folder}/day")

    def write(base: type[RedshiftManifestTask], folders: Any) -> Any:
        task = base(path=f"s3://bucket/{folder}/manifest", folder_paths=folders)
        run_task(task)
        return json.loads(S3Target(task.path).open().read())["entries"]

    return write


def test_a_manifest_has_all_objects_of_its_folders(manifest: Manifest, folder: str) -> None:
    place = f"s3://bucket/{folder}"
    entries = manifest(RedshiftManifestTask, [f"{place}/day", f"{place}/night/"])
    urls = [f"{place}/day/1", f"{place}/day/more/2", f"{place}/night/it's ü"]
    assert entries == [{"url": url, "mandatory": True} for url in urls]


def test_a_manifest_in_bytes(manifest: Manifest, folder: str) -> None:
    class InBytes(RedshiftManifestTask):
        text_target = False

        def output(self) -> S3Target:
            from luigi.format import Nop

            return S3Target(self.path, format=Nop)

    assert manifest(InBytes, f"s3://bucket/{folder}/night")[0]["url"].endswith("/night/it's ü")


def test_folders_are_written_as_a_list_or_one() -> None:
    folders = RedshiftManifestTask.folder_paths
    assert folders.parse("s3://a/[b") == ("s3://a/[b",)
    assert folders.parse('["s3://a/b", "s3://c"]') == ["s3://a/b", "s3://c"]
    assert RedshiftManifestTask(path="s3://a/m", folder_paths="s3://a/b").folder_paths == ("s3://a/b",)
