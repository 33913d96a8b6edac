"""What pymongo raises, said in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from luigi.contrib._stores.errors import StoreAway, StoreError, StoreRefused, one_line
from luigi.extras import need

NOT_ALLOWED = frozenset({13, 18, 8000})
"""The server's codes for: unauthorized, authentication failed, and Atlas's own for both."""


@contextmanager
def answering(place: object) -> Iterator[None]:
    """Turn errors of the client into StoreAway, StoreRefused and StoreError."""
    errors = need("pymongo.errors", "mongodb", "luigi.contrib.mongodb")
    try:
        yield
    except errors.ConnectionFailure as error:
        raise StoreAway(place, str(error).partition(", Topology Description")[0]) from error
    except errors.OperationFailure as error:
        if error.code in NOT_ALLOWED:
            raise StoreRefused(place, _said(error)) from error
        raise StoreError(f"{place}: {one_line(_said(error))}") from error
    except errors.PyMongoError as error:
        raise StoreError(f"{place}: {one_line(error)}") from error


def _said(error: Any) -> str:
    """The sentence of the server, without the documents that it was about."""
    details = error.details or {}
    first = (details.get("writeErrors") or [details])[0]
    return str(first.get("errmsg") or error)
