"""Addresses in S3: `s3://bucket/key`, also with s3n or s3a in front; directories are beginnings of keys."""

from __future__ import annotations

from luigi.contrib._cloud import addresses
from luigi.contrib._cloud.errors import NoAddress

EXAMPLE = "s3://bucket/folder/name"

S3_DIRECTORY_MARKER_SUFFIX_0 = "_$folder$"
"""Hadoop of old puts an object of the directory's name with this ending."""

S3_DIRECTORY_MARKER_SUFFIX_1 = "/"
"""Everybody else puts one with this."""


class Address(addresses.Address):
    """Where something is. The key is empty for the bucket itself."""

    __slots__ = ()

    @property
    def old_marker(self) -> str:
        """The key that says, in Hadoop's old way, that there is such a directory."""
        return self.key.removesuffix("/") + S3_DIRECTORY_MARKER_SUFFIX_0


def parse(path: str) -> Address:
    """The bucket and key of a path, taken as they are: nothing in it is a query or an escape. Raises NoAddress."""
    scheme, mark, rest = str(path).partition("://")
    bucket, _, key = rest.partition("/")
    if not (scheme and mark and bucket):
        raise NoAddress(path, "anything in S3", EXAMPLE)
    return Address(bucket, key)


def of_object(path: str) -> Address:
    """The same for something that is to be written or read. Raises NoAddress for a bucket, too."""
    address = parse(path)
    if not address.key:
        raise NoAddress(path, "an object in S3", EXAMPLE)
    return address
