"""How texts are kept: as bytes, each with a checksum, so that what a disk did to them is seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zlib import crc32

from luigi.stored_state.errors import damaged

Row = tuple[int, bytes, int]
"""A number, a text as it is kept, and its checksum."""


def packed(text: str) -> tuple[bytes, int]:
    """What is kept of a text: any text, also one that is not Unicode throughout."""
    content = text.encode("utf-8", "surrogatepass")
    return content, crc32(content)


def unpacked(rows: Iterable[Row], first: int, place: str) -> Iterator[tuple[int, str]]:
    """The texts of `rows`, with their numbers, which have to grow by one from `first` on. Raises StoreError."""
    for expected, (number, content, checksum) in enumerate(rows, first):
        if number != expected:
            raise damaged(place, f"number {expected} is missing")
        if crc32(content) != checksum:
            raise damaged(place, f"number {number} is not what was written")
        yield number, content.decode("utf-8", "surrogatepass")
