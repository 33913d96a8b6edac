"""The content of files over WebHDFS: to and from this machine, in pieces, and as streams."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from luigi.contrib.hdfs.webhdfs_connection import WebHdfsConnection, on_server
from luigi.contrib.hdfs.webhdfs_files import (
    AtomicWebHdfsDirectory,
    AtomicWebHdfsFile,
    ReadableWebHdfsDirectory,
    ReadableWebHdfsFile,
)


class WebHdfsContent(WebHdfsConnection):
    """A connection that reads and writes."""

    def upload(self, hdfs_path: str, local_path: str, overwrite: bool = False) -> str:
        """Copy from this machine; gives the path. Raises hdfs.HdfsError when it is there, unless `overwrite`."""
        return str(self.client.upload(on_server(hdfs_path), local_path, overwrite=overwrite))

    def download(self, hdfs_path: str, local_path: str, overwrite: bool = False, n_threads: int = -1) -> str:
        """Copy to this machine; gives the path. As many threads as files where `n_threads` is negative."""
        return str(self.client.download(on_server(hdfs_path), local_path, overwrite=overwrite, n_threads=n_threads))

    def put(self, local_path: str, destination: str) -> None:
        """Copy from this machine to HDFS."""
        self.upload(destination, local_path)

    def get(self, path: str, local_destination: str) -> None:
        """Copy from HDFS to this machine."""
        self.download(path, local_destination)

    def read(
        self,
        hdfs_path: str,
        offset: int = 0,
        length: int | None = None,
        buffer_size: int | None = None,
        chunk_size: int = 1024,
        buffer_char: str | None = None,
    ) -> Iterator[bytes]:
        """The content in pieces of `chunk_size` bytes; or what stands between `buffer_char`, without it."""
        options = {"offset": offset, "length": length, "buffer_size": buffer_size}
        if buffer_char is None:
            with self.client.read(on_server(hdfs_path), chunk_size=chunk_size, **options) as pieces:
                yield from pieces
            return
        with self.client.read(on_server(hdfs_path), encoding="latin-1", delimiter=buffer_char, **options) as pieces:
            yield from (piece.encode("latin-1") for piece in pieces)

    def open_read(self, path: str) -> Any:
        """The bytes of the file at `path`."""
        return ReadableWebHdfsFile(path, self)

    def open_write(self, path: str) -> Any:
        """A stream for bytes, that are at `path` when it is closed."""
        return AtomicWebHdfsFile(path, self)

    def open_read_directory(self, path: str) -> Any:
        """The bytes of all files in the directory at `path`, but those whose name begins with `_`."""
        return ReadableWebHdfsDirectory(path, self)

    def open_write_directory(self, path: str) -> Any:
        """A stream for bytes, that are in a file of the directory at `path` when it is closed."""
        return AtomicWebHdfsDirectory(path, self)
