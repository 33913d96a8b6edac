"""What S3CopyToTable does beyond the suite for loads, on the stand-in for Redshift."""

from __future__ import annotations

import datetime
import gzip
import json
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest

from luigi.contrib import redshift as public
from luigi.contrib._sql.errors import SqlError
from luigi.contrib.redshift import S3CopyJSONToTable, S3CopyToTable
from luigi.testing import run_task

pytestmark = [pytest.mark.service("postgres"), pytest.mark.service("s3")]

Line = psycopg.Connection[Any]
Put = Callable[[str, bytes], str]


@pytest.fixture
def line(database: dict[str, Any]) -> Iterator[Line]:
    """A connection of our own, with no table of a test before."""
    place = {"host": "127.0.0.1", "port": database["port"], "user": "postgres", "dbname": database["database"]}
    with psycopg.connect(**place, autocommit=True) as connection:
        yield connection
        connection.execute("DROP TABLE IF EXISTS loaded, table_updates; DROP SCHEMA IF EXISTS charts CASCADE")
        connection.execute("TRUNCATE stl_load_errors")


@pytest.fixture
def put(s3: Any, folder: str) -> Put:
    """Puts an object into the test's folder, and gives its address."""

    def put(name: str, content: bytes) -> str:
        s3.put_object(Bucket="bucket", Key=f"{folder}/{name}", Body=content)
        return f"s3://bucket/{folder}/{name}"

    return put


@pytest.fixture
def loads(database: dict[str, Any], keys: dict[str, str], redshift: Any, put: Put) -> Callable[..., Any]:
    """Makes a task for the stand-in, which loads one row unless it is told otherwise."""
    path = put("one", b"one|1\n")

    def loads(base: Any = Copies, **members: Any) -> Any:
        own = {"s3_load_path": lambda task: path, **members}
        return type("Copied", (base,), {**database, **keys, **own})()

    return loads


class Copies(S3CopyToTable):
    """Loads two columns."""

    host = database = user = password = ""
    table = "loaded"
    columns = [("name", "VARCHAR"), ("number", "INT")]
    copy_options = ""

    def s3_load_path(self) -> str:
        raise NotImplementedError


class CopiesJson(S3CopyJSONToTable):
    """Loads two columns of JSON."""

    host = database = user = password = ""
    table = "loaded"
    columns = [("name", "VARCHAR"), ("number", "INT")]
    jsonpath = "auto"
    copy_json_options = copy_options = ""

    def s3_load_path(self) -> str:
        raise NotImplementedError


def at(path: str) -> Any:
    return lambda task: path


# --- what is loaded --------------------------------------------------------------------------------------------------


def test_all_objects_that_begin_so_are_loaded(line: Line, loads: Any, put: Put) -> None:
    put("day/1", gzip.compress(b"one,1\n"))
    path = put("day/2", gzip.compress(b"two,2\n")).removesuffix("2")
    task = run_task(loads(s3_load_path=at(path), copy_options="GZIP DELIMITER ','"))
    assert task.complete()
    assert sorted(line.execute("SELECT * FROM loaded").fetchall()) == [("one", 1), ("two", 2)]


def test_a_path_has_any_characters(line: Line, loads: Any, put: Put) -> None:
    path = put("it's 100% ü", b"one|1\n")
    run_task(loads(s3_load_path=at(path)))
    assert line.execute("SELECT * FROM loaded").fetchall() == [("one", 1)]


@pytest.mark.parametrize("path", ["it's", "\\", "\\'", "x' CREDENTIALS 'y'; --"])
def test_a_path_is_a_path(line: Line, loads: Any, path: str) -> None:
    with pytest.raises(SqlError, match=re.escape(f"prefix '{path}' does not exist")):
        run_task(loads(s3_load_path=at(f"s3://bucket/{path}")))


def test_only_the_columns_that_are_said_are_loaded(line: Line, loads: Any) -> None:
    line.execute("CREATE TABLE loaded (more INT DEFAULT 7, number INT, name TEXT)")
    run_task(loads(columns=["name", "number"]))
    assert line.execute("SELECT name, number, more FROM loaded").fetchall() == [("one", 1, 7)]


def test_without_columns_all_are_loaded(line: Line, loads: Any) -> None:
    line.execute("CREATE TABLE loaded (name TEXT, number INT)")
    run_task(loads(columns=[]))
    assert line.execute("SELECT * FROM loaded").fetchall() == [("one", 1)]


def test_a_manifest_says_what_is_loaded(line: Line, loads: Any, put: Put) -> None:
    urls = [put("day/1", b"one|1\n"), put("night/1", b"two|2\n")]
    put("day/2", b"no|0\n")
    path = put("manifest", json.dumps({"entries": [{"url": url, "mandatory": True} for url in urls]}).encode())
    run_task(loads(s3_load_path=at(path), copy_options="MANIFEST"))
    assert sorted(line.execute("SELECT * FROM loaded").fetchall()) == [("one", 1), ("two", 2)]


def test_json_is_loaded_by_names(line: Line, loads: Any, put: Put) -> None:
    path = put("json", b'{"number": 1, "name": "it\'s"}\n{"name": "two"}\n')
    run_task(loads(CopiesJson, s3_load_path=at(path)))
    assert line.execute("SELECT * FROM loaded").fetchall() == [("it's", 1), ("two", None)]


def test_json_is_loaded_by_paths(line: Line, loads: Any, put: Put, redshift: Any) -> None:
    """Also where the table has columns that the JSON has not."""
    paths = put("paths", b'{"jsonpaths": ["$.who", "$.how_many"]}')
    path = put("json", gzip.compress(b'{"who": "one", "how_many": 1}\n'))
    more = {"enable_metadata_columns": True, "metadata_columns": [("day", "DATE")]}
    options = {"copy_json_options": "TRUNCATECOLUMNS", "copy_options": "GZIP"}
    run_task(loads(CopiesJson, s3_load_path=at(path), jsonpath=paths, **options, **more))
    assert line.execute("SELECT * FROM loaded").fetchall() == [("one", 1, None)]
    (copied,) = [statement for statement in redshift.statements if statement.startswith("COPY")]
    assert copied.endswith(f"JSON AS '{paths}' TRUNCATECOLUMNS\nGZIP")


def test_what_is_noted_is_not_loaded_again(line: Line, loads: Any) -> None:
    for _ in range(2):
        loads().run()
    assert line.execute("SELECT * FROM loaded").fetchall() == [("one", 1)]
    assert line.execute("SELECT count(*), count(inserted) FROM table_updates").fetchall() == [(1, 1)]


def test_the_transaction_reads_no_note(line: Line, loads: Any, redshift: Any) -> None:
    """Two that both read and write a table are a violation of Redshift's isolation, whatever they load."""
    run_task(loads(enable_metadata_columns=True, metadata_columns=[("day", "DATE")]))
    read = [query for query in redshift.statements if "FROM" in query and "pg_catalog" not in query]
    kinds = [query.split()[0] + (" note" if "table_updates" in query else "") for query in read]
    assert kinds.index("COPY") == 1
    assert kinds == ["SELECT note", "COPY", "SELECT note"] + ["SELECT note"] * (len(kinds) - 3)


# --- the table -------------------------------------------------------------------------------------------------------


def test_a_missing_schema_and_table_are_made(line: Line, loads: Any, redshift: Any) -> None:
    columns = [("name", "VARCHAR(10)", "lzo"), ("Number", "INT")]
    more = {"table_attributes": "DISTSTYLE ALL", "table_constraints": "PRIMARY KEY (name)"}
    for key in ("first", "second"):
        run_task(loads(table="charts.Top10", columns=columns, update_id=key, **more))
    assert line.execute('SELECT name, number FROM charts."top10"').fetchall() == [("one", 1)] * 2
    (made,) = [query for query in redshift.statements if query.startswith("CREATE TABLE") and "top10" in query]
    definition = '("name" VARCHAR(10) ENCODE lzo, "number" INT, PRIMARY KEY (name)) DISTSTYLE ALL'
    assert made == f'CREATE TABLE "charts"."top10" {definition}'


def test_a_task_may_know_of_a_table_that_is_not_shown(line: Line, loads: Any) -> None:
    line.execute("CREATE TABLE loaded (name TEXT, number INT) PARTITION BY LIST (number)")
    line.execute("CREATE TABLE part PARTITION OF loaded DEFAULT")
    task = loads(does_table_exist=lambda task, connection: True, columns=["name", "number"])
    run_task(task)
    assert line.execute("SELECT * FROM loaded").fetchall() == [("one", 1)]


def test_a_table_of_one_session(line: Line, loads: Any) -> None:
    query = "CREATE TABLE charts AS SELECT * FROM loaded"
    run_task(loads(table_type="TEMP", queries=[query]))
    assert line.execute("SELECT * FROM charts").fetchall() == [("one", 1)]
    assert line.execute("SELECT to_regclass('loaded')").fetchone() == (None,)
    line.execute("DROP TABLE charts")


@pytest.mark.parametrize("columns", [[("name",)], [("name", "INT", "lzo", "more")], [7]])
def test_what_is_no_column(line: Line, loads: Any, columns: Any) -> None:
    with pytest.raises(SqlError, match="is not a name, or a tuple"):
        run_task(loads(columns=columns))


def test_columns_without_types_make_no_table(line: Line, loads: Any) -> None:
    with pytest.raises(NotImplementedError, match="create_table.. not implemented for 'loaded'"):
        run_task(loads(columns=["name", "number"]))


def test_a_table_needs_a_name(loads: Any) -> None:
    with pytest.raises(SqlError, match="table needs to be specified") as caught:
        run_task(loads(table=""))
    assert caught.value.hint


@pytest.mark.parametrize("there", [False, True])
def test_columns_that_every_table_has(line: Line, loads: Any, there: bool) -> None:
    if there:
        line.execute("CREATE TABLE loaded (name TEXT, number INT)")
    query = "UPDATE loaded SET day = '2012-06-01' WHERE day IS NULL"
    more = {"metadata_columns": [("Day", "DATE")], "metadata_queries": [query], "enable_metadata_columns": True}
    for key in ("first", "second"):
        run_task(loads(update_id=key, **more))
    assert line.execute("SELECT * FROM loaded").fetchall() == [("one", 1, datetime.date(2012, 6, 1))] * 2


# --- steps -----------------------------------------------------------------------------------------------------------


def test_a_table_is_emptied_before(line: Line, loads: Any) -> None:
    for key in ("first", "second"):
        run_task(loads(update_id=key, do_truncate_table=True))
    assert line.execute("SELECT * FROM loaded").fetchall() == [("one", 1)]


def test_a_load_that_fails_once_the_table_is_emptied_leaves_nothing(line: Line, loads: Any) -> None:
    """To empty it ends Redshift's transaction; what follows is to be one again."""
    run_task(loads(update_id="first"))
    with pytest.raises(SqlError, match="division by zero"):
        run_task(loads(do_truncate_table=True, queries=["SELECT 1 / 0"]))
    assert line.execute("SELECT * FROM loaded").fetchall() == []
    assert line.execute("SELECT update_id FROM table_updates").fetchall() == [("first",)]


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "pg8000"])
def test_the_driver_knows_that_to_empty_a_table_ends_the_transaction(
    line: Line, loads: Any, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Psycopg 2 would not begin another by itself."""
    monkeypatch.setenv("LUIGI_PGSQL_DRIVER", driver)
    line.execute("CREATE TABLE loaded AS SELECT 1 AS number")
    task = loads()
    with closing(task.output().connect()) as connection:
        task.truncate_table(connection)
        connection.cursor().execute("INSERT INTO loaded VALUES (2)")
        connection.rollback()
    assert line.execute("SELECT * FROM loaded").fetchall() == []


@pytest.mark.parametrize("since", ["2012-06-02", datetime.date(2012, 6, 2), "'2012-06-02'", "date '2012-06-01' + 1"])
def test_old_rows_are_removed(line: Line, loads: Any, since: Any) -> None:
    line.execute('CREATE TABLE loaded (name TEXT, number INT, "day" DATE)')
    line.execute("INSERT INTO loaded VALUES ('old', 0, '2012-06-01'), ('new', 0, '2012-06-02')")
    task = loads(prune_table="loaded", prune_column="day", prune_date=since)
    assert task.do_prune()
    run_task(task)
    assert line.execute("SELECT name FROM loaded").fetchall() == [("old",), ("one",)]


def test_to_remove_rows_all_has_to_be_said(line: Line, loads: Any) -> None:
    assert not loads().do_prune()
    with pytest.raises(SqlError, match="zero or all prune variables") as caught:
        run_task(loads(prune_table="loaded"))
    assert "prune_date" in caught.value.hint


def test_queries_follow_the_load(line: Line, loads: Any) -> None:
    queries = ["UPDATE loaded SET number = number + 1", "INSERT INTO loaded VALUES ('100%', 0)"]
    run_task(loads(queries=queries))
    assert sorted(line.execute("SELECT * FROM loaded").fetchall()) == [("100%", 0), ("one", 2)]


def test_a_query_that_fails_leaves_nothing(line: Line, loads: Any) -> None:
    task = loads(queries=["SELECT 1 / 0"])
    with pytest.raises(SqlError, match="division by zero"):
        run_task(task)
    assert not task.complete()
    assert line.execute("SELECT to_regclass('loaded')").fetchone() == (None,)


# --- when it fails ---------------------------------------------------------------------------------------------------


def test_what_is_wrong_with_a_row_is_said(line: Line, loads: Any, put: Put) -> None:
    path = put("wrong", b"one|1\ntwo|no number\n")
    with pytest.raises(SqlError, match='line 2, column number: invalid input syntax.*"no number"') as caught:
        run_task(loads(s3_load_path=at(path)))
    assert path in str(caught.value)
    assert "table loaded" in str(caught.value)
    assert "copy_options" in caught.value.hint


def test_who_may_not_know_what_is_wrong_is_told_the_rest(
    line: Line, loads: Any, put: Put, caplog: pytest.LogCaptureFixture
) -> None:
    line.execute("CREATE ROLE copier LOGIN")
    line.execute("GRANT CREATE ON SCHEMA public TO copier")
    path = put("wrong", b"one|no number\n")
    with caplog.at_level("INFO"), pytest.raises(SqlError, match="Check 'stl_load_errors'"):
        loads(user="copier", s3_load_path=at(path)).run()
    line.execute("DROP OWNED BY copier; DROP ROLE copier")
    assert "cannot be asked why" in caplog.text


@pytest.mark.parametrize(
    ("members", "said", "hint"),
    [
        ({"s3_load_path": at("s3://bucket/nothing/here")}, "prefix 'nothing/here' does not exist", "s3_load_path"),
        ({"s3_load_path": at("s3://missing/here")}, "bucket does not exist", "make the bucket"),
        ({"aws_access_key_id": "another"}, "Access Denied", "read or write there"),
    ],
)
def test_what_s3_refuses_has_a_hint(line: Line, loads: Any, members: dict[str, Any], said: str, hint: str) -> None:
    task = loads(**members)
    with pytest.raises(SqlError, match=said) as caught:
        run_task(task)
    assert hint in caught.value.hint
    assert not task.complete()


@pytest.mark.parametrize("options", ["SYNTAX", "TOLD", "TOLD stl_load_errors"])
def test_no_credential_is_told(
    line: Line, loads: Any, keys: dict[str, str], options: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even where the server cites the statement."""
    task = loads(copy_options=options)
    with caplog.at_level("DEBUG"), pytest.raises(SqlError) as caught:
        task.run()
    assert "Redshift loads s3://" in caplog.text
    shown = [str(caught.value), *traceback.format_exception(caught.value, chain=True), caplog.text, repr(task)]
    shown += [
        repr(caught.value.__context__),
        repr(caught.value.__cause__),
        repr(task.output()),
        str(task.output().place),
    ]
    for secret in (*keys.values(), "very/secr", "secret-password"):
        assert secret not in "".join(shown)


def test_isolation_that_is_violated_has_a_hint(line: Line, loads: Any) -> None:
    query = "DO $$ BEGIN RAISE '1023 DETAIL: Serializable isolation violation on table - 7'; END $$"
    with pytest.raises(SqlError, match="1023") as caught:
        run_task(loads(queries=[query]))
    assert "run it again" in caught.value.hint


def test_a_table_is_made_by_another_at_the_same_time(line: Line, loads: Any) -> None:
    def create_table(task: Any, connection: Any) -> None:
        line.execute("CREATE TABLE loaded (name TEXT, number INT)")
        S3CopyToTable.create_table(task, connection)

    run_task(loads(create_table=create_table))
    assert line.execute("SELECT * FROM loaded").fetchall() == [("one", 1)]


# --- the target ------------------------------------------------------------------------------------------------------


def test_the_marker_table_is_configured(line: Line, loads: Any, luigi_config: Any) -> None:
    luigi_config("postgres", marker_table="others")
    luigi_config("redshift", marker_table="charts.done")
    line.execute("CREATE SCHEMA charts")
    assert run_task(loads(update_id="it's one")).complete()
    assert line.execute("SELECT update_id, target_table FROM charts.done").fetchall() == [("it's one", "loaded")]


def test_a_note_counts_once_its_transaction_has_ended(line: Line, loads: Any) -> None:
    target = loads().output()
    target.create_marker_table()
    with closing(target.connect()) as connection:
        assert target.touch(connection) is True
        assert not target.exists(connection)
        connection.commit()
        assert target.exists(connection)


def test_a_note_outside_transactions(line: Line, loads: Any) -> None:
    target = loads().output()
    with closing(target.connect()) as connection:
        connection.autocommit = True
        assert [target.touch(connection), target.touch(connection)] == [True, False]
    assert line.execute("SELECT count(*) FROM table_updates").fetchone() == (1,)


def test_where_it_is_by_default() -> None:
    target = public.RedshiftTarget("cluster", "sales", "me", "secret-password", "orders", "one")
    assert str(target.place) == "redshift://me@cluster:5439/sales"
    assert target.use_db_timestamps is False
