"""`kernel run` and SIGTERM: what runs is ended, and what came of the run is told, as after a second Ctrl-C.

Whoever sends it (a cluster, a service manager, `timeout`) waits some seconds for the end, not for tasks.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from luigi.cli.guard import Terminated
from luigi.clock import SYSTEM, Clock

TOGETHER: Final = 1.0
"""Seconds within which signals are one: `timeout` sends one to the process, and another to its group."""


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Have SIGTERM raise Terminated in this thread.

    Nothing, where a program handles it itself, and outside the main thread, where Python tells of no signals.
    """
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield
        return
    ending = _Ending()
    signal.signal(signal.SIGTERM, ending)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGTERM) is ending:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


class _Ending:
    """The handler."""

    def __init__(self, clock: Clock = SYSTEM) -> None:
        self._process, self._clock = os.getpid(), clock
        self._last: float | None = None

    def __call__(self, signum: int, frame: Any) -> None:
        if os.getpid() != self._process:  # a fork, such as one of a task's own multiprocessing: it just ends
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGTERM)
        last, self._last = self._last, self._clock.monotonic()
        if last is None or self._last - last > TOGETHER:
            raise Terminated("ended by SIGTERM")
