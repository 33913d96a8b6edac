"""Whether a worker takes more work, and whether it waits when there is none."""

from __future__ import annotations

import logging
import os

from luigi.clock import Clock
from luigi.interfaces import Counts
from luigi.worker.config import worker as worker_config

logger = logging.getLogger("luigi-interface")


MOMENT = 0.05
"""The shortest time, in seconds, between two looks at what runs."""


SHORTEST = 0.001
"""The shortest wait for work, in seconds: long enough for a clock to have moved on after it."""


class Staying:
    """One worker's patience, by the `[worker]` section."""

    def __init__(self, config: worker_config, clock: Clock) -> None:
        self.draining = False
        """No more work is asked for: what runs is finished, and then the worker leaves."""
        self.waiting = False
        """It waits for work at this moment, and nothing runs."""
        self.look_around = max(MOMENT, min(config.ping_interval, config.wait_interval))
        """Seconds that tasks run unobserved: then their leases are renewed, and places that are free asked for."""
        self._config = config
        self._clock = clock
        self._idle_since: float | None = None

    def worked(self) -> None:
        """There was something to do: idle time begins anew."""
        self._idle_since = None

    def stays(self, counts: Counts) -> bool:
        """Whether to wait for work: for what a rate holds back; with keep_alive, as long as tasks of the kind that
        counts are left."""
        config = self._config
        logger.debug("There are no more tasks to run at this time")
        if self.draining:
            return False
        if counts.soonest is not None:  # a rate alone stands in the way: that passes by itself
            return True
        if not config.keep_alive:
            return False
        if self._idle_since is None:
            self._idle_since = self._clock.monotonic()
        longest = config.max_keep_alive_idle_duration.total_seconds()
        if longest and self._clock.monotonic() - self._idle_since > longest:
            return False
        if config.count_last_scheduled:
            return counts.last_declared > 0
        return (counts.unique if config.count_uniques else counts.pending) > 0

    def wait(self, soonest: float | None = None, pace: float = 0.0) -> None:
        """Let `wait_interval` pass, and up to `wait_jitter` more, by chance, so that workers do not ask in step.

        `soonest`: the seconds until there may be work, where that is known; no longer then. `pace`: as the line's.
        """
        seconds = max(self._config.wait_interval, pace) + self._config.wait_jitter * chance()
        self.waiting = True
        try:
            self._clock.sleep(seconds if soonest is None else min(seconds, max(SHORTEST, soonest)))
        finally:
            self.waiting = False


def chance() -> float:
    """From 0 to 1. `random` would cost a worker's start a millisecond."""
    return int.from_bytes(os.urandom(2)) / 65536
