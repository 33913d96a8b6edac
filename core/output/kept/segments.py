"""How output lies on disk: a folder for each task, and for each attempt files of JSON lines, one after the other.

A file's first line says whose output it has and where in all of that it begins; a line that is not whole was being
written when the server was killed, and is not there. Only the names of folders come from ids of tasks, as hashes.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from typing import Any, Final, NamedTuple

VERSION: Final = 1

LONGEST_HEAD: Final = 16 * 1024
"""Bytes of a first line at most: the longest id has 1000 characters."""

_NAME: Final = re.compile(r"(\d+)-(\d+)-(\d+)\.jsonl")

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Whose(NamedTuple):
    """An attempt at a task, as the scheduler handed it out."""

    task_id: str
    token: int
    worker: str
    began: float
    """Seconds since the epoch. A scheduler whose state was lost hands out its tokens again: this tells them apart."""

    @property
    def stem(self) -> str:
        """What the names of its files begin with."""
        return f"{self.token}-{int(self.began * 1000)}"


class Segment(NamedTuple):
    """One file."""

    path: str
    number: int
    whose: Whose
    start: int
    """How many bytes of lines there are before it, kept or not."""
    pieces: int
    """How many pieces there are before it."""
    head: int
    """Bytes of its first line."""
    size: int
    """Bytes of its other lines."""

    @property
    def end(self) -> int:
        """How many bytes of lines there are up to its end."""
        return self.start + self.size

    def bytes_from(self, at: int, most: int = -1) -> bytes:
        """What it has from a place on; nothing once it was removed."""
        with suppress(FileNotFoundError), open(self.path, "rb") as file:
            file.seek(self.head + max(0, at - self.start))
            return file.read(most)
        return b""


def folder_of(base: str, task_id: str) -> str:
    """Where the output of a task lies."""
    name = blake2b(task_id.encode(errors="surrogatepass"), digest_size=16).hexdigest()
    return os.path.join(base, name[:2], name)


def line(told: Mapping[str, Any]) -> bytes:
    """A line of a file."""
    return _ENCODER.encode(told).encode(errors="replace") + b"\n"


def first_line(whose: Whose, number: int, start: int, pieces: int) -> bytes:
    """The first line of a file."""
    told = {"luigi_output": VERSION, **whose._asdict(), "segment": number, "start": start, "pieces": pieces}
    return line(told)


def segments(base: str, task_id: str) -> Sequence[Segment]:
    """The files of a task, attempt by attempt, the newest first; those of an attempt in order."""
    return sorted(_found(folder_of(base, task_id), task_id), key=_place)


def _place(one: Segment) -> tuple[float, int, int]:
    return -one.whose.began, -one.whose.token, one.number


def _found(folder: str, task_id: str) -> Iterator[Segment]:
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            segment = opened(entry.path) if _NAME.fullmatch(entry.name) else None
            if segment is not None and segment.whose.task_id == task_id:
                yield segment


def opened(path: str) -> Segment | None:
    """The file at `path`; None for one that is none of these, or of a later version."""
    with suppress(FileNotFoundError), open(path, "rb") as file:
        first = file.readline(LONGEST_HEAD)
        told = read_line(first)
        if told is None or told.get("luigi_output") != VERSION:
            return None
        whose = Whose(str(told["task_id"]), int(told["token"]), str(told["worker"]), float(told["began"]))
        size = os.fstat(file.fileno()).st_size - len(first)
        return Segment(path, int(told["segment"]), whose, int(told["start"]), int(told["pieces"]), len(first), size)
    return None


def read_line(data: bytes) -> dict[str, Any] | None:
    """What a line says; None for one that is not whole."""
    if not data.endswith(b"\n"):
        return None
    try:
        told = json.loads(data)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
