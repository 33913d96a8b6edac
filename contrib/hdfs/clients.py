"""The client that the configuration names, and its commonest verbs as functions."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from luigi.contrib.hdfs.abstract_client import HdfsFileSystem
from luigi.contrib.hdfs.config import get_configured_hdfs_client
from luigi.contrib.hdfs.error import UnknownClient
from luigi.contrib.hdfs.hadoopcli_clients import create_hadoopcli_client
from luigi.contrib.hdfs.webhdfs_client import WebHdfsClient

__all__ = ["exists", "get_autoconfig_client", "listdir", "mkdir", "remove", "rename"]

_AUTOCONFIG_CLIENT = threading.local()


def get_autoconfig_client(client_cache: Any = _AUTOCONFIG_CLIENT) -> HdfsFileSystem:
    """The client that `[hdfs] client` names: one for each thread, kept in `client_cache`.

    Raises UnknownClient when there is none of that name.
    """
    try:
        return client_cache.client  # type: ignore[no-any-return]
    except AttributeError:
        client_cache.client = _configured_client()
        return client_cache.client  # type: ignore[no-any-return]


def _configured_client() -> HdfsFileSystem:
    name = get_configured_hdfs_client()
    if name == "webhdfs":
        return WebHdfsClient()
    if name == "hadoopcli":
        return create_hadoopcli_client()
    hint = "snakebite works with Python 2 only" if name.startswith("snakebite") else ""
    raise UnknownClient(f"[hdfs] client = {name}: there are hadoopcli and webhdfs", hint=hint)


def _with_ac(method_name: str) -> Callable[..., Any]:
    def of_configured_client(*args: Any, **kwargs: Any) -> Any:
        return getattr(get_autoconfig_client(), method_name)(*args, **kwargs)

    of_configured_client.__name__ = of_configured_client.__qualname__ = method_name
    of_configured_client.__doc__ = f"`{method_name}` of the configured client."
    return of_configured_client


exists = _with_ac("exists")
rename = _with_ac("rename")
remove = _with_ac("remove")
mkdir = _with_ac("mkdir")
listdir = _with_ac("listdir")
