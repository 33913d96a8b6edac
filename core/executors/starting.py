"""How a child process is started: forked, or begun anew by the standard library's spawn or forkserver."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from luigi.errors import KernelError
from luigi.executors import child_main
from luigi.executors.forking import CAN_FORK, Forked, Unshared, fork_lock
from luigi.executors.frames import PROTOCOL

if TYPE_CHECKING:
    from luigi.executors.child_main import Equipment
    from luigi.interfaces import Job
    from luigi.output.writing_ends import WritingEnds


class Process(Protocol):
    """A child process, however it was started."""

    @property
    def pid(self) -> int:
        """Its number, and that of the process group it leads."""
        ...

    def exit_code(self) -> int | None:
        """What it ended with, negative for a signal; None while it lives."""
        ...


class Started(NamedTuple):
    """A child process and the pipes to it."""

    process: Process
    reads: int
    """What the child says arrives here."""
    writes: int
    """What is written here arrives at the child."""


class Start(Protocol):
    """A way to start children: one that prints into `prints`, and begins with `job`, if there is one."""

    def __call__(self, job: Job | None, prints: WritingEnds | None) -> Started:
        """Raises CannotStart."""
        ...


class CannotStart(KernelError):
    """A child process lacks something it needs."""


def start_method(chosen: str, platform: str = sys.platform) -> str:
    """The way to start processes: the chosen one, else fork on Linux and the platform's own elsewhere."""
    if chosen or platform == "linux":
        return chosen or "fork"
    import multiprocessing

    return multiprocessing.get_context().get_start_method()


def starter(equipment: Equipment, method: str) -> Start:
    """What starts children by `method`, and those that begin with a job by forking, whatever the method."""

    def start(job: Job | None, prints: WritingEnds | None) -> Started:
        if job is not None or method == "fork":
            return fork_child(equipment, job, prints)
        return begin_child(equipment, method, prints)

    return start


def fork_child(equipment: Equipment, job: Job | None = None, prints: WritingEnds | None = None) -> Started:
    """Fork a child, which begins with `job`, and prints into `prints`."""
    return connected(prints, lambda ends: Forked(lambda: child_main.begin(ends, equipment, job)))


def begin_child(equipment: Equipment, method: str, prints: WritingEnds | None = None) -> Started:
    """Start a child that shares nothing with this process: `method` is spawn or forkserver.

    It prints into `prints`, or to where this process does. Raises CannotStart when the equipment cannot be sent there.
    """
    from luigi.executors.surroundings import Surroundings

    try:
        luggage = pickle.dumps((Surroundings.here(), pickle.dumps(equipment, PROTOCOL)), PROTOCOL)
    except Exception as error:  # what plugins and programs put around steps may be anything
        raise CannotStart(
            f"what is put around steps cannot be sent to a process started by {method}: {error}",
            hint=f"give plugins that can be pickled{', or set [processes] start_method = fork' if CAN_FORK else ''}",
        ) from error
    return connected(prints, lambda ends: _Begun(method, ends, luggage))


def connected(prints: WritingEnds | None, connect: Callable[[child_main.Ends], Process]) -> Started:
    """Make the two pipes, have a process take its ends of them, and keep ours."""
    theirs, writes = os.pipe()
    reads, answers = os.pipe()
    ours = [Unshared.add(reads), Unshared.add(writes)]
    try:
        return Started(connect(child_main.Ends(theirs, answers, prints)), *ours)
    except BaseException:
        for fd in ours:
            Unshared.close(fd)
        raise
    finally:
        os.close(theirs)
        os.close(answers)


class _Begun:
    """A process of multiprocessing's."""

    def __init__(self, method: str, ends: child_main.Ends, luggage: bytes) -> None:
        import multiprocessing

        context: Any = multiprocessing.get_context(method)
        self._process = context.Process(target=child_main.arrive, args=(ends, luggage))
        with fork_lock:
            self._process.start()
        self.pid: int = self._process.pid

    def exit_code(self) -> int | None:
        """What it ended with."""
        code: int | None = self._process.exitcode
        return code
