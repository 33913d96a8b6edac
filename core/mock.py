"""Targets in memory, for tests: what a pipeline writes to a MockTarget can be read, listed and inspected afterwards."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable
from types import TracebackType
from typing import IO, Any, ClassVar

from luigi.format import Format, get_default_format
from luigi.target import FileAlreadyExists, FileSystem, FileSystemTarget, InvalidMode


class MockFileSystem(FileSystem):
    """A file system in memory, the same for all its instances: paths and the bytes written there.

    Directories are only beginnings of paths: `mkdir` makes nothing and `exists` is about files. The files are this
    process's own: a child process works on a copy, and what it writes is not seen here.
    """

    _data: ClassVar[dict[str, bytes]] = {}

    def get_all_data(self) -> dict[str, bytes]:
        """Every path and its bytes: the files themselves, so a change to it changes them."""
        return self._data

    def get_data(self, fn: str) -> bytes:
        """The bytes at `fn`. Raises KeyError naming it when there are none."""
        return self._data[str(fn)]

    def clear(self) -> None:
        """Remove everything."""
        self._data.clear()

    def exists(self, path: str) -> bool:
        """Whether there is a file at `path`."""
        return str(path) in self._data

    def exists_many(self, paths: Iterable[str]) -> set[str]:
        """Those of `paths` at which there is a file."""
        data = self._data
        return {path for path in paths if str(path) in data}

    def isdir(self, path: str) -> bool:
        """Whether there are files below `path`."""
        beginning = _as_folder(path)
        return any(name.startswith(beginning) for name in self._data)

    def listdir(self, path: str) -> list[str]:
        """Every file below `path`, at any depth, in the order they were first written; `path` itself if it is one."""
        path, beginning = str(path), _as_folder(path)
        return [name for name in self._data if name == path or name.startswith(beginning)]

    def mkdir(self, path: str, parents: bool = True, raise_if_exists: bool = False) -> None:
        """Make nothing. Raises FileAlreadyExists when `raise_if_exists` and there is something at `path`."""
        if raise_if_exists and (self.exists(path) or self.isdir(path)):
            raise FileAlreadyExists(f"{path} exists already")

    def remove(self, path: str, recursive: bool = True, skip_trash: bool = True) -> None:
        """Remove the file at `path` and, when `recursive`, all below it. Raises KeyError for a missing file only
        when not `recursive`.
        """
        names = self.listdir(path) if recursive else [str(path)]
        for name in names:
            del self._data[name]

    def copy(self, path: str, dest: str, raise_if_exists: bool = False) -> None:
        """Copy a file, or all files below a directory. Raises KeyError when there are none, FileAlreadyExists when
        `raise_if_exists` and there is a file at `dest`.
        """
        self._data.update(self._renamed(path, dest, raise_if_exists))

    def move(self, path: str, dest: str, raise_if_exists: bool = False) -> None:
        """Rename a file, or all files below a directory. Raises as `copy` does."""
        renamed = self._renamed(path, dest, raise_if_exists)
        self.remove(path)
        self._data.update(renamed)

    def rename_dont_move(self, path: str, dest: str) -> None:
        """Rename `path` to `dest`; FileAlreadyExists when there is a file."""
        self.move(path, dest, raise_if_exists=True)

    def _renamed(self, path: str, dest: str, raise_if_exists: bool) -> dict[str, bytes]:
        if raise_if_exists and self.exists(dest):
            raise FileAlreadyExists(f"{dest} exists already")
        stem = len(str(path).rstrip("/"))
        renamed = {str(dest).rstrip("/") + name[stem:]: self._data[name] for name in self.listdir(path)}
        if not renamed:
            raise KeyError(str(path))
        return renamed


def _as_folder(path: str) -> str:
    """How the names of all files in a folder begin; '' holds everything."""
    return f"{str(path).rstrip('/')}/" if path else ""


class MockTarget(FileSystemTarget):
    """A target in memory at the path `fn`, for tests.

    `format` is as for LocalTarget. With `mirror_on_stderr` what is written is also shown. `is_tmp` is accepted for the
    sake of code that passes it to any target.
    """

    fs: ClassVar[MockFileSystem] = MockFileSystem()

    def __init__(
        self,
        fn: str | os.PathLike[str],
        is_tmp: bool | None = None,
        mirror_on_stderr: bool = False,
        format: Format | None = None,
    ) -> None:
        super().__init__(fn)
        self._mirror_on_stderr = mirror_on_stderr
        self.format = get_default_format() if format is None else format

    def exists(self) -> bool:
        """Whether something was written and not removed since."""
        return self.fs.exists(self.path)

    def move(self, path: str, raise_if_exists: bool = False) -> None:
        """Rename to `path`; the target's own path stays what it was. See `MockFileSystem.move`."""
        self.fs.move(self.path, path, raise_if_exists)

    def rename(self, *args: Any, **kwargs: Any) -> None:
        """Another name of `move`."""
        self.move(*args, **kwargs)

    def open(self, mode: str = "r") -> IO[Any]:
        """Open for reading (`r`) or writing (`w`); a `b` or `t` changes nothing, the format decides.

        What is written appears when closed, unless `with` is left by an exception. Raises KeyError naming the path when
        there is nothing to read, InvalidMode for another mode.
        """
        kind = mode.replace("b", "").replace("t", "")
        if kind == "w":
            written = _MockFile(self.fs.get_all_data(), self.path, self._mirror_on_stderr)
            return self.format.pipe_writer(written)  # type: ignore[no-any-return]
        if kind == "r":
            return self.format.pipe_reader(io.BytesIO(self.fs.get_data(self.path)))  # type: ignore[no-any-return]
        raise InvalidMode(self, mode)


class _MockFile(io.BytesIO):
    """Bytes that become the content of a path when closed, unless an exception ends the block."""

    def __init__(self, data: dict[str, bytes], path: str, mirror: bool) -> None:
        super().__init__()
        self._data = data
        self._path = path
        self._mirror = mirror

    def write(self, content: Any) -> int:
        if self._mirror:
            beginning = "" if self.tell() else f"{self._path}: "
            sys.stderr.write(beginning + bytes(content).decode(errors="replace"))
        return super().write(content)

    def writelines(self, lines: Iterable[Any]) -> None:
        for line in lines:  # io's own would not call write()
            self.write(line)

    def close(self) -> None:
        if not self.closed:
            self._data[self._path] = self.getvalue()
            super().close()

    def abort(self) -> None:
        super().close()

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        if exc_type is None:
            self.close()
        else:
            self.abort()

    def __del__(self) -> None:
        self.abort()
