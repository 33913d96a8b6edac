"""HdfsTarget: a file or directory of HDFS. HdfsFlagTarget: a directory that is there once a flag in it is."""

from __future__ import annotations

import os
import posixpath
from typing import IO, Any
from urllib.parse import urlsplit

from luigi.contrib.hdfs.abstract_client import HdfsFileSystem
from luigi.contrib.hdfs.clients import get_autoconfig_client
from luigi.contrib.hdfs.config import tmppath
from luigi.contrib.hdfs.error import ColonInName
from luigi.contrib.hdfs.format import CompatibleHdfsFormat, PathOn, Plain
from luigi.format import Format, get_default_format
from luigi.target import (
    FileAlreadyExists,
    FileSystemException,
    FileSystemTarget,
    InvalidMode,
    folder_of,
)

__all__ = ["HdfsFlagTarget", "HdfsTarget"]


class HdfsTarget(FileSystemTarget):
    """A file or directory of HDFS, by the client `fs`, or the configured one.

    `format` is what its content goes through (text in the locale's encoding unless given), and may end in `PlainDir`
    for a directory of files. With `is_tmp` it is removed when the target is no longer used or the program ends, and
    `path` may be left out.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        format: Format | None = None,
        is_tmp: bool = False,
        fs: HdfsFileSystem | None = None,
    ) -> None:
        if path is None:
            if not is_tmp:
                raise FileSystemException("an HdfsTarget needs a path", hint="or is_tmp=True, for a temporary file")
            path = tmppath()
        super().__init__(path)
        if ":" in urlsplit(self.path).path:
            raise ColonInName(self.path)
        self.format = _for_hdfs(format)
        self.is_tmp = is_tmp
        self._fs = fs
        if is_tmp:
            _remove_with(self)

    @property
    def fs(self) -> HdfsFileSystem:
        """The client that it is read, written and looked for by."""
        return self._fs or get_autoconfig_client()

    def open(self, mode: str = "r") -> IO[Any]:
        """Open for reading (`r`) or writing (`w`); whether it is text or bytes is up to the format, not to a `b`.

        What is written appears when closed, in place of what is there. Raises InvalidMode for other modes.
        """
        kind = mode.replace("b", "")
        if kind not in {"r", "w"}:
            raise InvalidMode(self, mode)
        place = PathOn.of(self.path, self.fs)
        pipe = self.format.pipe_reader if kind == "r" else self.format.pipe_writer
        return pipe(place)  # type: ignore[no-any-return]

    def remove(self, skip_trash: bool = False) -> None:
        """Remove the file, or the directory with all it holds; into the trash where there is one."""
        self.fs.remove(self.path, skip_trash=skip_trash)

    def rename(self, path: str | HdfsTarget, raise_if_exists: bool = False) -> None:
        """Rename to `path`, or move into it when that is a directory; `self.path` stays what it was.

        Raises FileAlreadyExists when `raise_if_exists` and there is something at `path`.
        """
        dest = path.path if isinstance(path, HdfsTarget) else path
        if raise_if_exists and self.fs.exists(dest):
            raise FileAlreadyExists(f"{dest} exists already")
        self.fs.rename(self.path, dest)

    def move(self, path: str | HdfsTarget, raise_if_exists: bool = False) -> None:
        """Another name of `rename`."""
        self.rename(path, raise_if_exists=raise_if_exists)

    def move_dir(self, path: str) -> None:
        """Rename, but never into or over something that is there: FileAlreadyExists then."""
        self.fs.rename_dont_move(self.path, path)

    def copy(self, dst_dir: str) -> None:
        """Copy to `dst_dir`, or into it when that is a directory."""
        self.fs.copy(self.path, dst_dir)

    def is_writable(self) -> bool:
        """Whether it could be written: whether its folder, or the nearest one there is, takes a new file."""
        folder = self.path
        while folder not in {"", "/"} and not self.fs.isdir(folder):
            folder = folder_of(folder)
        return self.fs.accepts_files(folder or ".")

    def glob_exists(self, expected_files: int) -> bool:
        """Whether as many files match `path`, a pattern or a directory, as are expected."""
        return len(list(self.fs.listdir(self.path))) == expected_files


class HdfsFlagTarget(HdfsTarget):
    """A directory that is there once it holds a file named `flag`, as Hadoop jobs write when they have ended well."""

    def __init__(
        self,
        path: str | os.PathLike[str],
        format: Format | None = None,
        client: HdfsFileSystem | None = None,
        flag: str = "_SUCCESS",
    ) -> None:
        if not str(path).endswith("/"):
            raise FlagNeedsDirectory(str(path))
        super().__init__(path, format, fs=client)
        self.flag = flag

    def exists(self) -> bool:
        """Whether the flag is there."""
        return self.fs.exists(posixpath.join(self.path, self.flag))


class FlagNeedsDirectory(FileSystemException, ValueError):
    """A flag target's path does not say that it is a directory."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path}: a flag lies in a directory, so the path must end with a slash")
        self.hint = f"write {path}/"


def _for_hdfs(format: Format | None) -> CompatibleHdfsFormat:
    given: Any = get_default_format() if format is None else format
    whole = given if getattr(given, "output", None) == "hdfs" else given >> Plain
    return CompatibleHdfsFormat(whole.pipe_writer, whole.pipe_reader, getattr(whole, "input", None))


def _remove_with(target: HdfsTarget) -> None:
    import weakref

    weakref.finalize(target, _remove_temporary, target._fs, target.path, os.getpid())


def _remove_temporary(fs: HdfsFileSystem | None, path: str, maker: int) -> None:
    fs = fs or get_autoconfig_client()
    if os.getpid() == maker and fs.exists(path):  # a forked child ends before its parent is done with the file
        fs.remove(path, skip_trash=True)
