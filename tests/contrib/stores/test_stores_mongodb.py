"""Targets in MongoDB, with a real mongod."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from luigi.contrib import mongodb
from luigi.contrib._stores.errors import StoreAway, StoreError, StoreRefused
from luigi.contrib.mongodb import (
    MongoCellTarget,
    MongoCollectionTarget,
    MongoCountTarget,
    MongoRangeTarget,
    MongoTarget,
)
from luigi.testing.contracts import TargetContract

if TYPE_CHECKING:
    from pymongo import MongoClient

pytestmark = pytest.mark.service("mongodb")


def away() -> Any:
    """A client of a server that does not answer."""
    from pymongo import MongoClient

    return MongoClient("127.0.0.1", 1, serverSelectionTimeoutMS=100)


class MongoContract(TargetContract):
    @pytest.fixture(autouse=True)
    def _server(self, mongo_client: Any, collection: str) -> None:
        self.client, self.collection = mongo_client, collection

    def make_target(self, name: str) -> MongoTarget:
        return self.target_of(self.client, name)

    def unreachable(self) -> MongoTarget:
        return self.target_of(away(), "one")

    def target_of(self, client: Any, name: str) -> MongoTarget:
        raise NotImplementedError


class TestMongoCellTarget(MongoContract):
    def target_of(self, client: Any, name: str) -> MongoTarget:
        return MongoCellTarget(client, "tests", self.collection, name, "totals.sum")

    def put(self, target: MongoCellTarget) -> None:
        target.write(1)


class TestMongoRangeTarget(MongoContract):
    def target_of(self, client: Any, name: str) -> MongoTarget:
        return MongoRangeTarget(client, "tests", self.collection, [name, f"{name}-too"], "totals.sum")

    def put(self, target: MongoRangeTarget) -> None:
        target.write(dict.fromkeys(target.get_empty_ids() or target.read(), 1))


class TestMongoCollectionTarget(MongoContract):
    def target_of(self, client: Any, name: str) -> MongoTarget:
        return MongoCollectionTarget(client, "tests", f"{self.collection}-{name}")

    def put(self, target: MongoCollectionTarget) -> None:
        target.get_collection().insert_one({})


class TestMongoCountTarget(MongoContract):
    def target_of(self, client: Any, name: str) -> MongoTarget:
        return MongoCountTarget(client, "tests", f"{self.collection}-{name}", 2)

    def put(self, target: MongoCountTarget) -> None:
        target.get_collection().delete_many({})
        target.get_collection().insert_many([{}, {}])


@pytest.fixture
def cell(mongo_client: MongoClient[dict[str, Any]], collection: str) -> Callable[..., MongoCellTarget]:
    return lambda path, identity="one": MongoCellTarget(mongo_client, "tests", collection, identity, path)


@pytest.fixture
def documents(mongo_client: MongoClient[dict[str, Any]], collection: str) -> Any:
    return mongo_client["tests"][collection]


@pytest.mark.parametrize("value", [1, 0, "", False, [], {}, "ü", {"a": [1, None]}, [None]])
def test_a_value_comes_back(cell: Callable[..., MongoCellTarget], value: Any) -> None:
    assert cell("a.b").read() is None
    cell("a.b").write(value)
    assert cell("a.b").read() == value
    assert cell("a.b").exists()
    assert not cell("a.c").exists()


def test_none_is_no_value(cell: Callable[..., MongoCellTarget]) -> None:
    cell("a").write(None)
    assert not cell("a").exists()


def test_a_cell_leaves_its_neighbours(cell: Callable[..., MongoCellTarget], documents: Any) -> None:
    documents.insert_one({"_id": "one", "a": {"other": 1}, "more": 2})
    cell("a.b").write(3)
    assert documents.find_one("one") == {"_id": "one", "a": {"other": 1, "b": 3}, "more": 2}


def test_a_path_goes_into_lists(cell: Callable[..., MongoCellTarget], documents: Any) -> None:
    documents.insert_one({"_id": "one", "a": [{"b": 1}, {"b": 2}, {}], "0": "zero"})
    assert cell("a.0.b").read() == 1
    assert cell("a.b").read() == [1, 2]
    assert cell("0").read() == "zero"
    for nothing in ("a.2.b", "a.3.b", "a.9", "a.c", "a.0.b.c"):
        assert not cell(nothing).exists(), nothing
    cell("a.2.b").write(3)
    assert cell("a.b").read() == [1, 2, 3]


def test_a_path_that_a_value_bars_is_an_error(cell: Callable[..., MongoCellTarget], documents: Any) -> None:
    documents.insert_one({"_id": "one", "a": 5})
    with pytest.raises(StoreError, match="^tests/collection-.*Cannot create field 'b'"):
        cell("a.b").write(1)


def test_a_range_knows_what_is_missing(documents: Any, mongo_client: Any, collection: str) -> None:
    documents.insert_many([{"_id": 1, "a": {"b": 0}}, {"_id": 2, "a": {"b": None}}, {"_id": 3}, {"_id": 9, "a": 9}])
    target = MongoRangeTarget(mongo_client, "tests", collection, (one for one in range(1, 5)), "a.b")
    assert target.get_empty_ids() == {3, 4}
    assert target.read() == {1: 0, 2: None}
    target.write({3: "three", 4: 4, 5: "of no document of ours"})
    assert target.exists()
    assert target.read() == {1: 0, 2: None, 3: "three", 4: 4}
    assert documents.find_one(5) is None
    target.write({})


def test_a_range_of_many(monkeypatch: pytest.MonkeyPatch, mongo_client: Any, collection: str) -> None:
    monkeypatch.setattr(mongodb, "AT_ONCE", 7)
    target = MongoRangeTarget(mongo_client, "tests", collection, range(20), "a")
    target.write({one: one * one for one in range(20)})
    assert target.exists()
    assert target.read() == {one: one * one for one in range(20)}


def test_a_range_of_nothing_is_there(mongo_client: Any, collection: str) -> None:
    target = MongoRangeTarget(mongo_client, "tests", collection, [], "a")
    assert target.exists()
    assert target.read() == {}


def test_one_document_that_is_refused_stops_no_other(documents: Any, mongo_client: Any, collection: str) -> None:
    documents.insert_one({"_id": "bad", "a": 5})
    target = MongoRangeTarget(mongo_client, "tests", collection, ["bad", "good", "fine"], "a.b")
    with pytest.raises(StoreError, match="Cannot create field"):
        target.write({"bad": 1, "good": 2, "fine": 3})
    assert target.get_empty_ids() == {"bad"}


def test_documents_are_counted(documents: Any, mongo_client: Any, collection: str) -> None:
    target = MongoCountTarget(mongo_client, "tests", collection, 0)
    assert target.read() is None
    assert not target.exists(), "of no collection, there are not even no documents"
    documents.insert_one({"_id": 1})
    assert target.read() == 1
    assert not target.exists()
    documents.delete_one({"_id": 1})
    assert target.exists()


def test_what_pymongo_has_is_at_hand(mongo_client: Any, collection: str) -> None:
    target = MongoCollectionTarget(mongo_client, "tests", collection)
    assert target.get_index() == mongo_client["tests"]
    assert target.get_collection() == mongo_client["tests"][collection]
    assert str(target) == f"tests/{collection}"


def test_a_target_is_not_one_without_a_kind(mongo_client: Any) -> None:
    with pytest.raises(TypeError, match="abstract"):
        MongoTarget(mongo_client, "tests", "any")  # type: ignore[abstract]


def test_a_server_that_is_away_is_said() -> None:
    with pytest.raises(StoreAway, match="tests/any does not answer: 127.0.0.1:1: .*Connection refused") as caught:
        MongoCellTarget(away(), "tests", "any", 1, "a").write(1)
    assert "Topology" not in str(caught.value)


def test_a_wrong_password_is_said_and_not_shown(mongodb_service: int) -> None:
    from pymongo import MongoClient

    with MongoClient(f"mongodb://somebody:wr0ng-secret@127.0.0.1:{mongodb_service}/") as client:
        target = MongoCollectionTarget(client, "tests", "any")
        with pytest.raises(StoreRefused, match="Authentication failed") as caught:
            target.exists()
    assert "wr0ng-secret" not in f"{caught.value} {target}"
    assert "password" in caught.value.hint
