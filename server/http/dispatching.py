"""Who answers a call: the loop itself, a quick one that comes alone; threads, all others.

Handing a call to a thread and back costs as much as a worker's call itself. But calls that come together are better
kept together, in one write to the state store, and nothing may hold up the loop: where calls do, they are left to
threads for a while.
"""

from __future__ import annotations

import threading
from collections.abc import Container
from typing import Any, Final

from waitress.task import ThreadedTaskDispatcher  # type: ignore[import-untyped]  # waitress has no types

from luigi.clock import Clock

SMALL: Final = 16 * 1024
"""Bytes of a body at most, as they came: a call with many tasks takes longer."""

HELD_UP: Final = 0.0015
"""Seconds that calls may take in the loop, one with the other: where the state store waits for the disk each time, they
take longer."""

WEIGHT: Final = 0.1
"""Of the last call in that mean: now and then one is slow, as SQLite tidies up."""

A_WHILE: Final = 1.0
"""Seconds for which calls are left to threads then."""


class Dispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]
    """`quick`: the paths of calls that never wait for anything but the state store."""

    def __init__(self, quick: Container[str], clock: Clock) -> None:
        super().__init__()
        self._quick, self._clock = quick, clock
        self._loop: int | None = None
        self._read: list[Any] = []
        self._mean = 0.0
        self._not_before = 0.0

    def add_task(self, task: Any) -> None:
        """Take in a connection with a call. Those that the loop has read wait until it has read all there are."""
        if threading.get_ident() == self._loop:
            self._read.append(task)
        else:
            super().add_task(task)

    def begin(self) -> None:
        """This thread is the loop's, and is going to read calls."""
        self._loop = threading.get_ident()

    def end(self) -> None:
        """All were read that there are."""
        self._loop = None
        read, self._read = self._read, []
        if len(read) == 1 and self._is_for_the_loop(read[0]):
            self._answer(read[0])
        else:
            for task in read:
                super().add_task(task)

    def _is_for_the_loop(self, connection: Any) -> bool:
        """Not where something is still to be sent, or another call waits: that may have to wait for the loop itself."""
        if connection.total_outbufs_len or len(connection.requests) > 1:
            return False
        request = connection.requests[0]
        if request.error or request.path not in self._quick or request.body_bytes_received > SMALL:
            return False
        return self._clock.monotonic() >= self._not_before

    def _answer(self, connection: Any) -> None:
        began = self._clock.monotonic()
        connection.service()
        now = self._clock.monotonic()
        self._mean += WEIGHT * (now - began - self._mean)
        if self._mean > HELD_UP:
            self._mean, self._not_before = 0.0, now + A_WHILE
