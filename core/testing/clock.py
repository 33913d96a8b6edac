"""A clock that stands still until somebody moves it."""

from __future__ import annotations


class FakeClock:
    """Stands in for `luigi.clock.SYSTEM` wherever a clock is taken. All values are seconds.

    `sleep` returns at once and moves the time on, so code that waits for an hour is through in no time.
    """

    def __init__(self, now: float = 0.0) -> None:
        self._started = now
        self._now = now
        self.slept: list[float] = []
        """What `sleep` was called with, in order."""

    def now(self) -> float:
        """Seconds since the epoch, as far as this clock goes."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since the clock was made."""
        return self._now - self._started

    def sleep(self, seconds: float) -> None:
        """Move on by `seconds`, and note it in `slept`."""
        self.slept.append(seconds)
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Move on by `seconds`. Raises ValueError for a negative number: this clock never goes back."""
        if seconds < 0:
            raise ValueError(f"a clock does not go back ({seconds} seconds)")
        self._now += seconds
