"""A while in which things are gathered: it begins with the first of them, and when it is over they are sent."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol


class Alarm(Protocol):
    """Something that will go off, unless it is cancelled: a `threading.Timer`."""

    def start(self) -> None:
        """Begin to wait."""
        ...

    def cancel(self) -> None:
        """Stop waiting."""
        ...


def timer(seconds: float, act: Callable[[], None]) -> Alarm:
    """Calls `act` in a thread of its own that does not keep the process alive."""
    made = threading.Timer(seconds, act)
    made.daemon = True
    return made


class Interval:
    """Calls `send` so many minutes after `begin`, or at `end` if that comes first. Any thread may call."""

    def __init__(
        self,
        minutes: float,
        send: Callable[[], None],
        alarm: Callable[[float, Callable[[], None]], Alarm] = timer,
    ) -> None:
        self.minutes = minutes
        self._send, self._make = send, alarm
        self._lock = threading.Lock()
        self._alarm: Alarm | None = None

    def begin(self) -> None:
        """There is something now. While an interval goes on, nothing happens."""
        with self._lock:
            if self._alarm is not None:
                return
            self._alarm = self._make(self.minutes * 60, self.end)
            self._alarm.start()

    def end(self) -> None:
        """Send what there is now."""
        with self._lock:
            alarm, self._alarm = self._alarm, None
        if alarm is not None:
            alarm.cancel()
            self._send()
