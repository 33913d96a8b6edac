"""What a task makes: Target, targets that have a path, and the file systems those paths are on.

Only `exists()` is needed of a target. `FileSystemTarget` adds `open`, `remove` and `temporary_path` for anything that
has paths; a `FileSystem` is the few verbs those need. `luigi.testing.contracts.targets` tests new ones.
"""

from __future__ import annotations

import abc
import os
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import IO, Any

from luigi.atomic_local_file import AtomicLocalFile, temporary_name
from luigi.errors import KernelError

__all__ = [
    "AtomicLocalFile",
    "FileAlreadyExists",
    "FileSystem",
    "FileSystemException",
    "FileSystemTarget",
    "InvalidMode",
    "MissingParentDirectory",
    "NotADirectory",
    "Target",
    "folder_of",
    "replacing",
    "temporary_name",
]


replacing: ContextVar[bool] = ContextVar("luigi.target.replacing", default=False)
"""Whether the task that runs here is done again: what it writes takes the place of what is there."""


class FileSystemException(KernelError):
    """A file system cannot do as asked."""


class FileAlreadyExists(FileSystemException, RuntimeError):
    """The destination is taken. Also a RuntimeError: that is what Luigi's copies raise."""


class MissingParentDirectory(FileSystemException):
    """A directory was to be made in one that does not exist."""


class NotADirectory(FileSystemException):
    """A file stands where a directory is wanted."""


class InvalidMode(FileSystemException, ValueError):
    """A target was opened neither for reading nor for writing."""

    def __init__(self, target: object, mode: object) -> None:
        super().__init__(f"{target}: cannot be opened with mode {mode!r}", hint="a target opens with 'r' or 'w'")


def folder_of(path: str | os.PathLike[str]) -> str:
    """The folder `path` lies in, whether or not it ends in a slash; empty when it names none."""
    return os.path.dirname(os.fspath(path).rstrip("/"))


class Target(metaclass=abc.ABCMeta):
    """Something a task makes and another may need: a file, a table, a row, a flag."""

    opened_from: str | None = None
    """The URL that `luigi.open_target` made it from, if it did."""

    @abc.abstractmethod
    def exists(self) -> bool:
        """Whether it is there, whole. The task that outputs it is complete exactly then."""


class FileSystem(metaclass=abc.ABCMeta):
    """The verbs a `FileSystemTarget` asks of where its path lives. Only `exists` and `remove` must be written."""

    @abc.abstractmethod
    def exists(self, path: str) -> bool:
        """Whether there is a file or directory at `path`."""

    def exists_many(self, paths: Iterable[str]) -> set[str]:
        """Those of `paths` at which there is something: for each the answer of `exists`.

        This asks for one after the other. A file system that can list many names at once does so here, and the walk
        of a graph then asks it about all outputs together. One that overrides `exists` later on is asked by that again.
        """
        return {path for path in paths if self.exists(path)}

    @abc.abstractmethod
    def remove(self, path: str, recursive: bool = True, skip_trash: bool = True) -> None:
        """Remove the file at `path`; a directory with all it holds when `recursive`."""

    def mkdir(self, path: str, parents: bool = True, raise_if_exists: bool = False) -> None:
        """Make a directory, and with `parents` the ones above it.

        Raises FileAlreadyExists (only when `raise_if_exists`), MissingParentDirectory (only without `parents`), and
        NotADirectory when `path` is a file.
        """
        raise self._unsupported("mkdir")

    def isdir(self, path: str) -> bool:
        """Whether `path` is a directory."""
        raise self._unsupported("isdir")

    def listdir(self, path: str) -> Iterable[str]:
        """Every file below `path`, at any depth. The names begin with `path`, as given."""
        raise self._unsupported("listdir")

    def modified_at(self, path: str) -> float | None:
        """When what is at `path` was last written, in seconds since the epoch; of a directory, the newest in it.

        None when nothing is there, and wherever the file system does not tell: freshness policies then go without it.
        """
        return None

    def why_not_remove(self, path: str) -> str | None:
        """What stands against removing what is at `path`, as half a sentence; None when nothing is known to.

        Asked before several things are removed, so that all of them go or none. It touches nothing.
        """
        return None

    def move(self, path: str, dest: str) -> None:
        """Give what is at `path` the name `dest`."""
        raise self._unsupported("move")

    def copy(self, path: str, dest: str) -> None:
        """Put at `dest` what is at `path`."""
        raise self._unsupported("copy")

    def rename_dont_move(self, path: str, dest: str) -> None:
        """Rename `path` to `dest`, but never into or over something that is there: FileAlreadyExists then.

        This looks first and then moves, so two writers at the same moment may both pass: it warns about that. A file
        system that can refuse in the same step as it renames does so here.
        """
        warnings.warn(f"{type(self).__name__} looks before it renames: not safe against a second writer", stacklevel=2)
        if self.exists(dest):
            raise FileAlreadyExists(f"{dest} exists already")
        self.move(path, dest)

    def rename(self, *args: Any, **kwargs: Any) -> None:
        """Another name of `move`."""
        self.move(*args, **kwargs)

    def _unsupported(self, verb: str) -> NotImplementedError:
        return NotImplementedError(f"{type(self).__name__} has no {verb}()")


class FileSystemTarget(Target):
    """A target at a path of a file system: give `fs` and `open`. `path` is a str."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = str(path)

    def __str__(self) -> str:
        return self.path

    @property
    @abc.abstractmethod
    def fs(self) -> FileSystem:
        """The file system that `path` is on. Usually a class attribute."""

    @abc.abstractmethod
    def open(self, mode: str) -> IO[Any]:
        """Open for reading (`r`) or writing (`w`). What is written appears when closed, all at once."""

    def exists(self) -> bool:
        """Whether there is something at `path`."""
        path = self.path
        if "*" in path or "?" in path or "[" in path or "{" in path:
            self._warn_of_wildcards()
        return self.fs.exists(path)

    def remove(self) -> None:
        """Remove what is at `path`; a directory with all it holds."""
        self.fs.remove(self.path)

    @contextmanager
    def temporary_path(self) -> Iterator[str]:
        """A path to write to, file or directory, that becomes `path` when the block ends well.

        Its folder exists and it has the same trailing slash as `path`. A block that raises leaves nothing behind. When
        something is at `path` by the end, FileAlreadyExists is raised and what was written stays where it is; a task
        that is done again replaces it.
        """
        temporary = temporary_name(self.path)
        self._make_folder()
        try:
            yield temporary
        except BaseException:
            self._remove_leftover(temporary)
            raise
        if replacing.get() and self.fs.exists(self.path):
            self.remove()
        try:
            self.fs.rename_dont_move(temporary, self.path)
        except FileAlreadyExists as error:
            error.add_note(f"what was written is at {temporary}")
            raise

    def _trailing_slash(self) -> str:
        """The slash or backslash that `path` ends with, or nothing. Programs that make paths of their own call it."""
        return self.path[-1:] if self.path.endswith(("/", "\\")) else ""

    def _make_folder(self) -> None:
        """Have a folder there to write in. A storage that needs none overrides it."""
        folder = folder_of(self.path)
        if folder:
            self.fs.mkdir(folder, parents=True, raise_if_exists=False)

    def _remove_leftover(self, temporary: str) -> None:
        try:
            if self.fs.exists(temporary):
                self.fs.remove(temporary)
        except Exception as error:  # the block's own error matters more and is on its way
            import logging

            logging.getLogger("luigi-interface").warning("%s could not be removed: %s", temporary, error)

    def _warn_of_wildcards(self) -> None:
        import logging

        logging.getLogger("luigi-interface").warning(
            "%s has a wildcard in its path: that one file exists says nothing of the others. "
            "Override exists() to say when all are there.",
            self.path,
        )
