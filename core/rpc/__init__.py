"""The scheduler over HTTP: the four verbs, for the kernel's own server and for Luigi's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from luigi.rpc.failures import RPCError, SchedulerAway
from luigi.rpc.scheduler import RemoteScheduler

if TYPE_CHECKING:
    from luigi.rpc.fetchers import RequestsFetcher, URLLibFetcher

    HAS_REQUESTS: bool
    HAS_UNIX_SOCKET: bool

__all__ = [
    "HAS_REQUESTS",
    "HAS_UNIX_SOCKET",
    "RPCError",
    "RemoteScheduler",
    "RequestsFetcher",
    "SchedulerAway",
    "URLLibFetcher",
]


def __getattr__(name: str) -> Any:
    """Names that only programs written for Luigi use."""
    if name in ("RequestsFetcher", "URLLibFetcher"):
        from luigi.rpc import fetchers

        return getattr(fetchers, name)
    if name == "HAS_REQUESTS":
        from importlib.util import find_spec

        return find_spec("requests") is not None
    if name == "HAS_UNIX_SOCKET":
        import socket

        return hasattr(socket, "AF_UNIX")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
