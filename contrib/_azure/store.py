"""AzureStore: Azure's blobs as a store of objects, whose buckets are called containers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from luigi.clock import SYSTEM
from luigi.contrib._azure.errors import CopyFailed, said_of
from luigi.contrib._cloud.addresses import Address
from luigi.contrib._cloud.errors import FileNotFoundException
from luigi.contrib._cloud.existence import AT_A_TIME
from luigi.contrib._cloud.store import ObjectStore, Page
from luigi.extras import need

PAUSE = 0.5
"""Seconds between two questions how far a copy is."""


class AzureStore(ObjectStore):
    """What Azure answers over `connection`, a BlobServiceClient."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def _blob(self, address: Address) -> Any:
        return self._connection.get_blob_client(address.bucket, address.key)

    def has_bucket(self, bucket: str) -> bool:
        """Whether there is that container."""
        with said_of(bucket):
            return bool(self._connection.get_container_client(bucket).exists())

    def has(self, address: Address) -> bool:
        """Whether there is that blob."""
        with said_of("/".join(address)):
            return bool(self._blob(address).exists())

    def pages(self, bucket: str, prefix: str, delimiter: str = "", size: int = 1000) -> Iterator[Page]:
        """What begins with `prefix`."""
        container = self._connection.get_container_client(bucket)
        how = {"name_starts_with": prefix, "results_per_page": size}
        listed = container.walk_blobs(**how, delimiter=delimiter) if delimiter else container.list_blob_names(**how)
        pages = listed.by_page()
        while True:
            with said_of(f"{bucket}/{prefix}"):
                names = [one if isinstance(one, str) else one.name for one in next(pages, ())]
            is_last = not pages.continuation_token
            yield Page(names, is_last)
            if is_last:
                return

    def written_at(self, address: Address) -> float | None:
        """When that blob was last written."""
        try:
            with said_of("/".join(address)):
                at: float = self._blob(address).get_blob_properties().last_modified.timestamp()
        except FileNotFoundException:
            return None
        return at

    def times(self, bucket: str, prefix: str) -> Iterator[float]:
        """When each blob that begins with `prefix` was last written."""
        with said_of(f"{bucket}/{prefix}"):
            for blob in self._connection.get_container_client(bucket).list_blobs(name_starts_with=prefix):
                yield blob.last_modified.timestamp()

    def mark(self, address: Address) -> None:
        """Say that there is a directory."""
        with said_of("/".join(address)):
            self._blob(Address(address.bucket, address.folder)).upload_blob(b"", overwrite=True)

    def delete(self, bucket: str, keys: Sequence[str]) -> None:
        """Remove blobs, some at a time, with the snapshots of them."""
        with ThreadPoolExecutor(AT_A_TIME, "azure-delete") as pool:
            list(pool.map(self._delete, [Address(bucket, key) for key in keys]))

    def _delete(self, address: Address) -> None:
        try:
            with said_of("/".join(address)):
                self._blob(address).delete_blob(delete_snapshots="include")
        except FileNotFoundException:
            return  # somebody else was faster, or the answer to an earlier attempt was lost

    def copy(self, source: Address, destination: Address, replace: bool) -> None:
        """Copy a blob. Raises CopyFailed when Azure gives up."""
        conditions = need("azure.core", "azure").MatchConditions
        only = {} if replace else {"match_condition": conditions.IfMissing}
        blob = self._blob(destination)
        path = "/".join(destination)
        with said_of(path):
            answer = blob.start_copy_from_url(self._blob(source).url, **only)
            status, why = answer["copy_status"], None
            while status == "pending":
                SYSTEM.sleep(PAUSE)
                copied = blob.get_blob_properties().copy
                status, why = copied.status, copied.status_description
        if status != "success":
            raise CopyFailed(path, why or status)
