"""The only importer of `time`: everything that needs the hour, a duration or a pause asks here.

Tests put a `luigi.testing.FakeClock` in place of `SYSTEM`; nothing else in the house may import `time`
(tests/house checks it).
"""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """What the kernel needs of time. All values are seconds."""

    def now(self) -> float:
        """Seconds since the epoch, UTC; may jump when the machine's clock is set."""
        ...

    def monotonic(self) -> float:
        """Seconds since an arbitrary start; never goes back. For durations."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        ...


class SystemClock:
    """The machine's own clock."""

    now = staticmethod(time.time)
    monotonic = staticmethod(time.monotonic)
    sleep = staticmethod(time.sleep)


SYSTEM: Clock = SystemClock()
