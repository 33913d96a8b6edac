"""The waker: has whoever waits for file descriptors return, from any thread."""

from __future__ import annotations

import os
from contextlib import suppress
from threading import Lock

from luigi.executors.forking import Unshared


class Waker:
    """`fd` can be read from as soon as somebody has called `wake`, until it was heard."""

    def __init__(self) -> None:
        self.fd, self._writes = os.pipe()
        for fd in (self.fd, self._writes):
            os.set_blocking(fd, False)
            Unshared.add(fd)
        self._lock = Lock()
        self._is_open = True
        self.was_called = False
        """Whether it was heard; for the one that waits to forget."""

    def wake(self) -> None:
        """Any thread may call this; once it is closed, nothing happens."""
        with self._lock, suppress(BlockingIOError):  # so many have called that it is sure to be heard
            if self._is_open:
                os.write(self._writes, b"!")

    def hear(self) -> None:
        """Take in the calls."""
        os.read(self.fd, 4096)
        self.was_called = True

    def close(self) -> None:
        """Nobody waits any more."""
        with self._lock:
            if self._is_open:
                self._is_open = False
                for fd in (self.fd, self._writes):
                    Unshared.close(fd)
