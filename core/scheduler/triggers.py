"""What the machine remembers of a trigger: how far its time-table was gone through, and what became of its firings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from luigi.interfaces import TaskSpec

SKIP: Final = "skip"
QUEUE: Final = "queue"
REPLACE: Final = "replace"
OVERLAPS: Final = (SKIP, QUEUE, REPLACE)
"""What becomes of a firing while what was fired before goes on: it is let pass, waits, or puts an end to that."""

MOST_WAITING: Final = 100
"""Firings that wait at most; those after them are let pass."""


class Waiting(NamedTuple):
    """A firing that waits for the one before it to end."""

    due: float
    """Seconds since the epoch."""
    submission: str
    specs: Sequence[TaskSpec]
    facts: Mapping[str, Any]


@dataclass(slots=True, eq=False)
class TriggerRecord:
    """One trigger, by the name that its section of the configuration gives it. Times are in seconds since the epoch."""

    name: str
    last_due: float | None = None
    """The last time of its time-table that was dealt with."""
    paused: bool = False
    last_submission: str = ""
    """The id of what it submitted last."""
    last_began: float | None = None
    """When it submitted that."""
    last_ended: float | None = None
    last_status: str = ""
    """How that ended; "" while it goes on."""
    last_skipped: float | None = None
    """When that was due which was let pass last, because what went before went on."""
    waiting: list[Waiting] = field(default_factory=list)
    """What is to be submitted when that has ended, in order."""

    @property
    def goes_on(self) -> bool:
        """Whether what it submitted last has not ended."""
        return bool(self.last_submission) and not self.last_status
