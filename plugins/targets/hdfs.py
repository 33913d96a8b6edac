"""Targets in HDFS by URL: `hdfs:` by the client that is configured, `webhdfs:` over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from luigi.hookspecs import Provider, hookimpl

if TYPE_CHECKING:
    from luigi.contrib.hdfs import HdfsTarget
    from luigi.contrib.webhdfs import WebHdfsTarget

SECTIONS = ("hadoop", "hadoopcli", "hdfs", "webhdfs")
"""Where it is configured."""


@hookimpl
def luigi_targets() -> Iterator[Provider]:
    """Both in the terms of the sections that Luigi has."""
    from luigi.contrib.hdfs.config import hdfs
    from luigi.contrib.hdfs.webhdfs_connection import webhdfs

    yield Provider(
        "hdfs",
        open_hdfs,
        "a file or directory of HDFS, by the `hadoop` command or over HTTP",
        settings=hdfs,
        check=check_hdfs,
    )
    yield Provider(
        "webhdfs",
        open_webhdfs,
        "a file of HDFS, over HTTP",
        settings=webhdfs,
        extra="hdfs",
        needs=("hdfs",),
        check=check_webhdfs,
    )


def open_hdfs(url: str, settings: Any, **keywords: Any) -> HdfsTarget:
    """`hdfs://namenode:8020/path`; `hdfs:///path` is on the default file system.

    Over HTTP the namenode is the configured one, and that of the URL where none is configured.
    """
    from luigi.contrib.hdfs import HdfsTarget, WebHdfsClient

    parts = urlsplit(url)
    if settings.client == "webhdfs" and not settings.namenode_host and parts.hostname:
        keywords.setdefault("fs", WebHdfsClient(host=parts.hostname))
    return HdfsTarget(url if parts.netloc else _path(url), **keywords)


def open_webhdfs(url: str, settings: Any, **keywords: Any) -> WebHdfsTarget:
    """`webhdfs://user@namenode:9870/path`, of which what is left out comes from the configuration."""
    from luigi.contrib.webhdfs import WebHdfsClient, WebHdfsTarget

    parts = urlsplit(url)
    if parts.netloc:
        client = WebHdfsClient(host=parts.hostname, port=parts.port, user=parts.username)
        keywords.setdefault("client", client)
    return WebHdfsTarget(_path(url), **keywords)


def check_hdfs(settings: Any) -> str:
    """Whether the client answers, if one is configured, or there is the `hadoop` command."""
    from shutil import which

    from luigi.configuration import get_config
    from luigi.contrib.hdfs.clients import get_autoconfig_client

    if not {*SECTIONS} & {*get_config().sections()} and which("hadoop") is None:
        return "not tried: there is no program hadoop, and nothing is configured"
    get_autoconfig_client().exists("/")
    return f"{settings.client} answers"


def check_webhdfs(settings: Any) -> str | None:
    """Whether the configured namenode answers; nothing where none is configured."""
    from luigi.contrib.hdfs.config import hdfs
    from luigi.contrib.hdfs.webhdfs_client import WebHdfsClient

    if not hdfs().namenode_host:
        return None
    client = WebHdfsClient()
    client.exists("/")
    return f"{client.url} answers"


def _path(url: str) -> str:
    """What stands after scheme and host; of `hdfs:a` too."""
    rest = url.partition(":")[2]
    return rest if not rest.startswith("//") else "/" + rest[2:].partition("/")[2]
