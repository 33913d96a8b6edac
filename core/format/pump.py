"""Pump: carries bytes between a process and a stream that the process cannot inherit."""

from __future__ import annotations

from contextlib import suppress
from typing import Any


class Pump:
    """Copies a stream into another in a thread, for streams no process can inherit. `check()` raises what it met.

    One of the two is the process's: that end is closed when all is copied, or when no more can be.
    """

    def __init__(self, source: Any, sink: Any, process_end: Any) -> None:
        import threading

        self._source, self._sink, self._process_end = source, sink, process_end
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True, name="luigi-pipe")
        self._thread.start()

    def join(self) -> None:
        """Wait until all is copied."""
        self._thread.join()

    def check(self) -> None:
        """Raise what stopped the copying, if anything did."""
        if self._error:
            raise self._error

    def _run(self) -> None:
        try:
            while chunk := self._source.read(1 << 16):
                self._sink.write(chunk)
        except BaseException as error:  # raised again where the stream is closed
            enough = isinstance(error, BrokenPipeError) and self._sink is self._process_end
            self._error = None if enough else error
        finally:
            with suppress(BrokenPipeError):
                self._process_end.close()
