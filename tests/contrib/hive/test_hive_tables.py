"""Tables and partitions, looked up by every client in the same warehouse."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.contrib.hive import (
    ApacheHiveCommandClient,
    ExternalHiveTask,
    HiveClient,
    HiveCommandClient,
    HiveCommandError,
    HivePartitionTarget,
    HiveTableTarget,
    HiveThriftContext,
    MetastoreClient,
    WarehouseHiveClient,
)
from luigi.local_target import LocalFileSystem

pytestmark = pytest.mark.service("hive")

STRANGE = {"day": "it's; --\\", "hour": "a/b c=d %é"}


@pytest.fixture(params=[HiveCommandClient, ApacheHiveCommandClient, MetastoreClient, WarehouseHiveClient])
def client(request: pytest.FixtureRequest, hive: Any) -> HiveClient:
    return request.param(LocalFileSystem()) if request.param is WarehouseHiveClient else request.param()  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("table", "database", "partition", "there"),
    [
        ("words", "shop", None, True),
        ("Words", "SHOP", None, True),
        ("words", "default", None, False),
        ("plain", "default", {}, True),
        ("word", "shop", None, False),
        ("w*", "shop", None, False),
        ("visits", "shop", {"day": "2013-01-25", "hour": 7}, True),
        ("visits", "shop", {"Day": "2013-01-25"}, True),
        ("visits", "shop", {"day": "2013x01-25"}, False),
        ("visits", "shop", {"day": "2013-01-25", "hour": "8"}, False),
        ("visits", "shop", STRANGE, True),
        ("visits", "shop", {"day": "' or '1'='1"}, False),
    ],
)
def test_what_there_is(client: HiveClient, table: str, database: str, partition: Any, there: bool) -> None:
    assert client.table_exists(table, database, partition) is there


def test_where_the_rows_are(client: HiveClient, hive: Any) -> None:
    def path(*place: Any) -> str:
        return (client.table_location(*place) or "").removeprefix("file:").rstrip("/")

    assert path("words", "shop") == f"{hive.warehouse}/shop.db/words"
    assert path("plain") == f"{hive.warehouse}/plain"
    assert path("visits", "shop", STRANGE) == f"{hive.warehouse}/shop.db/visits/" + (
        "day=it%27s; --%5C/hour=a%2Fb c%3Dd %25é"
    )
    target = HivePartitionTarget("visits", STRANGE, "shop", client=client)
    assert target.path == client.table_location("visits", "shop", STRANGE)


def test_what_columns_there_are(client: HiveClient) -> None:
    if isinstance(client, WarehouseHiveClient):
        with pytest.raises(NotImplementedError, match="ask another client"):
            client.table_schema("words", "shop")
        return
    assert client.table_schema("words", "shop") == [("word", "string", "as it is written"), ("n", "int")]
    assert client.table_schema("visits", "shop") == [("page", "string"), ("day", "string"), ("hour", "string")]


def test_a_table_that_is_not_there_has_no_columns(client: HiveClient) -> None:
    if isinstance(client, ApacheHiveCommandClient):
        assert client.table_schema("absent", "shop") is None
    elif not isinstance(client, WarehouseHiveClient):
        with pytest.raises(HiveCommandError, match="(?i)not found"):
            client.table_schema("absent", "shop")


def test_a_partition_of_a_table_that_is_not_there(client: HiveClient) -> None:
    assert not HivePartitionTarget("absent", {"day": "1"}, "shop", fail_missing_table=False, client=client).exists()
    assert not HiveTableTarget("absent", "shop", client).exists()
    if not isinstance(client, WarehouseHiveClient):
        with pytest.raises(HiveCommandError, match="(?i)not found"):
            HivePartitionTarget("absent", {"day": "1"}, "shop", client=client).exists()


def test_a_partition_by_columns_that_there_are_not(client: HiveClient) -> None:
    target = HivePartitionTarget("visits", {"week": "1"}, "shop", fail_missing_table=False, client=client)
    if isinstance(client, WarehouseHiveClient):
        assert not target.exists()
    else:
        with pytest.raises(HiveCommandError, match="week"):
            target.exists()


def test_the_connection_may_be_used_alone(hive: Any) -> None:
    with HiveThriftContext() as metastore:
        assert {"visits", "words"} <= set(metastore.get_all_tables("shop"))


def test_an_external_table_is_a_task(hive: Any) -> None:
    assert ExternalHiveTask(table="words", database="shop").complete()
    assert ExternalHiveTask(table="visits", database="shop", partition={"day": "2013-01-25"}).complete()
    assert not ExternalHiveTask(table="visits", database="shop", partition={"day": "2013-01-26"}).complete()
