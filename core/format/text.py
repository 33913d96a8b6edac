"""Text over bytes: encodings, line endings, and streams that take either."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Iterable, Iterator
from functools import cached_property
from types import TracebackType
from typing import Any

from luigi.format.base import BaseWrapper, WrappedFormat, discard

Bytes = bytes | bytearray | memoryview


class TextWrapper(io.TextIOWrapper):
    """Text over a stream of bytes: `io.TextIOWrapper` that discards the stream where an exception ends the block.

    Whatever else the stream has (`tmp_path`, `abort`, …) is reached through it.
    """

    def __getattr__(self, name: str) -> Any:
        return getattr(self.buffer, name)

    def close(self) -> None:
        """Pass everything on and close the stream; discard it when that fails, so that no part of the text appears."""
        if not self.closed:
            try:
                self.flush()
            except BaseException:  # io's own close() would close the stream all the same
                discard(self.buffer)
                raise
            super().close()

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        if exc_type is None:
            self.close()
            return
        if isinstance(exc, UnicodeError):
            exc.add_note(f"{getattr(self.buffer, 'name', 'a stream')} was open as {self.encoding}")
        buffer: Any = self.buffer
        buffer.__exit__(exc_type, exc, trace)

    def __del__(self) -> None:
        try:
            if not self.closed:
                discard(self.buffer)
        except (ValueError, AttributeError):  # it was never opened (an unknown encoding), or is detached
            return


class TextFormat(WrappedFormat):
    """Text. Takes what `io.TextIOWrapper` takes: encoding (the locale's unless given), errors, newline, …"""

    input = "unicode"
    output = "bytes"
    wrapper_cls = TextWrapper


class MixedUnicodeBytesWrapper(BaseWrapper):
    """Takes text and bytes; text is encoded (in `encoding`, unless given the locale's) and warned about."""

    def __init__(self, stream: Any, encoding: str | None = None) -> None:
        super().__init__(stream)
        self.encoding = encoding or _encoding_of_locale()

    def write(self, b: str | Bytes) -> None:
        """Write text or bytes."""
        self._stream.write(self._bytes(b))

    def writelines(self, lines: Iterable[str | Bytes]) -> None:
        """Write each of `lines`, text or bytes."""
        self._stream.writelines(self._bytes(line) for line in lines)

    def _bytes(self, b: str | Bytes) -> Bytes:
        if not isinstance(b, str):
            return b
        warnings.warn("text written to a stream of bytes", UserWarning, stacklevel=3)
        return b.encode(self.encoding)


def _encoding_of_locale() -> str:
    import locale

    return locale.getencoding()


class MixedUnicodeBytesFormat(WrappedFormat):
    """Bytes that put up with text being written to them."""

    output = "bytes"
    wrapper_cls = MixedUnicodeBytesWrapper


class NewlineWrapper(BaseWrapper):
    r"""Bytes with one kind of line ending.

    Writing, every `\n`, `\r\n` and `\r` becomes `newline`: the system's when None, left as it is when ''. Reading, they
    become `\n` when `newline` is None, else stay.
    """

    def __init__(self, stream: Any, newline: str | bytes | None = None) -> None:
        super().__init__(stream)
        if isinstance(newline, bytes):
            newline = newline.decode()
        if newline not in {None, "", "\n", "\r\n", "\r"}:
            raise ValueError(rf"newline is {newline!r}, which is none of None, '', '\n', '\r\n', '\r'")
        self.newline = newline
        self._held = b""

    def read(self, n: int | None = -1) -> bytes:
        """Up to `n` bytes, all when negative or None."""
        return self._text.read(-1 if n is None else n).encode("latin-1")

    def readline(self) -> bytes:
        """The next line with its ending; empty at the end."""
        return self._text.readline().encode("latin-1")

    def readlines(self) -> list[bytes]:
        """The lines that are left."""
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        return (line.encode("latin-1") for line in self._text)

    def write(self, b: bytes) -> None:
        r"""Write bytes. A `\r` at the very end waits for what follows: it may be half a line ending."""
        data = self._held + b
        self._held = b""
        if self.newline == "":
            self._stream.write(data)
            return
        if data.endswith(b"\r"):
            data, self._held = data[:-1], b"\r"
        self._stream.write(self._translated(data))

    def writelines(self, lines: Iterable[bytes]) -> None:
        """Write each of `lines`."""
        for line in lines:
            self.write(line)

    def fileno(self) -> int:
        """Raises: a process that wrote to the file itself would keep its own line endings."""
        raise io.UnsupportedOperation("fileno")

    def close(self) -> None:
        """Write what is held back and close the stream; discard it when that fails."""
        try:
            self._release()
        except BaseException:
            discard(self._stream)
            raise
        self._stream.close()

    def __exit__(self, *error: Any) -> Any:
        if error[0] is None:
            return self.close()
        return self._stream.__exit__(*error)

    @cached_property
    def _text(self) -> io.TextIOWrapper:
        # Latin-1 maps every byte to one character and back, so io's own newline rules serve for bytes.
        return io.TextIOWrapper(self._stream, encoding="latin-1", newline=self.newline)

    def _translated(self, data: bytes) -> bytes:
        newline = os.linesep if self.newline is None else self.newline
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", newline.encode())

    def _release(self) -> None:
        held, self._held = self._held, b""
        if held:
            self._stream.write(self._translated(held))


class NewlineFormat(WrappedFormat):
    r"""One kind of line ending: `NewlineFormat("\r\n")`; the system's unless given. See `NewlineWrapper`."""

    input = "bytes"
    output = "bytes"
    wrapper_cls = NewlineWrapper
