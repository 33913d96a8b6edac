"""What `kernel execute-task` does: has a process of its own run the task, and sees to its end, whatever that is.

The process may exceed its time, die, or be told to go with the job: home hears how it ended in any case, unless this
process is killed too.
"""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final, NamedTuple, NoReturn

from luigi.clock import SYSTEM, Clock
from luigi.event import Event
from luigi.executors.crew import how_it_ended
from luigi.executors.forking import Forked
from luigi.executors.groups import is_populated, signal_group
from luigi.executors.hosting.batch_jobs import job_spec, lines
from luigi.executors.hosting.batch_jobs.telling import telling
from luigi.executors.hosting.batch_jobs.working import TOLD, work
from luigi.task_status import FAILED

NEVER: Final = float("inf")
GRACE: Final = 5.0
"""Seconds that processes have between SIGTERM and SIGKILL, and that one which has told all may go on."""
LOOK_EVERY: Final = 1.0
"""Seconds between looks at whether the process lives, should nothing say so."""
ENDING_INTERVAL: Final = 0.02
"""Seconds between looks at processes that are to end."""


class _Terminated(BaseException):
    """The job is to end."""


class _Broken(NamedTuple):
    """An attempt that could not say itself how it ended."""

    why: str
    """The second half of a sentence about the task."""
    event: str | None = None


def run(path: str, clock: Clock = SYSTEM) -> int:
    """Run the job that the file `path` specifies, and tell how it went; 1 when its process had to be ended, or died.

    Raises NoJobSpec, NotPrivate, OSError.
    """
    spec, folder = job_spec.read(path), os.path.dirname(os.path.abspath(path))
    tell = telling(spec)
    reads, done = os.pipe()
    with _termination_raised():
        process = Forked(lambda: work(spec, folder, tell, done))
        os.close(done)
        broken = _Watch(process, reads, clock).to_the_end(spec.parcel.timeout)
    if broken is None:
        return 0
    tell(lines.died(FAILED, f"Task {spec.parcel.task_id} {broken.why}", broken.event))
    return 1


class _Watch:
    """Over the process of the task; `reads` is where it says that it has told all."""

    def __init__(self, process: Forked, reads: int, clock: Clock) -> None:
        self._process, self._reads, self._monotonic, self._sleep = process, reads, clock.monotonic, clock.sleep

    def to_the_end(self, timeout: float) -> _Broken | None:
        """Wait until nothing is left of it; how it came to an end that it has not told of."""
        try:
            broken = self._wait(self._monotonic() + timeout if timeout else NEVER, timeout)
        except _Terminated:
            broken = _Broken("was ended with its job")
        if broken is None:
            self._wait_until(self._has_ended, GRACE)
        self._end()
        if broken is not None and broken.event == Event.PROCESS_FAILURE:
            return broken._replace(why=f"died: its process {how_it_ended(self._process)}")
        return broken

    def _wait(self, deadline: float, timeout: float) -> _Broken | None:
        while self._monotonic() < deadline:
            seconds = min(LOOK_EVERY, deadline - self._monotonic())
            ready, _, _ = select.select([self._reads], [], [], max(0, seconds))
            if ready or self._has_ended():
                told = select.select([self._reads], [], [], 0)[0] and os.read(self._reads, 1) == TOLD
                return None if told else _Broken("", Event.PROCESS_FAILURE)
        return _Broken(f"timed out: it ran longer than {timeout:g} seconds", Event.TIMEOUT)

    def _end(self) -> None:
        """End whatever it has left behind, and itself."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if not signal_group(self._process.pid, number) and not self._has_ended():
                os.kill(self._process.pid, number)
            if self._wait_until(self._is_gone, GRACE):
                return

    def _is_gone(self) -> bool:
        """Whether nothing is left of it, and of what it has started."""
        if not self._has_ended():
            return False
        with suppress(ChildProcessError):
            # What it has left behind is ours to wait for where this is the first process of a container.
            while os.waitpid(-self._process.pid, os.WNOHANG)[0]:
                continue
        return not is_populated(self._process.pid)

    def _has_ended(self) -> bool:
        return self._process.exit_code() is not None

    def _wait_until(self, true: Callable[[], bool], seconds: float) -> bool:
        until = self._monotonic() + seconds
        while not true():
            if self._monotonic() >= until:
                return False
            self._sleep(ENDING_INTERVAL)
        return True


@contextmanager
def _termination_raised() -> Iterator[None]:
    before = signal.signal(signal.SIGTERM, _raise)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _raise(number: int, frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # to be asked twice must not stop the ending half-way
    raise _Terminated
