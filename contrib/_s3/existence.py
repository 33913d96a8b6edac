"""Which of many objects exist: learned from listings of what they have in common, and the rest by many at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from luigi.contrib._s3.addresses import S3_DIRECTORY_MARKER_SUFFIX_0, Address, parse

MANY = 8
"""Paths with a folder in common from which on listing it is worth while."""

PATHS_A_PAGE = 8
"""A page of a thousand names takes about as long as asking for so many."""

AT_A_TIME = 10
"""Questions: as many as there are connections."""


def existing(client: Any, paths: Iterable[str], exists: Callable[[str], bool]) -> set[str]:
    """Those of `paths` at which there is something: for each the answer of `exists`."""
    open_questions = {path: parse(path) for path in paths}
    found: set[str] = set()
    for common, delimiter in ((_folder, "/"), (_folder_of_folder, "")):
        for (bucket, prefix), asked in _grouped(open_questions, common).items():
            if len(asked) >= MANY:
                there, complete = _listed(client, bucket, prefix, delimiter, asked)
                found |= there
                for path in asked if complete else there:
                    del open_questions[path]
    return found | _asked(list(open_questions), exists)


def _folder(key: str) -> str:
    """The beginning of a key that its neighbours have, too."""
    return key[: key.removesuffix("/").rfind("/") + 1]


def _folder_of_folder(key: str) -> str:
    return _folder(_folder(key))


def _grouped(asked: dict[str, Address], common: Callable[[str], str]) -> dict[tuple[str, str], dict[str, str]]:
    """The keys asked for, by path, of each folder in each bucket."""
    groups: dict[tuple[str, str], dict[str, str]] = {}
    for path, address in asked.items():
        if address.key:
            groups.setdefault((address.bucket, common(address.key)), {})[path] = address.key
    return groups


def _listed(client: Any, bucket: str, prefix: str, delimiter: str, asked: dict[str, str]) -> tuple[set[str], bool]:
    """Those of the paths that a listing shows, and whether it came to its end: then the others do not exist."""
    sought: dict[str, list[str]] = {}
    for path, key in asked.items():
        sought.setdefault(key, []).append(path)
    there: set[str] = set()
    most = 1 + len(asked) // PATHS_A_PAGE
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, Delimiter=delimiter)
    for number, page in enumerate(pages, 1):
        for name in _names(page, len(prefix)):
            there.update(sought.get(name, ()))
        if number == most and page.get("IsTruncated"):
            return there, False
    return there, True


def _names(page: dict[str, Any], beginning: int) -> Iterator[str]:
    """Every key that exists by what a page shows: objects, and their directories, with a slash and without.

    A directory lies behind the `beginning` characters that all names have in common.
    """
    for shown in (*page.get("Contents", ()), *page.get("CommonPrefixes", ())):
        name: str = shown.get("Key") or shown["Prefix"]
        yield name
        if name.endswith(S3_DIRECTORY_MARKER_SUFFIX_0):
            name = name.removesuffix(S3_DIRECTORY_MARKER_SUFFIX_0) + "/"
        slash = name.find("/", beginning)
        while slash >= 0:
            yield name[:slash]
            yield name[: slash + 1]
            slash = name.find("/", slash + 1)


def _asked(paths: Sequence[str], exists: Callable[[str], bool]) -> set[str]:
    if not paths:
        return set()
    with ThreadPoolExecutor(min(AT_A_TIME, len(paths)), "s3-exists") as pool:
        return {path for path, there in zip(paths, pool.map(exists, paths), strict=True) if there}
