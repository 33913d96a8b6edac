"""A server that would lead: it asks the state store for that again and again, and looks after the scheduler it gets.

Two threads never look after it at a time: `start` makes the first try in the caller's, then there is one for it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Final

from luigi.clock import SYSTEM, Clock
from luigi.errors import KernelError, NotLeading, StoreAway, StoreError
from luigi.interfaces import StateStore
from luigi.scheduler import Scheduler
from luigi.server.leadership import Leadership
from luigi.server.problems import Problem
from luigi.server.standing import Attach

logger = logging.getLogger("luigi.server")

PATIENCE: Final = 30.0
"""Seconds that `close` waits for what the thread is about."""


class Candidate:
    """The standing of a server that leads when the store lets it.

    `make` makes the store, in another process too, so it has to be picklable. `interval`: seconds between two looks.
    """

    def __init__(
        self,
        make: Callable[[], StateStore],
        *,
        clock: Clock = SYSTEM,
        interval: float = 1.0,
        attach: Iterable[Attach] = (),
    ) -> None:
        self._make, self._clock, self._interval, self._attach = make, clock, interval, tuple(attach)
        self._store = make()
        self._leadership: Leadership | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="luigi-standing", daemon=True)
        self.trouble = ""

    @property
    def leads(self) -> bool:
        """Whether there is a scheduler here."""
        return self._leadership is not None

    @property
    def scheduler(self) -> Scheduler:
        """The scheduler. Raises Problem 503 while there is none here."""
        leadership = self._leadership
        if leadership is None:
            raise Problem(
                503,
                "this server stands by: it does not have the scheduler's state",
                hint="call again: another server leads, or this one is about to",
                retry_after=self._interval,
            )
        return leadership.scheduler

    # --- from start to close -----------------------------------------------------------------------------------

    def attach(self, attach: Attach) -> None:
        """Have something more hear of every scheduler there is here. To be called before `start`."""
        self._attach = (*self._attach, attach)

    def start(self) -> None:
        """Try to lead, then go on looking in a thread. Raises StoreError for a state that cannot be used here."""
        try:
            self.look()
        except KernelError:
            self._store.close()
            raise
        if not self.leads:
            logger.info("this server stands by, until it is its turn to lead")
        self._thread.start()

    def close(self) -> None:
        """Keep the state and let another server lead."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE)
        leadership, self._leadership = self._leadership, None
        if leadership is not None:
            leadership.end(save=True)
        self._store.close()

    def _go_on(self) -> None:
        while not self._closing.wait(self._interval):
            try:
                self.look()
            except KernelError as error:
                self._worry(error)
                self._let_others()
            except Exception:  # a plugin's, say: the server goes on without what it was to do
                logger.exception("looking after the scheduler failed")
                self._let_others()

    # --- one look ----------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Begin to lead where that is possible, end it where it is over, and else do what time has brought.

        Raises StoreError for a state that cannot be used here; that a store is away is only told.
        """
        try:
            self._look()
        except StoreAway as error:  # of a scheduler that there is, nothing is lost
            self._worry(error)
            self._let_others()
        except NotLeading:
            self._step_down("another one writes to the state store")
            self._be_well()
        except StoreError as error:
            self._step_down(str(error))
            raise
        else:
            self._be_well()

    def _look(self) -> None:
        claimed = self._store.claim()
        if self._leadership is None:
            if claimed:
                self._lead()
        elif claimed:
            self._leadership.look_after()
        else:
            raise NotLeading("another server has begun to lead")

    def _lead(self) -> None:
        began = self._clock.monotonic()
        self._leadership = leadership = Leadership(self._store, self._make, self._clock, self._attach)
        tasks, seconds = len(leadership.scheduler.machine.tasks), self._clock.monotonic() - began
        logger.info("this server leads: it took in %d tasks within %.1f seconds", tasks, seconds)

    def _step_down(self, why: str) -> None:
        leadership, self._leadership = self._leadership, None
        if leadership is not None:
            logger.warning("this server does not lead any more: %s", why)
            leadership.end(save=False)
        self._begin_anew()

    def _let_others(self) -> None:
        """Whoever could not begin to lead must not keep others from it."""
        if self._leadership is None:
            self._begin_anew()

    def _begin_anew(self) -> None:
        """With another store: another server may have the turn, and what was answered to nobody is not kept later."""
        self._store.close()
        self._store = self._make()

    # --- what is wrong with the store --------------------------------------------------------------------------

    def _worry(self, error: KernelError) -> None:
        sentence = str(error)
        if sentence != self.trouble:
            level = logging.WARNING if isinstance(error, StoreAway) else logging.ERROR
            logger.log(level, "%s", f"{sentence} ({error.hint})" if error.hint else sentence)
        self.trouble = sentence

    def _be_well(self) -> None:
        if self.trouble:
            logger.info("the state store can be used again")
        self.trouble = ""
