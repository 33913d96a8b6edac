"""A worker's signs of life, sent from a thread of its own so that a long task does not make the worker seem lost."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

logger = logging.getLogger("luigi-interface")

FAREWELL = 2.0
"""Seconds a sign of life on its way may hold up the end of a run."""


@runtime_checkable
class Listener(Protocol):
    """A scheduler that loses workers it does not hear from."""

    def ping(self, worker: str) -> Sequence[Mapping[str, Any]]:
        """Take in a sign of life, and give the messages that wait for the worker: each has a `name` and `kwargs`."""
        ...


class Heartbeat:
    """Pings `scheduler` for the worker `worker_id` every `interval` seconds, from `start` to `stop`."""

    def __init__(self, scheduler: Listener, worker_id: str, interval: float) -> None:
        self._scheduler = scheduler
        self._worker_id = worker_id
        self._interval = interval
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="luigi-heartbeat", daemon=True)
        self._unheard = False

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, once a ping on its way has come back."""
        self._stopped.set()
        self._thread.join(FAREWELL)

    def _beat(self) -> None:
        while not self._stopped.wait(self._interval):
            try:
                messages = self._scheduler.ping(self._worker_id)
            except Exception as error:  # whatever it is, the task that runs goes on, and so must its signs of life
                self._complain(error)
            else:
                self._unheard = False
                self._read(messages)

    def _complain(self, error: Exception) -> None:
        """Say once, not every second, that nobody hears."""
        if not self._unheard and not self._stopped.is_set():
            logger.warning("A sign of life of this worker did not arrive: %s", error)
        self._unheard = True

    def _read(self, messages: Sequence[Mapping[str, Any]]) -> None:
        for message in messages or ():
            logger.warning("The scheduler's message %s is not one this worker can follow", message["name"])
