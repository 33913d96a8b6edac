"""LocalTarget: a file or directory of this machine, written whole or not at all."""

from __future__ import annotations

import io
import os
import warnings
from typing import IO, Any, ClassVar

from luigi.format import Format, get_default_format
from luigi.local_file_system import LocalFileSystem
from luigi.target import (
    AtomicLocalFile,
    FileSystem,
    FileSystemException,
    FileSystemTarget,
    InvalidMode,
    folder_of,
    temporary_name,
)

__all__ = ["LocalFileSystem", "LocalTarget", "atomic_file"]


class atomic_file(AtomicLocalFile):
    """A local file written next to its place and renamed into it when closed: readers see all of it or none."""

    def generate_tmp_path(self, path: str) -> str:
        """A name in the same folder, so that the rename stays on one disk."""
        return temporary_name(path)

    def move_to_final_destination(self) -> None:
        """Rename, replacing a file that is there."""
        os.replace(self._tmp_path, self.path)
        self._consumed = True


class LocalTarget(FileSystemTarget):
    """A file or directory of this machine.

    `path` is a str or PathLike; `format` what its content goes through (text in the locale's encoding unless given).
    With `is_tmp` the file is removed when the target is no longer used or the program ends, and `path` may be left out.
    """

    fs: ClassVar[LocalFileSystem] = LocalFileSystem()

    def __init__(
        self, path: str | os.PathLike[str] | None = None, format: Format | None = None, is_tmp: bool = False
    ) -> None:
        if not path:
            if not is_tmp:
                raise FileSystemException("a LocalTarget needs a path", hint="or is_tmp=True, for a temporary file")
            path = _temporary_file_name()
        self.path = str(path)
        self.format = get_default_format() if format is None else format
        self.is_tmp = is_tmp
        if is_tmp:
            _remove_with(self)

    def __del__(self) -> None:
        """Nothing is left to do; classes of programs that have their own call this one."""

    def open(self, mode: str = "r") -> IO[Any]:
        """Open for reading (`r`) or writing (`w`); whether it is text or bytes is up to the format, not to a `b`.

        Written content replaces what is at `path` when the file is closed. Leaving `with` by an exception, or never
        closing, changes nothing. Folders are made as needed. Raises FileNotFoundError naming the path when there is
        nothing to read, InvalidMode for any other mode (`rt` among them, as in Luigi).
        """
        kind = mode if mode in {"r", "w"} else self._plain_mode(mode)
        if kind == "w":
            return self.format.pipe_writer(self._create())  # type: ignore[no-any-return]
        return self.format.pipe_reader(io.BufferedReader(io.FileIO(self.path)))  # type: ignore[no-any-return]

    def _plain_mode(self, mode: str) -> str:
        plain = mode.replace("b", "")
        if plain in {"wt", "tw"}:
            return "w"
        if plain not in {"r", "w"}:
            raise InvalidMode(self, mode)
        return plain

    def _create(self) -> atomic_file:
        try:
            return atomic_file(self.path)
        except FileNotFoundError:  # asking first would cost every write; a missing folder is rare
            self.makedirs()
            return atomic_file(self.path)

    def makedirs(self) -> None:
        """Make the folder that `path` lies in, and those above it."""
        folder = folder_of(self.path)
        if folder:
            os.makedirs(folder, exist_ok=True)

    def move(self, new_path: str, raise_if_exists: bool = False) -> None:
        """Rename to `new_path`; `path` stays what it was. See `LocalFileSystem.move`."""
        self.fs.move(self.path, new_path, raise_if_exists=raise_if_exists)

    def move_dir(self, new_path: str) -> None:
        """Another name of `move`."""
        self.move(new_path)

    def remove(self) -> None:
        """Remove the file, or the directory with all it holds."""
        self.fs.remove(self.path)

    def copy(self, new_path: str, raise_if_exists: bool = False) -> None:
        """Copy the file to `new_path`. See `LocalFileSystem.copy`."""
        self.fs.copy(self.path, new_path, raise_if_exists=raise_if_exists)

    @property
    def fn(self) -> str:
        """Luigi's older name of `path`."""
        warnings.warn("LocalTarget.fn is deprecated: use LocalTarget.path", DeprecationWarning, stacklevel=2)
        return self.path


def _temporary_file_name() -> str:
    import tempfile

    return temporary_name(os.path.join(tempfile.gettempdir(), "local-target"))


def _remove_with(target: LocalTarget) -> None:
    import weakref

    weakref.finalize(target, _remove_temporary_file, target.fs, target.path, os.getpid())


def _remove_temporary_file(fs: FileSystem, path: str, maker: int) -> None:
    if os.getpid() == maker and fs.exists(path):  # a forked child ends before its parent is done with the file
        fs.remove(path)
