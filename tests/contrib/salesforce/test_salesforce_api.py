"""`SalesforceAPI`: sessions, the REST interface, and the bulk interface."""

from __future__ import annotations

import sys
from typing import Any
from xml.etree import ElementTree

import pytest

from luigi.contrib.salesforce import SalesforceAPI, SalesforceError
from luigi.contrib.salesforce import salesforce as Section
from luigi.errors import KernelError, MissingExtra

QUERY = "SELECT Id FROM Account"


@pytest.fixture
def api(salesforce: Any) -> SalesforceAPI:
    return SalesforceAPI("me", "the-password", "the-security-token")


def test_a_session_begins_once(api: SalesforceAPI) -> None:
    assert not api.has_active_session()
    api.start_session()
    assert api.has_active_session()
    assert api.hostname is not None
    with pytest.raises(KernelError, match="Session already in progress"):
        api.start_session()


def test_a_session_that_has_ended_begins_again(api: SalesforceAPI, salesforce: Any) -> None:
    api.start_session()
    for ask in (lambda: api.query(QUERY), lambda: api.create_operation_job("query", "Account")):
        salesforce.sessions.clear()
        assert ask()


def test_a_wrong_password_says_so_and_not_which(salesforce: Any) -> None:
    with pytest.raises(SalesforceError, match=r"signing in failed: INVALID_LOGIN: Invalid username$") as error:
        SalesforceAPI("me", "<wrong>&", "the-security-token").query(QUERY)
    assert "[salesforce]" in error.value.hint
    assert "wrong" not in str(error.value)


def test_later_versions_sign_in_by_the_last_one_that_can(salesforce: Any) -> None:
    class Later(SalesforceAPI):
        API_VERSION = 66.0

    Later("me", "the-password", "the-security-token").query(QUERY)
    assert [path for _, path, _ in salesforce.calls][:2] == [
        "/services/Soap/u/64.0",
        "/services/data/v66.0/query?q=SELECT+Id+FROM+Account",
    ]


def test_secrets_are_in_no_repr(api: SalesforceAPI) -> None:
    api.start_session()
    for shown in (repr(api), repr(Section())):
        assert "the-" not in shown


def test_a_service_that_is_away_says_where_it_is_configured(monkeypatch: pytest.MonkeyPatch, salesforce: Any) -> None:
    salesforce.stop()
    with pytest.raises(ConnectionError, match="Salesforce does not answer") as error:
        SalesforceAPI("me", "the-password", "the-security-token").query(QUERY)
    assert "login_url" in error.value.hint  # type: ignore[attr-defined]


def test_all_pages_of_a_query_are_one_answer(api: SalesforceAPI) -> None:
    first = api.query(QUERY)
    assert not first["done"]
    assert api.query_more("01g-2")["records"] == [{"Id": "2"}]
    assert api.query_more(first["nextRecordsUrl"], identifier_is_url=True)["records"] == [{"Id": "2"}]
    assert api.query_all(QUERY) == {
        "records": [{"Id": "1"}, {"Id": "2"}, {"Id": "3"}],
        "totalSize": 3,
        "done": True,
    }


def test_what_goes_to_requests_goes_there(api: SalesforceAPI, salesforce: Any) -> None:
    api.query(QUERY, params={"x": "1"}, headers={"Sforce-Query-Options": "batchSize=200"}, timeout=5)
    assert "x=1" in salesforce.calls[-1][1]
    assert salesforce.headers[-1]["sforce-query-options"] == "batchSize=200"


def test_other_paths_can_be_asked_for(api: SalesforceAPI) -> None:
    for path in ("sobjects/Account", "/sobjects/Account"):
        assert api.restful(path, {"p": "1"}) == {"name": "Account", "given": {"p": ["1"]}}


def test_a_query_that_is_refused_says_why(api: SalesforceAPI) -> None:
    with pytest.raises(SalesforceError, match="the query failed: MALFORMED_QUERY unexpected token: nonsense") as error:
        api.query("nonsense")
    assert error.value.code == "MALFORMED_QUERY"


def test_a_bulk_query_step_by_step(api: SalesforceAPI, salesforce: Any) -> None:
    job = api.create_operation_job("query", "Account", content_type="CSV")
    batch = api.create_batch(job, QUERY, "csv")
    status = api.block_on_batch(job, batch, sleep_time_seconds=0)
    assert status == {"state": "Completed", "num_processed": "2", "num_failed": "0", "state_message": ""}
    first, second = api.get_batch_result_ids(job, batch)
    with pytest.deprecated_call():
        assert api.get_batch_results(job, batch) == first
    assert api.get_batch_result(job, batch, second) == salesforce.results["CSV"][1].encode()
    assert b"<state>Open</state>" in api.get_job_details(job).content
    api.close_job(job)
    assert salesforce.jobs[job]["state"] == "Closed"
    api.abort_job(job)
    assert salesforce.jobs[job]["state"] == "Aborted"


def test_a_batch_is_waited_for_only_so_long(api: SalesforceAPI) -> None:
    job = api.create_operation_job("query", "Account", content_type="CSV")
    batch = api.create_batch(job, "SELECT Id FROM Endless", "CSV")
    with pytest.raises(KernelError, match=r"did not complete in 0\.05 seconds.*InProgress"):
        api.block_on_batch(job, batch, 0.01, 0.05)


def test_what_a_job_is_told_is_escaped(api: SalesforceAPI, salesforce: Any) -> None:
    job = api.create_operation_job("upsert", "A<b>&c", external_id_field_name='"x"__c')
    assert salesforce.jobs[job]["object"] == "A<b>&c"
    assert salesforce.jobs[job]["externalIdFieldName"] == '"x"__c'
    (said,) = [ElementTree.fromstring(body) for _, path, body in salesforce.calls if path.endswith("/job")]
    assert not [element for element in said if "contentType" in element.tag]  # Luigi said None


def test_json_needs_a_later_version_than_luigis(api: SalesforceAPI) -> None:
    with pytest.raises(KernelError, match=r"version 34\.0 .* has no JSON") as error:
        api.create_operation_job("query", "Account", content_type="JSON")
    assert "36.0" in error.value.hint


def test_a_job_that_is_refused_says_why(api: SalesforceAPI) -> None:
    job = api.create_operation_job("query", "Account", content_type="CSV")
    with pytest.raises(SalesforceError, match="InvalidBatch a batch of CSV came as application/xml"):
        api.create_batch(job, QUERY, "xml")


def test_without_the_package_it_says_which_extra_brings_it(api: SalesforceAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "requests", None)
    with pytest.raises(MissingExtra) as error:
        api.query(QUERY)
    assert "luigi-kernel[salesforce]" in error.value.hint


def test_an_unknown_content_says_what_there_is(api: SalesforceAPI) -> None:
    with pytest.raises(KernelError, match="'tsv' is no content of a batch") as error:
        api.create_batch("750", QUERY, "tsv")
    assert "csv, xml, json" in error.value.hint
