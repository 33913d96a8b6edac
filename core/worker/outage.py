"""How long a scheduler has been away, and when it is to be tried again."""

from __future__ import annotations

import logging

from luigi.clock import Clock
from luigi.rpc.failures import SchedulerAway
from luigi.worker.staying import chance

logger = logging.getLogger("luigi-interface")

SHORTEST, LONGEST = 0.1, 5.0
"""Seconds between two tries: doubled from the one to the other, and spread by chance, so that workers do not come in
step."""
LONGEST_ASKED_FOR = 60.0
"""Seconds for which a server may ask at most."""


class Outage:
    """One worker's scheduler, which may be away for `patience` seconds at a time."""

    def __init__(self, patience: float, clock: Clock) -> None:
        self._patience = patience
        self._clock = clock
        self._since: float | None = None
        self._pause = 0.0
        self._next = 0.0
        self._last: SchedulerAway | None = None
        self._untried = False

    @property
    def lasts(self) -> bool:
        """Whether the last call was not answered."""
        return self._since is not None

    def is_worth_a_try(self) -> bool:
        """Whether a call is to be made now; if not, there may be more to say when it is tried next."""
        due = self._since is None or self._clock.monotonic() >= self._next
        self._untried = not due
        return due

    def note(self, error: SchedulerAway) -> None:
        """A call was not answered. A server that says when it wants to be asked again is not asked before."""
        now = self._clock.monotonic()
        if self._since is None:
            self._since, self._pause = now, SHORTEST / 2
            logger.warning("%s. What runs goes on; what it says is kept for up to %g s", error, self._patience)
        self._last = error
        self._pause = min(2 * self._pause, LONGEST)
        asked_for = min(error.retry_after or 0.0, LONGEST_ASKED_FOR)
        self._next = now + asked_for + self._pause * (0.75 + chance() / 2)

    def heard_elsewhere(self) -> None:
        """Somebody else was answered: it is worth a try."""
        self._next = 0.0

    def is_over(self) -> None:
        """A call was answered."""
        if self._since is not None:
            logger.info("The scheduler is back after %.0f s", self._clock.monotonic() - self._since)
            self._since = self._last = None

    def wait(self) -> None:
        """Let time pass until the next try. Raises the error of the last one when that is too long ago to wait on,
        and nothing has been left unsaid since."""
        now = self._clock.monotonic()
        if self._since is None:
            return
        if now - self._since > self._patience and not self._untried and self._last is not None:
            raise self._last
        if now < self._next:
            self._clock.sleep(self._next - now)
        self._next = 0.0
