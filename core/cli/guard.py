"""What stands around every command: a mistake becomes a sentence and an exit code."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from types import TracebackType

from luigi.cli.complain import complain
from luigi.errors import KernelError

ExceptHook = Callable[[type[BaseException], BaseException, TracebackType | None], object]

USAGE_CODE = 2
MISTAKE_CODE = 1
INTERRUPTED_CODE = 130
TERMINATED_CODE = 143


class Terminated(KeyboardInterrupt):
    """SIGTERM came: a cluster, a service manager or `timeout` has the command end. It is ended as by Ctrl-C."""


@contextlib.contextmanager
def mistakes_told() -> Iterator[None]:
    """Turn what a user can cause into SystemExit, after telling it on stderr.

    2 for a command line that cannot be read, 1 for any other KernelError, 130 for Ctrl-C, 143 for Terminated.
    """
    from luigi.cli.usage import UsageError

    try:
        yield
    except UsageError as error:
        complain(error)
        raise SystemExit(USAGE_CODE) from None
    except KernelError as error:
        complain(error)
        raise SystemExit(MISTAKE_CODE) from None
    except Terminated:
        print("ended by SIGTERM", file=sys.stderr)
        raise SystemExit(TERMINATED_CODE) from None
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        raise SystemExit(INTERRUPTED_CODE) from None
    except BrokenPipeError:
        # Whoever read our output has gone (`kernel … | head`); Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(MISTAKE_CODE) from None


@contextlib.contextmanager
def uncaught_mistakes_told() -> Iterator[None]:
    """Let a KernelError pass, and have it told as a sentence if nobody catches it.

    For `luigi.run()` in a script: programs may catch the error, and a person should not get a traceback of ours.
    """
    try:
        yield
    except KernelError as error:
        sys.excepthook = _told_instead(error, sys.excepthook)
        raise


def _told_instead(mistake: KernelError, before: ExceptHook) -> ExceptHook:
    def told(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        if error is mistake:
            complain(error)
        else:
            before(kind, error, traceback)

    return told
