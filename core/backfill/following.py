"""How far a backfill is, told from time to time while it goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from luigi.clock import SYSTEM, Clock
from luigi.interfaces import Question, Scheduler

EVERY: Final = 5.0
"""Seconds between two lines at least, and between two looks at a server at most."""

SOON: Final = 0.5
"""Seconds until a server is looked at for the second time: a small backfill is over soon."""


class Following:
    """Looks at a submission of `scheduler`, and has `tell` called with a line when it has got further."""

    def __init__(
        self, scheduler: Scheduler, submission: str, tell: Callable[[str], None], *, clock: Clock = SYSTEM
    ) -> None:
        self._scheduler = scheduler
        self._submission = submission
        self._tell = tell
        self._clock = clock
        self._told = ""
        self._told_at = -EVERY
        self.status = ""
        """How it ended, once it has; LOST where the scheduler does not know it any more."""

    def has_ended(self) -> bool:
        """Look once more."""
        told = self._scheduler.view(Question("submission", self._submission))
        self.status = "LOST" if told is None else str(told["status"])
        if told is not None:
            self._say(progress_of(told))
        return bool(self.status)

    def wait(self) -> str:
        """Look until it has ended; how it has."""
        pause = SOON
        while not self.has_ended():
            self._clock.sleep(pause)
            pause = min(2 * pause, EVERY)
        return self.status

    def _say(self, line: str) -> None:
        now = self._clock.monotonic()
        if line != self._told and (self.status or now >= self._told_at + EVERY):
            self._told, self._told_at = line, now
            self._tell(line)


def progress_of(told: Mapping[str, Any]) -> str:
    """How far a submission is, in one line, as `Question("submission")` has it."""
    roots = told["roots"]
    waiting = roots["total"] - roots["done"] - roots["failed"] - roots["active"]
    parts = [f"{roots['done']} of {roots['total']} done"]
    parts += [f"{roots['failed']} failed"] if roots["failed"] else []
    parts += [f"{roots['active']} under way"] if roots["active"] else []
    parts += [f"{waiting} to come"] if waiting > 0 else []
    return ", ".join(parts)
