"""Runs a program of this machine for a task: hears what it prints as it comes, and ends it with the task."""

from __future__ import annotations

import codecs
import errno
import logging
import os
import selectors
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final, NamedTuple

from luigi.clock import SYSTEM
from luigi.contrib._jobs.ending import ending, undisturbed
from luigi.contrib._jobs.printed import Lines, Printed
from luigi.errors import KernelError

logger = logging.getLogger("luigi-interface")

Hear = Callable[[str, str], object]
"""Called with "stdout" or "stderr", and one line of it without its end."""

GRACE: Final = 3.0
"""Seconds that a program has after SIGTERM; less than executors give the task that runs it."""
AFTERWARDS: Final = 0.5
"""Seconds for which the output of an ended program is still waited for: what it left behind may hold it open."""
CHUNK: Final = 65536


class Ran(NamedTuple):
    """How a program ended."""

    args: Sequence[str]
    code: int
    """Its exit code; minus the signal's number when one ended it."""
    stdout: str
    stderr: str


class ProgramMissing(KernelError, FileNotFoundError):
    """There is no such program here."""

    def __init__(self, program: str, hint: str = "") -> None:
        super().__init__(f"there is no program {program!r} on this machine that can be run")
        self.errno = errno.ENOENT  # as of any FileNotFoundError: programs look at it
        self.filename = program
        self.hint = hint or "install it, put its folder on PATH, or give its whole path"

    def __str__(self) -> str:
        return str(self.args[0])


def run(
    args: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: str | None = None,
    hear: Hear | None = None,
    keep: int | None = None,
    pass_on: bool = False,
    timeout: float | None = None,
    hint: str = "",
) -> Ran:
    """Run `args` to its end, never through a shell, and say how it ended; SIGTERM, Ctrl-C or an error here ends it.

    `env` is its whole environment, by default this process's. `keep` is how many of the last bytes of each stream are
    kept, by default all. `pass_on` prints what it prints here too. After `timeout` seconds it is ended. `hint` is for
    whoever lacks the program. Raises ProgramMissing, TimeoutError, and what `hear` raises.
    """
    streams = {"stdout": Printed(keep), "stderr": Printed(keep)}
    piped = started(args, env=env, cwd=cwd, hint=hint, output=subprocess.PIPE)
    with piped as process, selectors.DefaultSelector() as selector:
        for name in streams:
            selector.register(getattr(process, name), selectors.EVENT_READ, _Stream(name, streams, hear, pass_on))
        with ending(lambda: _end_and_hear(process, selector)):
            try:
                _listen(process, selector, timeout)
            except TimeoutError as error:
                raise TimeoutError(f"{args[0]}: {error}") from None
        code = process.wait()
    return Ran(tuple(args), code, streams["stdout"].text(), streams["stderr"].text())


@contextmanager
def started(
    args: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: str | None = None,
    hint: str = "",
    output: int | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Start `args` in this process's group; when what is inside is left before the program has ended, that is, too.

    `output` is what Popen takes for both streams. Raises ProgramMissing.
    """
    running: list[subprocess.Popen[bytes]] = []

    def end_it() -> None:
        for process in running:  # none, when it could not be started
            end(process)

    with ExitStack() as closing, ending(end_it):
        with undisturbed():  # what is started and not known yet could not be ended
            running.append(closing.enter_context(_start(args, env, cwd, hint, output)))
        yield running[0]


def _start(
    args: Sequence[str], env: Mapping[str, str] | None, cwd: str | None, hint: str, output: int | None
) -> subprocess.Popen[bytes]:
    words = [os.fspath(word) if isinstance(word, os.PathLike) else str(word) for word in args]
    try:
        return subprocess.Popen(words, env=None if env is None else dict(env), cwd=cwd, stdout=output, stderr=output)
    except (FileNotFoundError, PermissionError, NotADirectoryError) as error:
        if cwd is not None and error.filename == cwd:
            raise
        raise ProgramMissing(words[0], hint) from error


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask the program to end, and kill it when it does not within GRACE."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _listen(process: subprocess.Popen[bytes], selector: selectors.BaseSelector, timeout: float | None) -> None:
    until = None if timeout is None else SYSTEM.monotonic() + timeout
    while selector.get_map() and process.poll() is None:
        if until is not None and SYSTEM.monotonic() > until:
            raise TimeoutError(f"it took longer than {timeout:g} seconds")
        _take(selector, AFTERWARDS)
    _take_the_rest(selector, AFTERWARDS)


def _end_and_hear(process: subprocess.Popen[bytes], selector: selectors.BaseSelector) -> None:
    """The last that it said may be which job it has started: whoever listens is about to end that, too."""
    end(process)
    try:
        _take_the_rest(selector, 0.0)
    except Exception as error:  # that of a listener, which may be why this ends
        logger.debug("what the program said last was not heard: %s", error)


def _take_the_rest(selector: selectors.BaseSelector, seconds: float) -> None:
    """What comes in these seconds, and then what is there: what an ended program left behind may print for ever."""
    until = SYSTEM.monotonic() + seconds
    while selector.get_map() and _take(selector, max(0.0, until - SYSTEM.monotonic())):
        pass
    for key in list(selector.get_map().values()):
        key.data.take(b"")


def _take(selector: selectors.BaseSelector, seconds: float) -> bool:
    """Take what is there, or comes within so many seconds; False when there is nothing."""
    ready = selector.select(seconds)
    for key, _ in ready:
        if not key.data.take(os.read(key.fd, CHUNK)):
            selector.unregister(key.fileobj)
    return bool(ready)


class _Stream:
    """One of the two streams of a program."""

    def __init__(self, name: str, streams: Mapping[str, Printed], hear: Hear | None, pass_on: bool) -> None:
        self._kept = streams[name]
        self._lines = None if hear is None else Lines(lambda line: hear(name, line))
        self._further = getattr(sys, name) if pass_on else None
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")  # a chunk may end within a character

    def take(self, data: bytes) -> bool:
        """Take what came; False, and what is left is a line, when this was the end."""
        self._kept.add(data)
        if self._further is not None:
            self._further.write(self._decoder.decode(data, final=not data))
            self._further.flush()
        if self._lines is not None:
            self._lines.add(data)
        return bool(data)
