"""What follows from [hdfs] and [hadoop]: the command, the client, temporary paths."""

from __future__ import annotations

import getpass
import tempfile
import threading
from collections.abc import Callable
from typing import Any

import pytest

from luigi.contrib import hdfs
from luigi.contrib.hdfs.error import UnknownClient

ME = getpass.getuser()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (None, f"/tmp/{ME}/luigitemp-"),
        ("/a/b", f"/tmp/{ME}/a/b-luigitemp-"),
        ("a/b", f"/tmp/{ME}/a/b-luigitemp-"),
        ("/a/b/", f"/tmp/{ME}/a/b-luigitemp-"),
        ("/tmp/x", f"/tmp/{ME}/x-luigitemp-"),
        ("/tmpx/y", f"/tmp/{ME}/tmpx/y-luigitemp-"),
        ("hdfs://nn:90/a", f"hdfs://nn:90/tmp/{ME}/a-luigitemp-"),
        ("hdfs://nn/tmp/x", f"hdfs://nn/tmp/{ME}/tmp/x-luigitemp-"),
        ("s3n://bucket/a", f"s3n://bucket/tmp/{ME}/a-luigitemp-"),
        ("file:///a/b", f"file:///tmp/{ME}/a/b-luigitemp-"),
        ("hdfs:/a", f"hdfs:/tmp/{ME}/a-luigitemp-"),
    ],
)
def test_temporary_paths(path: str | None, expected: str, configured: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/tmp")
    first, second = hdfs.tmppath(path), hdfs.tmppath(path)
    assert first != second
    assert first.startswith(expected)
    assert first.removeprefix(expected).isdigit()


def test_temporary_paths_without_a_user(configured: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/tmp")
    assert hdfs.tmppath("/a/b", False).startswith("/tmp/a/b-luigitemp-")
    assert hdfs.tmppath(None, False).startswith("/tmp/luigitemp-")


@pytest.mark.parametrize(
    ("folder", "path", "expected"),
    [
        ("/var/tmp", "/a", f"/var/tmp/{ME}/a-luigitemp-"),
        ("/var/tmp/", "/a", f"/var/tmp/{ME}/a-luigitemp-"),
        ("/var/tmp", "hdfs://nn/a", f"hdfs://nn/var/tmp/{ME}/a-luigitemp-"),
        ("hdfs://two/var", "hdfs://nn/a", f"hdfs://two/var/{ME}/a-luigitemp-"),
    ],
)
def test_temporary_paths_where_configured(
    folder: str, path: str, expected: str, configured: Callable[..., None]
) -> None:
    configured("hdfs", tmp_dir=folder)
    assert hdfs.tmppath(path).startswith(expected)


@pytest.mark.parametrize("section", ["hadoop", "hadoopcli"])
def test_the_command_may_have_options(section: str, configured: Callable[..., None]) -> None:
    assert hdfs.load_hadoop_cmd() == ["hadoop"]
    configured(section, command="'/opt/my hadoop' --config /etc/x")
    assert hdfs.load_hadoop_cmd() == ["/opt/my hadoop", "--config", "/etc/x"]


@pytest.mark.parametrize(
    ("version", "kind"),
    [("cdh4", hdfs.HdfsClient), ("CDH3", hdfs.HdfsClientCdh3), ("Apache1", hdfs.HdfsClientApache1)],
)
def test_a_version_has_its_client(version: str, kind: type, configured: Callable[..., None]) -> None:
    configured("hadoopcli", version=version)
    assert hdfs.get_configured_hadoop_version() == version.lower()
    assert type(hdfs.create_hadoopcli_client()) is kind


def test_an_unknown_version_is_named(configured: Callable[..., None]) -> None:
    configured("hadoopcli", version="cdh5")
    with pytest.raises(UnknownClient, match="cdh5.*cdh4"):
        hdfs.create_hadoopcli_client()


def test_the_configured_client_is_kept_for_a_thread(configured: Callable[..., None]) -> None:
    assert type(hdfs.get_autoconfig_client()) is hdfs.HdfsClient
    configured("hdfs", client="webhdfs", namenode_host="nn")
    assert type(hdfs.get_autoconfig_client()) is hdfs.HdfsClient
    mine = threading.local()
    client = hdfs.get_autoconfig_client(mine)
    assert type(client) is hdfs.WebHdfsClient
    assert hdfs.get_autoconfig_client(client_cache=mine) is client


@pytest.mark.parametrize(("name", "hint"), [("snakebite", "Python 2"), ("other", "")])
def test_an_unknown_client_is_named(name: str, hint: str, configured: Callable[..., None]) -> None:
    configured("hdfs", client=name)
    with pytest.raises(UnknownClient, match=f"{name}.*hadoopcli and webhdfs") as caught:
        hdfs.get_autoconfig_client()
    assert hint in caught.value.hint
