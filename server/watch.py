"""A thread that looks after something of the server again and again, as long as the server leads."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from luigi.errors import StoreError

PATIENCE: Final = 30.0
"""Seconds that the end waits for a look that is under way."""

logger = logging.getLogger("luigi.server")


@contextmanager
def watching(look: Callable[[], None], interval: float, what: str) -> Iterator[None]:
    """While this lasts `look` is called each `interval` seconds. `what` is looked after, in words."""
    watch = Watch(look, interval, what)
    watch.start()
    try:
        yield
    finally:
        watch.end()


class Watch:
    """The thread that looks after `what`. `interval`: seconds between two looks."""

    def __init__(self, look: Callable[[], None], interval: float, what: str) -> None:
        self._look_once, self._interval, self._what = look, interval, what
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name=f"luigi-{what}", daemon=True)
        self._trouble = ""

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def end(self) -> None:
        """Look no more; what is fired already, is."""
        self._ending.set()
        self._thread.join(PATIENCE)

    def _go_on(self) -> None:
        while not self._ending.is_set():
            self._look()
            self._ending.wait(self._interval)

    def _look(self) -> None:
        try:
            self._look_once()
        except StoreError as error:  # nothing is lost: what is due is fired when it can be kept
            self._worry(str(error))
        except Exception:  # the next look may be better, and the server does more than this
            logger.exception("looking after %s failed", self._what)
        else:
            self._trouble = ""

    def _worry(self, trouble: str) -> None:
        if trouble != self._trouble:
            logger.warning("%s have to wait: %s", self._what, trouble)
        self._trouble = trouble
