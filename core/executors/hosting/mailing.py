"""Messages for tasks that run elsewhere: kept until the host has begun the job they are for."""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from luigi.executors.hosting.engine import Engine
    from luigi.interfaces import Message

AGAIN: Final = 0.2
"""Seconds until a host that had not begun the job is asked once more."""


class Mailing:
    """Messages are added by any thread, and delivered, in order, by the one that polls."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._kept: dict[int, deque[Message]] = {}

    @property
    def patience(self) -> float:
        """Seconds until `deliver` is to be called again at the latest."""
        return AGAIN if self._kept else float("inf")

    def add(self, token: int, message: Message) -> None:
        """Keep one for a job."""
        with self._lock:
            self._kept.setdefault(token, deque()).append(message)

    def deliver(self) -> None:
        """Hand over what can be."""
        for token in list(self._kept):
            self._deliver(token, self._kept[token])

    def _deliver(self, token: int, messages: deque[Message]) -> None:
        while messages and self._engine.send(token, messages[0]):
            messages.popleft()
        with self._lock:
            if not messages:
                self._kept.pop(token, None)

    def forget(self, token: int) -> None:
        """The job has ended: what it has not been given is late."""
        with self._lock:
            self._kept.pop(token, None)
