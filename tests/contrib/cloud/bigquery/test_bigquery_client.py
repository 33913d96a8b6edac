"""BigQueryClient and BigQueryTarget: datasets, tables and views."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from luigi.contrib import bigquery as module
from luigi.contrib.bigquery import (
    BigQueryClient,
    BigQueryTarget,
    BQDataset,
    BQTable,
    NoName,
    NotUnderstood,
    WrongLocation,
)
from luigi.target import FileAlreadyExists, Target
from luigi.testing.contracts import TargetContract

served = pytest.mark.service("bigquery")

DATASET = BQDataset("project", "dataset", "EU")
TABLE = BQTable("project", "dataset", "table", "EU")


@pytest.fixture
def client() -> BigQueryClient:
    return BigQueryClient()


@pytest.fixture
def emulated(bigquery_service: str, luigi_config: Any, number: int) -> BQDataset:
    """A dataset at the emulator that no other test has."""
    luigi_config("bigquery", endpoint_url=bigquery_service, anonymous=True, poll_interval=0.1)
    return BQDataset("test", f"dataset_{number}", "EU")


class OnBigQuery(TargetContract):
    location: str | None = None

    def make_target(self, name: str) -> Target:
        return BigQueryTarget("test", self.dataset.dataset_id, name.replace("-", "_"), location=self.location)

    def put(self, target: BigQueryTarget) -> None:
        target.client.update_view(target.table, "SELECT 1 AS one", use_legacy_sql=False)

    def unreachable(self) -> Target:
        self.configure("bigquery", endpoint_url="http://127.0.0.1:9", retries=0)
        return self.make_target("one")


@served
class TestBigQueryTarget(OnBigQuery):
    @pytest.fixture(autouse=True)
    def _place(self, emulated: BQDataset, luigi_config: Any, client: BigQueryClient) -> None:
        self.dataset = emulated
        self.configure = luigi_config
        client.make_dataset(emulated)


@served
class TestBigQueryTargetInAPlace(TestBigQueryTarget):
    location = "EU"


@served
def test_datasets_come_and_go(emulated: BQDataset, client: BigQueryClient) -> None:
    assert not client.dataset_exists(emulated)
    client.make_dataset(emulated)
    client.make_dataset(emulated)
    assert client.dataset_exists(emulated)
    assert emulated.dataset_id in list(client.list_datasets("test"))
    with pytest.raises(FileAlreadyExists, match=emulated.dataset_id):
        client.make_dataset(emulated, raise_if_exists=True)
    client.delete_dataset(emulated)
    client.delete_dataset(emulated)
    assert not client.dataset_exists(emulated)


@served
def test_tables_come_and_go(emulated: BQDataset, client: BigQueryClient) -> None:
    table = BQTable("test", emulated.dataset_id, "view", "EU")
    assert not client.table_exists(table)
    client.make_dataset(emulated)
    client.update_view(table, "SELECT 1 AS one", use_legacy_sql=False)
    assert list(client.list_tables(emulated)) == ["view"]
    client.delete_table(table)
    client.delete_table(table)
    assert list(client.list_tables(emulated)) == []


def test_a_dataset_has_what_else_is_said_of_it(bigquery: Any, client: BigQueryClient) -> None:
    client.make_dataset(DATASET, body={"description": "of ours"})
    assert bigquery.datasets["dataset"] == {
        "description": "of ours",
        "datasetReference": {"projectId": "project", "datasetId": "dataset"},
        "location": "EU",
    }


def test_a_dataset_is_where_it_is(bigquery: Any, client: BigQueryClient) -> None:
    client.make_dataset(BQDataset("project", "dataset", "US"))
    for ask in (client.dataset_exists, client.delete_dataset):
        with pytest.raises(WrongLocation, match="the dataset project:dataset is in US, not in EU"):
            ask(DATASET)
    with pytest.raises(WrongLocation):
        BigQueryTarget.from_bqtable(TABLE).exists()
    assert client.dataset_exists(BQDataset("project", "dataset", "us"))
    assert client.dataset_exists(BQDataset("project", "dataset"))


def test_a_dataset_with_tables_goes_only_if_that_is_meant(bigquery: Any, client: BigQueryClient) -> None:
    client.make_dataset(DATASET)
    client.update_view(TABLE, "SELECT 1")
    with pytest.raises(NotUnderstood, match="still in use"):
        client.delete_dataset(DATASET, delete_nonempty=False)
    client.delete_dataset(DATASET)
    assert not bigquery.datasets
    assert not bigquery.tables


def test_listings_have_all_pages(bigquery: Any, client: BigQueryClient) -> None:
    bigquery.page = 2
    for name in "abcde":
        client.make_dataset(BQDataset("project", name))
        client.update_view(BQTable("project", "a", name), "SELECT 1")
    assert list(client.list_datasets("project")) == list("abcde")
    assert list(client.list_tables(BQDataset("project", "a"))) == list("abcde")


def test_a_view_is_changed_and_the_rest_of_it_is_left(bigquery: Any, client: BigQueryClient) -> None:
    assert client.get_view(TABLE) is None
    client.make_dataset(DATASET)
    client.update_view(TABLE, "SELECT 1")
    bigquery.tables["dataset", "table"]["description"] = "of ours"
    client.update_view(TABLE, "SELECT 2", use_legacy_sql=False)
    assert client.get_view(TABLE) == "SELECT 2"
    found = bigquery.tables["dataset", "table"]
    assert (found["view"]["useLegacySql"], found["description"]) == (False, "of ours")


def test_a_table_is_no_view(bigquery: Any, client: BigQueryClient) -> None:
    bigquery.tables["dataset", "table"] = {}
    assert client.get_view(TABLE) is None


@pytest.mark.parametrize(
    "name", ["table?alt=media", "../dataset/tables/table", "table#", "a&b", "..", "", "%2e", "a\n"]
)
def test_no_name_leads_elsewhere(bigquery: Any, client: BigQueryClient, name: str) -> None:
    asks = [
        lambda: client.table_exists(BQTable("project", "dataset", name)),
        lambda: client.delete_dataset(BQDataset("project", name)),
        lambda: client.make_dataset(BQDataset(name, "dataset")),
        lambda: list(client.list_datasets(name)),
        lambda: client.run_job(name, {"configuration": {}}),
        lambda: client.run_job("project", {"configuration": {}, "jobReference": {"jobId": name}}),
    ]
    for ask in asks:
        with pytest.raises(NoName, match="is no name"):
            ask()
    assert not bigquery.asked


def test_names_of_all_kinds_arrive(bigquery: Any, client: BigQueryClient) -> None:
    for name in ("with space", "tägliche-日", "events$20260101", "dot.ted"):
        bigquery.tables["dataset", name] = {"id": "it"}
        assert client.table_exists(BQTable("example.com:project", "dataset", name))
        assert not client.table_exists(BQTable("example.com:project", "dataset", name + "x"))


def test_a_table_has_its_parts_and_its_addresses() -> None:
    assert TABLE.dataset == DATASET
    assert TABLE.uri == "bq://project/dataset/table"
    assert tuple(TABLE) == ("project", "dataset", "table", "EU")
    assert str(BigQueryTarget("project", "dataset", "table")) == "project:dataset.table"
    assert BigQueryTarget.from_bqtable(TABLE).table == TABLE


def test_targets_and_clients_are_pickled(bigquery: Any, client: BigQueryClient) -> None:
    client.make_dataset(DATASET)
    target = BigQueryTarget.from_bqtable(TABLE, client=client)
    target.client.update_view(TABLE, "SELECT 1")
    assert pickle.loads(pickle.dumps(target)).exists()


def test_targets_share_a_connection(bigquery: Any) -> None:
    one, other = (BigQueryTarget("project", "dataset", name) for name in "ab")
    assert one.client.client is other.client.client
    assert BigQueryTarget("project", "dataset", "c", client=BigQueryClient()).client is not one.client


def test_luigis_old_names_are_the_same_classes() -> None:
    assert module.BigqueryTarget is BigQueryTarget
    assert module.BigqueryClient is BigQueryClient
    assert issubclass(ConnectionError, module.RETRYABLE_ERRORS)
    with pytest.raises(AttributeError, match="no attribute 'other'"):
        _ = module.other


def test_what_programs_ask_by_themselves_may_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from luigi.contrib._gcs import retrying
    from luigi.testing import FakeClock

    monkeypatch.setattr(retrying, "SYSTEM", FakeClock())
    tries: list[int] = []

    @module.bq_retry
    def act() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise ConnectionResetError
        return "done"

    assert act() == "done"
