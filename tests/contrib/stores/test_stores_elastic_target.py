"""ElasticsearchTarget, with an emulator of Elasticsearch; and with what stands in for a server that fails."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest

from luigi.contrib._stores.elastic_client import WrongArguments
from luigi.contrib._stores.errors import StoreAway, StoreError, StoreRefused
from luigi.contrib.esindex import ElasticsearchTarget
from luigi.testing.contracts import TargetContract
from luigi.testing.http_sink import HttpSink

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

service = pytest.mark.service("elasticsearch")

FAST = {"retry_backoff_base": 0.001, "retry_backoff_cap": 0.001}
"""No pause between two tries."""


@pytest.fixture
def marked(elastic_client: Elasticsearch, elasticsearch_service: int, elastic_options: dict[str, Any]) -> Any:
    """Makes targets at the emulator, in which there is none."""
    return lambda *update_id, **more: target_at(
        elasticsearch_service, *update_id, extra_elasticsearch_args=elastic_options, **more
    )


def target_at(port: int, update_id: str = "one", **more: Any) -> ElasticsearchTarget:
    place = more.pop("index", "orders"), more.pop("doc_type", "default")
    return ElasticsearchTarget("127.0.0.1", port, *place, update_id, **more)


@service
class TestElasticsearchTarget(TargetContract):
    @pytest.fixture(autouse=True)
    def _server(self, marked: Any) -> None:
        self.marked = marked

    def make_target(self, name: str) -> ElasticsearchTarget:
        found: ElasticsearchTarget = self.marked(name)
        return found

    def put(self, target: ElasticsearchTarget) -> None:
        target.touch()

    def unreachable(self) -> ElasticsearchTarget:
        return target_at(1)


@service
def test_a_mark_is_what_luigi_writes(elastic_client: Elasticsearch, marked: Any) -> None:
    marked("upd:1", index="idx", doc_type="dt").touch()
    found = elastic_client.get(index="update_log", id="43885ce4e215910f1d49bfe38affd85f1955b7b0")["_source"]
    assert {**found, "date": ""} == {"update_id": "upd:1", "target_index": "idx", "target_doc_type": "dt", "date": ""}


@service
def test_a_mark_that_luigi_wrote_is_one(elastic_client: Elasticsearch, marked: Any) -> None:
    mark = {"update_id": "upd:1", "target_index": "idx", "target_doc_type": "dt", "date": "2020-11-22T15:24:45.977207"}
    elastic_client.index(index="update_log", id="43885ce4e215910f1d49bfe38affd85f1955b7b0", document=mark)
    target = marked("upd:1", index="idx", doc_type="dt", marker_index_hist_size=1)
    assert target.exists()
    marked("2", index="idx", marker_index_hist_size=1).touch()
    assert not target.exists(), "only one mark is kept"


@service
def test_marks_have_an_index_that_is_configured(elastic_client: Elasticsearch, marked: Any, luigi_config: Any) -> None:
    luigi_config("elasticsearch", marker_index="marks", marker_doc_type="mine")
    target = marked()
    target.touch()
    assert target.marker_doc_type == "mine"
    assert elastic_client.exists(index="marks", id=target.marker_index_document_id())


@service
def test_the_latest_marks_are_kept(marked: Any) -> None:
    marked("of-another", index="Orders-2").touch()
    marks = [marked(str(number), marker_index_hist_size=12) for number in range(15)]
    for mark in marks:
        mark.touch()
    assert [mark.exists() for mark in marks] == [False] * 3 + [True] * 12
    assert marked("of-another", index="Orders-2").exists()


@service
def test_all_marks_are_kept(marked: Any) -> None:
    marks = [marked(str(number)) for number in range(5)]
    for mark in marks:
        mark.touch()
    assert all(mark.exists() for mark in marks)


@service
def test_marks_made_at_once_make_one_index(marked: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    marks = [marked(str(number)) for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(ElasticsearchTarget.touch, marks))
    assert all(mark.exists() for mark in marks)


@service
def test_an_index_of_marks_that_cannot_be_is_an_error(marked: Any, luigi_config: Any) -> None:
    luigi_config("elasticsearch", marker_index="Not In Capitals")
    with pytest.raises(StoreError, match="127.0.0.1:.*/orders one"):
        marked().touch()


def test_a_target_can_be_pickled() -> None:
    target = target_at(9200, extra_elasticsearch_args={"verify_certs": False})
    assert target.es is not None
    again = pickle.loads(pickle.dumps(target))
    assert vars(again) == vars(target)
    assert again.es is target.es, "targets at one server share a client"


@pytest.mark.parametrize("http_auth", [("loader", "s3cret:x"), ["loader", "s3cret:x"], "loader:s3cret:x"])
def test_who_asks_is_sent_and_not_shown(http_auth: Any) -> None:
    with HttpSink(401, b"{}") as sink:
        target = target_at(sink.port, http_auth=http_auth)
        with pytest.raises(StoreRefused, match="refuses") as caught:
            target.exists()
        (asked,) = sink.requests
    assert asked.headers["authorization"] == "Basic bG9hZGVyOnMzY3JldDp4"
    assert "s3cret" not in f"{caught.value} {target} {target!r}"


def test_a_host_may_be_an_address() -> None:
    with HttpSink(401, b"{}") as sink:
        target = ElasticsearchTarget(f"http://loader:s3cret@127.0.0.1:{sink.port}/es", 1, "orders", "default", "one")
        with pytest.raises(StoreRefused) as caught:
            target.exists()
        (asked,) = sink.requests
    assert asked.path == f"/es/update_log/_doc/{target.marker_index_document_id()}"
    assert asked.headers["authorization"] == "Basic bG9hZGVyOnMzY3JldA=="
    assert "s3cret" not in f"{caught.value} {target}"


def test_arguments_of_older_clients_are_understood() -> None:
    target = target_at(9200, extra_elasticsearch_args={"use_ssl": True, "url_prefix": "es"})
    (node,) = target.es.transport.node_pool.all()
    assert node.base_url == "https://127.0.0.1:9200/es"


def test_an_argument_that_there_is_not_is_said() -> None:
    with pytest.raises(WrongArguments, match="no_such") as caught:
        target_at(9200, extra_elasticsearch_args={"no_such": []}).exists()
    assert "extra_elasticsearch_args" in caught.value.hint


def test_a_busy_server_is_asked_again() -> None:
    with HttpSink(503, b"{}") as sink:
        with pytest.raises(StoreAway, match="does not answer"):
            target_at(sink.port, extra_elasticsearch_args=FAST).exists()
        assert len(sink.requests) == 4


def test_a_silent_server_is_given_up() -> None:
    with HttpSink() as sink:
        sink.answering.clear()
        with pytest.raises(StoreAway, match="does not answer"):
            target_at(sink.port, timeout=0.1, extra_elasticsearch_args={"max_retries": 1, **FAST}).exists()
        assert len(sink.requests) == 2
        sink.answering.set()


def test_a_client_of_another_version_is_a_hint() -> None:
    with HttpSink(400, b"") as sink, pytest.raises(StoreError) as caught:
        target_at(sink.port).exists()
    assert "major version" in caught.value.hint
