"""WebHdfsTarget: a file of HDFS, read and written over HTTP."""

from __future__ import annotations

import os
from typing import IO, Any

from luigi.contrib.hdfs.webhdfs_client import WebHdfsClient
from luigi.contrib.hdfs.webhdfs_files import AtomicWebHdfsFile, ReadableWebHdfsFile
from luigi.format import Format, get_default_format
from luigi.target import FileSystemTarget, InvalidMode

__all__ = ["AtomicWebHdfsFile", "ReadableWebHdfsFile", "WebHdfsClient", "WebHdfsTarget"]


class WebHdfsTarget(FileSystemTarget):
    """A file of HDFS, by `client`, or one that the configuration describes.

    `format` is what its content goes through (text in the locale's encoding unless given).
    """

    fs: Any = None
    """The client."""

    def __init__(
        self, path: str | os.PathLike[str], client: WebHdfsClient | None = None, format: Format | None = None
    ) -> None:
        super().__init__(path)
        self.fs = client or WebHdfsClient()
        self.format = format or get_default_format()

    def open(self, mode: str = "r") -> IO[Any]:
        """Open for reading (`r`) or writing (`w`); whether it is text or bytes is up to the format, not to a `b`.

        What is written appears when closed, in place of what is there. Raises InvalidMode for other modes.
        """
        kind = mode.replace("b", "")
        if kind not in {"r", "w"}:
            raise InvalidMode(self, mode)
        if kind == "r":
            return self.format.pipe_reader(ReadableWebHdfsFile(self.path, self.fs))  # type: ignore[no-any-return]
        return self.format.pipe_writer(AtomicWebHdfsFile(self.path, self.fs))  # type: ignore[no-any-return]
