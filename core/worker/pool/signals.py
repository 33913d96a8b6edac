"""Signals of a pool's worker: the first SIGTERM or Ctrl-C lets it finish what runs, the second ends that too.

That is what service managers and clusters send: a worker that is stopped leaves when it is done.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any, Final

from luigi.worker.pool.staying import PoolStaying, Woken

ENDING: Final = (signal.SIGTERM, signal.SIGINT)
FINISHING: Final = "finishing what runs; once more ends it"


class Leaving:
    """What those signals do to one worker."""

    def __init__(self, staying: PoolStaying) -> None:
        self.times = 0
        """How often one came."""
        self._staying = staying

    def __call__(self, signum: int, frame: Any) -> None:
        """The signals' handler. Raises Woken where nothing runs, and KeyboardInterrupt the second time."""
        self.times += 1
        self._staying.draining = True
        if self.times > 1:
            raise KeyboardInterrupt
        if self._staying.waiting:
            raise Woken
        with contextlib.suppress(RuntimeError):  # the program was just writing to stderr itself
            print(FINISHING, file=sys.stderr, flush=True)


@contextlib.contextmanager
def leaving_on_signals(staying: PoolStaying) -> Iterator[None]:
    """Have the worker leave on these signals, where this is the main thread: only there does Python tell of them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    leaving = Leaving(staying)
    before = {number: signal.signal(number, leaving) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
