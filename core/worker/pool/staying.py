"""How long a pool's worker stays: until it is told to go, or has had nothing to do for as long as it may."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from luigi.clock import Clock
from luigi.interfaces import Counts
from luigi.worker.config import worker as worker_config
from luigi.worker.staying import Staying


class Woken(BaseException):
    """Raised by a signal's handler where the worker only waits, so that it goes on at once."""


class PoolStaying(Staying):
    """Patience without end, unless `[worker] max_keep_alive_idle_duration` sets one, or `until` comes true."""

    def __init__(self, config: worker_config, clock: Clock, until: Callable[[], bool] | None) -> None:
        super().__init__(config, clock)
        self._until = until
        self._longest = config.max_keep_alive_idle_duration.total_seconds()

    def look(self) -> None:
        """Ask whether there is a reason to leave: once a round, and before it is waited for more."""
        if self._until is not None and not self.draining and self._until():
            self.draining = True

    def stays(self, counts: Counts) -> bool:
        """Whether to wait for work, whoever may have some."""
        self.look()  # what was handed in just now may have been the last
        if self.draining:
            return False
        if self._idle_since is None:
            self._idle_since = self._clock.monotonic()
        return not self._longest or self._clock.monotonic() - self._idle_since <= self._longest

    def wait(self, soonest: float | None = None, pace: float = 0.0) -> None:
        """As `Staying.wait`; a signal that has the worker leave ends it."""
        with self.woken():
            super().wait(soonest, pace)

    @contextlib.contextmanager
    def woken(self) -> Iterator[None]:
        """What stands in the `with` block may be ended by `Woken`, and that is the end of it."""
        try:
            yield
        except Woken:
            pass
        finally:
            self.waiting = False
