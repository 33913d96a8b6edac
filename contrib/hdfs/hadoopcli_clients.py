"""Clients that do everything by the `hadoop` command. Each call starts a Java machine, which takes a second or so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from luigi.contrib.hdfs.abstract_client import HdfsFileSystem
from luigi.contrib.hdfs.config import get_configured_hadoop_version
from luigi.contrib.hdfs.error import MISSING, HDFSCliError, UnknownClient
from luigi.contrib.hdfs.hadoop_command import call, fs
from luigi.contrib.hdfs.listing import chosen, printed
from luigi.target import FileAlreadyExists, MissingParentDirectory, NotADirectory, folder_of, temporary_name

__all__ = ["HdfsClient", "HdfsClientApache1", "HdfsClientCdh3", "create_hadoopcli_client"]

AT_ONCE = 200
"""How many paths go on one command line."""

PATTERN = set("*?[]{}\\")
"""Characters that `hadoop fs` takes for more than themselves."""


def create_hadoopcli_client() -> HdfsClient:
    """The client for the version of Hadoop that is configured. Raises UnknownClient for one there is not."""
    version = get_configured_hadoop_version()
    kinds = {"cdh4": HdfsClient, "cdh3": HdfsClientCdh3, "apache1": HdfsClientApache1}
    if version not in kinds:
        hint = "cdh4 is the one for everything since Hadoop 2"
        raise UnknownClient(f"[hadoop] version = {version}: there are {', '.join(kinds)}", hint=hint)
    return kinds[version]()


class HdfsClient(HdfsFileSystem):
    """HDFS by the commands of Hadoop 2 and later. What they refuse is an HDFSCliError."""

    recursive_listdir_cmd: ClassVar[list[str]] = ["-ls", "-R"]
    remove_cmd: ClassVar[list[str]] = ["-rm", "-r"]

    @staticmethod
    def call_check(command: Sequence[str]) -> str:
        """What the command writes to its standard output; see `hadoop_command.call`."""
        return call(command)

    def exists(self, path: str) -> bool:
        """Whether there is something at `path`, or matches it when it is a pattern."""
        try:
            self.call_check(fs("-stat", path))
        except HDFSCliError as error:
            if error.says(MISSING, "stat"):
                return False
            raise
        return True

    def exists_many(self, paths: Iterable[str]) -> set[str]:
        """Those of `paths` at which there is something; one command asks for many."""
        plain: list[str] = []
        patterns: list[str] = []
        for path in dict.fromkeys(paths):
            (patterns if not path or PATTERN & set(path) or path.rstrip("/") != path else plain).append(path)
        found = {path for path in patterns if self.exists(path)}
        for first in range(0, len(plain), AT_ONCE):
            found |= self._exist(plain[first : first + AT_ONCE])
        return found

    def _exist(self, paths: list[str]) -> set[str]:
        try:
            listed = self.call_check(fs("-ls", "-d", *paths))
        except HDFSCliError as error:
            complaints = [line for line in error.stderr.splitlines() if line.startswith("ls: ")]
            if not complaints or any(MISSING not in line for line in complaints):
                raise
            listed = error.stdout
        return {entry.path for entry in printed(listed)} & set(paths)

    def isdir(self, path: str) -> bool:
        """Whether `path` is a directory."""
        return self._test("-d", path)

    def _test(self, what: str, path: str) -> bool:
        try:
            self.call_check(fs("-test", what, path))
        except HDFSCliError as error:
            if error.returncode == 1 and (error.says(MISSING, "test") or not error.says("", "test")):
                return False
            raise
        return True

    def remove(self, path: str, recursive: bool = True, skip_trash: bool = False) -> None:
        """Remove what is at `path`, into the trash where there is one unless `skip_trash`."""
        verb = self.remove_cmd if recursive else ["-rm"]
        self.call_check(fs(*verb, *(["-skipTrash"] if skip_trash else []), path))

    def remove_all(self, paths: Sequence[str]) -> None:
        """Remove many, past the trash. Raises HDFSCliError after it removed the others when one is not there."""
        self.call_check(fs(*self.remove_cmd, "-skipTrash", *paths))

    def mkdir(self, path: str, parents: bool = True, raise_if_exists: bool = False) -> None:
        """Make a directory; see `FileSystem.mkdir`."""
        if parents and not raise_if_exists:
            self._make(path, "-p")
            return
        if parents and folder_of(path):
            self._make(folder_of(path), "-p")
        self._make(path, raise_if_exists=raise_if_exists)

    def _make(self, path: str, *options: str, raise_if_exists: bool = False) -> None:
        try:
            self.call_check(fs("-mkdir", *options, path))
        except HDFSCliError as error:
            if error.says("exists", "mkdir"):
                if raise_if_exists:
                    raise FileAlreadyExists(f"{path} exists already") from error
                return
            if error.says("not a directory", "mkdir"):
                raise NotADirectory(f"{path} cannot be made a directory: {path} or a folder of it is a file") from error
            if error.says(MISSING, "mkdir"):
                raise MissingParentDirectory(f"{path} cannot be made: {folder_of(path)} does not exist") from error
            raise

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
        """What is in a directory, or matches a pattern: whole paths, or tuples; see `HdfsFileSystem.listdir`."""
        verb = self.recursive_listdir_cmd if recursive else ["-ls"]
        entries = printed(self.call_check(fs(*verb, path)))
        yield from chosen(entries, ignore_directories, ignore_files, include_size, include_type, include_time)

    def modified_at(self, path: str) -> float | None:
        """When what is at `path` was last written; of a directory, the newest in it at any depth, itself included.

        One command tells that of a file, two and a listing that of a directory.
        """
        told = self._told([path])
        if any(kind == "directory" for kind, _ in told):
            below = list(printed(self.call_check(fs(*self.recursive_listdir_cmd, path))))
            newest = max((entry.changed for entry in below), default=None)  # which are of whole minutes
            told += self._told([_meaning_itself(entry.path) for entry in below if entry.changed == newest])
        return max((at for _, at in told), default=None)

    def _told(self, paths: Sequence[str]) -> list[tuple[str, float]]:
        """What is there and when it was written, of those paths that exist."""
        lines: list[str] = []
        for first in range(0, len(paths), AT_ONCE):
            try:
                lines += self.call_check(fs("-stat", "%Y %F", *paths[first : first + AT_ONCE])).splitlines()
            except HDFSCliError as error:
                if not error.says(MISSING, "stat"):
                    raise
                lines += error.stdout.splitlines()
        parts = [line.partition(" ") for line in lines]
        return [(kind, int(digits) / 1000) for digits, _, kind in parts if digits.isdigit()]

    def move(self, path: str | Sequence[str], dest: str) -> None:
        """Give what is at `path` the name `dest`, or move one or many into the directory there; its folder is made."""
        self._into_folder("-mv", [path] if isinstance(path, str) else list(path), dest)

    def copy(self, path: str, destination: str) -> None:
        """Copy within HDFS; the folder of `destination` is made."""
        self._into_folder("-cp", [path], destination)

    def _into_folder(self, verb: str, paths: list[str], dest: str) -> None:
        command = fs(verb, *paths, dest)
        try:
            self.call_check(command)
        except HDFSCliError as error:
            if not error.says(MISSING, verb[1:]) or not folder_of(dest):
                raise
            self.mkdir(folder_of(dest))
            self.call_check(command)

    def rename_dont_move(self, path: str, dest: str) -> None:
        """Rename, but never into or over something that is there: FileAlreadyExists then.

        Hadoop itself refuses to replace a file that comes at the same moment; into a directory that does, it moves.
        """
        try:
            super().rename_dont_move(path, dest)
        except HDFSCliError as error:
            if error.says("File exists", "mv"):
                raise FileAlreadyExists(f"{dest} exists already") from error
            raise

    def chmod(self, path: str, permissions: str, recursive: bool = False) -> None:
        """Set the permissions, such as "755" or "g+w"."""
        self.call_check(fs("-chmod", *self._recursively(recursive), permissions, path))

    def chown(self, path: str, owner: str | None, group: str | None, recursive: bool = False) -> None:
        """Set owner and group; None leaves one as it is."""
        who = f"{owner or ''}:{group or ''}"
        self.call_check(fs("-chown", *self._recursively(recursive), who, path))

    @staticmethod
    def _recursively(recursive: bool) -> list[str]:
        return ["-R"] if recursive else []

    def count(self, path: str) -> dict[str, str]:
        """How much there is: `content_size` (in bytes), `dir_count` and `file_count`, as texts."""
        printed_last = self.call_check(fs("-count", path)).strip().splitlines()[-1]
        directories, files, size = printed_last.split(None, 3)[:3]
        return {"content_size": size, "dir_count": directories, "file_count": files}

    def put(self, local_path: str, destination: str) -> None:
        """Copy from this machine to HDFS."""
        self.call_check(fs("-put", local_path, destination))

    def get(self, path: str, local_destination: str) -> None:
        """Copy from HDFS to this machine."""
        self.call_check(fs("-get", path, local_destination))

    def getmerge(self, path: str, local_destination: str, new_line: bool = False) -> None:
        """Copy all files of a directory to one of this machine; with `new_line` a newline comes after each."""
        self.call_check(fs("-getmerge", *(["-nl"] if new_line else []), path, local_destination))

    def touchz(self, path: str) -> None:
        """Make an empty file. Raises HDFSCliError when there is one with something in it."""
        self.call_check(fs("-touchz", path))

    def accepts_files(self, folder: str) -> bool:
        """Whether a file can be made in that directory, found out by making one."""
        probe = temporary_name(f"{folder.rstrip('/')}/.test_write_access")
        try:
            self.touchz(probe)
        except HDFSCliError:
            return False
        self.remove(probe, skip_trash=True)
        return True


class HdfsClientCdh3(HdfsClient):
    """HDFS by the commands of CDH3, where `mkdir` always makes parents."""

    remove_cmd: ClassVar[list[str]] = ["-rmr"]

    def mkdir(self, path: str, parents: bool = True, raise_if_exists: bool = False) -> None:
        """Make a directory and those above it, whatever `parents` says."""
        self._make(path, raise_if_exists=raise_if_exists)


class HdfsClientApache1(HdfsClientCdh3):
    """HDFS by the commands of Hadoop 1."""

    recursive_listdir_cmd: ClassVar[list[str]] = ["-lsr"]

    def exists(self, path: str) -> bool:
        """Whether there is something at `path`."""
        return self._test("-e", path)


def _meaning_itself(path: str) -> str:
    """A path in which nothing is a pattern."""
    return "".join(f"\\{letter}" if letter in PATTERN else letter for letter in path)
