"""The supervisor's handle on one child process: what it does, what is said to it, and how it is brought to its end."""

from __future__ import annotations

import os
import signal
from collections import deque
from threading import Lock
from typing import TYPE_CHECKING

from luigi.executors.forking import Unshared
from luigi.executors.frames import Frame, Inbox, send
from luigi.executors.groups import is_populated, signal_group

if TYPE_CHECKING:
    from luigi.executors.starting import Started
    from luigi.interfaces import Job
    from luigi.output.pump import Source

NEVER = float("inf")
_GIVEN_UP = 10.0
"""Seconds after which a process that even SIGKILL has not ended is not waited for: the kernel holds it."""


class Child:
    """One child process. Times are readings of a monotonic clock, in seconds.

    It is free, or has a `job`, or is on its way out; whichever it is, runs may be suspended in it.
    """

    __slots__ = (
        "_kill_at",
        "_killed",
        "_process",
        "_writes",
        "_writing",
        "deadline",
        "dropping",
        "ends_by",
        "event",
        "inbox",
        "is_forced",
        "is_fresh_fork",
        "is_full",
        "is_silent",
        "job",
        "output",
        "pid",
        "queued",
        "ran",
        "suspended",
        "to_drop",
    )

    def __init__(self, started: Started, is_fresh_fork: bool = False, output: Source | None = None) -> None:
        self._process = started.process
        self.pid = started.process.pid
        self.inbox = Inbox(started.reads)
        self._writes = started.writes
        self._writing = Lock()
        self.is_fresh_fork = is_fresh_fork
        """It was forked for one task, which cannot be sent to any other process, and runs no other."""
        self.output = output
        """Where what it prints comes out, if anybody wants that."""
        self.job: Job | None = None
        self.deadline = NEVER
        """When the job's time is over."""
        self.suspended: set[str] = set()
        """Ids of the tasks that wait in it."""
        self.queued: deque[Job] = deque()
        """Jobs that go on with one of these, and wait for the one that runs."""
        self.to_drop: list[str] = []
        """Ids of suspended tasks to be given up once it is free."""
        self.dropping: set[str] = set()
        """Ids of those it has been told to give up, and has not said that it did."""
        self.ran = 0
        """How many jobs it has ended."""
        self.is_full = False
        """It holds more memory than it may."""
        self.is_silent = False
        """It has nothing more to say."""
        self.ends_by: str | None = None
        """Why it is on its way out: empty when it died of itself, None while it is not."""
        self.is_forced = False
        """It does not just go home for want of work: it has died, or is made to end."""
        self.event: str | None = None
        """The event that this is for its job."""
        self._kill_at = NEVER
        self._killed = False

    # --- talking -----------------------------------------------------------------------------------------------

    def tell(self, data: bytes) -> None:
        """Write a packed frame to it. Raises BrokenPipeError when it has ended or is on its way out."""
        with self._writing:
            if self._writes < 0:
                raise BrokenPipeError
            send(self._writes, data)

    def hear(self) -> list[Frame]:
        """What it has said. Raises EOFError when it has nothing more to say."""
        try:
            return self.inbox.read()
        except EOFError:
            self.is_silent = True
            raise

    # --- ending ------------------------------------------------------------------------------------------------

    @property
    def is_ending(self) -> bool:
        """Whether it is on its way out."""
        return self.ends_by is not None

    def exit_code(self) -> int | None:
        """What its process ended with; None while it lives."""
        return self._process.exit_code()

    def send_home(self, kill_at: float) -> None:
        """There is no more work: it gives up suspended runs and goes. At `kill_at` it is killed."""
        self.ends_by = "it is not needed any more"
        self._kill_at = kill_at
        self._stop_talking()

    def end(self, why: str, kill_at: float, event: str | None = None) -> None:
        """Ask it and all it has started to end (SIGTERM); whatever is left at `kill_at` is killed."""
        self.ends_by = why
        self.event = event
        self.is_forced = True
        self._kill_at = kill_at
        self._stop_talking()
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it and all it has started, now."""
        self._killed = True
        self._signal(signal.SIGKILL)

    def is_gone(self, now: float) -> bool:
        """Whether nothing is left of it; kills what is, when it is time to."""
        if now >= self._kill_at and not self._killed:
            self.kill()
        if self.exit_code() is None:
            return now >= self._kill_at + _GIVEN_UP
        return self._killed or not self.is_forced or not is_populated(self.pid)

    def close(self) -> None:
        """Let go of what connects it."""
        self._stop_talking()
        Unshared.close(self.inbox.fd)

    def _stop_talking(self) -> None:
        with self._writing:
            if self._writes >= 0:
                Unshared.close(self._writes)
            self._writes = -1

    def _signal(self, number: signal.Signals) -> None:
        """To the group; a process that has only just been started may have none yet."""
        if not signal_group(self.pid, number) and self.exit_code() is None:
            os.kill(self.pid, number)
