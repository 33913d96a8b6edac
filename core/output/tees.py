"""Where output goes beside the sink: to where it went before anybody took it."""

from __future__ import annotations

import os
import select
import sys
from codecs import getincrementaldecoder
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from luigi.executors.forking import Unshared
from luigi.output.sink import STDERR, STDOUT

PLACES: Final[Mapping[str, int]] = {STDOUT: 1, STDERR: 2}
"""The file descriptors that output goes to."""


class ToFile:
    """A terminal, a file, a pipe: whatever the descriptor stands for."""

    def __init__(self, fd: int) -> None:
        self.fd = fd

    def write(self, data: bytes) -> None:
        """Write all of it, waiting where that takes long. Where nobody reads it, the sink still gets it."""
        left = memoryview(data)
        while left:
            try:
                left = left[os.write(self.fd, left) :]
            except BlockingIOError:  # somebody has made the terminal so
                select.select((), (self.fd,), ())
            except OSError:  # the reader has gone, the disk is full
                return


class ToTerminal(ToFile):
    """A terminal: while there is a live display, output appears above it."""

    def __init__(self, fd: int, stream: str) -> None:
        super().__init__(fd)
        self._stream = stream
        self._above: Any = None
        self._decoder = getincrementaldecoder("utf-8")("replace")

    def write(self, data: bytes) -> None:
        """Write it, or show the lines that are whole."""
        shown = getattr(sys, self._stream)
        if not hasattr(shown, "another"):
            self.finish()
            super().write(data)
            return
        if self._above is None:
            self._above = shown.another()
        self._above.show(self._decoder.decode(data))

    def finish(self) -> None:
        """Show the rest: the display is taken away."""
        above, self._above = self._above, None
        if above is not None:
            above.finish()


@contextmanager
def tees() -> Iterator[dict[str, ToFile]]:
    """Where the two streams go now, for as long as this lasts. One that is closed goes nowhere."""
    found: dict[str, ToFile] = {}
    for stream, fd in PLACES.items():
        if _is_open(fd):
            own = Unshared.add(os.dup(fd))
            found[stream] = ToTerminal(own, stream) if os.isatty(own) else ToFile(own)
    try:
        yield found
    finally:
        for one in found.values():
            if isinstance(one, ToTerminal):
                one.finish()
            Unshared.close(one.fd)


def _is_open(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True
