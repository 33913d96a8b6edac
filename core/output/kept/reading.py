"""Shows what attempts have printed, from any place on, whether or not more is being written."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from luigi.output.kept.segments import Segment, Whose, read_line

MOST_READ: Final = 64 * 1024
"""Bytes of lines in one page, but for one line that is longer by itself."""
LONGEST_LINE: Final = 128 * 1024
"""Bytes of a line at most: a piece is 16,384 characters, some of which are written as six."""
LAST_LINE: Final = 200
"""Bytes that the line of an end has at most."""


class Kept(NamedTuple):
    """What there is of an attempt."""

    whose: Whose
    segments: Sequence[Segment]

    def ended(self) -> float | None:
        """When its worker said that this was all; None when it has not."""
        last = self.segments[-1]
        lines = last.bytes_from(max(last.start, last.end - LAST_LINE)).splitlines(keepends=True)
        told = read_line(lines[-1]) if lines else None
        return None if told is None else told.get("ended")

    def changed(self) -> float | None:
        """When something was added last; None once it was removed."""
        with suppress(FileNotFoundError):
            return os.stat(self.segments[-1].path).st_mtime
        return None


class Page(NamedTuple):
    """Pieces one after the other."""

    pieces: Sequence[Mapping[str, Any]]
    next: int
    """The place after them."""
    lost: int
    """About how many bytes are missing before them."""


def kept(found: Sequence[Segment]) -> list[Kept]:
    """The attempts at a task, the newest first, made of its files."""
    by_stem: dict[str, list[Segment]] = {}
    for segment in found:
        by_stem.setdefault(segment.whose.stem, []).append(segment)
    return [Kept(those[0].whose, those) for those in by_stem.values()]


def page(segments: Sequence[Segment], after: int) -> Page:
    """What there is from a place on: as much as fits, up to where something is missing."""
    reading = _Reading(min(after, segments[-1].end))
    for segment in segments:
        if segment.end > reading.at and not reading.goes_on(segment):
            break
    return Page(reading.pieces, reading.at, reading.lost)


class _Reading:
    """A page that is being filled."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.lost = 0
        self.pieces: list[Mapping[str, Any]] = []
        self._room = MOST_READ

    def goes_on(self, segment: Segment) -> bool:
        """Read what the file has; whether the next one is to be read too."""
        if segment.start > self.at:
            if self.pieces:
                return False
            self.lost += segment.start - self.at
            self.at = segment.start
        for line in segment.bytes_from(self.at, self._room + LONGEST_LINE).splitlines(keepends=True):
            if not line.endswith(b"\n") or not self._takes(read_line(line), len(line)):
                return False
            self.at += len(line)
            self._room -= len(line)
        return self._room > 0

    def _takes(self, told: Mapping[str, Any] | None, size: int) -> bool:
        """Whether a line is in this page, or has nothing for any."""
        if told is None or "ended" in told:
            return True
        if self.pieces and ("lost" in told or size > self._room):
            return False
        if "lost" in told:
            self.lost += told["lost"]
        elif "text" in told:  # else the place is in the middle of a line
            self.pieces.append(told)
        return True
