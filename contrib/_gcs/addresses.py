"""Addresses in Google Cloud Storage: `gs://bucket/key`."""

from __future__ import annotations

from luigi.contrib._cloud.addresses import Address
from luigi.contrib._cloud.errors import NoAddress

EXAMPLE = "gs://bucket/folder/name"


def parse(path: str) -> Address:
    """The bucket and key of a path, taken as they are: nothing in it is a query or an escape. Raises NoAddress."""
    scheme, _, rest = str(path).partition("://")
    bucket, _, key = rest.partition("/")
    if scheme != "gs" or not bucket:
        raise NoAddress(path, "anything in Google Cloud Storage", EXAMPLE)
    return Address(bucket, key)


def of_object(path: str) -> Address:
    """The same for something that is to be written or read. Raises NoAddress for a bucket, too."""
    address = parse(path)
    if not address.key:
        raise NoAddress(path, "an object in Google Cloud Storage", EXAMPLE)
    return address


def written(address: Address) -> str:
    """The path of an address."""
    return f"gs://{address.bucket}/{address.key}"
