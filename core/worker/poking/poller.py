"""Looks for thousands of things in few threads, each when it is due. What came of it waits to be fetched."""

from __future__ import annotations

import threading
from collections import deque
from typing import Final, NamedTuple

from luigi.clock import Clock
from luigi.worker.poking.looking import Looking
from luigi.worker.poking.waiters import Waiter, Waiters

THREADS: Final = 8
"""Looks at a time that cannot be made together; one that hangs holds up no other but where all do."""

TOGETHER: Final = 1000
"""How many are taken at once, to be asked about together."""

LOST: Final = 60.0
"""Seconds after which a thread without work has another look at the time: clocks may be set."""


class Look(NamedTuple):
    """What came of one look."""

    waiter: Waiter
    found: bool
    missing: bool = False
    """Whether its time is over."""


class Poller:
    """Looks by `looking` in up to so many threads; with none, whenever somebody fetches what came of it."""

    def __init__(self, looking: Looking, clock: Clock, threads: int = THREADS) -> None:
        self._looking = looking
        self._clock = clock
        self._most = threads
        self._threads: list[threading.Thread] = []
        self._idle = 0
        """How many of the threads are not looking for anything: one is kept so, since any look may hang."""
        self._wake = threading.Condition()
        self._waiters = Waiters()
        self._alone: deque[Waiter] = deque()
        """Those that are due and have to be looked for one by one."""
        self._looks: list[Look] = []
        self._news = threading.Event()
        self._closed = False

    def add(self, waiter: Waiter, when: float) -> None:
        """Look for it at `when`, by the clock's `monotonic`, and then as often as its `poke` says."""
        with self._wake:
            self._waiters.add(waiter, when)
            if not self._threads and self._most:
                self._start_one()
            self._wake.notify()

    def fetch(self, timeout: float = 0.0) -> list[Look]:
        """What came of the looks since this was last called; waits up to so many seconds for the first."""
        if not self._most:
            self._look_here(timeout)
        elif timeout:
            self._news.wait(timeout)
        with self._wake:
            self._news.clear()
            looks, self._looks = self._looks, []
        return [look for look in looks if not look.waiter.gone]

    def close(self) -> None:
        """Look for nothing more. A look under way is left to end by itself."""
        with self._wake:
            self._closed = True
            self._wake.notify_all()

    # --- looking -----------------------------------------------------------------------------------------------

    def _look_here(self, timeout: float) -> None:
        soonest = self._waiters.soonest
        if soonest is not None and timeout:
            self._clock.sleep(max(0.0, min(timeout, soonest - self._clock.monotonic())))
        while (work := self._next()) is not None:
            self._do(work)

    def _start_one(self) -> None:
        self._idle += 1
        thread = threading.Thread(target=self._go_on, name="luigi-poke", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _go_on(self) -> None:
        while True:
            with self._wake:
                while (work := self._next()) is None and not self._closed:
                    self._wake.wait(self._pause())
                if self._closed or work is None:
                    return
                self._idle -= 1
                if not self._idle and len(self._threads) < self._most:
                    self._start_one()
            self._do(work)
            with self._wake:
                self._idle += 1

    def _next(self) -> list[Waiter] | None:
        """What is to be done next: one alone, or all that are due; None when nothing is."""
        while self._alone:
            waiter = self._alone.popleft()
            if not waiter.gone:
                return [waiter]
        return list(self._waiters.due(self._clock.monotonic(), TOGETHER)) or None

    def _pause(self) -> float:
        soonest = self._waiters.soonest
        return LOST if soonest is None else max(0.0, min(LOST, soonest - self._clock.monotonic()))

    def _do(self, waiters: list[Waiter]) -> None:
        if len(waiters) == 1:
            self._note({waiters[0]: self._looking.alone(waiters[0])})
            return
        answers = self._looking.together(waiters)
        self._note({one: answers[one.task.task_id] for one in waiters if one.task.task_id in answers})
        with self._wake:
            self._alone.extend([one for one in waiters if one.task.task_id not in answers])
            for _ in range(min(len(self._alone) - self._idle, self._most - len(self._threads))):
                self._start_one()
            self._wake.notify_all()

    def _note(self, answers: dict[Waiter, bool]) -> None:
        """Keep what came of looks, and look for what is not there again."""
        if not answers:
            return
        with self._wake:
            now = self._clock.monotonic()
            for waiter, found in answers.items():
                waiter.looks += 1
                look = Look(waiter, found, not found and waiter.is_missing(now))
                self._looks.append(look)
                if not (look.found or look.missing):
                    self._waiters.add(waiter, waiter.next_look(now))
            self._news.set()
            self._wake.notify()
