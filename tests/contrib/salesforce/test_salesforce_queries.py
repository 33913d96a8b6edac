"""Tasks that write what a query in Salesforce finds: `QuerySalesforce`."""

from __future__ import annotations

import csv
import json
import logging
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import luigi
from luigi.configuration import get_config
from luigi.contrib.remote_job import JobFailed
from luigi.contrib.salesforce import NotMerged, QuerySalesforce, SalesforceError, SandboxWithoutName
from luigi.format import Nop
from luigi.task import Task
from luigi.testing.contracts import RemoteJobContract


class SalesforceRecords(QuerySalesforce):
    """Writes what a query finds to a file."""

    path = luigi.Parameter()
    kind = luigi.Parameter(default="CSV")
    of = luigi.Parameter(default="Account")
    poll_time = 0.05
    object_name = "Account"

    @property
    def soql(self) -> str:  # type: ignore[override]
        return f"SELECT Id, Name FROM {self.of}"

    @property
    def content_type(self) -> str:
        return str(self.kind)

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(self.path)


class TestBulkQueries(RemoteJobContract):
    last_words = "sObject type 'Nowhere' is not supported."

    @pytest.fixture(autouse=True)
    def _place(self, salesforce: Any, tmp_path: Path) -> None:
        self.salesforce = salesforce
        self.path = str(tmp_path / "out")

    def succeeding(self) -> Task:
        return SalesforceRecords(path=self.path)

    def failing(self) -> Task:
        return SalesforceRecords(path=self.path, of="Nowhere")

    def endless(self) -> Task:
        return SalesforceRecords(path=self.path, of="Endless")

    def is_running(self, task: Task) -> bool:
        """From when its task has looked at it: it knows what to abort."""
        states = [self.salesforce.jobs[batch["jobId"]]["state"] for batch in self.salesforce.batches.values()]
        return "Open" in states and any(batch["state"] == "InProgress" for batch in self.salesforce.batches.values())


def test_results_of_csv_become_one(salesforce: Any, tmp_path: Path) -> None:
    SalesforceRecords(path=str(tmp_path / "out")).run()
    with (tmp_path / "out").open(newline="") as file:
        assert list(csv.reader(file)) == [["Id", "Name"], ["1", "Zoë"], ["2", 'a "b"\nc']]


def test_results_of_json_become_one_which_luigi_could_not(salesforce: Any, tmp_path: Path) -> None:
    SalesforceRecords(path=str(tmp_path / "out"), kind="JSON").run()
    found = json.loads((tmp_path / "out").read_text())
    assert found == [{"Id": "1", "Name": "Zoë"}, {"Id": "2", "Name": "]"}]


def test_results_of_xml_become_one_which_luigi_could_not(salesforce: Any, tmp_path: Path) -> None:
    SalesforceRecords(path=str(tmp_path / "out"), kind="XML").run()
    root = ElementTree.parse(tmp_path / "out").getroot()
    assert [[field.text for field in record] for record in root] == [["1", "Zoë"], ["2", "a <b>"]]
    assert {record.get("{x}type") for record in root} == {"sObject"}


@pytest.mark.parametrize("kind", ["CSV", "JSON", "XML"])
def test_a_single_result_is_written_as_it_is(salesforce: Any, tmp_path: Path, kind: str) -> None:
    (first, _) = salesforce.results[kind]
    salesforce.results = {kind: [first]}
    SalesforceRecords(path=str(tmp_path / "out"), kind=kind).run()
    assert (tmp_path / "out").read_text() == first


def test_a_target_may_take_bytes(salesforce: Any, tmp_path: Path) -> None:
    class AsBytes(SalesforceRecords):
        def output(self) -> luigi.LocalTarget:
            return luigi.LocalTarget(self.path, format=Nop)

    for kind in ("CSV", "XML", "JSON"):
        AsBytes(path=str(tmp_path / kind), kind=kind).run()
        assert "Zoë" in (tmp_path / kind).read_text()


def test_results_without_records_leave_no_trace_among_others(salesforce: Any, tmp_path: Path) -> None:
    salesforce.results = {
        "CSV": ['"Records not found for this query"', '"Id"\n"2"', '"Id"\n"3"\n'],
        "JSON": ["[ ]", '[{"Id":"2"}]', "[]"],
    }
    SalesforceRecords(path=str(tmp_path / "csv")).run()
    assert (tmp_path / "csv").read_text() == '"Id"\n"2"\n"3"\n'
    SalesforceRecords(path=str(tmp_path / "json"), kind="JSON").run()
    assert json.loads((tmp_path / "json").read_text()) == [{"Id": "2"}]


def test_results_that_do_not_fit_together_leave_no_output(salesforce: Any, tmp_path: Path) -> None:
    salesforce.results = {"XML": ["<a><b/></a>", "<c><b/></c>"], "JSON": ["[1]", '{"no": "list"}']}
    for kind in ("XML", "JSON"):
        with pytest.raises(NotMerged):
            SalesforceRecords(path=str(tmp_path / "out"), kind=kind).run()
        assert not (tmp_path / "out").exists()


def test_a_result_that_breaks_off_is_fetched_again(salesforce: Any, tmp_path: Path) -> None:
    salesforce.breaks = 1
    SalesforceRecords(path=str(tmp_path / "out")).run()
    assert (tmp_path / "out").read_text().startswith('"Id","Name"\n"1"')
    salesforce.breaks = 9
    with pytest.raises(ConnectionError, match="Salesforce does not answer"):
        SalesforceRecords(path=str(tmp_path / "another")).run()
    assert not (tmp_path / "another").exists()


def test_a_query_may_be_in_a_file(salesforce: Any, tmp_path: Path) -> None:
    (tmp_path / "query.soql").write_text("SELECT Id FROM Zoë")

    class FromFile(SalesforceRecords):
        is_soql_file = True
        soql = str(tmp_path / "query.soql")

    FromFile(path=str(tmp_path / "out")).run()
    assert [batch["query"] for batch in salesforce.batches.values()] == ["SELECT Id FROM Zoë"]


def test_the_job_is_closed_also_when_it_fails(salesforce: Any, tmp_path: Path) -> None:
    SalesforceRecords(path=str(tmp_path / "out")).run()
    with pytest.raises(JobFailed):
        SalesforceRecords(path=str(tmp_path / "out"), of="Nowhere").run()
    assert [job["state"] for job in salesforce.jobs.values()] == ["Closed", "Closed"]


def test_no_secret_is_in_a_log_or_an_error(salesforce: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(JobFailed) as error:
        SalesforceRecords(path=str(tmp_path / "out"), of="Nowhere").run()
    for secret in ("the-password", "the-security-token", *salesforce.sessions):
        assert secret not in caplog.text
        assert secret not in str(error.value)


def test_a_sandbox_is_asked_by_its_own_user(salesforce: Any, tmp_path: Path) -> None:
    class InSandbox(SalesforceRecords):
        use_sandbox = True
        sandbox_name = "box"

    InSandbox(path=str(tmp_path / "out")).run()
    assert b"<n1:username>me.box</n1:username>" in salesforce.calls[0][2]


def test_a_sandbox_needs_a_name(salesforce: Any, tmp_path: Path) -> None:
    class Nameless(SalesforceRecords):
        use_sandbox = True

    with pytest.raises(SandboxWithoutName, match="sandbox_name"):
        Nameless(path=str(tmp_path / "out")).run()


def test_an_app_that_is_not_known_says_so(salesforce: Any, tmp_path: Path) -> None:
    get_config().set("salesforce", "client_id", "the-app")
    get_config().set("salesforce", "client_secret", "a-wrong-one")
    with pytest.raises(SalesforceError, match="signing in failed: invalid_client invalid client credentials") as error:
        SalesforceRecords(path=str(tmp_path / "out")).run()
    assert "client_secret" in error.value.hint
    assert "a-wrong-one" not in str(error.value)


def test_an_app_may_sign_in_in_place_of_a_user(salesforce: Any, tmp_path: Path) -> None:
    get_config().set("salesforce", "client_id", "the-app")
    get_config().set("salesforce", "client_secret", "the-password")
    SalesforceRecords(path=str(tmp_path / "out")).run()
    assert next(path for _, path, _ in salesforce.calls) == "/services/oauth2/token"
