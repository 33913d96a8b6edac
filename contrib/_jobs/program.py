"""Runs a program of this machine for a task: hears what it prints as it comes, and ends it with the task."""

from __future__ import annotations

import codecs
import os
import selectors
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Final, NamedTuple

from luigi.clock import SYSTEM
from luigi.contrib._jobs.ending import ending
from luigi.contrib._jobs.printed import Lines, Printed
from luigi.errors import KernelError

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
    process = start(args, env=env, cwd=cwd, hint=hint, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    streams = {"stdout": Printed(keep), "stderr": Printed(keep)}
    with process, ending(lambda: end(process)):
        try:
            _listen(process, streams, hear, pass_on, timeout)
        except TimeoutError as error:
            raise TimeoutError(f"{args[0]}: {error}") from None
        code = process.wait()
    return Ran(tuple(args), code, streams["stdout"].text(), streams["stderr"].text())


def start(
    args: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: str | None = None,
    hint: str = "",
    stdout: int | IO[bytes] | None = None,
    stderr: int | IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    """Start `args` in this process's group, so that what ends the group ends it too. Raises ProgramMissing."""
    words = [os.fspath(word) if isinstance(word, os.PathLike) else str(word) for word in args]
    try:
        return subprocess.Popen(words, env=None if env is None else dict(env), cwd=cwd, stdout=stdout, stderr=stderr)
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


def _listen(
    process: subprocess.Popen[bytes],
    streams: Mapping[str, Printed],
    hear: Hear | None,
    pass_on: bool,
    timeout: float | None,
) -> None:
    until = None if timeout is None else SYSTEM.monotonic() + timeout
    assert process.stdout is not None
    assert process.stderr is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ, _Stream("stdout", streams, hear, pass_on))
        selector.register(process.stderr, selectors.EVENT_READ, _Stream("stderr", streams, hear, pass_on))
        while selector.get_map():
            ready = selector.select(AFTERWARDS)
            if not ready and process.poll() is not None:
                break
            if until is not None and SYSTEM.monotonic() > until:
                raise TimeoutError(f"it took longer than {timeout:g} seconds")
            for key, _ in ready:
                if not key.data.take(os.read(key.fd, CHUNK)):
                    selector.unregister(key.fileobj)
        for key in list(selector.get_map().values()):
            key.data.take(b"")


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
