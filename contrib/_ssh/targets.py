"""RemoteTarget: a file or directory of another machine, by ssh."""

from __future__ import annotations

from typing import IO, Any

from luigi.contrib._ssh.file_system import RemoteFileSystem
from luigi.contrib._ssh.streams import AtomicRemoteFileWriter
from luigi.format import Format, get_default_format
from luigi.target import FileSystemTarget, InvalidMode


class RemoteTarget(FileSystemTarget):
    """A file or directory of `host`, written whole or not at all.

    `format` is what its content goes through, text unless given; `kwargs` are those of RemoteContext.
    """

    def __init__(self, path: str, host: str, format: Format | None = None, **kwargs: Any) -> None:
        super().__init__(path)
        self.format = get_default_format() if format is None else format
        self._fs = RemoteFileSystem(host, **kwargs)

    @property
    def fs(self) -> RemoteFileSystem:
        """The files of that machine."""
        return self._fs

    def open(self, mode: str = "r") -> IO[Any]:
        """Open for reading (`r`) or writing (`w`); whether it is text or bytes is up to the format, not to a `b`.

        What is written streams to a temporary name there and gets its own when closed. Raises FileNotFoundError when
        there is nothing to read, InvalidMode for other modes, and RemoteCalledProcessError.
        """
        kind = mode.replace("b", "")
        if kind == "w":
            return self.format.pipe_writer(AtomicRemoteFileWriter(self._fs, self.path))  # type: ignore[no-any-return]
        if kind == "r":
            return self.format.pipe_reader(self._fs.open_read(self.path))  # type: ignore[no-any-return]
        raise InvalidMode(self, mode)

    def put(self, local_path: str) -> None:
        """Copy a file of this machine to it. Raises OSError and RemoteCalledProcessError."""
        self._fs.put(local_path, self.path)

    def get(self, local_path: str) -> None:
        """Copy it to a file of this machine. Raises FileNotFoundError and RemoteCalledProcessError."""
        self._fs.get(self.path, local_path)
