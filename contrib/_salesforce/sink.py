"""Where the results of a query go."""

from __future__ import annotations

import codecs
import io
from typing import Any, Protocol


class Sink(Protocol):
    """Where bytes go."""

    def write(self, data: bytes, /) -> object:
        """Take them."""


class Encoded(io.RawIOBase):
    """Takes bytes, for what takes text. They may come cut within a character."""

    def __init__(self, out: io.TextIOBase) -> None:
        self._out = out
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._out.write(self._decoder.decode(bytes(data)))
        return len(data)
