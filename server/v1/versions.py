"""Which state of the scheduler an answer is of, as a text: two that are equal tell of the same state.

A scheduler numbers its changes. A server that starts again may number others the same, if some were not kept: so the
number is told together with a word that only this one scheduler has.
"""

from __future__ import annotations

from secrets import token_hex
from typing import Any
from weakref import ref

from luigi.scheduler import Scheduler


class Versions:
    """Writes and reads versions."""

    def __init__(self) -> None:
        self._of: tuple[Any, str] = (lambda: None, "")

    def of(self, scheduler: Scheduler) -> str:
        """The state as it is."""
        return f"{self.epoch(scheduler)}.{scheduler.machine.index.version}"

    def numbered(self, scheduler: Scheduler, number: int) -> str:
        """The state after the change of that number."""
        return f"{self.epoch(scheduler)}.{number}"

    def number(self, scheduler: Scheduler, version: str) -> int:
        """The number of the change that led to a state; 0 for one that is not of this scheduler."""
        epoch, _, number = version.partition(".")
        known = epoch == self.epoch(scheduler) and number.isascii() and number.isdigit() and len(number) < 20
        return int(number) if known else 0

    def of_all(self, scheduler: Scheduler) -> str:
        """The state of tasks and workers: a worker that comes or goes changes tasks without a number."""
        machine = scheduler.machine
        workers = hash(tuple([(one.worker_id, one.known_since, one.enabled) for one in list(machine.workers)]))
        return f"{self.of(scheduler)}.{workers & 0xFFFFFFFF:x}"

    def epoch(self, scheduler: Scheduler) -> str:
        """The word that only this scheduler has."""
        known, epoch = self._of
        if known() is not scheduler:
            epoch = token_hex(4)
            self._of = ref(scheduler), epoch
        return epoch
