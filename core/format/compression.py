"""Gzip and bzip2, in this process: files are the same as the `gzip` and `bzip2` commands', with no command to start."""

from __future__ import annotations

import io
from types import TracebackType
from typing import Any, Protocol

from luigi.errors import KernelError
from luigi.format.base import Format, discard

CHUNK = 1 << 17  # bytes between a program and its compressor


class CorruptData(KernelError, OSError):
    """A file that was to be decompressed is not, or not wholly, what it should be."""

    def __init__(self, name: object, kind: str, reason: object) -> None:
        super().__init__(f"{name} is not whole {kind} data: {reason}")
        self.hint = "remove it and make it again"


class Compressor(Protocol):
    """What `zlib.compressobj` and `bz2.BZ2Compressor` make."""

    def compress(self, data: Any, /) -> bytes:
        """What `data` and what is pending give so far."""
        ...

    def flush(self) -> bytes:
        """The rest, once."""
        ...


class _CompressingSink(io.RawIOBase):
    """Compresses what is written to it into `sink`; closing ends the compressed data and closes `sink`."""

    def __init__(self, sink: Any, compressor: Compressor) -> None:
        self._sink = sink
        self._compressor = compressor

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._sink.write(self._compressor.compress(data))
        return len(data)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._sink.write(self._compressor.flush())
            self._sink.close()

    def abort(self) -> None:
        if not self.closed:
            super().close()
        discard(self._sink)

    def __del__(self) -> None:
        if not self.closed:  # io's own would close it, and so end the data as if it were whole
            self.abort()


class CompressedWriter(io.BufferedWriter):
    """Bytes in, compressed bytes to `sink`. Failing, or leaving `with` by an exception, discards `sink`."""

    def __init__(self, sink: Any, compressor: Compressor) -> None:
        self._sink = sink
        self._compressing = _CompressingSink(sink, compressor)
        super().__init__(self._compressing, CHUNK)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["_sink"], name)

    def close(self) -> None:
        """Compress what is pending and close `sink`."""
        if self.closed:
            return
        try:
            self.flush()
            super().close()
        except BaseException:
            self._compressing.abort()
            raise

    def abort(self) -> None:
        """Give up and discard `sink`."""
        if not self.closed:
            self._compressing.abort()

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        if exc_type is None:
            self.close()
        else:
            self.abort()

    def __del__(self) -> None:
        self.abort()


class _DecompressingSource(io.RawIOBase):
    """The bytes of a GzipFile or BZ2File over `source`, with errors that name the file."""

    def __init__(self, source: Any, decompressed: Any, kind: str) -> None:
        import zlib

        self._source = source
        self._decompressed = decompressed
        self._kind = kind
        self._signs_of_corruption = (OSError, EOFError, zlib.error)

    @property
    def name(self) -> Any:
        return self._source.name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            return int(self._decompressed.readinto(buffer))
        except self._signs_of_corruption as error:
            raise CorruptData(getattr(self, "name", "the stream"), self._kind, error) from error

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._decompressed.close()
            self._source.close()


class GzipFormat(Format):
    """Gzip. `compression_level` is 1 (fast) to 9 (small); the `gzip` command's 6 unless given."""

    input = "bytes"
    output = "bytes"

    def __init__(self, compression_level: int | None = None) -> None:
        self.compression_level = compression_level

    def pipe_reader(self, input_pipe: Any) -> Any:
        """Decompressed bytes. Reading raises CorruptData where the data is not gzip's or ends too early."""
        import gzip

        decompressed = gzip.GzipFile(fileobj=input_pipe, mode="rb")
        return io.BufferedReader(_DecompressingSource(input_pipe, decompressed, "gzip"), CHUNK)

    def pipe_writer(self, output_pipe: Any) -> Any:
        """Bytes to compress. The same content gives the same file: neither name nor time are recorded."""
        import zlib

        level = 6 if self.compression_level is None else min(max(self.compression_level, 1), 9)
        return CompressedWriter(output_pipe, zlib.compressobj(level, zlib.DEFLATED, 16 + zlib.MAX_WBITS))


class Bzip2Format(Format):
    """Bzip2."""

    input = "bytes"
    output = "bytes"

    def pipe_reader(self, input_pipe: Any) -> Any:
        """Decompressed bytes. Reading raises CorruptData where the data is not bzip2's or ends too early."""
        import bz2

        return io.BufferedReader(_DecompressingSource(input_pipe, bz2.BZ2File(input_pipe), "bzip2"), CHUNK)

    def pipe_writer(self, output_pipe: Any) -> Any:
        """Bytes to compress."""
        import bz2

        return CompressedWriter(output_pipe, bz2.BZ2Compressor())
