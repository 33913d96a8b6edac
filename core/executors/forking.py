"""Forking: the lock it happens under, what stays out of every fork, and a process that was forked."""

from __future__ import annotations

import atexit
import os
import sys
import threading
import traceback
import warnings
from collections.abc import Callable
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, ClassVar, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

fork_lock = threading.Lock()
"""Held while this process forks. A thread that holds it too while it has other locks keeps them out of the child."""

CAN_FORK = hasattr(os, "fork")


class Unshared:
    """File descriptors of this process alone: any fork of it, whoever makes it, closes them at once.

    They are pipes whose end means that this process has ended, which a copy in another would keep from being seen.
    """

    _fds: ClassVar[set[int]] = set()

    @classmethod
    def add(cls, fd: int) -> int:
        """Keep `fd` out of forks from here on; gives it back."""
        cls._fds.add(fd)
        return fd

    @classmethod
    def close(cls, fd: int) -> None:
        """Close one that was added."""
        cls._fds.discard(fd)
        os.close(fd)

    @classmethod
    def forget(cls, fd: int) -> None:
        """Somebody else closes one that was added, now."""
        cls._fds.discard(fd)

    @classmethod
    def close_all(cls) -> None:
        """What a fork does."""
        for fd in cls._fds:
            os.close(fd)
        cls._fds.clear()


if CAN_FORK:
    os.register_at_fork(after_in_child=Unshared.close_all)


class Forked:
    """A process with a copy of everything this one has, in which `main` is called."""

    def __init__(self, main: Callable[[], None]) -> None:
        _flush()  # or what waits to be printed would be printed by both
        with fork_lock, _unwarned():
            self.pid = os.fork()
        if self.pid == 0:
            _be_the_child(main)
        self._code: int | None = None

    def exit_code(self) -> int | None:
        """What it ended with, negative for a signal; None while it lives. An ended one is defunct until it is asked."""
        if self._code is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:  # the program waits for children itself, and got this one
                self._code = 0
            else:
                self._code = os.waitstatus_to_exitcode(status) if pid else None
        return self._code


@contextmanager
def _unwarned() -> Iterator[None]:
    """Python warns of threads that hold locks while others fork: the lock is the answer to that."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def _be_the_child(main: Callable[[], None]) -> NoReturn:
    """Nothing of the parent's stack may be gone back to: whatever happens, the process ends here."""
    code = 1
    atexit._clear()  # what the parent does at its end is not the child's to do
    _have_no_children()
    try:
        main()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        try:
            atexit._run_exitfuncs()
            _await_threads()
            _flush()
        finally:
            os._exit(code)


def _have_no_children() -> None:
    """What the parent has started by multiprocessing is the parent's. What this process starts so ends with it.

    multiprocessing sees to both in the processes that it forks itself.
    """
    util = sys.modules.get("multiprocessing.util")
    if util is not None:  # else it registers its end when it is imported
        util._finalizer_registry.clear()
        sys.modules["multiprocessing.process"]._children = set()  # type: ignore[attr-defined]
        atexit.register(util._exit_function)


def _await_threads() -> None:
    """Threads that a task has left behind are waited for, as at the end of any program."""
    for thread in threading.enumerate():
        if not thread.daemon and thread is not threading.current_thread():
            thread.join()


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):  # there may be none, or a closed one
            stream.flush()
