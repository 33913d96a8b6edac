"""Targets in MongoDB: a value in a document, values in many documents, a collection, a number of documents.

`pip install "luigi-kernel[mongodb]"` brings what they need. They are given a `pymongo.MongoClient`, which has address,
credentials and time-outs. Methods raise StoreAway, StoreRefused and StoreError.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from luigi.contrib._stores.mongo_errors import answering
from luigi.contrib._stores.paths import MISSING, fetched, find
from luigi.extras import need
from luigi.target import Target

AT_ONCE = 10_000
"""Documents that one question, or one call that writes, is about."""


class MongoTarget(Target):
    """Something in the collection `collection` of the database `index`."""

    def __init__(self, mongo_client: Any, index: str, collection: str) -> None:
        self._mongo_client = mongo_client
        self._index = index
        self._collection = collection

    def __str__(self) -> str:
        return f"{self._index}/{self._collection}"

    def get_collection(self) -> Any:
        """The collection, as pymongo has it."""
        return self.get_index()[self._collection]

    def get_index(self) -> Any:
        """The database, as pymongo has it."""
        return self._mongo_client[self._index]


class MongoCellTarget(MongoTarget):
    """The value at `path`, such as `totals.sum`, in the document whose `_id` is `document_id`. None is no value."""

    def __init__(self, mongo_client: Any, index: str, collection: str, document_id: Any, path: str) -> None:
        super().__init__(mongo_client, index, collection)
        self._document_id = document_id
        self._path = path

    def exists(self) -> bool:
        """Whether there is a value."""
        return self.read() is not None

    def read(self) -> Any:
        """The value, or None."""
        with answering(self):
            document = self.get_collection().find_one({"_id": self._document_id}, _only(self._path))
        found = find(document, self._path)
        return None if found is MISSING else found

    def write(self, value: Any) -> None:
        """Put the value into the document, which is made if there is none."""
        with answering(self):
            change = {"$set": {self._path: value}}
            self.get_collection().update_one({"_id": self._document_id}, change, upsert=True)


class MongoRangeTarget(MongoTarget):
    """The values of `field` in all the documents whose `_id` is one of `document_ids`. None is a value here."""

    def __init__(self, mongo_client: Any, index: str, collection: str, document_ids: Iterable[Any], field: str) -> None:
        super().__init__(mongo_client, index, collection)
        self._document_ids = list(document_ids)
        self._field = field

    def exists(self) -> bool:
        """Whether each of the documents is there and has the field."""
        return not self.get_empty_ids()

    def read(self) -> dict[Any, Any]:
        """The values by `_id`, of those documents that have the field."""
        return {document["_id"]: find(document, self._field) for document in self._with_field(_only(self._field))}

    def write(self, values: Mapping[Any, Any]) -> None:
        """Put the values, by `_id`, into documents, which are made if there are none. Others than ours are left out."""
        update = need("pymongo", "mongodb").UpdateOne
        ours = set(self._document_ids).intersection(values)
        changes = (update({"_id": one}, {"$set": {self._field: values[one]}}, upsert=True) for one in ours)
        with answering(self):
            for some in _chunks(changes):
                self.get_collection().bulk_write(some, ordered=False)

    def get_empty_ids(self) -> set[Any]:
        """The ids of the documents that are not there, or have no such field."""
        return set(self._document_ids) - {document["_id"] for document in self._with_field({"_id": True})}

    def _with_field(self, wanted: Mapping[str, bool] | None) -> Iterator[dict[str, Any]]:
        with answering(self):
            for some in _chunks(self._document_ids):
                has_field = {"_id": {"$in": some}, self._field: {"$exists": True}}
                yield from self.get_collection().find(has_field, wanted)


class MongoCollectionTarget(MongoTarget):
    """A collection."""

    def exists(self) -> bool:
        """Whether there is such a collection."""
        return self.read()

    def read(self) -> bool:
        """The same."""
        with answering(self):
            return bool(self.get_index().list_collection_names(filter={"name": self._collection}))


class MongoCountTarget(MongoTarget):
    """A collection with exactly `target_count` documents."""

    def __init__(self, mongo_client: Any, index: str, collection: str, target_count: int) -> None:
        super().__init__(mongo_client, index, collection)
        self._target_count = target_count

    def exists(self) -> bool:
        """Whether it has that many."""
        return self.read() == self._target_count

    def read(self) -> int | None:
        """How many documents there are; None where there is no such collection."""
        with answering(self):
            count = self.get_collection().count_documents({})
        there = count or MongoCollectionTarget(self._mongo_client, self._index, self._collection).exists()
        return int(count) if there else None


def _only(path: str) -> dict[str, bool] | None:
    """What is asked for of a document, in the server's words; None is all of it."""
    return {fetched(path): True} if fetched(path) else None


def _chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(items)
    while some := list(islice(left, AT_ONCE)):
        yield some
