"""Addresses in S3: `s3://bucket/key`, also with s3n or s3a in front; directories are beginnings of keys."""

from __future__ import annotations

from typing import NamedTuple

from luigi.contrib._s3.errors import NoAddress

S3_DIRECTORY_MARKER_SUFFIX_0 = "_$folder$"
"""Hadoop of old puts an object of the directory's name with this ending."""

S3_DIRECTORY_MARKER_SUFFIX_1 = "/"
"""Everybody else puts one with this."""


class Address(NamedTuple):
    """Where something is. The key is empty for the bucket itself."""

    bucket: str
    key: str

    @property
    def folder(self) -> str:
        """How the keys of all that is in that directory begin."""
        return f"{self.key}/" if self.key and not self.key.endswith("/") else self.key

    @property
    def old_marker(self) -> str:
        """The key that says, in Hadoop's old way, that there is such a directory."""
        return self.key.removesuffix("/") + S3_DIRECTORY_MARKER_SUFFIX_0


def parse(path: str) -> Address:
    """The bucket and key of a path, taken as they are: nothing in it is a query or an escape. Raises NoAddress."""
    scheme, mark, rest = str(path).partition("://")
    bucket, _, key = rest.partition("/")
    if not (scheme and mark and bucket):
        raise NoAddress(path, "anything")
    return Address(bucket, key)


def of_object(path: str) -> Address:
    """The same for something that is to be written or read. Raises NoAddress for a bucket, too."""
    address = parse(path)
    if not address.key:
        raise NoAddress(path, "an object")
    return address
