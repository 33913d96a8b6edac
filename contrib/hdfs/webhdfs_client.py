"""WebHdfsClient: HDFS over HTTP, without Java on this machine, by the package hdfs."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

from luigi.contrib.hdfs.abstract_client import HdfsFileSystem
from luigi.contrib.hdfs.leftovers import removed_on_failure
from luigi.contrib.hdfs.listing import Entry, answered, chosen
from luigi.contrib.hdfs.webhdfs_connection import on_server, webhdfs
from luigi.contrib.hdfs.webhdfs_content import WebHdfsContent
from luigi.target import FileAlreadyExists, MissingParentDirectory, NotADirectory, folder_of, temporary_name

__all__ = ["WebHdfsClient", "webhdfs"]

WORTH_LISTING = 10
"""From how many names in one folder on that folder is listed instead of asking for each."""

PATTERN = set("*?[")
"""Characters of a pattern for names."""

PIECE = 1 << 20
"""Bytes that go through this machine at a time when a file is copied."""


class WebHdfsClient(WebHdfsContent, HdfsFileSystem):
    """HDFS over HTTP. What is not given comes from `[hdfs] namenode_host` and `[webhdfs]`.

    `host` may be `https://host`, and several with a semicolon between them, of which whoever is active answers. What
    the server refuses is an `hdfs.HdfsError`. There is no trash: what is removed is gone.
    """

    # --- looking ---------------------------------------------------------------------------------------------------

    def _status(self, path: str) -> dict[str, Any] | None:
        try:
            return self.client.status(on_server(path))  # type: ignore[no-any-return]
        except self._refusal as error:
            if getattr(error, "exception", None) == "FileNotFoundException":
                return None
            raise

    def exists(self, path: str) -> bool:
        """Whether there is something at `path`."""
        return self._status(path) is not None

    def exists_many(self, paths: Iterable[str]) -> set[str]:
        """Those of `paths` at which there is something; a folder that many of them lie in is listed once instead."""
        by_folder: dict[str, list[str]] = defaultdict(list)
        for path in dict.fromkeys(paths):
            by_folder[posixpath.dirname(on_server(path))].append(path)
        found: set[str] = set()
        for folder, asked in by_folder.items():
            found |= self._listed(folder, asked) if len(asked) >= WORTH_LISTING else set(filter(self.exists, asked))
        return found

    def _listed(self, folder: str, asked: list[str]) -> set[str]:
        if not self.isdir(folder):
            return set()
        names = set(self.client.list(folder))
        return {path for path in asked if self._among(names, path)}

    def _among(self, names: set[str], path: str) -> bool:
        path = on_server(path)
        if path != posixpath.normpath(path):  # /folder/ and /folder/../file are no names in a listing
            return self.exists(path)
        return posixpath.basename(path) in names

    def isdir(self, path: str) -> bool:
        """Whether `path` is a directory."""
        status = self._status(path)
        return status is not None and status["type"] == "DIRECTORY"

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
        """What is in a directory, with names that begin below it (`a`, `deeper/b`); see `HdfsFileSystem.listdir`.

        The last part of `path` may be a pattern for names, such as `part-*`.
        """
        folder, pattern = on_server(path), "*"
        if PATTERN & set(posixpath.basename(folder)):
            folder, pattern = posixpath.split(folder)
        listed = self.client.list(folder, status=True)
        entries = [answered(name, status) for name, status in listed if fnmatchcase(name, pattern)]
        found = self._below(folder, entries) if recursive else entries
        return chosen(found, ignore_directories, ignore_files, include_size, include_type, include_time)

    def _below(self, folder: str, entries: list[Entry]) -> Iterator[Entry]:
        for entry in entries:
            yield entry
            if entry.type == "d":
                inner = self.client.list(posixpath.join(folder, entry.path), status=True)
                yield from self._below(folder, [answered(f"{entry.path}/{name}", status) for name, status in inner])

    def modified_at(self, path: str) -> float | None:
        """When what is at `path` was last written; of a directory, the newest in it at any depth, itself included."""
        status = self._status(path)
        if status is None:
            return None
        inner = self._statuses(on_server(path)) if status["type"] == "DIRECTORY" else ()
        newest: int = max((status["modificationTime"], *(one["modificationTime"] for one in inner)))
        return newest / 1000

    def _statuses(self, folder: str) -> Iterator[dict[str, Any]]:
        """What the server says of all that is in a directory, at any depth."""
        for name, status in self.client.list(folder, status=True):
            yield status
            if status["type"] == "DIRECTORY":
                yield from self._statuses(posixpath.join(folder, name))

    def walk(self, path: str, depth: int = 1) -> Iterator[tuple[str, list[str], list[str]]]:
        """Path, directories and files of a directory and those in it, to that depth; to any depth for 0."""
        return self.client.walk(on_server(path), depth=depth)  # type: ignore[no-any-return]

    def count(self, path: str) -> dict[str, str]:
        """How much there is: `content_size` (in bytes), `dir_count` and `file_count`, as texts."""
        content = self.client.content(on_server(path))
        counted = {"content_size": "length", "dir_count": "directoryCount", "file_count": "fileCount"}
        return {ours: str(content[theirs]) for ours, theirs in counted.items()}

    # --- changing --------------------------------------------------------------------------------------------------

    def remove(self, hdfs_path: str, recursive: bool = True, skip_trash: bool = False) -> bool:  # type: ignore[override]
        """Remove what is there, and say whether there was something. It is gone, whatever `skip_trash` says."""
        return bool(self.client.delete(on_server(hdfs_path), recursive=recursive))

    def mkdir(self, path: str, parents: bool = True, mode: int = 0o755, raise_if_exists: bool = False) -> None:  # type: ignore[override]  # the order is Luigi's
        """Make a directory with these permissions; see `FileSystem.mkdir`."""
        path = on_server(path)
        status = self._status(path)
        if status is not None:
            if raise_if_exists:
                raise FileAlreadyExists(f"{path} exists already")
            if status["type"] != "DIRECTORY":
                raise NotADirectory(f"{path} is a file, so it cannot be made a directory")
            return
        if not parents and not self.exists(folder_of(path)):
            raise MissingParentDirectory(f"{path} cannot be made: {folder_of(path)} does not exist")
        self.client.makedirs(path, permission=f"{mode:o}")

    def move(self, path: str | Sequence[str], dest: str) -> None:
        """Give what is at `path` the name `dest`, or move one or many into the directory there; its folder is made."""
        self._make_folder_of(dest)
        for one in [path] if isinstance(path, str) else path:
            self.client.rename(on_server(one), on_server(dest))

    def rename_dont_move(self, path: str, dest: str) -> None:
        """Rename, but never into or over something that is there: FileAlreadyExists then, in one step."""
        self._make_folder_of(dest)
        try:
            self._rename(path, dest, "NONE")
        except self._refusal as error:
            if self.exists(dest):
                raise FileAlreadyExists(f"{dest} exists already") from error
            raise

    def replace(self, path: str, dest: str) -> None:
        """Give what is at `path` the name `dest`, in place of what is there; for a file in one step."""
        self._make_folder_of(dest)
        try:
            self._rename(path, dest, "OVERWRITE")
        except self._refusal:
            if not (self.isdir(path) and self.isdir(dest)):
                raise
            self.remove(dest)  # HDFS replaces no directory that has something in it
            self._rename(path, dest, "NONE")

    def _rename(self, path: str, dest: str, options: str) -> None:
        # The package's own rename() takes no options: without one, HDFS moves into a directory that is there.
        self.client._rename(on_server(path), destination=self.client.resolve(on_server(dest)), renameoptions=options)

    def _make_folder_of(self, path: str) -> None:
        folder = folder_of(on_server(path))
        if folder:
            self.client.makedirs(folder)

    def copy(self, path: str, destination: str) -> None:
        """Copy within HDFS, through this machine; into `destination` when that is a directory.

        Each file appears whole. Raises FileAlreadyExists when there is a file already.
        """
        path, destination = on_server(path), on_server(destination)
        if self.isdir(destination):
            destination = posixpath.join(destination, posixpath.basename(path.rstrip("/")))
        if not self.isdir(path):
            self._copy_file(path, destination)
            return
        for name, kind in list(self.listdir(path, include_type=True, recursive=True)):
            if kind == "d":
                self.mkdir(f"{destination}/{name}")
            else:
                self._copy_file(f"{path}/{name}", f"{destination}/{name}")

    def _copy_file(self, path: str, destination: str) -> None:
        temporary = temporary_name(destination)
        with removed_on_failure(self, temporary):
            with self.client.read(path, chunk_size=PIECE) as pieces:
                self.client.write(temporary, data=pieces)
            self.rename_dont_move(temporary, destination)

    def chmod(self, path: str, permissions: str, recursive: bool = False) -> None:
        """Set the permissions, such as "755"."""
        for one in self._all_at(path) if recursive else [on_server(path)]:
            self.client.set_permission(one, permissions)

    def chown(self, path: str, owner: str | None, group: str | None, recursive: bool = False) -> None:
        """Set owner and group; None leaves one as it is."""
        for one in self._all_at(path) if recursive else [on_server(path)]:
            self.client.set_owner(one, owner=owner or None, group=group or None)

    def _all_at(self, path: str) -> Iterator[str]:
        path = on_server(path)
        yield path
        if self.isdir(path):
            for name in self.listdir(path, recursive=True):
                yield posixpath.join(path, name)

    def touchz(self, path: str) -> None:
        """Make an empty file. Raises hdfs.HdfsError when there is one with something in it."""
        status = self._status(path)
        empty = status is not None and status["type"] == "FILE" and not status["length"]
        self.client.write(on_server(path), data=b"", overwrite=empty)

    def accepts_files(self, folder: str) -> bool:
        """Whether a file can be made in that directory, found out by making one."""
        probe = temporary_name(f"{folder.rstrip('/')}/.test_write_access")
        try:
            self.touchz(probe)
        except self._refusal:
            return False
        self.remove(probe)
        return True
