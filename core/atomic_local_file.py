"""AtomicLocalFile: a file whose content appears at its place all at once when it is closed, or never."""

from __future__ import annotations

import io
import os
from types import TracebackType


def temporary_name(path: str | os.PathLike[str]) -> str:
    """`path` with an ending nobody else will use, in the same folder; a trailing slash stays last.

    Ten digits of the operating system's randomness need no state, so they differ across forks, threads and machines.
    """
    digits = int.from_bytes(os.urandom(8)) % 10_000_000_000
    path = os.fspath(path)
    stem = path.rstrip("/")
    return f"{stem}-luigi-tmp-{digits:010}{path[len(stem) :]}"


class AtomicLocalFile(io.BufferedWriter):
    """A local file to write to whose content goes to `path` in one step when it is closed, or never.

    Subclasses say where it is written meanwhile (`generate_tmp_path`) and how it gets to `path`
    (`move_to_final_destination`: a rename, an upload). Leaving `with` by an exception, `abort()`, or forgetting to
    close it removes the temporary file and leaves `path` as it was. Nothing is forced to the disk: a killed process
    cannot leave half a file, a power cut might, as with any rename.
    """

    path: str
    _consumed = False  # whether move_to_final_destination took the temporary file away, so none is left to remove

    def __init__(self, path: str) -> None:
        self._writer = os.getpid()
        self._tmp_path = self.generate_tmp_path(path)
        self.path = path
        super().__init__(io.FileIO(self._tmp_path, "w"))

    @property
    def tmp_path(self) -> str:
        """The file that is being written."""
        return self._tmp_path

    def generate_tmp_path(self, path: str) -> str:
        """A new name to write to; unless overridden, in the machine's folder for temporary files."""
        import tempfile

        return temporary_name(os.path.join(tempfile.gettempdir(), "target"))  # path may be no name for a local file

    def move_to_final_destination(self) -> None:
        """Bring `tmp_path` to `path`. Called once, with everything written; raising means `path` stays as it was."""
        raise NotImplementedError(f"{type(self).__name__} has no move_to_final_destination()")

    def close(self) -> None:
        """Write what is pending and move the file to its place. Closing again does nothing."""
        if self.closed:
            return
        try:
            super().close()
            self.move_to_final_destination()
        finally:
            self._remove_temporary()

    def abort(self) -> None:
        """Give up: remove what was written and leave `path` as it was."""
        if self.closed:
            return
        self.raw.close()  # not self.close(): pending bytes are dropped with the file
        self._remove_temporary()

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        if exc_type is None:
            self.close()
        else:
            self.abort()

    def __del__(self) -> None:
        try:
            self.abort()
        except (AttributeError, ValueError):  # it was never opened: generate_tmp_path or the opening raised
            return

    def _remove_temporary(self) -> None:
        if self._consumed or os.getpid() != self._writer:  # a forked child drops its copy; the file is its parent's
            return
        try:
            os.unlink(self._tmp_path)
        except FileNotFoundError:
            return
