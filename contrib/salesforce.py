"""Salesforce: a client of its interfaces, and a task that writes what a query finds.

    class Accounts(QuerySalesforce):
        object_name = "Account"
        soql = "SELECT Id, Name FROM Account"

        def output(self):
            return luigi.LocalTarget("accounts.csv")

`pip install "luigi-kernel[salesforce]"` brings what they need. The section `[salesforce]` says who asks.
"""

from __future__ import annotations

from luigi.contrib._salesforce.api import SalesforceAPI
from luigi.contrib._salesforce.errors import NotMerged, SalesforceError, SandboxWithoutName
from luigi.contrib._salesforce.settings import salesforce
from luigi.contrib._salesforce.soql import NoQuery, ensure_utf, get_soql_fields, parse_results
from luigi.contrib._salesforce.task import QuerySalesforce

__all__ = [
    "NoQuery",
    "NotMerged",
    "QuerySalesforce",
    "SalesforceAPI",
    "SalesforceError",
    "SandboxWithoutName",
    "ensure_utf",
    "get_soql_fields",
    "parse_results",
    "salesforce",
]
