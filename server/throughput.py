"""How many attempts ended when: counted as it happens, in memory that does not grow."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from luigi.scheduler import Scheduler
from luigi.scheduler.events import Changed
from luigi.scheduler.records import ACTIVE
from luigi.task_status import DISABLED, DONE, FAILED

STEP: Final = 10
"""Seconds that are counted together."""

REMEMBERED: Final = 6 * 3600
"""Seconds until what was counted is forgotten."""

MOST_POINTS: Final = 120

BUCKETS: Final = REMEMBERED // STEP


class Curve(NamedTuple):
    """How many attempts ended well and badly, in steps of `step` seconds, the oldest first."""

    step: int
    until: float
    """The end of the last step, in seconds since the epoch. It may be yet to come."""
    done: list[int]
    failed: list[int]


class Throughput:
    """Watches schedulers, one after the other, and counts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._done, self._failed = array("L", [0] * BUCKETS), array("L", [0] * BUCKETS)
        self._newest = 0
        """The number of the last bucket, counted from the epoch."""

    @contextmanager
    def watching(self, scheduler: Scheduler) -> Iterator[None]:
        """Count what happens in a scheduler; and what it remembers of the time before this process, if that is new."""
        if not self._newest:
            for at, change in scheduler.look(lambda machine: machine.lately()):
                self.changed(change, at)
        scheduler.watch(self.changed)
        try:
            yield
        finally:
            scheduler.unwatch(self.changed)

    def changed(self, change: Changed, at: float) -> None:
        """A task's status changed at `at`, in seconds since the epoch."""
        if change.before in ACTIVE and change.after in (DONE, FAILED, DISABLED):
            number = int(at // STEP)
            with self._lock:
                self._go_on_to(number)
                if number > self._newest - BUCKETS:
                    (self._done if change.after == DONE else self._failed)[number % BUCKETS] += 1

    def curve(self, seconds: int, now: float) -> Curve:
        """What was counted in the last so many seconds."""
        together = -(-seconds // (STEP * MOST_POINTS))
        points = -(-seconds // (STEP * together))
        last = int(now // (STEP * together))
        numbers = range((last - points + 1) * together, (last + 1) * together)
        with self._lock:
            self._go_on_to(int(now // STEP))
            done, failed = ([self._at(counts, number) for number in numbers] for counts in (self._done, self._failed))
        step = STEP * together
        return Curve(step, float((last + 1) * step), _summed(done, together), _summed(failed, together))

    def _at(self, counts: array[int], number: int) -> int:
        return counts[number % BUCKETS] if self._newest - BUCKETS < number <= self._newest else 0

    def _go_on_to(self, number: int) -> None:
        """Begin the buckets up to this one."""
        for begun in range(max(self._newest + 1, number - BUCKETS + 1), number + 1):
            self._done[begun % BUCKETS] = self._failed[begun % BUCKETS] = 0
        self._newest = max(self._newest, number)


def _summed(counts: list[int], together: int) -> list[int]:
    return [sum(counts[place : place + together]) for place in range(0, len(counts), together)]
