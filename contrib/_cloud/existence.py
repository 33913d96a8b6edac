"""Which of many objects exist: learned from listings of what they have in common, and the rest by many at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from luigi.contrib._cloud.addresses import Address
from luigi.contrib._cloud.store import Page

Listing = Callable[[str, str, str], Iterable[Page]]
"""As `ObjectStore.pages`: what is in a bucket, begins like that, and goes on to a delimiter."""

MANY = 8
"""Paths with a folder in common from which on listing it is worth while."""

PATHS_A_PAGE = 8
"""A page of a thousand names takes about as long as asking for so many."""

AT_A_TIME = 10
"""Questions under way."""


def existing(pages: Listing, paths: dict[str, Address], exists: Callable[[str], bool]) -> set[str]:
    """Those of `paths` at which there is something: for each the answer of `exists`."""
    open_questions = dict(paths)
    found: set[str] = set()
    for common, delimiter in ((_folder, "/"), (_folder_of_folder, "")):
        for (bucket, prefix), asked in _grouped(open_questions, common).items():
            if len(asked) >= MANY:
                there, complete = _listed(pages(bucket, prefix, delimiter), len(prefix), asked)
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


def _listed(pages: Iterable[Page], beginning: int, asked: dict[str, str]) -> tuple[set[str], bool]:
    """Those of the paths that a listing shows, and whether it came to its end: then the others do not exist."""
    sought: dict[str, list[str]] = {}
    for path, key in asked.items():
        sought.setdefault(key, []).append(path)
    there: set[str] = set()
    most = 1 + len(asked) // PATHS_A_PAGE
    for number, page in enumerate(pages, 1):
        for name in _names(page, beginning):
            there.update(sought.get(name, ()))
        if number == most and not page.is_last:
            return there, False
    return there, True


def _names(page: Page, beginning: int) -> Iterator[str]:
    """Every key that exists by what a page shows: objects, and their directories, with a slash and without.

    A directory lies behind the `beginning` characters that all names have in common.
    """
    for name in page.names:
        yield name
        slash = name.find("/", beginning)
        while slash >= 0:
            yield name[:slash]
            yield name[: slash + 1]
            slash = name.find("/", slash + 1)


def _asked(paths: Sequence[str], exists: Callable[[str], bool]) -> set[str]:
    if not paths:
        return set()
    with ThreadPoolExecutor(min(AT_A_TIME, len(paths)), "exists") as pool:
        return {path for path, there in zip(paths, pool.map(exists, paths), strict=True) if there}
