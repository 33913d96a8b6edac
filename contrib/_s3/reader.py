"""What can be asked of S3, where a directory is how the keys of objects begin."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, ClassVar

from luigi.contrib._cloud.existence import existing
from luigi.contrib._s3 import connection, settings, transfers
from luigi.contrib._s3.addresses import Address, of_object, parse
from luigi.contrib._s3.listings import Listings
from luigi.contrib._s3.settings import DEFAULT_PART_SIZE, DEFAULT_THREADS, Settings
from luigi.target import FileSystem


class S3Reader(FileSystem):
    """What S3Client does as far as nothing is changed; that says what it is made with."""

    DEFAULT_PART_SIZE: ClassVar[int] = DEFAULT_PART_SIZE
    DEFAULT_THREADS: ClassVar[int] = DEFAULT_THREADS

    def __init__(
        self,
        aws_access_key_id: str | None = None,
        aws_secret_access_key: str | None = None,
        aws_session_token: str | None = None,
        **kwargs: Any,
    ) -> None:
        keys = {
            "aws_access_key_id": aws_access_key_id,
            "aws_secret_access_key": aws_secret_access_key,
            "aws_session_token": aws_session_token,
        }
        given = {name: value for name, value in {**keys, **kwargs}.items() if value is not None}
        self._given = {name: value for name, value in given.items() if name in settings.NAMES}
        self._more = tuple((name, value) for name, value in given.items() if name not in settings.NAMES)

    @property
    def s3(self) -> Any:
        """The service resource of boto3. Raises ConfigurationError for a wrong section `[s3]`."""
        return connection.connected(os.getpid(), self._settings, self._more)

    @property
    def _settings(self) -> Settings:
        return settings.current(self._given)

    @property
    def _client(self) -> Any:
        return self.s3.meta.client

    # --- what is there ---------------------------------------------------------------------------------------------

    def exists(self, path: str) -> bool:
        """Whether there is an object or directory at `path`. Raises botocore's error for a bucket that is not there."""
        address = parse(path)
        return self._object(address) is not None or self._is_directory(address)

    def exists_many(self, paths: Iterable[str]) -> set[str]:
        """Those of `paths` at which there is something, by listing what they have in common."""
        return existing(Listings(self._client).pages, {path: parse(path) for path in paths}, self.exists)

    def isdir(self, path: str) -> bool:
        """Whether `path` is a bucket, or there are objects below it, or a marker says that it is a directory."""
        return self._is_directory(parse(path))

    is_dir = isdir

    def modified_at(self, path: str) -> float | None:
        """When the object at `path` was last written, in seconds since the epoch; of a directory, the newest in it."""
        address = parse(path)
        found = self._object(address)
        objects = self._objects(address) if found is None else [found]
        return max((one["LastModified"].timestamp() for one in objects), default=None)

    def _object(self, address: Address) -> dict[str, Any] | None:
        """What the service says of the object of that very key; None when there is none."""
        if not address.key or address.key.endswith("/"):  # a marker, which a listing shows as well
            return None
        return self._head(address.bucket, address.key)

    def _head(self, bucket: str, key: str) -> dict[str, Any] | None:
        try:
            return self._client.head_object(Bucket=bucket, Key=key)  # type: ignore[no-any-return]
        except connection.service_error() as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return None
            error.add_note(f"when asked for s3://{bucket}/{key}")
            raise

    def _is_directory(self, address: Address) -> bool:
        if not address.key:
            return self._is_bucket(address.bucket)
        listed = self._client.list_objects_v2(Bucket=address.bucket, Prefix=address.folder, MaxKeys=1)
        return bool(listed.get("Contents")) or self._head(address.bucket, address.old_marker) is not None

    def _is_bucket(self, bucket: str) -> bool:
        try:
            self._client.head_bucket(Bucket=bucket)
        except connection.service_error() as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if status not in (403, 404):  # forbidden is what is there, but not for us to list
                raise
            return bool(status == 403)
        return True

    def get_key(self, path: str) -> Any:
        """The object at `path` as boto3's ObjectSummary, or None."""
        address = of_object(path)
        if self._head(*address) is None:
            return None
        return self.s3.ObjectSummary(*address)

    def listdir(
        self,
        path: str,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        return_key: bool = False,
    ) -> Iterator[Any]:
        """Every object below `path`, at any depth: its whole path, or with `return_key` boto3's ObjectSummary.

        With times, those only that were last changed after `start_time` and before `end_time`; a time without a zone is
        local.
        """
        if return_key:
            return self._keys_below(path, start_time, end_time)
        beginning = path if path.endswith("/") else f"{path}/"
        return (beginning + name for name in self._names_below(path, start_time, end_time))

    def list(
        self,
        path: str,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        return_key: bool = False,
    ) -> Iterator[Any]:
        """As `listdir`, with the names as they are behind `path/`."""
        if return_key:
            return self._keys_below(path, start_time, end_time)
        return self._names_below(path, start_time, end_time)

    def _names_below(self, path: str, start: datetime | None, end: datetime | None) -> Iterator[str]:
        address = parse(path)
        beginning = len(address.folder)
        for found in self._objects(address, start, end):
            name = found["Key"][beginning:]
            if name:  # else it is the marker of the directory itself
                yield name

    def _keys_below(self, path: str, start: datetime | None, end: datetime | None) -> Iterator[Any]:
        address = parse(path)
        for key in self.s3.Bucket(address.bucket).objects.filter(Prefix=address.folder):
            if key.key != address.folder and _within(start, key.last_modified, end):
                yield key

    def _objects(
        self, address: Address, start: datetime | None = None, end: datetime | None = None
    ) -> Iterator[dict[str, Any]]:
        """What is in a directory, markers with it, as listings show it: with `Key` and `Size`."""
        for found in Listings(self._client).objects(address.bucket, address.folder):
            if _within(start, found["LastModified"], end):
                yield found

    # --- what is in it ---------------------------------------------------------------------------------------------

    def get(self, s3_path: str, destination_local_path: str) -> None:
        """Download an object into a file, which appears whole. Raises OSError."""
        address = of_object(s3_path)
        transfers.download(self._client, address, destination_local_path, DEFAULT_PART_SIZE, transfers.THREADS)

    def get_as_bytes(self, s3_path: str) -> bytes:
        """The content of an object."""
        bucket, key = of_object(s3_path)
        return self._client.get_object(Bucket=bucket, Key=key)["Body"].read()  # type: ignore[no-any-return]

    def get_as_string(self, s3_path: str, encoding: str = "utf-8") -> str:
        """The content of an object, as text. Raises UnicodeDecodeError."""
        return self.get_as_bytes(s3_path).decode(encoding)


def _within(start: datetime | None, time: datetime, end: datetime | None) -> bool:
    """Whether a time is between two others, as far as they are given."""
    return (start is None or start.astimezone() < time) and (end is None or time < end.astimezone())
