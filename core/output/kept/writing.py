"""Adds to what an attempt has printed. Beyond what may be kept the middle is given up: beginning and end stay."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from luigi.output.kept.segments import Segment, Whose, first_line, folder_of, line, opened

TAILS: Final = 4
"""How many files of the end are kept; the one that is being written among them."""


@dataclass(slots=True)
class Attempt:
    """The files of one attempt, to be added to. Half of `most` bytes is for the beginning, the rest for the end."""

    base: str
    whose: Whose
    most: int
    kept: list[Segment]
    """Those there are, in order."""
    pieces: int = 0
    """How many pieces there were, kept or not."""
    ended: bool = False

    def add(self, first: int, pieces: Sequence[Mapping[str, Any]], ended: float | None) -> int:
        """Add pieces, of which the first has the number `first`; those that are here already are left.

        Gives the bytes that are written. Raises OSError: then what is here is to be looked at anew.
        """
        written, waiting = 0, bytearray()
        self.pieces = max(self.pieces, first)  # what was before may have been removed
        for piece in pieces[self.pieces - first :]:
            data = line(piece)
            written += len(data)
            self._add(waiting, data)
            self.pieces += 1
        if ended is not None and not self.ended:
            self._add(waiting, line({"ended": ended}))
            self.ended = True
        self._write(waiting)
        return written

    def _add(self, waiting: bytearray, data: bytes) -> None:
        """Have a line written with those that wait, which are written before where it goes into the next file."""
        last = self.kept[-1] if self.kept else None
        if last is None or (last.size and last.size + len(data) > self._room(last)):
            self._write(waiting)
            last = self._begin(0 if last is None else last.number + 1, 0 if last is None else last.end)
        waiting += data
        self.kept[-1] = last._replace(size=last.size + len(data))

    def _write(self, waiting: bytearray) -> None:
        if waiting:
            _write(os.open(self.kept[-1].path, os.O_WRONLY | os.O_APPEND), waiting)
            waiting.clear()

    def _room(self, segment: Segment) -> int:
        return self.most // 2 if segment.number == 0 else self.most // (2 * TAILS)

    def _begin(self, number: int, start: int) -> Segment:
        """Begin a file, and give up the oldest of the end."""
        folder = folder_of(self.base, self.whose.task_id)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        path = os.path.join(folder, f"{self.whose.stem}-{number}.jsonl")
        head = first_line(self.whose, number, start, self.pieces)
        _write(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), head)
        segment = Segment(path, number, self.whose, start, self.pieces, len(head), 0)
        self.kept.append(segment)
        while len(self.kept) > 1 + TAILS:
            with suppress(FileNotFoundError):
                os.remove(self.kept.pop(1).path)
        return segment


def _write(fd: int, data: bytes | bytearray) -> None:
    """Write all of it, and close the file. Raises OSError."""
    with open(fd, "wb", buffering=0) as file:
        if file.write(data) != len(data):
            raise OSError("not all of it could be written")


def attempt(base: str, whose: Whose, most: int, found: Sequence[Segment]) -> Attempt:
    """The attempt as it is on disk: `found` are files of its task. What was being written in the end is taken away.

    Raises OSError.
    """
    kept = [one for one in found if one.whose.stem == whose.stem]
    if not kept:
        return Attempt(base, whose, most, [])
    last = kept[-1]
    lines = last.bytes_from(0).splitlines(keepends=True)
    if lines and not lines[-1].endswith(b"\n"):
        os.truncate(last.path, last.head + last.size - len(lines.pop()))
        last = opened(last.path) or last
    ended = bool(lines) and lines[-1].startswith(b'{"ended":')
    return Attempt(base, kept[0].whose, most, [*kept[:-1], last], last.pieces + len(lines) - ended, ended)
