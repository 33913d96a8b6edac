"""Files of another machine as streams: read as they come, written whole when closed."""

from __future__ import annotations

import io
import os
import subprocess
from typing import IO, TYPE_CHECKING, Any

from luigi.contrib._ssh import scripts
from luigi.contrib._ssh.errors import NoAnswer, RemoteCalledProcessError
from luigi.format import CommandFailed, OutputPipeProcessWrapper
from luigi.target import temporary_name

if TYPE_CHECKING:
    from luigi.contrib._ssh.context import RemoteContext
    from luigi.contrib._ssh.file_system import RemoteFileSystem

AHEAD = 256 * 1024
"""Bytes that are read at a time."""


class RemoteContent(io.RawIOBase):
    """The bytes of a file, unbuffered. That the way there is lost is an error, and never the end of the file."""

    def __init__(self, context: RemoteContext, path: str) -> None:
        import tempfile

        self._context, self._command = context, scripts.asking(scripts.read(path))
        self._said = tempfile.TemporaryFile()
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": self._said}
        self._process = context.Popen(self._command, bufsize=0, **pipes)
        self._content: Any = self._process.stdout
        self._find_begin()

    @classmethod
    def of(cls, context: RemoteContext, path: str) -> IO[bytes]:
        """The same, buffered. Raises RemoteCalledProcessError."""
        return io.BufferedReader(cls(context, path), AHEAD)

    def _find_begin(self) -> None:
        """Read until the content begins, by single bytes, so that none of it is lost."""
        begin, read = scripts.MARK + b"\n", b""
        while not read.endswith(begin):
            one = self._content.read(1)
            if not one:
                self._check()
                raise NoAnswer(self._context.host)
            read = read[-len(begin) :] + one

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count: int = self._content.readinto(buffer)
        if not count:
            self._check()
        return count

    def _check(self) -> None:
        """Wait for the command, which has no more to write, and raise when it failed."""
        status = self._process.wait()
        if status:
            self._said.seek(0)
            raise RemoteCalledProcessError(status, self._command, self._context.host, stderr=self._said.read())

    def close(self) -> None:
        if not self.closed and hasattr(self, "_content"):
            self._process.terminate()  # it may have more to write than anybody wants
            self._content.close()
            self._process.wait()
            self._said.close()
        super().close()


class AtomicRemoteFileWriter(OutputPipeProcessWrapper):
    """Bytes that are written to a temporary name on the other machine, and appear at `path` when it is closed.

    Leaving `with` by an exception, `abort()`, or forgetting to close it removes them and leaves `path` as it was.
    Raises RemoteCalledProcessError.
    """

    def __init__(self, fs: RemoteFileSystem, path: str) -> None:
        self._fs = fs
        self._writer = os.getpid()
        self._tmp_path = temporary_name(path)
        self.path = path
        self._remote_command = scripts.shell(scripts.write(self._tmp_path))
        with fs.remote_context.installed():
            super().__init__(fs.remote_context.command_line(self._remote_command))

    @property
    def tmp_path(self) -> str:
        """The file that is being written."""
        return self._tmp_path

    @property
    def fs(self) -> RemoteFileSystem:
        """Where it is written."""
        return self._fs

    def write(self, *args: Any, **kwargs: Any) -> None:
        """Write bytes."""
        try:
            super().write(*args, **kwargs)
        except BrokenPipeError as error:
            self.abort()
            raise self._failure(self._process.returncode) from error

    def close(self) -> None:
        """Wait until all is there, and give it its name. Closing again does nothing."""
        if self.closed:
            return
        try:
            super().close()
            self._fs.move(self._tmp_path, self.path)
        except BaseException as error:
            self._fs.remove_leftover(self._tmp_path)
            if isinstance(error, CommandFailed):
                raise self._failure(error.status) from error
            raise

    def abort(self) -> None:
        """Give up, and remove what was written."""
        if self.closed:
            return
        if os.getpid() != self._writer:  # a forked child drops its copy; the file is its parent's
            self.closed = True
            return
        self._finish()  # without ending it: what comes to its end late would make the file again
        self._fs.remove_leftover(self._tmp_path)

    def _failure(self, status: int) -> RemoteCalledProcessError:
        return RemoteCalledProcessError(status, self._remote_command, self._fs.remote_context.host)
