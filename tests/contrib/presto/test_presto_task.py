"""PrestoTask: queries from the configuration to their end, on a stand-in for the server."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from luigi.contrib import rdbms
from luigi.contrib._presto.errors import QueryFailed
from luigi.contrib._sql.errors import DatabaseAway, SqlError
from luigi.contrib.presto import PrestoTask, WithPrestoClient, presto
from luigi.errors import ConfigurationError
from luigi.testing import run_task

COPIES = "INSERT INTO warehouse.copies SELECT 'tea', 1"


class Copies(PrestoTask):
    """Fills a table."""

    database = "warehouse"
    table = "copies"
    query = COPIES


@pytest.fixture
def server(presto_server: Any, luigi_config: Any) -> Any:
    """The stand-in, as the configuration names it, with an empty table."""
    presto_server.ask("CREATE TABLE warehouse.copies (name TEXT, number INT)")
    place = {"host": "127.0.0.1", "port": presto_server.port, "protocol": "http", "user": "me"}
    luigi_config("presto", **place, poll_interval=0.001)
    return presto_server


def headers(server: Any) -> dict[str, str]:
    """What was said of the last query."""
    found = [one for one in server.sent if one.method == "POST"][-1].headers
    return {name.removeprefix("X-Presto-"): value for name, value in found.items() if name.startswith("X-Presto-")}


def test_the_section() -> None:
    section = presto()
    assert (section.host, section.port, section.user, section.password) == ("localhost", 8090, "anonymous", None)
    assert (section.catalog, section.protocol, section.poll_interval) == ("hive", "https", 1.0)


def test_a_task_takes_it_from_the_section() -> None:
    task = Copies()
    assert (task.host, task.port, task.username, task.schema) == ("localhost", 8090, "anonymous", "warehouse")
    assert (task.catalog, task.protocol, task.source, task.partition) == ("hive", "https", "pyhive", None)
    assert (task.session_props, task.requests_session, task.requests_kwargs) == (None, None, {"verify": True})
    assert issubclass(PrestoTask, rdbms.Query)
    assert type(PrestoTask) is WithPrestoClient


def test_a_query_is_carried_out_once(server: Any) -> None:
    task = Copies()
    assert not task.complete()
    assert run_task(task).complete()
    assert server.ask("SELECT * FROM warehouse.copies") == [("tea", 1)]
    assert headers(server) == {"Catalog": "hive", "Schema": "warehouse", "Source": "pyhive", "User": "me"}
    run_task(Copies())
    assert server.statements.count(COPIES) == 1


def test_a_task_may_say_more(server: Any) -> None:
    class Said(Copies):
        user = "other"
        catalog = "hive"
        schema = "elsewhere"
        source = "luigi"
        principal_username = "principal"
        session_props = {"query_max_run_time": "2h"}
        partition = {"name": "tea"}

    assert run_task(Said()).complete()
    said = {"Catalog": "hive", "Schema": "elsewhere", "Source": "luigi", "User": "principal"}
    assert headers(server) == {**said, "Session": "query_max_run_time=2h"}


def test_a_task_may_be_given_its_own_session(server: Any) -> None:
    session = requests.Session()
    session.headers["X-Own"] = "yes"

    class Own(Copies):
        requests_session = session

    run_task(Own())
    assert {one.headers.get("X-Own") for one in server.sent} == {"yes"}


def test_operators_see_how_far_it_is(server: Any) -> None:
    server.looks = 4
    shown: list[Any] = []

    class Shown(Copies):
        def set_tracking_url(self, tracking_url: str) -> None:
            shown.append(tracking_url)

        def set_progress_percentage(self, percentage: float) -> None:
            shown.append(percentage)

    Shown().run()
    page = f"{server.url}/ui/query-0"
    assert shown == [page, 0.0, page, 25.0, page, 50.0, page, 75.0, page, 100.0]


def test_trino(trino_server: Any, luigi_config: Any) -> None:
    trino_server.ask("CREATE TABLE warehouse.copies (name TEXT, number INT)")
    place = {"host": "127.0.0.1", "port": trino_server.port, "protocol": "http", "dialect": "trino"}
    luigi_config("presto", **place, poll_interval=0.001)
    assert run_task(Copies()).complete()
    luigi_config("presto", dialect="hive")
    with pytest.raises(ConfigurationError, match="there is no hive"):
        Copies().complete()


# --- TLS and passwords -----------------------------------------------------------------------------------------------


@pytest.fixture
def guarded(guarded_server: Any, certificate: Path, luigi_config: Any) -> Any:
    guarded_server.ask("CREATE TABLE warehouse.copies (name TEXT, number INT)")
    place = {"host": "127.0.0.1", "port": guarded_server.port, "user": "me", "password": "secret-password"}
    luigi_config("presto", **place, verify=certificate, poll_interval=0.001, retries=0)
    return guarded_server


def test_a_password_goes_over_tls(guarded: Any) -> None:
    assert run_task(Copies()).complete()


def test_a_wrong_password_is_told(guarded: Any, luigi_config: Any, caplog: Any) -> None:
    luigi_config("presto", password="wrong-password")
    with caplog.at_level("DEBUG"), pytest.raises(DatabaseAway, match="401.*Invalid credentials") as caught:
        run_task(Copies())
    assert "user and password" in caught.value.hint
    assert f"presto://me@127.0.0.1:{guarded.port}/hive/warehouse" in str(caught.value)
    assert "wrong-password" not in f"{caught.value}{caught.value.__cause__}{caplog.text}{presto()}{presto().task_id}"


def test_a_server_that_is_not_trusted_gets_no_password(guarded: Any, luigi_config: Any) -> None:
    luigi_config("presto", verify="true")
    with pytest.raises(DatabaseAway, match="certificate") as caught:
        run_task(Copies())
    assert "verify" in caught.value.hint
    assert guarded.sent == []


def test_who_wants_to_trusts_anybody(guarded: Any, luigi_config: Any) -> None:
    luigi_config("presto", verify="false")
    with pytest.warns(Warning, match="Unverified HTTPS"):
        assert run_task(Copies()).complete()


def test_a_password_does_not_go_without_tls(server: Any, luigi_config: Any) -> None:
    luigi_config("presto", password="secret-password")
    with pytest.raises(ConfigurationError, match="https when passing a password") as caught:
        Copies().complete()
    assert "secret-password" not in str(caught.value)
    assert server.sent == []


# --- when it fails ---------------------------------------------------------------------------------------------------


def test_a_query_that_fails_says_where_and_why(server: Any) -> None:
    class Wrong(Copies):
        query = "INSERT INTO warehouse.copies SELECT * FROM absent"

    with pytest.raises(QueryFailed, match="presto://me@127.0.0.1.*hive/warehouse: TABLE_NOT_FOUND"):
        run_task(Wrong())
    assert not Wrong().complete()


def test_a_task_without_a_query_is_told(server: Any) -> None:
    class Nothing(Copies):
        query = None

    with pytest.raises(SqlError, match="query needs to be specified"):
        run_task(Nothing())


@pytest.mark.parametrize("status", [0, 502, 503, 504])
def test_a_busy_server_is_looked_at_again(server: Any, status: int) -> None:
    steps = Copies()._client.execute(COPIES)
    next(steps)
    server.failing[:] = [status]
    list(steps)
    assert server.ask("SELECT * FROM warehouse.copies") == [("tea", 1)]


def test_a_server_that_takes_no_statement_now_is_asked_again(server: Any) -> None:
    server.failing[:] = [503, 503]
    list(Copies()._client.execute(COPIES))
    assert server.ask("SELECT * FROM warehouse.copies") == [("tea", 1)]


@pytest.mark.parametrize("status", [0, 500, 502, 504])
def test_a_statement_that_may_have_arrived_is_not_sent_again(server: Any, status: int) -> None:
    server.failing[:] = [status]
    with pytest.raises(DatabaseAway, match=str(status or "without response")):
        list(Copies()._client.execute(COPIES))
    assert server.statements == [COPIES]


def test_a_server_that_stays_busy_is_given_up(server: Any, luigi_config: Any) -> None:
    luigi_config("presto", retries=1)
    server.failing[:] = [503] * 9
    with pytest.raises(DatabaseAway, match="503"):
        Copies().complete()
    assert len(server.statements) == 2


def test_a_server_that_does_not_answer_is_given_up(server: Any, luigi_config: Any) -> None:
    luigi_config("presto", retries=0, timeout=0.1)
    server.shutdown()  # it still listens
    with pytest.raises(DatabaseAway, match="timed out"):
        Copies().complete()


# --- ending it -------------------------------------------------------------------------------------------------------

PROGRAM = """
import luigi
from luigi.contrib.presto import PrestoTask


class Endless(PrestoTask):
    database = table = "any"
    query = "SELECT 'FOREVER'"

    def complete(self):
        return False


if __name__ == "__main__":
    Endless().run()
"""


@pytest.fixture
def program(server: Any, tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A program whose task never ends, and its environment."""
    section = f"[presto]\nhost = 127.0.0.1\nport = {server.port}\nprotocol = http\npoll_interval = 0.01\n"
    (tmp_path / "luigi.cfg").write_text(section)
    (tmp_path / "endless.py").write_text(PROGRAM)
    return tmp_path / "endless.py", {**os.environ, "LUIGI_CONFIG_PATH": str(tmp_path / "luigi.cfg")}


def test_whoever_ends_the_task_ends_the_query(server: Any, program: tuple[Path, dict[str, str]]) -> None:
    running = subprocess.Popen([sys.executable, program[0]], env=program[1])
    assert server.begun.wait(30)
    running.terminate()
    assert running.wait(30) == -signal.SIGTERM
    assert server.cancelled == ["query-0"]


def test_a_run_that_is_ended_ends_the_queries_of_its_processes(
    server: Any, program: tuple[Path, dict[str, str]]
) -> None:
    command = [sys.executable, "-m", "luigi", "--module", "endless", "Endless", "--local-scheduler", "--no-lock"]
    command += ["--workers", "2"]
    running = subprocess.Popen(command, cwd=program[0].parent, env=program[1], stderr=subprocess.DEVNULL)
    assert server.begun.wait(30)
    while running.poll() is None:  # the first Ctrl-C asks to finish what runs, the second ends it
        running.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(0.2)
    assert server.cancelled == ["query-0"]


def test_ctrl_c_ends_the_query(server: Any, program: tuple[Path, dict[str, str]]) -> None:
    running = subprocess.Popen([sys.executable, program[0]], env=program[1], stderr=subprocess.DEVNULL)
    assert server.begun.wait(30)
    running.send_signal(signal.SIGINT)
    running.wait(30)
    assert server.cancelled == ["query-0"]
