"""ObjectFileSystem: the verbs of a file system, on any store of objects."""

from __future__ import annotations

import abc
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from luigi.contrib._cloud.addresses import Address
from luigi.contrib._cloud.errors import (
    CopyIntoItself,
    FileNotFoundException,
    InvalidDeleteException,
    NoBucket,
)
from luigi.contrib._cloud.existence import AT_A_TIME, existing
from luigi.contrib._cloud.store import ObjectStore
from luigi.target import FileAlreadyExists, FileSystem, MissingParentDirectory, NotADirectory


class ObjectFileSystem(FileSystem):
    """Objects in buckets as files, in directories that are how their keys begin.

    Methods raise NoAddress, NoBucket, Refused and Unreachable, beside what they name.
    """

    bucket_is_called = "bucket"

    @property
    @abc.abstractmethod
    def _store(self) -> ObjectStore:
        """Where the objects are."""

    @abc.abstractmethod
    def _parse(self, path: str) -> Address:
        """What a path means. Raises NoAddress."""

    # --- what is there ---------------------------------------------------------------------------------------------

    def exists(self, path: str) -> bool:
        """Whether there is an object or directory at `path`."""
        address = self._parse(path)
        return self._is_object(address) or self._is_directory(address)

    def exists_many(self, paths: Iterable[str]) -> set[str]:
        """Those of `paths` at which there is something, by listing what they have in common."""
        return existing(self._store.pages, {path: self._parse(path) for path in paths}, self.exists)

    def isdir(self, path: str) -> bool:
        """Whether `path` is a bucket, or there are objects below it, or an empty one says that it is a directory."""
        return self._is_directory(self._parse(path))

    def listdir(self, path: str) -> Iterator[str]:
        """Every object below `path`, at any depth, by its whole path."""
        address = self._parse(path)
        beginning = path if path.endswith("/") else f"{path}/"
        for key in self._below(address):
            if key != address.folder:  # which only says that there is the directory
                yield beginning + key[len(address.folder) :]

    def modified_at(self, path: str) -> float | None:
        """When the object at `path` was last written, in seconds since the epoch; of a directory, the newest in it."""
        address = self._parse(path)
        is_name = bool(address.key) and not address.key.endswith("/")
        at = self._store.written_at(address) if is_name else None
        return max(self._store.times(address.bucket, address.folder), default=None) if at is None else at

    def _is_object(self, address: Address) -> bool:
        return bool(address.key) and not address.key.endswith("/") and self._store.has(address)

    def _is_directory(self, address: Address) -> bool:
        if not address.key:
            return self._store.has_bucket(address.bucket)
        return any(page.names for page in self._store.pages(address.bucket, address.folder, size=1))

    def _below(self, address: Address) -> Iterator[str]:
        """The keys of all that is in a directory, with the empty ones that say there is one."""
        for page in self._store.pages(address.bucket, address.folder):
            yield from page.names

    # --- changing what is there ------------------------------------------------------------------------------------

    def mkdir(self, path: str, parents: bool = True, raise_if_exists: bool = False) -> None:
        """Put an empty object that says there is a directory, if there is none. Nothing that is written needs one.

        Raises as `FileSystem.mkdir` does, and NoBucket: this makes none.
        """
        address = self._parse(path)
        if self._is_directory(address):
            if raise_if_exists:
                raise FileAlreadyExists(f"{path} exists already")
            return
        if not address.key:
            raise NoBucket(self.bucket_is_called, address.bucket)
        file = Address(address.bucket, address.key.rstrip("/"))
        if self._is_object(file):
            raise NotADirectory(f"{path} is an object, so it cannot be made a directory")
        above = Address(address.bucket, file.key.rpartition("/")[0])
        if not parents and above.key and not self._is_directory(above):
            raise MissingParentDirectory(f"{path} cannot be made: the directory {above.key} does not exist")
        self._store.mark(address)

    def remove(self, path: str, recursive: bool = True, skip_trash: bool = True) -> bool:  # type: ignore[override]
        """Remove the object at `path`, or when `recursive` all below it. True when there was something.

        `skip_trash` is always true here. Raises InvalidDeleteException for a bucket, and for a directory unless
        `recursive`.
        """
        address = self._parse(path)
        if not address.key:
            raise InvalidDeleteException(
                f"{path} is a {self.bucket_is_called}", hint="remove what is in it, directory by directory"
            )
        if self._is_object(address):
            self._store.delete(address.bucket, [address.key])
            return True
        if not self._is_directory(address):
            return False
        if not recursive:
            raise InvalidDeleteException(f"{path} is a directory", hint="remove it with recursive=True")
        self._store.delete(address.bucket, list(self._below(address)))
        return True

    # --- from one place to another ---------------------------------------------------------------------------------

    def copy(self, path: str, dest: str) -> None:
        """Copy an object, or all below a directory, within the service.

        An object goes into a destination that ends in a slash. Raises FileNotFoundException, and CopyIntoItself.
        """
        self._copy(path, dest, replace=True)

    def move(self, path: str, dest: str) -> None:
        """Copy, and then remove what was copied. Raises as `copy` does."""
        self._move(path, dest, replace=True)

    def rename_dont_move(self, path: str, dest: str) -> None:
        """Move, but never over something that is there: FileAlreadyExists then.

        An object is safe against a second writer, since the service refuses to replace; a directory is not: then this
        looks first.
        """
        if self.exists(dest):
            raise FileAlreadyExists(f"{dest} exists already")
        self._move(path, dest, replace=False)

    def _move(self, path: str, dest: str, *, replace: bool) -> None:
        self._store.delete(self._parse(path).bucket, self._copy(path, dest, replace=replace))

    def _copy(self, path: str, dest: str, *, replace: bool) -> list[str]:
        """The keys that were copied."""
        pieces = self._pieces(path, dest)
        flags = [piece for piece in pieces if piece[0].is_flag]
        with ThreadPoolExecutor(AT_A_TIME, "copy") as pool:
            for some in ([piece for piece in pieces if not piece[0].is_flag], flags):  # who sees a flag finds the rest
                list(pool.map(lambda one: self._store.copy(one[0], one[1], replace), some))  # an error ends it
        return [source.key for source, _ in pieces]

    def _pieces(self, path: str, dest: str) -> list[tuple[Address, Address]]:
        """Each object that is to be copied, and where to."""
        source, destination = self._parse(path), self._parse(dest)
        if self._is_object(source):
            if destination.folder == destination.key:  # a bucket, or it ends in a slash
                destination = Address(destination.bucket, destination.key + source.name)
            if source == destination:
                raise CopyIntoItself(path, dest)
            return [(source, destination)]
        keys = list(self._below(source))
        if not keys:
            raise FileNotFoundException(path)
        if source.bucket == destination.bucket and destination.folder.startswith(source.folder):
            raise CopyIntoItself(path, dest)
        return [
            (Address(source.bucket, key), Address(destination.bucket, name))
            for key in keys
            if (name := destination.folder + key[len(source.folder) :])  # an empty one for the bucket itself: none
        ]
