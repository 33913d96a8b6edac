"""RemoteTarget: a file or directory of a server for files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

from luigi.contrib._ftp.file_system import RemoteFileSystem
from luigi.format import Format, get_default_format
from luigi.target import AtomicLocalFile, FileSystemTarget, InvalidMode


class AtomicFtpFile(AtomicLocalFile):
    """A file of this machine that is sent to `path` when it is closed: all of it is seen, or nothing."""

    def __init__(self, fs: RemoteFileSystem, path: str) -> None:
        self._fs = fs
        super().__init__(path)

    @property
    def fs(self) -> RemoteFileSystem:
        """Where it is sent."""
        return self._fs

    def move_to_final_destination(self) -> None:
        """Send it."""
        self._fs.put(self.tmp_path, self.path)


class RemoteTarget(FileSystemTarget):
    """A file or directory of `host`, written whole or not at all.

    `format` is what its content goes through, text unless given. With `mtime` it is there only if it was changed after
    that; a time without a zone is UTC. Everything else is as for RemoteFileSystem.
    """

    def __init__(
        self,
        path: str,
        host: str,
        format: Format | None = None,
        username: str | None = None,
        password: str | None = None,
        port: int | None = None,
        mtime: datetime | None = None,
        tls: bool = False,
        timeout: float = 60,
        sftp: bool = False,
        pysftp_conn_kwargs: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(path)
        self.format = get_default_format() if format is None else format
        self.mtime = mtime
        self.tls = tls
        self.timeout = timeout
        self.sftp = sftp
        self._fs = RemoteFileSystem(host, username, password, port, tls, timeout, sftp, pysftp_conn_kwargs)

    @property
    def fs(self) -> RemoteFileSystem:
        """The files of that server."""
        return self._fs

    def exists(self) -> bool:
        """Whether there is something at `path`, changed after `mtime` if that is given."""
        return super().exists() if self.mtime is None else self._fs.exists(self.path, self.mtime)

    def open(self, mode: str = "r") -> IO[Any]:
        """Open for reading (`r`) or writing (`w`); whether it is text or bytes is up to the format, not to a `b`.

        What is read is fetched first, what is written is kept on this machine until it is closed. Raises
        FileNotFoundError when there is nothing to read, InvalidMode for other modes.
        """
        kind = mode.replace("b", "")
        if kind == "w":
            return self.format.pipe_writer(AtomicFtpFile(self._fs, self.path))  # type: ignore[no-any-return]
        if kind == "r":
            return self.format.pipe_reader(self._fs.open_read(self.path))  # type: ignore[no-any-return]
        raise InvalidMode(self, mode)

    def put(self, local_path: str, atomic: bool = True) -> None:
        """Copy a file of this machine to it; it appears whole if `atomic`. Raises OSError."""
        self._fs.put(local_path, self.path, atomic)

    def get(self, local_path: str) -> None:
        """Copy it to a file of this machine. Raises FileNotFoundError."""
        self._fs.get(self.path, local_path)
