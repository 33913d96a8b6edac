"""Targets in stores by URL, with real servers."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from luigi.plugin_manager import PluginManager
from luigi.plugins.targets import elasticsearch, mongodb, redis


@pytest.fixture
def open_target(luigi_config: Any) -> Callable[..., Any]:
    manager = PluginManager()
    for plugin in (redis, mongodb, elasticsearch):
        manager.register(plugin, plugin.__name__)
    return lambda url, **keywords: manager.make("targets", url.partition(":")[0], url, **keywords)


@pytest.mark.service("redis")
def test_redis(open_target: Callable[..., Any], redis_service: int, redis_client: Any, luigi_config: Any) -> None:
    redis_client.acl_setuser("loader", enabled=True, passwords=["+right"], keys=["*"], commands=["+@all"])
    luigi_config("redis", password="right")
    target = open_target(f"redis://loader@127.0.0.1:{redis_service}/1?update_id=orders")
    assert not target.exists()
    target.touch()
    assert open_target(f"redis://loader@127.0.0.1:{redis_service}/1?update_id=orders").exists()


@pytest.mark.service("mongodb")
def test_mongodb(open_target: Callable[..., Any], mongodb_service: int, collection: str) -> None:
    url = f"mongodb://127.0.0.1:{mongodb_service}/tests?collection={collection}"
    cell = open_target(f"{url}&document=2026&path=totals.sum&appName=orders")
    assert not cell.exists()
    assert not open_target(url).exists()
    cell.write(5)
    assert open_target(f"{url}&document=2026&path=totals.sum").read() == 5
    assert open_target(url).exists()
    assert open_target(f"{url}&count=1").exists()
    assert not open_target(f"{url}&count=2").exists()


@pytest.mark.service("mongodb")
def test_a_child_has_a_client_of_its_own(open_target: Callable[..., Any], mongodb_service: int) -> None:
    url = f"mongodb://127.0.0.1:{mongodb_service}/admin?collection=none"
    assert not open_target(url).exists()
    child = os.fork()
    if not child:
        os._exit(5 if open_target(url).exists() is False else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 5


@pytest.mark.service("elasticsearch")
def test_elasticsearch(
    open_target: Callable[..., Any], elasticsearch_service: int, elastic_client: Any, elastic_options: Any
) -> None:
    url = f"elasticsearch://127.0.0.1:{elasticsearch_service}/orders?update_id=2026"
    target = open_target(url, extra_elasticsearch_args=elastic_options)
    assert not target.exists()
    target.touch()
    assert open_target(url, extra_elasticsearch_args=elastic_options).exists()
