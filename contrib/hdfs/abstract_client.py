"""What every client of HDFS can do: the verbs of a file system, some that only HDFS has, and streams."""

from __future__ import annotations

import abc
from collections.abc import Iterator, Sequence
from typing import Any

from luigi.target import FileAlreadyExists, FileSystem


class HdfsFileSystem(FileSystem, metaclass=abc.ABCMeta):
    """HDFS as a file system. A path without a scheme is one of the default file system.

    Subclasses that leave out the last group of methods read and write by the `hadoop` command.
    """

    @abc.abstractmethod
    def remove(self, path: str, recursive: bool = True, skip_trash: bool = False) -> Any:
        """Remove what is at `path`; a directory with all it holds when `recursive`."""

    @abc.abstractmethod
    def mkdir(self, path: str, parents: bool = True, raise_if_exists: bool = False) -> None:
        """Make a directory; see `FileSystem.mkdir`."""

    @abc.abstractmethod
    def chmod(self, path: str, permissions: str, recursive: bool = False) -> None:
        """Set the permissions, such as "755"."""

    @abc.abstractmethod
    def chown(self, path: str, owner: str | None, group: str | None, recursive: bool = False) -> None:
        """Set owner and group; None leaves one as it is."""

    @abc.abstractmethod
    def count(self, path: str) -> dict[str, str]:
        """How much there is: `content_size` (in bytes), `dir_count` and `file_count`, as texts."""

    @abc.abstractmethod
    def copy(self, path: str, destination: str) -> None:
        """Copy within HDFS, a directory with all it holds; into `destination` when that is a directory."""

    @abc.abstractmethod
    def put(self, local_path: str, destination: str) -> None:
        """Copy from this machine to HDFS."""

    @abc.abstractmethod
    def get(self, path: str, local_destination: str) -> None:
        """Copy from HDFS to this machine."""

    @abc.abstractmethod
    def touchz(self, path: str) -> None:
        """Make an empty file."""

    @abc.abstractmethod
    def listdir(
        self,
        path: str,
        ignore_directories: bool = False,
        ignore_files: bool = False,
        include_size: bool = False,
        include_type: bool = False,
        include_time: bool = False,
        recursive: bool = False,
    ) -> Iterator[Any]:
        """What is in a directory: names, or tuples of name and what is included.

        Size is in bytes, type "d" or "-", time a datetime of this machine's zone. When `recursive`, at any depth.
        """

    def rename(self, path: str | Sequence[str], dest: str) -> None:
        """Give what is at `path` the name `dest`, or move it into the directory there; its folder is made."""
        self.move(path, dest)  # type: ignore[arg-type]  # those of HDFS take many

    def rename_dont_move(self, path: str, dest: str) -> None:
        """Rename, but never into or over something that is there: FileAlreadyExists then."""
        if self.exists(dest):
            raise FileAlreadyExists(f"{dest} exists already")
        self.rename(path, dest)

    def replace(self, path: str, dest: str) -> None:
        """Give what is at `path` the name `dest`, in place of what is there."""
        if self.exists(dest):
            self.remove(dest)
        self.rename(path, dest)

    def accepts_files(self, folder: str) -> bool:
        """Whether a file can be made in that directory, found out by making one."""
        raise self._unsupported("accepts_files")

    def open_read(self, path: str) -> Any:
        """The bytes of the file at `path`."""
        from luigi.contrib.hdfs.format import HdfsReadPipe

        return HdfsReadPipe(path)

    def open_write(self, path: str) -> Any:
        """A stream for bytes, that are at `path` when it is closed."""
        from luigi.contrib.hdfs.format import HdfsAtomicWritePipe

        return HdfsAtomicWritePipe(path)

    def open_read_directory(self, path: str) -> Any:
        """The bytes of all files in the directory at `path`, but those whose name begins with `_`."""
        from luigi.contrib.hdfs.format import HdfsReadPipe

        return HdfsReadPipe(f"{path.rstrip('/')}/[^_]*")

    def open_write_directory(self, path: str) -> Any:
        """A stream for bytes, that are in a file of the directory at `path` when it is closed."""
        from luigi.contrib.hdfs.format import HdfsAtomicWriteDirPipe

        return HdfsAtomicWriteDirPipe(path)
