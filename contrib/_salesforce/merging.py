"""Puts the results of a query together: files of CSV, XML or JSON, of any size, into one of that kind."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Final

from luigi.contrib._salesforce import json_lists, xml_documents
from luigi.contrib._salesforce.sink import Encoded, Sink

NOTHING: Final = b"Records not found for this query"
"""All that is in a result of CSV without records."""


def merge(kind: str, parts: Sequence[Path], out: Any) -> None:
    """Write what is in `parts` to `out`, as one. Raises NotMerged, and OSError."""
    to: Sink = Encoded(out) if isinstance(out, io.TextIOBase) else out
    if len(parts) < 2:
        for part in parts:
            _copy(part, to)
        return
    {"csv": _csv, "xml": xml_documents.join, "json": json_lists.join}[kind.casefold()](parts, to)


def _copy(part: Path, to: Sink) -> None:
    with part.open("rb") as file:
        shutil.copyfileobj(file, to)


def _csv(parts: Sequence[Path], to: Sink) -> None:
    """The names of fields once, then all rows."""
    full = [part for part in parts if not _is_empty(part)]
    if not full:
        _copy(parts[0], to)
    for number, part in enumerate(full):
        with part.open("rb") as file:
            names = file.readline()  # no name has a line feed in it
            if not number:
                to.write(names)
            shutil.copyfileobj(file, to)
            if not _ends_its_line(file):
                to.write(b"\n")


def _is_empty(part: Path) -> bool:
    with part.open("rb") as file:
        return file.readline().strip(b'"\r\n') in (b"", NOTHING)


def _ends_its_line(file: IO[bytes]) -> bool:
    file.seek(-1, io.SEEK_END)
    return file.read() == b"\n"
