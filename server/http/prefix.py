"""A server below a path: who asks for `/luigi` is led to `/luigi/`, or every link of its page would lead beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def with_a_slash(application: Application) -> Application:
    """The application, but for its own path without the slash at the end."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        prefix = environ["SCRIPT_NAME"]
        if environ["PATH_INFO"] or not prefix:
            return application(environ, start_response)
        # Relative, because a proxy may put anything before our paths.
        way = f"./{quote(prefix.rpartition('/')[2])}/"
        query = environ["QUERY_STRING"]
        headers = [("Location", f"{way}?{query}" if query else way), ("Content-Length", "0")]
        start_response("308 Permanent Redirect", headers)
        return []

    return answer
