"""What a program or a job has printed: its end, and its lines as they come."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

LONGEST_LINE: Final = 65536
"""Bytes after which a line is heard of as it is: what never ends a line must not be held for ever."""


class Printed:
    """The last bytes of a stream."""

    def __init__(self, keep: int | None = None) -> None:
        self._keep = keep
        self._chunks: deque[bytes] = deque()
        self._size = 0
        self._dropped = 0

    def add(self, data: bytes) -> None:
        """Have more of it; whole chunks that are not needed any more are dropped."""
        self._chunks.append(data)
        self._size += len(data)
        while self._keep is not None and self._size - len(self._chunks[0]) >= self._keep:
            first = self._chunks.popleft()
            self._size -= len(first)
            self._dropped += len(first)

    def text(self) -> str:
        """What is kept, as text, after a line that says how much is missing."""
        whole = b"".join(self._chunks)
        cut = 0 if self._keep is None else max(0, len(whole) - self._keep)
        missing = self._dropped + cut
        before = f"[{missing} bytes before this are left out]\n" if missing else ""
        return before + whole[cut:].decode("utf-8", "replace")


class Lines:
    """Cuts what comes into lines, at line feeds and at the returns of progress bars."""

    def __init__(self, hear: Callable[[str], object]) -> None:
        self._hear = hear
        self._rest = b""

    def add(self, data: bytes) -> None:
        """Have more of it; no data is the end, at which the rest is a line."""
        whole = (self._rest + data).replace(b"\r", b"\n")
        *lines, self._rest = whole.split(b"\n")
        if self._rest and (not data or len(self._rest) > LONGEST_LINE):
            lines.append(self._rest)
            self._rest = b""
        for line in lines:
            if line:
                self._hear(line.decode("utf-8", "replace"))
