"""The child processes of one supervisor: started, listened to, and brought to their ends."""

from __future__ import annotations

import select
import signal
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from math import ceil
from typing import TYPE_CHECKING, Protocol

from luigi.event import Event
from luigi.executors.child import NEVER, Child
from luigi.executors.policy import batch_work
from luigi.executors.waker import Waker
from luigi.executors.warden import Warden

if TYPE_CHECKING:
    from luigi.clock import Clock
    from luigi.executors.frames import Frame
    from luigi.executors.starting import Start
    from luigi.interfaces import Job
    from luigi.output.pump import Pump

LIVENESS_INTERVAL = 1.0
"""Seconds between looks at whether children live. The end of a pipe says it at once, unless a grandchild holds it."""
ENDING_INTERVAL = 0.01
"""Seconds between looks at children that are on their way out."""


class HasEnded(Protocol):
    """What says how a process ended."""

    def exit_code(self) -> int | None:
        """What it ended with, negative for a signal; None while it lives."""
        ...


class Crew:
    """Times are readings of the clock's `monotonic`, in seconds. `start` is how children are started.

    `pump` reads what they print; without one they print to where this process does.
    """

    def __init__(self, start: Start, kill_grace: float, clock: Clock, pump: Pump | None = None) -> None:
        self._start = start
        self._kill_grace = kill_grace
        self._clock = clock
        self._pump = pump
        self._open = ExitStack()
        self._open.enter_context(batch_work())
        self._warden = Warden()
        self._poller = select.poll()
        self.waker = Waker()
        """Ends a `listen` early."""
        self._poller.register(self.waker.fd, select.POLLIN)
        self._children: dict[int, Child] = {}
        """By the file descriptor that each is heard on."""
        self.look_at = NEVER
        """When `tend` is to be called."""

    def __iter__(self) -> Iterator[Child]:
        return iter(list(self._children.values()))

    def __len__(self) -> int:
        return len(self._children)

    # --- work --------------------------------------------------------------------------------------------------

    def start(self, job: Job | None = None) -> Child:
        """A new child. With `job` it is a fork that begins with that, whatever the method for others."""
        output, prints = (None, None) if self._pump is None else self._pump.open()
        if output is not None and job is not None:
            output.begin(job.task.task_id, job.token)
        try:
            started = self._start(job, prints)
        finally:
            if prints is not None:
                prints.close()
        child = Child(started, job is not None, output)
        self._warden.watch(child.pid)
        self._children[child.inbox.fd] = child
        self._poller.register(child.inbox.fd, select.POLLIN)
        return child

    def free(self, workers: int) -> Child:
        """One that does nothing. Where runs wait others run only when there are two processes a worker already."""
        usable = 0
        fewest: Child | None = None
        for child in self:
            if child.is_ending or child.is_fresh_fork:
                continue
            usable += 1
            if child.job is None:
                if not child.suspended:
                    return child
                if fewest is None or len(child.suspended) < len(fewest.suspended):
                    fewest = child
        return self.start() if fewest is None or usable < 2 * workers else fewest

    def running(self, task_id: str) -> Child | None:
        """The one that runs this task, and is not made to end. Other threads may ask."""
        for child in self:
            job = child.job
            if job is not None and job.task.task_id == task_id and not child.is_ending:
                return child
        return None

    def give(self, child: Child, job: Job, data: bytes) -> bool:
        """Have it run the job, which `data` tells it of. False when it has died and nobody has noticed."""
        if child.output is not None:
            child.output.begin(job.task.task_id, job.token)
        if not self.tell(child, data):
            if child.output is not None:
                child.output.forget()
            return False
        self.occupy(child, job)
        return True

    def tell(self, child: Child, data: bytes) -> bool:
        """Write a packed frame to it. False when it has died and nobody has noticed."""
        try:
            child.tell(data)
        except BrokenPipeError:
            self.lose(child)
            return False
        return True

    def occupy(self, child: Child, job: Job) -> None:
        """The child runs the job from now on."""
        now = self._clock.monotonic()
        child.job = job
        child.deadline = now + job.timeout if job.timeout else NEVER
        self._look_by(min(child.deadline, now + LIVENESS_INTERVAL))

    def listen(self, seconds: float) -> Iterator[tuple[Child, list[Frame]]]:
        """Wait so long for children to say something, and give what each has said."""
        for fd, _ in self._poller.poll(None if seconds == NEVER else max(0, ceil(seconds * 1000))):
            if fd == self.waker.fd:
                self.waker.hear()
                continue
            child = self._children[fd]
            try:
                frames = child.hear()
            except EOFError:
                self._poller.unregister(fd)
                self.lose(child)
            else:
                yield child, frames

    # --- ends --------------------------------------------------------------------------------------------------

    def lose(self, child: Child) -> None:
        """The child has ended, or talks no more: if nobody has asked it to, that is a failure of its job."""
        if not child.is_ending:
            self.end(child, "", Event.PROCESS_FAILURE)
        self._look_by(0)

    def end(self, child: Child, why: str, event: str | None = None) -> None:
        """End the child and all it has started."""
        if not child.is_forced:
            child.end(why, self._clock.monotonic() + self._kill_grace, event)
        self._look_by(0)

    def send_home(self, child: Child) -> None:
        """Have a child end that has no job."""
        child.send_home(self._clock.monotonic() + self._kill_grace)
        self._look_by(0)

    def tend(self) -> list[Child]:
        """End children whose job takes too long, find those that died unheard; gives those that are gone for good."""
        now = self._clock.monotonic()
        self.look_at = NEVER
        gone = []
        for child in self:
            if not child.is_ending:
                self._look_at(child, now)
            elif child.is_gone(now):
                self._remove(child)
                gone.append(child)
                continue
            if child.is_ending:  # what one that died had said before, is heard before it is gone
                self._look_by(now + ENDING_INTERVAL)
            elif child.job is not None:
                self._look_by(min(child.deadline, now + LIVENESS_INTERVAL))
        return gone

    def close(self) -> None:
        """End every child that is left, at once, and the warden."""
        for child in self:
            child.kill()
            child.close()
        self._warden.close()
        with suppress(KeyError):  # it was closed before
            self._poller.unregister(self.waker.fd)
        self.waker.close()
        self._open.close()

    def _look_at(self, child: Child, now: float) -> None:
        if child.job is not None and now >= child.deadline:
            self.end(child, f"timed out: it ran longer than {child.job.timeout:g} seconds", Event.TIMEOUT)
        elif child.exit_code() is not None:
            self.lose(child)

    def _remove(self, child: Child) -> None:
        del self._children[child.inbox.fd]
        if not child.is_silent:
            self._poller.unregister(child.inbox.fd)
        child.close()
        self._warden.forget(child.pid)

    def _look_by(self, moment: float) -> None:
        self.look_at = min(self.look_at, moment)


def how_it_ended(process: HasEnded) -> str:
    """How a process that is gone came to its end, as the second half of a sentence about it."""
    code = process.exit_code()
    if code is None or code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:  # a signal without a name: one of the real-time ones
        return f"was killed by signal {-code}"
