"""A worker's signs of life, sent from a thread of its own, so that a long task does not make the worker seem lost.

What the scheduler wants of the worker comes back with them: messages, each for a method marked `rpc_message_callback`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar, runtime_checkable

from luigi.executors.forking import fork_lock

logger = logging.getLogger("luigi-interface")

FAREWELL = 2.0
"""Seconds a sign of life on its way may hold up the end of a run."""

Method = TypeVar("Method", bound=Callable[..., Any])


@runtime_checkable
class Listener(Protocol):
    """A scheduler that loses workers it does not hear from."""

    def ping(self, worker: str) -> Mapping[str, Any] | None:
        """Take in a sign of life. The answer's `rpc_messages` wait for the worker: each has a `name` and `kwargs`."""
        ...


def rpc_message_callback(fn: Method) -> Method:
    """Decorator: let the scheduler's messages call this method of a worker, by its name."""
    fn.is_rpc_message_callback = True  # type: ignore[attr-defined]
    return fn


def follow(worker: object, message: Mapping[str, Any]) -> None:
    """Do what a message of the scheduler wants of `worker`. One that is not understood, or raises, is logged."""
    name = message["name"]
    method = getattr(worker, name, None)
    if not getattr(method, "is_rpc_message_callback", False):
        logger.error("The scheduler sent a message %r, which this worker does not know", name)
        return
    assert method is not None
    try:
        method(**message["kwargs"])
    except Exception:
        logger.exception("The scheduler's message %r could not be followed", name)


class KeepAliveThread(threading.Thread):
    """Pings `scheduler` for the worker `worker_id` every `ping_interval` seconds, from `start()` to `stop()`.

    Each message that comes back is given to `rpc_message_callback`.
    """

    def __init__(
        self,
        scheduler: Listener,
        worker_id: str,
        ping_interval: float,
        rpc_message_callback: Callable[[Mapping[str, Any]], object],
    ) -> None:
        super().__init__(name="luigi-keep-alive", daemon=True)
        self._scheduler = scheduler
        self._worker_id = worker_id
        self._interval = ping_interval
        self._callback = rpc_message_callback
        self._ended = threading.Event()
        self._unheard = False

    def stop(self) -> None:
        """End, once a ping on its way has come back."""
        self._ended.set()
        if self.is_alive():
            self.join(FAREWELL)

    def run(self) -> None:
        """Ping until stopped."""
        while not self._ended.wait(self._interval):
            try:
                with fork_lock:  # a process forked in the middle of a call would inherit half of it
                    answer = self._scheduler.ping(worker=self._worker_id)
            except Exception as error:  # whatever it is, the task that runs goes on, and so must its signs of life
                self._complain(error)
                continue
            self._unheard = False
            for message in (answer or {}).get("rpc_messages", ()):
                self._callback(message)

    def _complain(self, error: Exception) -> None:
        """Say once, not every second, that nobody hears."""
        if not self._unheard and not self._ended.is_set():
            logger.warning("A sign of life of this worker did not arrive: %s", error)
        self._unheard = True
