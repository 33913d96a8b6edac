"""The copier: a small process between a worker that runs tasks itself and what these print.

It writes what it reads to where it went before, and a copy of it back to the worker. A thread of the worker could not:
code that holds the interpreter's lock while it prints would wait for it for ever, and what a task says right before it
crashes would go down with the worker. Run as a program, on the standard library alone; see `right_here`.
"""

from __future__ import annotations

import mmap
import os
import select
import signal
import sys

CHUNK = 65536
PARENT = os.getppid()
MOST = 16 * 1024 * 1024
"""Bytes of copies kept while the worker cannot take them."""

BUSY, MISSED, ROUNDS, CELLS = 0, 1, 2, 4096
"""What it shares with the worker: whether it has anything in hand, how many bytes it has dropped, how often it has read
whatever there was; the memory's size."""


class Stream:
    """One stream: read from `reads`, written to `tee`, copied to `copies`; -1 stands for no file.

    Where the worker itself writes it on, because a live display is there, `rest` is where the worker reads the copies:
    what it has not read in the end, it cannot read any more.
    """

    def __init__(self, reads: int, tee: int, copies: int, rest: int) -> None:
        self.reads, self.tee, self.copies, self.rest = reads, tee, copies, rest
        self.waiting = bytearray()
        os.set_blocking(copies, False)

    def read(self) -> bool:
        """Read once, and pass it on. False at the end."""
        data = os.read(self.reads, CHUNK)
        if self.rest < 0:
            self._pass_on(data)
        self.waiting += data
        return bool(data)

    def end(self) -> None:
        """Write what the worker has left, if it has died."""
        try:
            while self.rest >= 0 and os.getppid() != PARENT:
                self.copy()
                self._pass_on(os.read(self.rest, CHUNK))
        except BlockingIOError:
            return

    def _pass_on(self, data: bytes) -> None:
        try:
            while data and self.tee >= 0:
                data = data[os.write(self.tee, data) :]
        except BlockingIOError:  # somebody has made the terminal so
            select.select((), (self.tee,), ())
            self._pass_on(data)
        except OSError:  # nobody reads it: the worker still does
            return

    def copy(self) -> int:
        """Give the worker what it takes; how many bytes were dropped because it takes none for too long."""
        try:
            while self.waiting:
                del self.waiting[: os.write(self.copies, self.waiting[:CHUNK])]
        except BlockingIOError:
            missed = max(0, len(self.waiting) - MOST)
            del self.waiting[:missed]
            return missed
        except BrokenPipeError:  # the worker has gone
            self.waiting.clear()
        return 0


def copy(streams: list[Stream], cells: memoryview) -> None:
    """Copy until all streams have ended."""
    poller = select.poll()
    by_fd = {stream.reads: stream for stream in streams}
    for fd in by_fd:
        poller.register(fd, select.POLLIN)
    while by_fd:
        ready = poller.poll()
        cells[BUSY] = 1
        for fd, event in ready:
            if fd in by_fd and event & (select.POLLIN | select.POLLHUP) and not by_fd[fd].read():
                poller.unregister(fd)
                by_fd.pop(fd).end()
        waits = False
        for stream in streams:
            cells[MISSED] += stream.copy()
            waits = waits or bool(stream.waiting)
            if stream.waiting:
                poller.register(stream.copies, select.POLLOUT)
            elif stream.reads in by_fd:
                _forget(poller, stream.copies)
        cells[BUSY] = int(waits)
        cells[ROUNDS] += 1


def _forget(poller: select.poll, fd: int) -> None:
    try:
        poller.unregister(fd)
    except KeyError:
        return


def main(arguments: list[str]) -> None:
    """`cells`, and four descriptors for each stream, as `Stream` has them.

    Signals are for the worker: this ends when nobody can print any more.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    cells, *fds = map(int, arguments)
    streams = [Stream(*fds[at : at + 4]) for at in range(0, len(fds), 4)]
    with mmap.mmap(cells, CELLS) as shared:
        copy(streams, memoryview(shared).cast("Q"))
        os._exit(0)  # what looks at the shared memory cannot be closed before it


if __name__ == "__main__":
    main(sys.argv[1:])
