"""RemoteFileSystem: the verbs of a file system, on another machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any

from luigi.contrib._ssh import scripts
from luigi.contrib._ssh.context import RemoteContext
from luigi.contrib._ssh.errors import FileNotFoundException, NoAnswer, RemoteCalledProcessError
from luigi.contrib._ssh.streams import RemoteContent
from luigi.target import (
    FileAlreadyExists,
    FileSystem,
    MissingParentDirectory,
    NotADirectory,
    folder_of,
    temporary_name,
)


class RemoteFileSystem(FileSystem):
    """The files of another machine, which has a POSIX shell. `kwargs` are those of RemoteContext.

    Paths are taken as they are, but that `~/` in front is the user's folder, as is any path that begins with no slash.
    Methods raise RemoteCalledProcessError, beside what they name. It can be pickled.
    """

    def __init__(self, host: str, **kwargs: Any) -> None:
        self.remote_context = RemoteContext(host, **kwargs)

    def exists(self, path: str) -> bool:
        """Whether there is a file or directory at `path`; a link that leads nowhere does not count."""
        return bool(self._kind(path))

    def exists_many(self, paths: Iterable[str]) -> set[str]:
        """Those of `paths` at which there is something, by one command for all of them."""
        asked = list(dict.fromkeys(paths))
        if not asked:
            return set()
        numbers = self._answer(["exec", "sh"], content=os.fsencode(scripts.which_exist(asked)))
        return {asked[int(number)] for number in numbers.split()}

    def isdir(self, path: str) -> bool:
        """Whether `path` is a directory."""
        return self._kind(path) == "directory"

    def listdir(self, path: str) -> Iterator[str]:
        """Every file below `path`, at any depth, also through links; nothing when `path` is not a directory."""
        folder = path.rstrip("/")
        for name in self._run(scripts.list_files(path)).split(b"\0")[:-1]:
            yield f"{folder}/{os.fsdecode(name[2:])}"

    def modified_at(self, path: str) -> float | None:
        """When what is at `path` was last written; of a directory, the newest in it at any depth, itself included.

        None also where the machine has no command `stat` that tells.
        """
        told = self._run(scripts.modified(path)).strip()
        return float(told) if told else None

    def mkdir(self, path: str, parents: bool = True, raise_if_exists: bool = False) -> None:
        """Make a directory; see `FileSystem.mkdir`."""
        kind = self._kind(path)
        if kind and raise_if_exists:
            raise FileAlreadyExists(f"{path} exists already")
        if kind == "file":
            raise NotADirectory(f"{path} is a file, so it cannot be made a directory")
        if kind:
            return
        above = folder_of(path)
        if not parents and above and not self._kind(above):
            raise MissingParentDirectory(f"{path} cannot be made: {above} does not exist")
        self._run(f"mkdir {'-p ' if parents else ''}{scripts.word(path)}")

    def remove(self, path: str, recursive: bool = True, skip_trash: bool = True) -> None:
        """Remove a file or link; a directory with all it holds when `recursive`. `skip_trash` is always true here."""
        self._run(f"rm {'-r ' if recursive else ''}{scripts.word(path)}")

    def move(self, path: str, dest: str) -> None:
        """Rename a file or directory; replaces a file that is there, and raises FileAlreadyExists for a directory."""
        self._run_to(scripts.replace(path, dest), dest)

    def rename_dont_move(self, path: str, dest: str) -> None:
        """Rename `path` to `dest`; FileAlreadyExists when anything is there, also a file that came this very moment."""
        self._run_to(scripts.rename(path, dest), dest)

    def copy(self, path: str, dest: str) -> None:
        """Copy a file or directory there; into `dest` when that is a directory. It appears whole."""
        if self.isdir(dest):
            dest = f"{dest.rstrip('/')}/{path.rstrip('/').rpartition('/')[2]}"
        self._put_whole(lambda temporary: self._run(scripts.copy(path, temporary)), dest)

    def put(self, local_path: str, path: str) -> None:
        """Copy a file of this machine there. It appears whole, with the folders it needs. Raises OSError."""
        with open(local_path, "rb") as file:
            self._put_whole(lambda temporary: self._run(scripts.write(temporary), stdin=file), path)

    def get(self, path: str, local_path: str) -> None:
        """Copy a file to this machine, where it appears whole. Raises FileNotFoundError when there is none."""
        from shutil import copyfileobj

        from luigi.format import Nop
        from luigi.local_target import LocalTarget

        with self.open_read(path) as content, LocalTarget(local_path, format=Nop).open("w") as file:
            copyfileobj(content, file, 1 << 20)

    def open_read(self, path: str) -> IO[bytes]:
        """The bytes of a file. Raises FileNotFoundError when there is none."""
        try:
            return RemoteContent.of(self.remote_context, path)
        except RemoteCalledProcessError as error:
            if error.returncode == scripts.MISSING:
                raise FileNotFoundException(path, self.remote_context.host) from error
            raise

    def _kind(self, path: str) -> str:
        return self._run(scripts.kind(path)).decode().strip()

    def _run(self, script: str, stdin: IO[bytes] | None = None) -> bytes:
        return self._answer(scripts.asking(script), stdin=stdin)

    def _answer(self, command: Sequence[str], **given: Any) -> bytes:
        _, mark, answer = self.remote_context.call(command, **given).partition(scripts.MARK)
        if not mark:
            raise NoAnswer(self.remote_context.host)
        return answer

    def _run_to(self, script: str, dest: str) -> None:
        try:
            self._run(script)
        except RemoteCalledProcessError as error:
            if error.returncode == scripts.TAKEN:
                raise FileAlreadyExists(f"{dest} exists already") from error
            raise

    def _put_whole(self, fill: Callable[[str], object], dest: str) -> None:
        """Let a temporary name next to `dest` be filled, then rename it there.

        Not in one command: what comes to its end because this program was killed must not get the name.
        """
        temporary = temporary_name(dest)
        try:
            fill(temporary)
            self.move(temporary, dest)
        except BaseException:
            self.remove_leftover(temporary)
            raise

    def remove_leftover(self, temporary: str) -> None:
        """Remove what is of no use any more. That this fails is only logged: something else is being told."""
        try:
            self._run(f"rm -rf {scripts.word(temporary)}")
        except RemoteCalledProcessError as error:
            import logging

            logging.getLogger("luigi-interface").warning("%s could not be removed: %s", temporary, error)
