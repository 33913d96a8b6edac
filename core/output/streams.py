"""Python's own stdout and stderr while output is taken: what is written to them goes on to the descriptors soon."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def flush() -> None:
    """Have what waits in them written."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):  # there may be none, or a closed one
            stream.flush()


def be_prompt() -> None:
    """Have each line written when it is whole: what is no terminal would keep some thousand characters back."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True)


@contextmanager
def prompt() -> Iterator[None]:
    """The same for a while."""
    wrappers = [one for one in (sys.stdout, sys.stderr) if isinstance(one, io.TextIOWrapper) and not one.line_buffering]
    be_prompt()
    try:
        yield
    finally:
        for one in wrappers:
            with suppress(ValueError):  # a program may have closed it
                one.reconfigure(line_buffering=False)
