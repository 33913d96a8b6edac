"""Targets in Google Cloud Storage: an object, and a directory that is there once a flag in it says so."""

from __future__ import annotations

import io
from typing import IO, Any

from luigi.atomic_local_file import AtomicLocalFile
from luigi.contrib._cloud.errors import NotADirectoryPath
from luigi.contrib._cloud.targets import ObjectTarget
from luigi.contrib._gcs.client import GCSClient
from luigi.format import Format, get_default_format
from luigi.target import InvalidMode


class AtomicGCSFile(AtomicLocalFile):
    """A file of this machine that is uploaded to `path` when it is closed: all of it is seen, or nothing."""

    def __init__(self, path: str, gcs_client: GCSClient) -> None:
        self.gcs_client = gcs_client
        super().__init__(path)

    def move_to_final_destination(self) -> None:
        """Upload it."""
        self.gcs_client.put(self.tmp_path, self.path)


class GCSTarget(ObjectTarget):
    """An object in Google Cloud Storage, written whole or not at all, or a directory.

    `format` is what its content goes through, text unless given; `client` a GCSClient, unless the section `[gcs]` and
    the machine's own credentials say all.
    """

    fs: GCSClient = GCSClient()  # which has no connection of its own

    def __init__(self, path: str, format: Format | None = None, client: GCSClient | None = None) -> None:
        super().__init__(path)
        self.format = get_default_format() if format is None else format
        if client is not None:
            self.fs = client

    def open(self, mode: str = "r") -> IO[Any]:
        """Open for reading (`r`) or writing (`w`); whether it is text or bytes is up to the format, not to a `b`.

        What is read is fetched whole first; what is written is uploaded when it is closed, and leaving `with` by an
        exception uploads nothing. Raises FileNotFoundException, and InvalidMode for other modes.
        """
        kind = mode.replace("b", "")
        if kind == "w":
            return self.format.pipe_writer(AtomicGCSFile(self.path, self.fs))  # type: ignore[no-any-return]
        if kind == "r":
            return self.format.pipe_reader(io.BufferedReader(self.fs.download(self.path)))  # type: ignore[no-any-return]
        raise InvalidMode(self, mode)


class GCSFlagTarget(GCSTarget):
    """A directory that is there once there is an object `flag` in it, as Hadoop's jobs leave one behind.

    Raises NotADirectoryPath unless `path` ends in a slash.
    """

    def __init__(
        self,
        path: str,
        format: Format | None = None,
        client: GCSClient | None = None,
        flag: str = "_SUCCESS",
    ) -> None:
        if not path.endswith("/"):
            raise NotADirectoryPath(path)
        super().__init__(path, format, client)
        self.flag = flag

    def exists(self) -> bool:
        """Whether the flag is in the directory."""
        return self.fs.exists(self.path + self.flag)
