"""What operators look at and order: the same API as the page's, `/api/v1/…`, by the resource.

Somebody waits in front of it: each call is tried once, and what has gone wrong is said at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from luigi.rpc.v1 import AS_JSON, V1

MOST_ROWS: Final = 100
"""Rows in one page at most."""


class OperatorLine(V1):
    """Speaks to `servers` for an operator. Its methods raise what those of V1 do."""

    @property
    def address(self) -> str:
        """The URL of the server that answered last, without credentials."""
        return self._servers.address

    def look(self, *steps: str, **query: Any) -> dict[str, Any]:
        """What is at the path of these `steps`. Of `query`, what is empty is not said."""
        said = {name: value for name, value in query.items() if value not in ("", None)}
        path = "/".join(quote(step, safe="", errors="replace") for step in steps)
        return self._sent("GET", f"{path}?{urlencode(said, errors='replace')}" if said else path)

    def pages(self, kind: str, *steps: str, most: int | None = None, **query: Any) -> Iterator[dict[str, Any]]:
        """The rows of a list, which answers have under the name `kind`: `most` of them, or all."""
        left, cursor = most, ""
        while left is None or left > 0:
            limit = MOST_ROWS if left is None else min(left, MOST_ROWS)
            page = self.look(*steps, limit=limit, cursor=cursor, **query)
            yield from page[kind]
            left = None if left is None else left - len(page[kind])
            cursor = page["next"]
            if cursor is None:
                break

    def order(self, *steps: str, method: str = "POST", **body: Any) -> dict[str, Any]:
        """Order what the path of these `steps` stands for."""
        path = "/".join(quote(step, safe="", errors="replace") for step in steps)
        return self._sent(method, path, body)

    def once(self, *steps: str, **body: Any) -> dict[str, Any]:
        """As `order`, where it would do more if it arrived twice."""
        self._servers.close()  # on a connection that the server had given up it would be said again
        return self.order(*steps, **body)

    def _sent(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        from luigi.rpc.transport import JSON

        said = AS_JSON.encode(body).encode(errors="replace") if body is not None else b""
        verb = path.partition("?")[0]
        return self._read(verb, self._servers.ask(method, f"api/v1/{path}", said, JSON, attempts=1))
