"""What listings of S3 show, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from luigi.contrib._cloud.store import Page
from luigi.contrib._s3.addresses import S3_DIRECTORY_MARKER_SUFFIX_0

PAGE = 1000
"""Names that a service shows at a time, at most."""


class Listings:
    """The listings that a client of boto3 gives."""

    def __init__(self, client: Any) -> None:
        self._paginator = client.get_paginator("list_objects_v2")

    def pages(self, bucket: str, prefix: str, delimiter: str = "", size: int = PAGE) -> Iterator[Page]:
        """What begins with `prefix`, up to the delimiter, and the directories that old markers mean.

        Raises botocore's errors.
        """
        how = {"Bucket": bucket, "Prefix": prefix, "Delimiter": delimiter, "PaginationConfig": {"PageSize": size}}
        for page in self._paginator.paginate(**how):
            names = [shown["Key"] for shown in page.get("Contents", ())]
            names += [shown["Prefix"] for shown in page.get("CommonPrefixes", ())]
            yield Page([*names, *_of_old_markers(names)], not page.get("IsTruncated"))

    def objects(self, bucket: str, prefix: str) -> Iterator[dict[str, Any]]:
        """Every object whose key begins so, as S3 says it: with `Key`, `Size` and `LastModified`."""
        for page in self._paginator.paginate(Bucket=bucket, Prefix=prefix):
            yield from page.get("Contents", ())


def _of_old_markers(names: list[str]) -> Iterator[str]:
    for name in names:
        if name.endswith(S3_DIRECTORY_MARKER_SUFFIX_0):
            yield name.removesuffix(S3_DIRECTORY_MARKER_SUFFIX_0) + "/"
