"""Goes on in the background: in a session of its own, without a terminal, so that the shell may end.

The process in front waits until the one in the background says how it went, and ends as if all had happened in it: a
server that cannot start does not end in silence.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from typing import NoReturn

from luigi.clock import SYSTEM
from luigi.errors import KernelError
from luigi.pid_file import pid_file

LOG_FOLDER = "/var/log/luigi"
"""Where the log goes, unless said otherwise; as in Luigi."""


class NoBackground(KernelError):
    """This system cannot fork."""


class EndedInBackground(KernelError):
    """The process in the background is gone, and has not said why."""

    def __init__(self, folder: str) -> None:
        super().__init__("the process in the background has ended")
        self.hint = f"its log is in {folder}"


@contextlib.contextmanager
def in_background(pidfile: str | None = None, logdir: str | None = None) -> Iterator[Callable[[], None]]:
    """Have what stands in the `with` block done in the background; gives what is to be called when it is well begun.

    The process in front ends with exit code 0 once that was called. A KernelError that the block raised before is
    raised in front, as an EndedInBackground is when nothing was said at all. The log goes to
    `logdir`/luigi-server.log, what is printed to files beside it.
    """
    folder = logdir or LOG_FOLDER
    _make(folder)
    mouth = _detach(folder)
    try:
        _redirect(folder)
        with pid_file(pidfile):
            yield mouth.well_begun
    except KernelError as error:
        logging.getLogger("luigi.server").error("%s", error)
        mouth.trouble(error)
        raise SystemExit(1) from None


def _make(folder: str) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        hint = "give another with --logdir"
        raise KernelError(f"the log folder {folder} cannot be made: {error.strerror}", hint=hint) from error
    if not os.access(folder, os.W_OK):
        raise KernelError(f"the log folder {folder} cannot be written to", hint="give another with --logdir")


class _Mouth:
    """The background's end of a pipe to the process in front, which hears nothing beyond the first words."""

    def __init__(self, end: int) -> None:
        self._end: int | None = end

    def well_begun(self) -> None:
        self._say("{}")

    def trouble(self, error: KernelError) -> None:
        self._say(json.dumps({"sentence": str(error), "hint": error.hint}))

    def _say(self, words: str) -> None:
        if self._end is not None:
            end, self._end = self._end, None
            with contextlib.suppress(BrokenPipeError), open(end, "w", encoding="utf-8") as pipe:
                pipe.write(words)


def _detach(folder: str) -> _Mouth:
    """Go on in a child of a child, which no terminal can ever belong to. In front this does not return."""
    if not hasattr(os, "fork"):
        raise NoBackground("there is no background on this system", hint="have its service manager start the server")
    sys.stdout.flush()
    sys.stderr.flush()
    ear, mouth = os.pipe()
    child = os.fork()
    if child:
        os.close(mouth)
        os.waitpid(child, 0)
        _end_as(ear, folder)
    os.setsid()
    if os.fork():
        os._exit(0)
    os.close(ear)
    return _Mouth(mouth)


def _end_as(ear: int, folder: str) -> NoReturn:
    """End as the background says. What was to be cleaned up is cleaned up there: this process only waited."""
    with open(ear, encoding="utf-8") as heard:
        said = heard.read()
    if said == "{}":
        os._exit(0)
    if not said:
        raise EndedInBackground(folder)
    facts = json.loads(said)
    raise KernelError(facts["sentence"], hint=facts["hint"])


def _redirect(folder: str) -> None:
    """The log into a file that changes every day; what others print into one of today."""
    from datetime import datetime

    from luigi.process import get_spool_handler
    from luigi.setup_logging import SERVER_LOG

    today = datetime.fromtimestamp(SYSTEM.now()).strftime("%Y-%m-%d")
    for stream, path, mode in (
        (sys.stdin, os.devnull, os.O_RDONLY),
        (sys.stdout, os.path.join(folder, f"luigi-server-{today}.out"), os.O_WRONLY | os.O_CREAT | os.O_APPEND),
        (sys.stderr, os.path.join(folder, f"luigi-server-{today}.err"), os.O_WRONLY | os.O_CREAT | os.O_APPEND),
    ):
        opened = os.open(path, mode, 0o640)
        os.dup2(opened, stream.fileno())
        os.close(opened)
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.addHandler(get_spool_handler(os.path.join(folder, SERVER_LOG)))
