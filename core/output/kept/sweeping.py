"""Removes output that is too old, and the oldest when there is too much of it in all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple


class _File(NamedTuple):
    changed: float
    size: int
    path: str


def sweep(base: str, before: float, most: int) -> int:
    """Remove files last added to `before` that time, and the oldest beyond `most` bytes in all.

    Gives the bytes that are left.
    """
    files = sorted(_files(base))
    size = sum(file.size for file in files)
    for file in files:
        if file.changed >= before and size <= most:
            break
        with suppress(FileNotFoundError):
            os.remove(file.path)
        size -= file.size
    _remove_empty_folders(base)
    return size


def _files(base: str) -> Iterator[_File]:
    for folder, _, names in os.walk(base):
        for name in names:
            path = os.path.join(folder, name)
            with suppress(FileNotFoundError):
                if name.endswith(".jsonl"):
                    about = os.stat(path)
                    yield _File(about.st_mtime, about.st_size, path)


def _remove_empty_folders(base: str) -> None:
    for folder, _, names in os.walk(base, topdown=False):
        if folder != base and not names:
            with suppress(OSError):  # something has just come in
                os.rmdir(folder)
