"""Uploads, downloads and copies: large objects in parts, many objects at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from luigi.contrib._s3.addresses import Address
from luigi.extras import need

THREADS = 10
"""Parts of one object under way at a time: as many as there are connections."""


LARGEST_AT_ONCE = 256 * 1024 * 1024
"""Bytes of an object that is copied by one call: that is some seconds without a sign of life."""


class Piece(NamedTuple):
    """One object that is copied."""

    source: Address
    destination: Address
    size: int
    """In bytes."""

    @property
    def is_marker(self) -> bool:
        """Whether it only says that there is a directory."""
        return not self.size and self.source.key.endswith("/")

    @property
    def is_flag(self) -> bool:
        """Whether it tells something of its neighbours, as `_SUCCESS` does."""
        return self.source.is_flag

    def on_queued(self, future: Any, **_: Any) -> None:
        """Spare the transfer a question. (s3transfer calls this; it tells a size that is known by this method.)"""
        future.meta.provide_transfer_size(self.size)
        if hasattr(future.meta, "provide_object_etag"):  # newer ones want it, too, and use it for many parts only
            future.meta.provide_object_etag("")


def upload(client: Any, file: str, to: Address, options: Mapping[str, Any], part_size: int, threads: int) -> None:
    """Put a file of this machine. Raises OSError and botocore's errors; then there is nothing new at `to`."""
    with _manager(client, part_size, threads) as manager:
        manager.upload(file, to.bucket, to.key, dict(options)).result()


def download(client: Any, what: Address, file: str, part_size: int, threads: int) -> None:
    """Get an object into a file, which appears whole. Raises OSError and botocore's errors."""
    with _manager(client, part_size, threads) as manager:
        manager.download(what.bucket, what.key, file).result()


def copy(client: Any, pieces: Iterable[Piece], options: Mapping[str, Any], part_size: int, threads: int) -> None:
    """Copy objects within the service. Raises botocore's errors; some may have been copied by then."""
    with _manager(client, part_size, threads) as manager:
        waiting = [
            manager.copy(
                {"Bucket": piece.source.bucket, "Key": piece.source.key},
                piece.destination.bucket,
                piece.destination.key,
                dict(options),
                [piece] if piece.size < part_size else [],  # for many parts it has to ask for more than the size
            )
            for piece in pieces
        ]
        for one in waiting:
            one.result()


def can_refuse(client: Any, found: Mapping[str, Any]) -> bool:
    """Whether `copy_anew` can copy the object of which `found` is what the service says of it."""
    known = client.meta.service_model.operation_model("CopyObject").input_shape.members
    return "IfNoneMatch" in known and found["ContentLength"] <= LARGEST_AT_ONCE


def copy_anew(client: Any, source: Address, to: Address, options: Mapping[str, Any]) -> bool:
    """Copy an object to where there is none: False where there is one, of which nothing is changed.

    Raises botocore's errors.
    """
    said = {
        "CopySource": {"Bucket": source.bucket, "Key": source.key},
        "Bucket": to.bucket,
        "Key": to.key,
        "IfNoneMatch": "*",
    }
    try:
        client.copy_object(**options, **said)
    except need("botocore.exceptions", "s3").ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.PRECONDITION_FAILED:
            return False
        raise
    return True


def _manager(client: Any, part_size: int, threads: int) -> Any:
    sizes = {"multipart_threshold": part_size, "multipart_chunksize": part_size}
    boto3 = need("boto3.s3.transfer", "s3")
    # Amazon's other way, which boto3 may choose where it is installed, cannot copy.
    config = boto3.TransferConfig(max_concurrency=threads, preferred_transfer_client="classic", **sizes)
    return boto3.create_transfer_manager(client, config)
