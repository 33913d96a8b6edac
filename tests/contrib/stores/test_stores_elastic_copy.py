"""CopyToIndex, with an emulator of Elasticsearch."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from luigi.contrib._stores.elastic_copy import NothingSaid, NotIndexed
from luigi.contrib.esindex import CopyToIndex
from luigi.testing import run_task

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

pytestmark = pytest.mark.service("elasticsearch")


@pytest.fixture
def copying(elastic_client: Elasticsearch, elasticsearch_service: int, elastic_options: dict[str, Any]) -> Any:
    """Makes a task that loads some documents into the index `orders`."""

    def make(given: Any, **attributes: Any) -> CopyToIndex:
        class CopiesSome(CopyToIndex):
            host = "127.0.0.1"
            port = elasticsearch_service
            index = "orders"
            extra_elasticsearch_args = elastic_options

            def docs(self) -> Any:
                return given() if callable(given) else given

        return type("CopiesSome", (CopiesSome,), attributes)()

    return make


def found(client: Elasticsearch, index: str = "orders") -> list[dict[str, Any]]:
    hits = client.search(index=index, size=10_000)["hits"]["hits"]
    return sorted((hit["_source"] for hit in hits), key=repr)


def test_documents_are_loaded_and_marked(copying: Any, elastic_client: Elasticsearch) -> None:
    task = copying([{"a": "1"}, {"a": "ü\n\t\\"}, {"a": None}])
    assert not task.complete()
    assert run_task(task).complete()
    assert found(elastic_client) == [{"a": "1"}, {"a": "ü\n\t\\"}, {"a": None}]
    assert task.output().update_id == task.task_id


def test_documents_say_what_they_are_called_and_where_they_go(copying: Any, elastic_client: Elasticsearch) -> None:
    documents = [{"_id": 7, "_type": "of-old", "a": 1}, {"_index": "elsewhere", "a": 2}, {"_source": {"a": 3}}]
    before = json.dumps(documents)
    run_task(copying(documents))
    assert elastic_client.get(index="orders", id="7")["_source"] == {"a": 1}
    elastic_client.indices.refresh(index="elsewhere")
    assert found(elastic_client, "elsewhere") == [{"a": 2}]
    assert found(elastic_client) == [{"a": 1}, {"a": 3}]
    assert json.dumps(documents) == before


def test_documents_may_be_json(copying: Any, elastic_client: Elasticsearch) -> None:
    run_task(copying(['{"a": 1}', b'{"a": 2}', {"a": 3}]))
    assert found(elastic_client) == [{"a": 1}, {"a": 2}, {"a": 3}]


def test_nothing_to_load_makes_the_index_and_the_mark(copying: Any, elastic_client: Elasticsearch) -> None:
    task = copying([])
    assert run_task(task).complete()
    assert found(elastic_client) == []


def test_many_documents_come_in_chunks(copying: Any, elastic_client: Elasticsearch) -> None:
    run_task(copying(lambda: ({"a": number} for number in range(1000)), chunk_size=300))
    assert elastic_client.count(index="orders")["count"] == 1000


@pytest.mark.parametrize("keyed", [False, True])
def test_the_index_is_made_as_described(copying: Any, elastic_client: Elasticsearch, keyed: bool) -> None:
    mapping: dict[str, Any] = {"properties": {"a": {"type": "integer"}}}
    settings = {"settings": {"number_of_shards": 1, "number_of_replicas": 0}}
    run_task(copying([{"a": 1}], mapping={"default": mapping} if keyed else mapping, settings=settings))
    made = elastic_client.indices.get(index="orders")["orders"]
    assert made["mappings"] == mapping
    assert made["settings"]["index"]["number_of_replicas"] == "0"


def test_an_index_that_is_there_is_kept_or_purged(copying: Any, elastic_client: Elasticsearch) -> None:
    elastic_client.index(index="orders", document={"a": "old"}, refresh=True)
    run_task(copying([{"a": "new"}], update_id=lambda self: "first"))
    assert found(elastic_client) == [{"a": "new"}, {"a": "old"}]
    run_task(copying([{"a": "newest"}], update_id=lambda self: "second", purge_existing_index=True))
    assert found(elastic_client) == [{"a": "newest"}]


def test_a_load_that_failed_half_way_leaves_nothing_twice(copying: Any, elastic_client: Elasticsearch) -> None:
    def half() -> Iterator[dict[str, int]]:
        yield from ({"a": number} for number in range(10))
        raise ZeroDivisionError

    task = copying(half, chunk_size=5)
    with pytest.raises(ZeroDivisionError):
        task.run()
    assert not task.complete()
    elastic_client.indices.refresh(index="orders")
    assert found(elastic_client), "it is of no use if nothing has been loaded"
    again = copying([{"a": number} for number in range(10)])
    assert again.task_id == task.task_id
    run_task(again)
    assert len(found(elastic_client)) == 10


def test_a_load_leaves_the_settings_of_the_index(copying: Any, elastic_client: Elasticsearch) -> None:
    elastic_client.indices.create(index="orders", settings={"refresh_interval": "30s"})
    run_task(copying([{"a": 1}]))
    assert elastic_client.indices.get(index="orders")["orders"]["settings"]["index"]["refresh_interval"] == "30s"


BAD = {"mapping": {"properties": {"a": {"type": "integer"}}}}


def test_a_document_that_is_refused_fails_the_task(copying: Any) -> None:
    task = copying([{"a": 1}, {"a": "no number"}], **BAD)
    with pytest.raises(NotIndexed, match="failed to parse field") as caught:
        task.run()
    assert "mapping" in caught.value.hint
    assert not task.complete()


def test_or_is_logged(copying: Any, elastic_client: Elasticsearch, caplog: pytest.LogCaptureFixture) -> None:
    task = copying([{"a": "none"}, {"a": 1}, {"a": "either"}], raise_on_error=False, **BAD)
    with caplog.at_level(logging.WARNING, "luigi-interface"):
        task.run()
    assert task.complete()
    assert found(elastic_client) == [{"a": 1}]
    assert "failed to parse field" in caplog.text
    assert "that were refused: 2" in caplog.text


def test_removing_what_is_not_there_is_no_error(copying: Any) -> None:
    task = copying([])
    task.delete_index()
    task.create_index()
    task.create_index()
    task.delete_index()


class NamesNothing(CopyToIndex):
    """Says neither index nor documents."""


def test_a_task_that_says_too_little_is_told() -> None:
    with pytest.raises(NothingSaid, match=r"NamesNothing\(\): no index"):
        NamesNothing().output()
    with pytest.raises(NothingSaid, match="no documents"):
        NamesNothing().docs()
