"""The sink that sends output to a scheduler's server, from a thread of its own: the run never waits for it.

That output does not arrive is no failure of a run; the log says so once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from threading import Event, Lock, Thread
from typing import Final, Protocol

from luigi.clock import SYSTEM, Clock
from luigi.executors.forking import fork_lock
from luigi.output.backlog import MOST, MOST_WHILE_AWAY, Backlog
from luigi.output.handed_in import Printed
from luigi.output.sink import Speaker
from luigi.rpc.failures import RPCError, SchedulerAway

logger = logging.getLogger("luigi-interface")

GATHERING: Final = 0.4
"""Seconds that pass after something was printed until it is sent, with what was printed meanwhile."""
PAUSE: Final = 0.05
"""Seconds between two calls while there is more, so that a task that prints without end does not busy the server."""
REST: Final = 10.0
"""So many times as long as a call took, no other is made: processes cannot be started while one is under way."""
LONGEST_REST: Final = 30.0
FAREWELL: Final = 5.0
"""Seconds that the end of a run waits for what is not sent yet, where the server answers at all."""
CONFLICT: Final = 409


class TakesOutput(Protocol):
    """A scheduler's server, as far as this goes."""

    def output(self, worker: str, attempts: Sequence[Printed]) -> Sequence[int]:
        """Hand in what attempts have printed; gives the tokens of those that are not the worker's."""
        ...


class Sending:
    """Sends what the tasks of one worker print. `is_away` says whether the server is known not to answer."""

    def __init__(
        self, scheduler: TakesOutput, worker_id: str, is_away: Callable[[], bool], clock: Clock = SYSTEM
    ) -> None:
        self._scheduler, self._worker_id, self._is_away, self._clock = scheduler, worker_id, is_away, clock
        self._lock = Lock()
        self._backlog = Backlog()
        self._under_way: Sequence[Printed] = ()
        """What was sent and may not have arrived: it is sent again as it is."""
        self._news = Event()
        self._ending = Event()
        self._is_off = False
        self._thread: Thread | None = None

    # --- the sink ----------------------------------------------------------------------------------------------

    def printed(self, speaker: Speaker, at: float, stream: str, text: str) -> None:
        """Take in more of what an attempt prints."""
        if not self._is_off:
            with self._lock:
                self._backlog.add(speaker, at, stream, text)
            self._wake()

    def missed(self, speaker: Speaker, at: float, size: int) -> None:
        """Take in that some of it is missing."""
        if not self._is_off:
            with self._lock:
                self._backlog.add_lost(speaker, at, size)
            self._wake()

    def ended(self, speaker: Speaker, at: float) -> None:
        """Take in that there is no more of it."""
        if not self._is_off:
            with self._lock:
                self._backlog.end(speaker, at)
            self._wake()

    def close(self) -> None:
        """Send what is left, as far as that goes within FAREWELL."""
        self._ending.set()
        if self._thread is None:
            return
        self._news.set()
        self._thread.join(FAREWELL)
        if self._backlog.size and not self._is_off:
            logger.warning("The last %d bytes of what tasks printed did not arrive", self._backlog.size)

    def _wake(self) -> None:
        if not self._news.is_set():
            self._news.set()
            if self._thread is None:
                self._thread = Thread(target=self._run, name="luigi-sending", daemon=True)
                self._thread.start()

    # --- the thread --------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._is_off:
            self._news.wait()
            self._ending.wait(GATHERING)
            self._news.clear()
            was_last = self._ending.is_set()
            rest = self._send_all()
            if was_last:
                return
            if rest:
                self._news.set()
                self._ending.wait(rest)

    def _send_all(self) -> float:
        """Send all there is. Gives the seconds until it is worth another try; 0 when all is sent."""
        while True:
            if not self._under_way:
                with self._lock:
                    self._under_way = self._backlog.take()
            if not self._under_way:
                return 0
            began = self._clock.monotonic()
            if not self._sent():
                return min(max(1.0, REST * (self._clock.monotonic() - began)), LONGEST_REST)
            took = self._clock.monotonic() - began
            self._ending.wait(PAUSE if took < PAUSE else min(REST * took, LONGEST_REST))

    def _sent(self) -> bool:
        """Send what is under way. Whether that is done with, arrived or not."""
        try:
            refused = self._told()
        except SchedulerAway:
            self._backlog.most = MOST_WHILE_AWAY
            return False
        except RPCError as error:
            if error.status != CONFLICT:
                self._give_up(error)
                return True
            refused = [attempt.attempt for attempt in self._under_way]
        self._backlog.most = MOST
        self._under_way = ()
        with self._lock:
            for token in refused:
                self._backlog.refuse(token)
        return True

    def _told(self) -> Sequence[int]:
        if self._is_away() and not self._ending.is_set():
            raise SchedulerAway("the scheduler is away")
        with fork_lock:  # a process forked in the middle of a call would inherit half of it
            return self._scheduler.output(self._worker_id, self._under_way)

    def _give_up(self, error: RPCError) -> None:
        """The server does not take output, not from this worker, or not any more."""
        self._is_off = True
        self._under_way = ()
        with self._lock:
            self._backlog = Backlog()
        level = logging.DEBUG if error.status in (0, 404, 405) else logging.WARNING
        logger.log(level, "What tasks print is not sent to the scheduler: %s", error)
