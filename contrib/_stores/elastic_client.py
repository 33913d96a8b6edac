"""The client of Elasticsearch: made once for a process and a server, its errors said in our words."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

from luigi.contrib._stores.errors import StoreAway, StoreError, StoreRefused, one_line
from luigi.extras import need

EXTRA = "elasticsearch"
WHO = "luigi.contrib.esindex"

RETRIES = 3
OVERLOADED = frozenset({429, 502, 503, 504})

Node = tuple[tuple[str, Any], ...]


class WrongArguments(StoreError, TypeError):
    """The client does not take an argument."""


def client(host: str, port: int, http_auth: Any, timeout: float, more: Mapping[str, Any]) -> Any:
    """An `elasticsearch.Elasticsearch`. `more` are its arguments, or `use_ssl` and `url_prefix` of older ones.

    Raises WrongArguments and MissingExtra.
    """
    options = dict(more)
    address, node = _place(host, port, options)
    given: dict[str, Any] = {"request_timeout": timeout, "max_retries": RETRIES, "retry_on_timeout": True}
    if http_auth or address.username:
        given["basic_auth"] = _pair(http_auth) if http_auth else (address.username, address.password or "")
    try:
        return _made(os.getpid(), node, tuple({**given, **options}.items()))
    except TypeError:  # some value cannot be remembered, or the client does not know an argument
        return _new(node, {**given, **options})


def _place(host: str, port: int, options: dict[str, Any]) -> tuple[SplitResult, Node]:
    """Where the server is, as an address and in the client's words; what says so is taken out of `options`."""
    prefix, is_secure = options.pop("url_prefix", ""), options.pop("use_ssl", False)
    address = urlsplit(host if "://" in host else f"{'https' if is_secure else 'http'}://{host}")
    place = {"host": address.hostname, "port": address.port or port, "scheme": address.scheme}
    return address, tuple({**place, "path_prefix": address.path or f"/{prefix}".rstrip("/")}.items())


def _pair(http_auth: str | Sequence[str]) -> tuple[str, ...]:
    return tuple(http_auth.split(":", 1) if isinstance(http_auth, str) else http_auth)


@lru_cache(maxsize=64)
def _made(process: int, node: Node, options: tuple[tuple[str, Any], ...]) -> Any:
    """`process` asks: a child that shared its parent's sockets would read its answers."""
    return need("elasticsearch", EXTRA, WHO).Elasticsearch([dict(node)], **dict(options))


def _new(node: Node, options: Mapping[str, Any]) -> Any:
    try:
        return need("elasticsearch", EXTRA, WHO).Elasticsearch([dict(node)], **options)
    except TypeError as error:
        hint = "see extra_elasticsearch_args: they are arguments of elasticsearch.Elasticsearch"
        raise WrongArguments(one_line(error), hint=hint) from error


@contextmanager
def answering(place: object) -> Iterator[None]:
    """Turn errors of the client into StoreAway, StoreRefused and StoreError."""
    errors = need("elasticsearch", EXTRA, WHO)
    try:
        yield
    except (errors.AuthenticationException, errors.AuthorizationException) as error:
        raise StoreRefused(place, error) from error
    except errors.TransportError as error:
        raise StoreAway(place, error) from error
    except errors.ApiError as error:
        if error.status_code in OVERLOADED:
            raise StoreAway(place, error) from error
        raise StoreError(f"{place}: {one_line(error)}", hint=_hint(error)) from error


def _hint(error: Any) -> str:
    """What to do where the server does not read what the client sends: to HEAD it says but that it is wrong."""
    if error.status_code == 406 or "media_type" in str(error) or (error.status_code == 400 and not error.body):
        return "the client may be newer than the server: install elasticsearch of the server's major version"
    return ""
