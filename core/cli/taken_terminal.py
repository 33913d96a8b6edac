"""Everything a run writes to its terminal while a live display owns it: prints and logs go above the drawing."""

from __future__ import annotations

import logging
import sys
from collections.abc import Collection, Iterator
from typing import Any, TextIO, cast

from luigi.cli.above import Above


class TakenTerminal:
    """Takes stdout, stderr and the handlers that log to them, and gives them back."""

    def __init__(self, console: Any, names: Collection[str] | None = None) -> None:
        """`console`: the rich Console that draws; `names`: of the streams that go to the terminal, unless it is now
        that they do."""
        self._console = console
        self._names = terminals() if names is None else names
        self._streams: dict[str, TextIO] = {}
        self._handlers: list[tuple[logging.StreamHandler[TextIO], TextIO]] = []

    def take(self) -> None:
        """Send to above the drawing what goes to the terminal. What goes to a file or a pipe is left alone."""
        taken = {name: getattr(sys, name) for name in self._names}
        above = {id(stream): Above(self._console, stream) for stream in taken.values()}
        for handler in _stream_handlers():
            if id(handler.stream) in above:
                self._handlers.append((handler, handler.stream))
                handler.setStream(cast(TextIO, above[id(handler.stream)]))
        for name, stream in taken.items():
            setattr(sys, name, above[id(stream)])
        self._streams = taken

    def give_back(self) -> None:
        """Put everything back as it was."""
        for handler, stream in self._handlers:
            handler.setStream(stream)
        for name, stream in self._streams.items():
            above = getattr(sys, name)
            setattr(sys, name, stream)
            if isinstance(above, Above):
                above.finish()
        self._handlers, self._streams = [], {}


def terminals() -> Collection[str]:
    """Those of stdout and stderr that go to a terminal now."""
    return [name for name in ("stdout", "stderr") if getattr(sys, name).isatty()]


def _stream_handlers() -> Iterator[logging.StreamHandler[TextIO]]:
    """The handlers of all loggers that write to a stream."""
    named = logging.root.manager.loggerDict.values()
    loggers = [logging.root, *(logger for logger in named if isinstance(logger, logging.Logger))]
    for handler in {id(handler): handler for logger in loggers for handler in logger.handlers}.values():
        if isinstance(handler, logging.StreamHandler) and not isinstance(handler, logging.FileHandler):
            yield handler
