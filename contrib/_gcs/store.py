"""GCSStore: Google Cloud Storage as a store of objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from luigi.contrib._cloud.addresses import Address
from luigi.contrib._cloud.errors import FileNotFoundException, NoBucket
from luigi.contrib._cloud.store import ObjectStore, Page
from luigi.contrib._gcs.addresses import written
from luigi.contrib._gcs.connection import Connection
from luigi.contrib._gcs.settings import DEFAULT_MIMETYPE
from luigi.extras import need

AT_ONCE = 100
"""Requests that Google takes as one."""


class GCSStore(ObjectStore):
    """What Google Cloud Storage answers over `connection`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def _objects(self) -> Any:
        return self._connection.objects

    def has_bucket(self, bucket: str) -> bool:
        """Whether there is that bucket; seen by listing it, for which the right to read it is enough."""
        try:
            next(self.pages(bucket, "", size=1))
        except NoBucket:
            return False
        return True

    def has(self, address: Address) -> bool:
        """Whether there is that object; False also where there is no such bucket."""
        return self.generation(address)[0] is not None

    def generation(self, address: Address) -> tuple[str | None, int]:
        """Which of its versions an object is, None where there is none, and its size in bytes."""
        bucket, key = address
        request = self._objects.get(bucket=bucket, object=key, fields="generation,size")
        try:
            answer = self._connection.ask(written(address), request)
        except FileNotFoundException:
            return None, 0
        return answer["generation"], int(answer["size"])

    def pages(self, bucket: str, prefix: str, delimiter: str = "", size: int = 1000) -> Iterator[Page]:
        """What begins with `prefix`."""
        fields = "items(name),prefixes,nextPageToken"
        for answer in self._answers(bucket, prefix, maxResults=size, delimiter=delimiter or None, fields=fields):
            names = [*(item["name"] for item in answer.get("items", ())), *answer.get("prefixes", ())]
            yield Page(names, not answer.get("nextPageToken"))

    def written_at(self, address: Address) -> float | None:
        """When the version that there is was written; what is only said of an object does not count."""
        request = self._objects.get(bucket=address.bucket, object=address.key, fields="timeCreated")
        try:
            return _seconds(self._connection.ask(written(address), request))
        except FileNotFoundException:
            return None

    def times(self, bucket: str, prefix: str) -> Iterator[float]:
        """When each object that begins with `prefix` was written."""
        for answer in self._answers(bucket, prefix, fields="items(timeCreated),nextPageToken"):
            yield from map(_seconds, answer.get("items", ()))

    def _answers(self, bucket: str, prefix: str, **how: Any) -> Iterator[dict[str, Any]]:
        """A listing, page by page. Raises NoBucket."""
        token = None
        while True:
            request = self._objects.list(bucket=bucket, prefix=prefix, pageToken=token, **how)
            try:
                answer = self._connection.ask(f"gs://{bucket}/{prefix}", request)
            except FileNotFoundException as error:
                raise NoBucket("bucket", bucket) from error
            yield answer
            token = answer.get("nextPageToken")
            if not token:
                return

    def mark(self, address: Address) -> None:
        """Say that there is a directory."""
        http = need("googleapiclient.http", "gcs")
        nothing = http.MediaInMemoryUpload(b"", mimetype=DEFAULT_MIMETYPE)
        self.insert(Address(address.bucket, address.folder), nothing)

    def insert(self, address: Address, media: Any) -> None:
        """Put an object, whole, in as many requests as `media` says. Raises NoBucket."""
        request = self._objects.insert(bucket=address.bucket, name=address.key, media_body=media, fields="name")
        try:
            self._connection.ask(written(address), request)
        except FileNotFoundException as error:
            raise NoBucket("bucket", address.bucket) from error

    def delete(self, bucket: str, keys: Sequence[str]) -> None:
        """Remove objects, a hundred at a time; what was refused then is asked for again one by one."""
        for first in range(0, len(keys), AT_ONCE):
            some = keys[first : first + AT_ONCE]
            for key in some if len(some) == 1 else self._not_deleted(bucket, some):
                self._delete(bucket, key)

    def _not_deleted(self, bucket: str, keys: Sequence[str]) -> list[str]:
        """Remove what can be removed in one request, and tell the rest."""
        left: list[str] = []

        def told(number: str, _: Any, error: Any) -> None:
            if error is not None:
                left.append(keys[int(number)])

        requests = [self._objects.delete(bucket=bucket, object=key) for key in keys]
        self._connection.ask_together(f"gs://{bucket}", requests, told)
        return left

    def _delete(self, bucket: str, key: str) -> None:
        try:
            self._connection.ask(f"gs://{bucket}/{key}", self._objects.delete(bucket=bucket, object=key))
        except FileNotFoundException:
            return  # somebody else was faster, or the answer to an earlier attempt was lost

    def copy(self, source: Address, destination: Address, replace: bool) -> None:
        """Copy an object; a large one to another region takes several requests."""
        where = {
            "sourceBucket": source.bucket,
            "sourceObject": source.key,
            "destinationBucket": destination.bucket,
            "destinationObject": destination.key,
        }
        only = {} if replace else {"ifGenerationMatch": "0"}  # which is that of an object that does not exist
        path = f"{written(source)} to {written(destination)}"
        token = None
        while True:
            request = self._objects.rewrite(**where, **only, body={}, rewriteToken=token)
            answer = self._connection.ask(path, request)
            if answer["done"]:
                return
            token = answer["rewriteToken"]


def _seconds(described: Mapping[str, str]) -> float:
    return datetime.fromisoformat(described["timeCreated"]).timestamp()
