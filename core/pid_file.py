"""The file that says which process a server is."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from luigi.errors import KernelError
from luigi.process import check_pid, write_pid


class RunsAlready(KernelError):
    """The process that the pid file names is alive."""

    def __init__(self, path: str, pid: int) -> None:
        super().__init__(f"{path} says that a server runs already, as process {pid}")
        self.hint = f"stop it with `kill {pid}`, or give another --pidfile"


def refuse_second(path: str | None) -> None:
    """Raise RunsAlready when the process that the file names is alive."""
    if pid := check_pid(path):
        raise RunsAlready(str(path), pid)


@contextlib.contextmanager
def pid_file(path: str | None) -> Iterator[None]:
    """Have this process named in the file at `path`, if any, as long as this lasts.

    Raises RunsAlready, and KernelError where the file cannot be written.
    """
    if not path:
        yield
        return
    refuse_second(path)
    try:
        write_pid(path)
    except OSError as error:
        raise KernelError(f"the pid file {path} cannot be written: {error.strerror}") from error
    try:
        yield
    finally:
        if check_pid(path) == os.getpid():
            os.unlink(path)
