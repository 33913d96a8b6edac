"""What is kept for those who ask often is let go of when nobody asks any more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from luigi.clock import Clock

A_WHILE: Final = 60.0
"""Seconds without a question, after which nobody seems to look any more."""


class Idleness:
    """Calls `forget`, in a thread of its own, `seconds` after the last question."""

    def __init__(self, clock: Clock, forget: Callable[[], object], seconds: float = A_WHILE) -> None:
        self._clock, self._forget, self._seconds = clock, forget, seconds
        self._lock = threading.Lock()
        self._waiting = False
        self._asked = 0.0

    def asked(self) -> None:
        """Somebody asks."""
        with self._lock:
            self._asked = self._clock.monotonic()
            if not self._waiting:
                self._waiting = True
                self._wait(self._seconds)

    def _wait(self, seconds: float) -> None:
        timer = threading.Timer(seconds, self._look)
        timer.daemon = True
        timer.start()

    def _look(self) -> None:
        with self._lock:
            left = self._asked + self._seconds - self._clock.monotonic()
            if left > 0:
                self._wait(left)
                return
            self._waiting = False
        self._forget()
