"""Puts files with lists in JSON together, without reading what is in the lists."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

from luigi.contrib._salesforce.errors import NotMerged
from luigi.contrib._salesforce.sink import Sink

LONGEST_END: Final = 64
"""Bytes within which the brackets of a list are looked for."""


def join(parts: Sequence[Path], to: Sink) -> None:
    """One list."""
    to.write(b"[")
    written = False
    for part in parts:
        with part.open("rb") as file:
            begin, end = _inside(file, part)
            if begin < end:
                to.write(b"," if written else b"")
                written = True
                file.seek(begin)
                _copy_some(file, to, end - begin)
    to.write(b"]")


def _inside(file: IO[bytes], part: Path) -> tuple[int, int]:
    """Where that is which stands between the brackets of a list."""
    start = file.read(LONGEST_END)
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - LONGEST_END))
    end = file.read()
    if not start.lstrip().startswith(b"[") or not end.rstrip().endswith(b"]"):
        raise NotMerged(f"the result {part.name} is no list in JSON")
    opening, closing = start.index(b"[") + 1, size - len(end) + end.rindex(b"]")
    return (opening, closing) if start.lstrip()[1:].strip() != b"]" else (0, 0)


def _copy_some(file: IO[bytes], to: Sink, size: int) -> None:
    while size and (chunk := file.read(min(size, io.DEFAULT_BUFFER_SIZE))):
        to.write(chunk)
        size -= len(chunk)
