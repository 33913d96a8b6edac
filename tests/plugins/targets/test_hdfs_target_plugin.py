"""HDFS by URL: which target comes of which URL. tests/contrib/hdfs has them read and written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from luigi.configuration import LuigiConfigParser
from luigi.contrib.hdfs import HdfsTarget
from luigi.contrib.hdfs import clients as hdfs_clients
from luigi.contrib.webhdfs import WebHdfsTarget
from luigi.format import Gzip
from luigi.plugin_manager import PluginManager
from luigi.plugins.targets import hdfs
from luigi.testing.contracts import PluginContract


class TestHdfsTargetPluginContract(PluginContract):
    plugin = hdfs


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    config = LuigiConfigParser()
    monkeypatch.setattr(LuigiConfigParser, "_instance", config)
    vars(hdfs_clients._AUTOCONFIG_CLIENT).clear()
    return config.read_string


@pytest.fixture
def open_target(configured: Any) -> Callable[..., Any]:
    manager = PluginManager()
    manager.register(hdfs, "hdfs")
    return lambda url, **keywords: manager.make("targets", url.partition(":")[0], url, **keywords)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("hdfs:///data/a", "/data/a"),
        ("hdfs:/data/a", "/data/a"),
        ("hdfs:a", "a"),
        ("hdfs://namenode:8020/data/a", "hdfs://namenode:8020/data/a"),
    ],
)
def test_hdfs_urls(open_target: Callable[..., Any], url: str, path: str) -> None:
    target = open_target(url, format=Gzip)
    assert type(target) is HdfsTarget
    assert target.path == path


def test_hdfs_urls_name_the_namenode_where_none_is_configured(
    open_target: Callable[..., Any], configured: Callable[[str], None]
) -> None:
    configured("[hdfs]\nclient = webhdfs\n[webhdfs]\nport = 9870")
    assert open_target("hdfs://one:8020/a").fs.url == "http://one:9870"
    configured("[hdfs]\nnamenode_host = two")
    assert open_target("hdfs://cluster/a").fs.url == "http://two:9870"


def test_webhdfs_urls(open_target: Callable[..., Any], configured: Callable[[str], None]) -> None:
    target = open_target("webhdfs://me@namenode:9870/data/a", format=Gzip)
    assert type(target) is WebHdfsTarget
    assert (target.path, target.format, target.fs.url, target.fs.user) == (
        "/data/a",
        Gzip,
        "http://namenode:9870",
        "me",
    )
    configured("[hdfs]\nnamenode_host = there")
    target = open_target("webhdfs:///data/b")
    assert (target.path, target.fs.url) == ("/data/b", "http://there:50070")


def test_the_check_says_that_the_command_is_missing(configured: Callable[[str], None], tmp_path: Path) -> None:
    configured(f"[hadoopcli]\ncommand = {tmp_path}/hadoop")
    with pytest.raises(FileNotFoundError, match="hadoop"):
        hdfs.check_hdfs(hdfs_clients)


def test_the_check_tries_nothing_where_there_is_nothing(
    configured: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured("")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert hdfs.check_hdfs(None).startswith("not tried: there is no program hadoop")


def test_the_check_says_who_answers(configured: Callable[[str], None], tmp_path: Path) -> None:
    command = tmp_path / "hadoop"
    command.write_text("#!/bin/sh\nexit 0\n")
    command.chmod(0o755)
    configured(f"[hadoopcli]\ncommand = {command}")
    manager = PluginManager()
    manager.register(hdfs, "hdfs")
    provider = manager.providers("targets")["hdfs"]
    assert provider.check is not None
    assert provider.check(provider.settings()) == "hadoopcli answers"


def test_the_check_asks_no_namenode_that_is_not_configured(configured: Callable[[str], None]) -> None:
    assert hdfs.check_webhdfs(None) is None
