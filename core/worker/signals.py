"""Signals while a worker runs: SIGUSR1 and the first Ctrl-C let it finish what runs, the second Ctrl-C ends that too.

Python tells the main thread alone of signals, and a program that has a handler of its own for Ctrl-C keeps it.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

from luigi.worker.staying import Staying

Handler = Callable[[int, Any], object]

FIRST_CTRL_C = "finishing what runs; Ctrl-C again ends it"


class CtrlC:
    """What Ctrl-C does while tasks run."""

    def __init__(self, staying: Staying) -> None:
        self.pressed = False
        """Whether it was pressed."""
        self._staying = staying

    def __call__(self, signum: int, frame: Any) -> None:
        """The signal's handler. Raises KeyboardInterrupt the second time, and at once where nothing runs."""
        if self.pressed or self._staying.waiting:
            raise KeyboardInterrupt
        self.pressed = self._staying.draining = True
        with contextlib.suppress(RuntimeError):  # the program was just writing to stderr itself
            print(FIRST_CTRL_C, file=sys.stderr, flush=True)


@contextlib.contextmanager
def draining_on_usr1(handler: Handler | None) -> Iterator[None]:
    """Have `handler` called on SIGUSR1, where there is such a signal and this is the main thread. None: nothing."""
    import signal

    if handler is None or not hasattr(signal, "SIGUSR1") or not _in_main_thread():
        yield
        return
    with _handled(signal.SIGUSR1, handler):
        yield


@contextlib.contextmanager
def ending_on_ctrl_c(staying: Staying) -> Iterator[None]:
    """Let a first Ctrl-C drain the worker, and end it as one does, by KeyboardInterrupt, when it is drained."""
    import signal

    if not _in_main_thread() or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    ctrl_c = CtrlC(staying)
    with _handled(signal.SIGINT, ctrl_c):
        yield
    if ctrl_c.pressed:
        raise KeyboardInterrupt


def _in_main_thread() -> bool:
    import threading

    return threading.current_thread() is threading.main_thread()


@contextlib.contextmanager
def _handled(signum: int, handler: Handler) -> Iterator[None]:
    import signal

    before = signal.signal(signum, handler)
    try:
        yield
    finally:
        # None: it was not set from Python, and cannot be set again from here.
        signal.signal(signum, signal.SIG_DFL if before is None else before)
