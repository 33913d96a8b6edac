"""Files over WebHDFS as streams: read as they come, written to this machine first and uploaded when closed."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import Any

from luigi.atomic_local_file import AtomicLocalFile, temporary_name
from luigi.contrib.hdfs.config import tmppath
from luigi.contrib.hdfs.leftovers import removed_on_failure
from luigi.contrib.hdfs.webhdfs_connection import on_server

BUFFER = 1 << 16
"""Bytes that are fetched at a time."""


class _Downloads(io.RawIOBase):
    """The bytes of files, one after the other."""

    def __init__(self, paths: Iterable[str], client: Any) -> None:
        self._client = client
        self._open = ExitStack()
        self._rest = iter(paths)
        self._stream: Any = None
        self._next()

    def _next(self) -> None:
        """Go on to the next file. The first one is asked for at once, so that a missing one is told of early."""
        self._open.close()
        path = next(self._rest, None)
        answer = None if path is None else self._client.client.read(path, chunk_size=0)
        self._stream = None if answer is None else self._open.enter_context(answer)

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` as far as there is something; 0 at the end."""
        while self._stream is not None:
            got = self._stream.read(len(buffer))
            if got:
                buffer[: len(got)] = got
                return len(got)
            self._next()
        return 0

    def close(self) -> None:
        """Let go of the connection."""
        if not self.closed:
            self._open.close()
        super().close()


class ReadableWebHdfsFile(io.BufferedReader):
    """The bytes of the file at `path`. Raises hdfs.HdfsError when there is none."""

    def __init__(self, path: str, client: Any) -> None:
        self.path, self.client = path, client
        super().__init__(_Downloads(self._paths(), client), BUFFER)

    def _paths(self) -> Iterator[str]:
        yield on_server(self.path)

    def readlines(self, char: Any = "\n") -> list[bytes]:  # Luigi's takes what ends a line
        """What is left, split after each `char`."""
        if char == "\n" or not isinstance(char, str):
            return super().readlines(-1 if isinstance(char, str) else char)
        end = char.encode()
        pieces = self.read().split(end)
        return [piece + end for piece in pieces[:-1]] + [piece for piece in pieces[-1:] if piece]


class ReadableWebHdfsDirectory(ReadableWebHdfsFile):
    """The bytes of the files in the directory at `path`, by name, but those whose name begins with `_`."""

    def _paths(self) -> Iterator[str]:
        folder = on_server(self.path).rstrip("/")
        names = sorted(self.client.listdir(self.path, ignore_directories=True))
        return (f"{folder}/{name}" for name in names if not name.startswith("_"))


class AtomicWebHdfsFile(AtomicLocalFile):
    """What is written is kept on this machine; when closed it is uploaded beside `path` and renamed to it."""

    def __init__(self, path: str, client: Any) -> None:
        self.client = client
        super().__init__(path)

    def move_to_final_destination(self) -> None:
        """Upload, then rename in place of what is there, in one step."""
        temporary = temporary_name(self.path)
        with removed_on_failure(self.client, temporary):
            self.client.upload(temporary, self.tmp_path)
            self.client.replace(temporary, self.path)


class AtomicWebHdfsDirectory(AtomicWebHdfsFile):
    """Like AtomicWebHdfsFile, but `path` becomes a directory with the file `data` in it."""

    def move_to_final_destination(self) -> None:
        """Upload into a directory of another name, then rename that in place of what is there."""
        temporary = tmppath(self.path)
        with removed_on_failure(self.client, temporary):
            self.client.upload(f"{temporary}/data", self.tmp_path)
            self.client.replace(temporary, self.path)
