"""Redis, MongoDB and Elasticsearch by URL: which target comes of which. tests/contrib/stores has them with servers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from luigi.contrib._stores.addresses import NoAddress
from luigi.contrib.esindex import ElasticsearchTarget
from luigi.contrib.mongodb import MongoCellTarget, MongoCollectionTarget, MongoCountTarget
from luigi.errors import ConfigurationError
from luigi.plugin_manager import PluginManager
from luigi.plugins.targets import elasticsearch, mongodb, redis
from luigi.testing.contracts import PluginContract


class TestRedisTargetPluginContract(PluginContract):
    plugin = redis


class TestMongodbTargetPluginContract(PluginContract):
    plugin = mongodb


class TestElasticsearchTargetPluginContract(PluginContract):
    plugin = elasticsearch


@pytest.fixture
def open_target(luigi_config: Any) -> Callable[..., Any]:
    manager = PluginManager()
    for plugin in (redis, mongodb, elasticsearch):
        manager.register(plugin, plugin.__name__)
    return lambda url, **keywords: manager.make("targets", url.partition(":")[0], url, **keywords)


def test_redis_urls(open_target: Callable[..., Any], luigi_config: Any) -> None:
    luigi_config("redis", marker_prefix="marks", password="s3cret", socket_timeout=3)
    target = open_target("rediss://loader@host/2?update_id=a%20b&expire=60", client_name="us")
    assert (target.host, target.port, target.db, target.expire) == ("host", 6379, 2, 60)
    assert (target.password, target.socket_timeout) == ("s3cret", 3.0)
    assert target.options == {"ssl": True, "username": "loader", "client_name": "us"}
    assert target.marker_key() == "marks:a b"
    plain = open_target("redis://[::1]:7000?update_id=a")
    assert (plain.host, plain.port, plain.db, plain.expire, plain.options) == ("::1", 7000, 0, None, {})


def test_elasticsearch_urls(open_target: Callable[..., Any], luigi_config: Any) -> None:
    luigi_config("elasticsearch", password="s3cret", timeout=3)
    target = open_target("elasticsearch+https://loader@host:9243/orders?update_id=one&doc_type=dt")
    assert isinstance(target, ElasticsearchTarget)
    assert (target.host, target.port, target.index, target.doc_type) == ("https://host", 9243, "orders", "dt")
    assert (target.http_auth, target.timeout, target.update_id) == (("loader", "s3cret"), 3.0, "one")
    plain = open_target("elasticsearch://host/orders?update_id=one", marker_index_hist_size=5)
    assert (plain.host, plain.port, plain.doc_type, plain.http_auth) == ("host", 9200, "default", None)
    assert plain.marker_index_hist_size == 5


def test_mongodb_urls(open_target: Callable[..., Any], luigi_config: Any) -> None:
    luigi_config("mongodb", password="s3cret")
    server = "mongodb://loader@one:27017,two:27018/shop"
    cell = open_target(f"{server}?collection=orders&document=2026&path=a.b&authSource=admin")
    assert isinstance(cell, MongoCellTarget)
    assert str(cell) == "shop/orders"
    client = cell.get_index().client
    assert client.options.pool_options._credentials.password == "s3cret"
    assert client.options.pool_options.socket_timeout == 10.0
    collection = open_target(f"{server}?collection=orders&authSource=admin")
    assert isinstance(collection, MongoCollectionTarget)
    assert collection.get_index().client is client, "targets at one server share a client"
    assert isinstance(open_target(f"{server}?collection=orders&count=5"), MongoCountTarget)


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("redis://host/0", "says no update_id"),
        ("redis:///0?update_id=", "says no update_id"),
        ("redis:///0?update_id=a", "says no host"),
        ("redis://host:many/0?update_id=a", "is no host and port"),
        ("redis://host/zero?update_id=a", "whole numbers"),
        ("redis://host/0?update_id=a&expire=soon", "whole numbers"),
        ("redis://host/0?update_id=a&expires=5", "have no option expires"),
        ("mongodb://host/shop", "says no collection"),
        ("mongodb://host?collection=a", "says no database"),
        ("mongodb://host/shop?collection=a&document=1", "does not say what is meant"),
        ("mongodb://host/shop?collection=a&count=many", "does not say what is meant"),
        ("elasticsearch://host/?update_id=a", "says no index"),
        ("elasticsearch://host/orders", "says no update_id"),
        ("elasticsearch://host/orders?update_id=a&id=1", "have no option id"),
    ],
)
def test_a_url_that_says_too_little_is_told(open_target: Callable[..., Any], url: str, complaint: str) -> None:
    with pytest.raises(NoAddress, match=complaint) as caught:
        open_target(url)
    assert caught.value.hint


@pytest.mark.parametrize("url", ["redis://a:s3cret@h/0?update_id=a", "mongodb://a:s3cret@h/b?collection=c"])
def test_a_password_in_a_url_is_refused_and_not_repeated(open_target: Callable[..., Any], url: str) -> None:
    with pytest.raises(NoAddress, match="does not belong in a URL") as caught:
        open_target(url)
    assert "s3cret" not in f"{caught.value} {caught.value.hint}"


def test_a_wrong_section_is_said_when_a_url_is_opened(open_target: Callable[..., Any], luigi_config: Any) -> None:
    luigi_config("redis", socket_timout=5)
    with pytest.raises(ConfigurationError, match="socket_timout") as caught:
        open_target("redis://host/0?update_id=a")
    assert "socket_timeout" in caught.value.hint
