"""What a task prints that runs in the worker's own process: while it runs, stdout and stderr lead to the copier."""

from __future__ import annotations

import logging
import mmap
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from threading import Lock
from typing import Final

from luigi.clock import Clock
from luigi.executors.forking import Unshared
from luigi.output import copier
from luigi.output.log_taking import LogTaking
from luigi.output.pump import CHUNK, Pump
from luigi.output.sink import STDERR, STDOUT, Sink
from luigi.output.streams import flush, prompt
from luigi.output.tees import PLACES, ToFile, ToTerminal, tees
from luigi.output.writing_ends import WritingEnds

logger = logging.getLogger("luigi-interface")

PATIENCE: Final = 5.0
"""Seconds that the end of an attempt waits for the copier, which a busy machine may not even have started yet."""

ENOUGH: Final = 1000
"""Rounds of the copier after which what comes is not the attempt's: what it has left running may print without end."""

LAST_WORDS: Final = 0.2
"""Seconds that the end of a run waits for it to end."""

MOMENT: Final = 0.0001
"""Seconds between two looks at it."""

_one_at_a_time: Final = Lock()


class RightHere:
    """Takes the output of attempts in this process. For use by one thread, until `close`."""

    def __init__(self, sink: Sink, clock: Clock) -> None:
        self._sink, self._clock = sink, clock
        self._open = ExitStack()
        self._copier: _Copier | None = None
        self._is_tried = False

    @contextmanager
    def taken(self, task_id: str, token: int) -> Iterator[None]:
        """While this lasts, output is that of an attempt. Where it cannot be taken, it goes where it always went."""
        if not self._is_tried:
            self._begin()
        copying = self._copier
        if copying is None or not copying.begin(task_id, token):
            yield
            return
        try:
            yield
        finally:
            copying.end()

    def close(self) -> None:
        """Take no more."""
        self._copier = None
        self._open.close()

    def _begin(self) -> None:
        """Unless another run of this process does so: there is one stdout, and one can lead it elsewhere."""
        self._is_tried = True
        if not _one_at_a_time.acquire(blocking=False):
            return
        self._open.callback(_one_at_a_time.release)
        shown = self._open.enter_context(tees())
        above = {stream: tee for stream, tee in shown.items() if isinstance(tee, ToTerminal)}
        pump = Pump(self._sink, above, self._clock)
        self._open.callback(pump.close)
        self._open.enter_context(prompt())
        try:
            self._copier = _Copier(pump, shown, self._clock)
        except OSError as error:
            logger.warning("What tasks print here is not sent to the scheduler: %s", error)
        else:
            self._open.callback(self._copier.close)


class _Copier:
    """The process that copies, and what leads to it and back. Raises OSError when it cannot be started."""

    def __init__(self, pump: Pump, shown: Mapping[str, ToFile], clock: Clock) -> None:
        self._clock = clock
        self._open = ExitStack()
        self._missed = 0
        with ExitStack() as undo:
            undo.callback(self._open.close)
            self._source, back = pump.open()
            self._logs = LogTaking(self._kept(back.logging), active=False)
            self._ways = {fd: self._way() for fd in PLACES.values()}
            self._before = {fd: self._unshared(os.dup(fd)) for fd in self._ways}
            self._poller = select.poll()
            for reads, _ in self._ways.values():
                self._poller.register(reads, select.POLLIN)
            try:
                self._process, self._cells = self._started(shown, back)
            finally:
                os.close(back.stdout)
                os.close(back.stderr)
            undo.pop_all()
        self._source.on_end = self._do_without
        self._logs.install()

    def _way(self) -> tuple[int, int]:
        reads, writes = os.pipe()
        return self._unshared(reads), self._unshared(writes)

    def _unshared(self, fd: int) -> int:
        self._open.callback(Unshared.close, Unshared.add(fd))
        return fd

    def _kept(self, fd: int) -> int:
        """One that forks have too: their tasks log."""
        self._open.callback(os.close, fd)
        return fd

    def _started(self, shown: Mapping[str, ToFile], back: WritingEnds) -> tuple[subprocess.Popen[bytes], memoryview]:
        """The process, and the memory that it shares with this one."""
        if not sys.executable:
            raise OSError("there is no interpreter to copy it")
        with tempfile.TemporaryFile() as file:
            file.truncate(copier.CELLS)
            shared = mmap.mmap(file.fileno(), copier.CELLS)
            fds = [*self._of_stream(STDOUT, shown, back.stdout), *self._of_stream(STDERR, shown, back.stderr)]
            command = [sys.executable, "-I", "-S", copier.__file__, str(file.fileno()), *map(str, fds)]
            handed = [file.fileno(), *(fd for fd in fds if fd >= 0)]
            nowhere = subprocess.DEVNULL
            process = subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, pass_fds=handed)
        return process, memoryview(shared).cast("Q")

    def _of_stream(self, stream: str, shown: Mapping[str, ToFile], back: int) -> tuple[int, int, int, int]:
        """As the copier wants it: where it is this process that writes to a terminal, the rest is for the copier."""
        tee = shown.get(stream)
        copies = next(fd for fd, name in self._source.reads.items() if name == stream)
        rest = copies if isinstance(tee, ToTerminal) else -1
        return self._ways[PLACES[stream]][0], -1 if tee is None else tee.fd, back, rest

    @property
    def _is_there(self) -> bool:
        """Whether it has not been killed."""
        return len(self._source.reads) == len(WritingEnds._fields)

    def begin(self, task_id: str, token: int) -> bool:
        """Lead what is printed to it. False when it is not there any more."""
        if not self._is_there:
            return False
        flush()
        self._source.begin(task_id, token)
        self._logs.active = True
        for fd, (_, writes) in self._ways.items():
            os.dup2(writes, fd)
        return True

    def end(self) -> None:
        """Lead it to where it was before, once all has come back that was printed."""
        flush()
        for fd, before in self._before.items():
            os.dup2(before, fd)
        self._logs.active = False
        if self._holds_something():
            self._wait()
        missed, self._missed = self._cells[copier.MISSED] - self._missed, self._cells[copier.MISSED]
        self._source.end(missed)

    def _holds_something(self) -> bool:
        return bool(self._poller.poll(0)) or bool(self._cells[copier.BUSY])

    def _wait(self) -> None:
        rounds, until = self._cells[copier.ROUNDS] + ENOUGH, self._clock.monotonic() + PATIENCE
        while self._is_there and self._holds_something() and self._cells[copier.ROUNDS] < rounds:
            if self._clock.monotonic() > until:
                return
            self._clock.sleep(MOMENT)

    def _do_without(self) -> None:
        """It was killed: what is printed goes where it went before, and so does what it has not read.

        That is written first, so that little is left which what is printed meanwhile may overtake.
        """
        self._write_what_is_unread()
        for fd, before in self._before.items():
            os.dup2(before, fd)
        self._write_what_is_unread()

    def _write_what_is_unread(self) -> None:
        for fd, (reads, _) in self._ways.items():
            os.set_blocking(reads, False)
            with suppress(BlockingIOError):
                ToFile(self._before[fd]).write(os.read(reads, CHUNK))

    def close(self) -> None:
        """Let go of it. It ends by itself when what attempts have left running has ended too."""
        self._source.on_end = None
        self._logs.remove()
        self._open.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(LAST_WORDS)
