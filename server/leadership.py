"""A server's time of leading: the scheduler with its state, who hears of it, and the shortening of its journal."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Final

from luigi.clock import Clock
from luigi.errors import StoreError
from luigi.interfaces import StateStore
from luigi.scheduler import Scheduler
from luigi.scheduler.compaction import Compaction
from luigi.server.garbage import Sparing
from luigi.server.standing import Attach

logger = logging.getLogger("luigi.server")

PAUSE: Final = 600.0
"""Seconds until the journal is tried to be shortened again, after that has failed."""


class Leadership:
    """Begins with taking in what `store` holds; that store has let this process write to it.

    `make` makes another of it, for the process that shortens the journal. Raises StoreError.
    """

    def __init__(
        self, store: StateStore, make: Callable[[], StateStore], clock: Clock, attach: Iterable[Attach]
    ) -> None:
        self.scheduler = Scheduler(clock=clock)
        self.scheduler.keep_in(store)
        self._sparing = Sparing()
        self._sparing.begin(self.scheduler.machine)
        self._make, self._clock = make, clock
        self._compaction: Compaction | None = None
        self._not_before = clock.monotonic()
        with ExitStack() as ends:
            for one in attach:
                ends.enter_context(one(self.scheduler))
            self._ends = ends.pop_all()

    def look_after(self) -> None:
        """Do what time has brought. Raises StoreAway, and StoreError when this scheduler is over."""
        self.scheduler.tick()
        self._sparing.look(self.scheduler.machine)
        if self._compaction is not None:
            self._end_compaction(self._compaction)
        elif self.scheduler.grown() and self._clock.monotonic() >= self._not_before:
            self._not_before = self._clock.monotonic() + PAUSE  # unless it goes well
            self._compaction = Compaction.start(self._make)

    def _end_compaction(self, compaction: Compaction) -> None:
        if compaction.running:
            return
        self._compaction = None
        if compaction.error:
            logger.error("the scheduler's journal could not be shortened: %s", compaction.error)
        else:
            logger.info("the scheduler's journal was shortened up to entry %d", compaction.upto)
            self.scheduler.compacted(compaction.upto)
            self._not_before = self._clock.monotonic()

    def end(self, *, save: bool) -> None:
        """Let go of the scheduler; with `save`, its state is kept as a whole before, so that the next start is quick.

        Whatever was answered is kept already. Those who heard of it have been told all when this returns.
        """
        if self._compaction is not None:
            self._compaction.stop()
        with self._ends:
            if save:
                self._save()
        self._sparing.end()

    def _save(self) -> None:
        """What cannot be saved now is read from the journal at the next start."""
        try:
            self.scheduler.save()
        except StoreError as error:
            logger.warning("the state could not be saved as a whole: %s", error)
