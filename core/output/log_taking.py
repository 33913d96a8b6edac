"""Takes log records that reach neither stdout nor stderr, and writes them into a pipe as text.

It stands above the root logger, where records come last, and not among the root's own handlers: a task that calls
`logging.basicConfig()` finds what it would find without.
"""

from __future__ import annotations

import logging
import os
import sys
from contextlib import suppress
from typing import Final

FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class LogTaking(logging.Handler):
    """Writes to `fd`, while it is `active`. What the program's levels do not let through comes to no handler at all."""

    def __init__(self, fd: int, *, active: bool = True) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter(FORMAT))
        self.active = active
        self._fd = fd
        self._above = logging.Logger("above root")  # noqa: LOG001 - it has no name that anybody could log to
        self._above.addHandler(self)
        self._beside: list[logging.Logger] = []

    def install(self) -> None:
        """Take records from now on, also of loggers that do not pass them on to the root."""
        self._above.parent = logging.root.parent
        logging.root.parent = self._above
        named = logging.root.manager.loggerDict.values()
        self._beside = [one for one in named if isinstance(one, logging.Logger) and one.handlers and not one.propagate]
        for logger in self._beside:
            logger.addHandler(self)

    def remove(self) -> None:
        """Take no more."""
        for logger in self._beside:
            logger.removeHandler(self)
        below: logging.Logger | None = logging.root
        while below is not None and below.parent is not self._above:
            below = below.parent
        if below is not None:
            below.parent = self._above.parent
        self.close()

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, unless it is on a stream already."""
        heard, shown = self._who_takes(record)
        if not heard:
            shown = self._last_resort(record)
        if self.active and not shown:
            with suppress(OSError):  # nobody reads it any more
                _write(self._fd, self._text(record))

    def _text(self, record: logging.LogRecord) -> bytes:
        try:
            return f"{self.format(record)}\n".encode(errors="replace")
        except Exception as error:  # its arguments do not fit its text: other handlers say so at length
            return f"{record.levelname} {record.name}: {record.msg!r} {error!r}\n".encode(errors="replace")

    def _who_takes(self, record: logging.LogRecord) -> tuple[bool, bool]:
        """Whether the record has come to any other handler, and to one that shows it on stdout or stderr."""
        heard = False
        logger: logging.Logger | None = logging.getLogger(record.name)
        while logger is not None:
            for handler in logger.handlers:
                if not isinstance(handler, LogTaking):
                    heard = True
                    if record.levelno >= handler.level and _shows(handler):
                        return True, True
            logger = logger.parent if logger.propagate else None
        return heard, False

    def _last_resort(self, record: logging.LogRecord) -> bool:
        """What logging does itself with a record that nobody takes, had it not come here. Whether that shows it."""
        last = logging.lastResort
        if last is None or record.levelno < last.level:
            return False
        if self._above.parent is None:  # above it stands no other that does the same
            last.handle(record)
        return True


def _shows(handler: logging.Handler) -> bool:
    stream = getattr(handler, "stream", None)
    if stream is None:
        return hasattr(handler, "console")  # rich's, which draws on stdout or stderr
    if stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        return True
    try:
        return bool(stream.fileno() in (1, 2))
    except (AttributeError, OSError, ValueError):
        return False


def _write(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]
