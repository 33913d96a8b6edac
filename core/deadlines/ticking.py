"""Lets time pass for the scheduler of a run on its own, so that people hear of a deadline while a task runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from luigi.errors import KernelError

if TYPE_CHECKING:
    from luigi.scheduler import Scheduler

INTERVAL: Final = 1.0
"""Seconds between two looks."""

logger = logging.getLogger("luigi-interface")


@contextmanager
def ticking(scheduler: Scheduler, interval: float = INTERVAL) -> Iterator[None]:
    """As long as this lasts, `scheduler` does what time has brought."""
    ending = threading.Event()

    def go_on() -> None:
        while not ending.wait(interval):
            try:
                scheduler.tick()
            except KernelError as error:
                logger.error("what time has brought could not be done: %s", error)

    thread = threading.Thread(target=go_on, name="luigi-ticking", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()
