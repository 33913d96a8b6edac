"""What a query asks for, and rows of what comes."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.contrib.salesforce import NoQuery, ensure_utf, get_soql_fields, parse_results


@pytest.mark.parametrize(
    ("soql", "fields"),
    [
        ("SELECT Id FROM Account", ["Id"]),
        ("select Id,Name , Owner.Name\n\tfrom Account where x = 'a, from b'", ["Id", "Name", "Owner.Name"]),
        ("SELECT Fromage__c, Id FROM Account", ["Fromage__c", "Id"]),
        ("SELECT a.Id, a.Owner.Name, Account.Name FROM Account a", ["Id", "Owner.Name", "Name"]),
        ("SELECT a.Id FROM Account AS a", ["Id"]),
        ("SELECT Id, (SELECT LastName, FirstName FROM Contacts) FROM Account", ["Id", "Contacts"]),
        ("SELECT toLabel(Status), FORMAT(Amount) shown FROM Case", ["Status", "shown"]),
        (
            "SELECT MAX(Amount) most, COUNT(Id), Name, MIN(Amount) FROM O GROUP BY Name",
            ["most", "expr0", "Name", "expr1"],
        ),
        ("SELECT TYPEOF What WHEN Account THEN Phone ELSE Name END FROM Event", ["What"]),
    ],
)
def test_the_fields_of_a_query(soql: str, fields: list[str]) -> None:
    assert get_soql_fields(soql) == fields


@pytest.mark.parametrize(
    "soql",
    [
        "",
        "nothing",
        "SELECT",
        "SELECT Id",
        "SELECT Id FROM",
        "DELETE FROM Account",
        "SELECT (SELECT x) FROM A",
        "SELECT , FROM A",
    ],
)
def test_what_is_no_query_says_so(soql: str) -> None:
    with pytest.raises(NoQuery, match="is no query"):
        get_soql_fields(soql)


def test_rows_of_records() -> None:
    records: list[dict[str, Any]] = [
        {"Id": "1", "Owner": {"Name": "Zoë", "attributes": {}}, "Open": True},
        {"Id": "2", "Owner": None},
    ]
    rows = parse_results(["id", "Owner.Name", "Open"], {"records": records})
    assert rows == [["1", "Zoë", True], ["2", None, None]]
    assert parse_results([], {"records": []}) == []


def test_only_text_is_encoded() -> None:
    assert [ensure_utf(value) for value in ("é", b"x", None, 3)] == [b"\xc3\xa9", b"x", None, 3]
