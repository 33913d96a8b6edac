"""What is in a directory of HDFS: entries, read from what `hadoop fs -ls` prints or WebHDFS answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple


class Entry(NamedTuple):
    """A file or directory."""

    path: str
    size: int
    """In bytes; 0 for a directory."""
    type: str
    """d for a directory, - for a file, as `ls` has it."""
    changed: datetime
    """In this machine's zone."""


def printed(text: str) -> Iterator[Entry]:
    """The entries in the output of `hadoop fs -ls`. Paths are as asked for."""
    for line in text.splitlines():
        parts = line.split(None, 7)
        if len(parts) == 8:  # "Found 2 items" is no entry
            rights, _, _, _, size, day, time, path = parts
            yield Entry(path, int(size), rights[0], datetime.fromisoformat(f"{day} {time}"))


def answered(name: str, status: Mapping[str, Any]) -> Entry:
    """The entry of that name with what WebHDFS says of it, a FileStatus."""
    kind = "d" if status["type"] == "DIRECTORY" else "-"
    return Entry(name, status["length"], kind, datetime.fromtimestamp(status["modificationTime"] / 1000))


def chosen(
    entries: Iterable[Entry],
    ignore_directories: bool,
    ignore_files: bool,
    include_size: bool,
    include_type: bool,
    include_time: bool,
) -> Iterator[Any]:
    """The paths of those that are not ignored; with anything included, tuples that begin with the path."""
    including = (True, include_size, include_type, include_time)
    for entry in entries:
        if ignore_directories if entry.type == "d" else ignore_files:
            continue
        fields = tuple(field for field, wanted in zip(entry, including, strict=True) if wanted)
        yield fields if len(fields) > 1 else entry.path
