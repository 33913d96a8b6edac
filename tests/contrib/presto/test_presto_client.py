"""PrestoClient by PyHive, on a stand-in for the server: looking at queries, fetching rows, ending what goes on."""

from __future__ import annotations

import gc
import sys
from contextlib import closing
from typing import Any

import pytest
from pyhive import presto as pyhive_presto
from pyhive import trino as pyhive_trino

from luigi.contrib._presto import client as client_module
from luigi.contrib._presto.errors import QueryFailed
from luigi.contrib._sql.errors import DatabaseAway
from luigi.contrib.presto import PrestoClient
from luigi.errors import ConfigurationError, MissingExtra
from luigi.testing import FakeClock

NUMBERS = "SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """The time between two looks."""
    clock = FakeClock()
    monkeypatch.setattr(client_module, "SYSTEM", clock)
    return clock


def connection(port: int, **options: Any) -> Any:
    return pyhive_presto.connect("127.0.0.1", port=port, username="me", poll_interval=0.001, **options)


@pytest.fixture
def client(presto_server: Any) -> PrestoClient:
    return PrestoClient(connection(presto_server.port), 7)


def test_before_a_query_nothing_is_known(client: PrestoClient) -> None:
    assert client.percentage_progress == 0.1
    assert client.info_uri is None
    assert client.sleep_time == 7


def test_a_query_is_watched(presto_server: Any, client: PrestoClient, clock: FakeClock) -> None:
    presto_server.looks = 4
    before = clock.now()
    seen = [
        (client.percentage_progress, client.info_uri, status["stats"]["state"]) for status in client.execute("SELECT 1")
    ]
    page = f"{presto_server.url}/ui/query-0"
    running = [(done, page, "RUNNING") for done in (0.0, 25.0, 50.0, 75.0)]
    assert seen == [*running, (100.0, page, "FINISHED")]
    assert clock.now() - before == 4 * 7


def test_what_a_query_was_is_forgotten_with_the_next(presto_server: Any, client: PrestoClient) -> None:
    list(client.execute("SELECT 1", mode="watch"))
    list(client.execute("SELECT 1", mode="fetch"))
    assert client.info_uri is None


def test_rows_are_fetched(client: PrestoClient) -> None:
    assert list(client.execute(NUMBERS, mode="fetch")) == [(1,), (2,), (3,), (4,), (5,)]


def test_parameters_are_values(presto_server: Any, client: PrestoClient) -> None:
    values = ("it's", 1, None)
    assert list(client.execute("SELECT %s, %s, %s", values, mode="fetch")) == [values]
    assert list(client.execute("SELECT %(a)s", {"a": "süß 🦆"}, "fetch")) == [("süß 🦆",)]
    assert list(client.execute("SELECT '100 %'", mode="fetch")) == [("100 %",)]


def test_another_mode_is_an_error(client: PrestoClient) -> None:
    with pytest.raises(ValueError, match="'look' is not a valid mode"):
        client.execute("SELECT 1", mode="look")


def test_trino_is_asked_by_its_own_headers(trino_server: Any) -> None:
    trino = pyhive_trino.connect("127.0.0.1", port=trino_server.port, username="me", poll_interval=0.001)
    assert list(PrestoClient(trino).execute("SELECT 7", mode="fetch")) == [(7,)]
    with pytest.raises(DatabaseAway, match="X-Trino"):
        list(PrestoClient(connection(trino_server.port)).execute("SELECT 7"))


# --- ending it -------------------------------------------------------------------------------------------------------


def test_a_query_that_has_ended_is_not_cancelled(presto_server: Any, client: PrestoClient) -> None:
    list(client.execute(NUMBERS))
    list(client.execute(NUMBERS, mode="fetch"))
    assert presto_server.cancelled == []


@pytest.mark.parametrize("mode", ["watch", "fetch"])
def test_who_stops_before_the_end_cancels_the_query(presto_server: Any, client: PrestoClient, mode: str) -> None:
    presto_server.looks = 0
    with closing(client.execute(NUMBERS, mode=mode)) as steps:
        next(steps)
    assert presto_server.cancelled == ["query-0"]


def test_who_forgets_a_query_cancels_it(presto_server: Any, client: PrestoClient) -> None:
    next(client.execute("SELECT 'FOREVER'"))
    gc.collect()
    assert presto_server.cancelled == ["query-0"]


def test_an_exception_cancels_the_query(
    presto_server: Any, client: PrestoClient, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(clock, "sleep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(client.execute("SELECT 'FOREVER'"))
    assert presto_server.cancelled == ["query-0"]


def test_a_query_that_cannot_be_cancelled_is_told(presto_server: Any, client: PrestoClient, caplog: Any) -> None:
    steps = client.execute("SELECT 'FOREVER'")
    next(steps)
    presto_server.failing[:] = [500]
    steps.close()
    assert "could not be cancelled" in caplog.text


# --- when it fails ---------------------------------------------------------------------------------------------------


def test_a_query_that_fails_says_why(client: PrestoClient) -> None:
    with pytest.raises(QueryFailed, match="TABLE_NOT_FOUND: line 1:15: Table 'hive.absent' does not exist") as caught:
        list(client.execute("SELECT * FROM absent"))
    assert caught.value.name == "TABLE_NOT_FOUND"
    assert caught.value.misses_table
    assert "make the table" in caught.value.hint
    assert isinstance(caught.value.__cause__, pyhive_presto.DatabaseError)
    with pytest.raises(QueryFailed, match="SYNTAX_ERROR") as caught:
        list(client.execute("SELEC 1"))
    assert not caught.value.misses_table


@pytest.mark.parametrize(
    ("facts", "misses"),
    [
        ({"errorName": "SCHEMA_NOT_FOUND", "message": "Schema 'x' does not exist"}, True),
        ({"errorName": "SYNTAX_ERROR", "message": "line 1:15: Table hive.x.y does not exist"}, True),
        ({"message": "Schema x does not exist"}, True),
        ({"errorName": "CATALOG_NOT_FOUND", "message": "Catalog 'x' does not exist"}, False),
        ({"errorName": "SYNTAX_ERROR", "message": "Catalog x does not exist"}, False),
        ({"errorName": "PERMISSION_DENIED", "message": "Table x does not exist for you"}, False),
        ({}, False),
    ],
)
def test_which_errors_mean_that_there_is_no_table(facts: dict[str, str], misses: bool) -> None:
    assert QueryFailed("there", facts).misses_table is misses


def test_a_server_that_is_away(closed_url: str) -> None:
    port = int(closed_url.rpartition(":")[2])
    with pytest.raises(DatabaseAway, match="presto: no connection can be made"):
        list(PrestoClient(connection(port)).execute("SELECT 1"))


def test_options_that_do_not_go_together(presto_server: Any) -> None:
    with pytest.raises(ConfigurationError, match="https when passing a password"):
        list(PrestoClient(connection(presto_server.port, password="secret-password")).execute("SELECT 1"))


def test_kerberos_needs_one_more_package(presto_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "requests_kerberos", None)
    with pytest.raises(ConfigurationError, match="requests_kerberos") as caught:
        list(PrestoClient(connection(presto_server.port, KerberosRemoteServiceName="presto")).execute("SELECT 1"))
    assert "pip install requests_kerberos" in caught.value.hint


def test_without_the_client_the_extra_is_named(client: PrestoClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyhive.exc", None)
    with pytest.raises(MissingExtra) as caught:
        list(client.execute("SELECT 1"))
    assert "luigi-kernel[presto]" in f"{caught.value}{caught.value.hint}"
