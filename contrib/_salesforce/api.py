"""SalesforceAPI: queries and other calls of the REST interface, beside the bulk interface."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from luigi.contrib._salesforce.bulk import BulkConnection


class SalesforceAPI(BulkConnection):
    """Salesforce, as a user. Methods sign in when that was not done, and raise SalesforceError, and ServiceAway.

    `sandbox_name` is of the sandbox to work in, and `sb_token` the security token for it. `kwargs` of methods go to
    the library requests.
    """

    def query(self, query: str, **kwargs: Any) -> dict[str, Any]:
        """The first records that SOQL asks for, and where there are more, in Salesforce's own form."""
        params = {**kwargs.pop("params", {}), "q": query}
        return self._json("the query", self._data("query"), params=params, **kwargs)

    def query_more(
        self, next_records_identifier: str, identifier_is_url: bool = False, **kwargs: Any
    ) -> dict[str, Any]:
        """More of them: by the id at the end of `nextRecordsUrl`, or by all of that."""
        path = urlsplit(next_records_identifier).path if identifier_is_url else ""
        return self._json("the query", path or self._data(f"query/{next_records_identifier}"), **kwargs)

    def query_all(self, query: str, **kwargs: Any) -> dict[str, Any]:
        """All of them, in one answer."""
        answer = self.query(query, **kwargs)
        records = list(answer["records"])
        while not answer["done"]:
            answer = self.query_more(answer["nextRecordsUrl"], identifier_is_url=True)
            records += answer["records"]
        return {"records": records, "totalSize": answer.get("totalSize", len(records)), "done": True}

    def restful(self, path: str, params: dict[str, Any]) -> Any:
        """What is at a path of the REST interface, such as `sobjects/User/ABC123`; None for an empty answer."""
        answer = self._ask(f"asking for {path}", "GET", self._data(path.lstrip("/")), params=params)
        return answer.json() if answer.content else None

    def _json(self, what: str, path: str, **more: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._ask(what, "GET", path, **more).json()
        return found

    def _data(self, path: str) -> str:
        return f"/services/data/v{self.API_VERSION}/{path}"
