"""A process on a host that runs tasks: a program of its own, which shares nothing with the engine's process there.

It is begun as `python -c`, with file descriptors in its arguments: multiprocessing would run the engine's main program
once more in it, and refuses to start processes of a process that is a daemon to it, as engines' workers often are.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Final

from luigi.executors.child_main import Ends, serve, take_prints
from luigi.executors.forking import Unshared, fork_lock
from luigi.executors.frames import Refused, pack, send
from luigi.executors.starting import Started, connected
from luigi.output.writing_ends import WritingEnds

if TYPE_CHECKING:
    from luigi.interfaces import Job

_PROGRAM: Final = "from luigi.executors.hosting.child_program import main; main()"


class ChildPrograms:
    """Starts such processes. `child` is the part of the luggage that is theirs."""

    def __init__(self, child: bytes) -> None:
        self._file = tempfile.TemporaryFile()  # of no name and for one user: it may hold secrets of the configuration
        Unshared.add(self._file.fileno())
        self._file.write(child)
        self._file.flush()
        self._size = len(child)

    def start(self, job: Job | None, prints: WritingEnds | None) -> Started:
        """As `starting.Start`; a job is told of afterwards."""
        return connected(prints, self._begin)

    def _begin(self, ends: Ends) -> _Program:
        fds = [self._file.fileno(), ends.reads, ends.writes, *(ends.prints or ())]
        facts = [str(fact) for fact in (self._size, *fds)]
        with fork_lock:
            return _Program(
                subprocess.Popen([sys.executable, "-c", _PROGRAM, *facts], pass_fds=fds, stdin=subprocess.DEVNULL)
            )

    def close(self) -> None:
        """Start no more."""
        Unshared.forget(self._file.fileno())
        self._file.close()


class _Program:
    """A process, as a crew wants one."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.pid = process.pid

    def exit_code(self) -> int | None:
        """What it ended with, negative for a signal; None while it lives."""
        return self._process.poll()


def main() -> None:
    """The program. What it cannot be is told instead of the first job's outcome."""
    from luigi.executors.hosting.luggage import arrive

    size, luggage, reads, writes, *prints = map(int, sys.argv[1:])
    del sys.argv[1:]
    ends = Ends(reads, writes, WritingEnds(*prints) if prints else None)
    take_prints(ends)
    child = os.pread(luggage, size, 0)
    os.close(luggage)
    try:
        equipment = arrive(child)
    except Exception as error:  # the modules of plugins and programs
        module = (error.name or "") if isinstance(error, ImportError) else ""
        send(writes, pack(Refused(f"what is put around tasks cannot be had there: {error!r}", module)))
        return
    serve(ends, equipment)
