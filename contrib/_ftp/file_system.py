"""RemoteFileSystem: the verbs of a file system, on a server for files."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import IO, Any, TypeVar

from luigi.clock import SYSTEM
from luigi.contrib._ftp import settings
from luigi.contrib._ftp.errors import FileNotFoundException, Refused, ServerUnavailable
from luigi.contrib._ftp.existence import existing
from luigi.contrib._ftp.server import Server
from luigi.contrib._ftp.session import Session, connected
from luigi.contrib._ftp.trees import make_folders, newest, remove_tree
from luigi.target import (
    FileAlreadyExists,
    FileSystem,
    FileSystemException,
    MissingParentDirectory,
    folder_of,
    temporary_name,
)

Answer = TypeVar("Answer")

logger = logging.getLogger("luigi-interface")

BETWEEN = 1.0
"""Seconds between two attempts."""


class RemoteFileSystem(FileSystem):
    """The files of a server that speaks FTP, FTP by TLS (`tls`), or SFTP (`sftp`). It can be pickled.

    Without user and password the sections `[ftp]` and `[sftp]` say who asks, or ~/.netrc; else nobody in particular
    asks by FTP, and who runs the program by SFTP, with their keys. `timeout` is in seconds, of silence.
    `pysftp_conn_kwargs` are what pysftp took beside: `private_key`, `private_key_pass`, `ciphers`, `log`, `cnopts`,
    `default_path`. Each method makes a connection of its own, again where it breaks. Methods raise Refused,
    WrongCredentials and ServerUnavailable, which are errors of ftplib too, and UntrustedServer, beside what they name.
    """

    def __init__(
        self,
        host: str,
        username: str | None = None,
        password: str | None = None,
        port: int | None = None,
        tls: bool = False,
        timeout: float = 60,
        sftp: bool = False,
        pysftp_conn_kwargs: Mapping[str, Any] | None = None,
    ) -> None:
        self.host = host
        self.username = username
        self.password = password
        self.port = port or (22 if sftp else 21)
        self.tls = tls
        self.timeout = timeout
        self.sftp = sftp
        self.pysftp_conn_kwargs = pysftp_conn_kwargs or {}

    # --- what is there ---------------------------------------------------------------------------------------------

    def exists(self, path: str, mtime: datetime | None = None) -> bool:
        """Whether there is a file or directory at `path`; with `mtime`, a file that was changed after that.

        A time without a zone is UTC.
        """
        if mtime is None:
            return bool(self._do(lambda session: session.kind(path), path))
        least = mtime if mtime.tzinfo else mtime.replace(tzinfo=UTC)

        def changed_since(session: Session) -> bool:
            if not session.kind(path):
                return False
            at = session.changed(path)
            if at is None:
                raise Refused(f"{self.host} does not tell when {path} was changed")
            return at > least

        return self._do(changed_since, path)

    def exists_many(self, paths: Iterable[str]) -> set[str]:
        """Those of `paths` at which there is something, by one connection, and one listing of a folder with many."""
        asked = list(paths)
        return self._do(lambda session: existing(session, asked), asked[0]) if asked else set()

    def isdir(self, path: str) -> bool:
        """Whether `path` is a directory."""
        return self._do(lambda session: session.kind(path) == "directory", path)

    def listdir(self, path: str = ".") -> list[str]:
        """The names in a directory, of files and directories, without it in front, as Luigi has them.

        For a file its own name; nothing where there is nothing.
        """

        def names(session: Session) -> list[str]:
            kind = session.kind(path)
            return session.names(path) if kind == "directory" else [path.rpartition("/")[2]] if kind else []

        return self._do(names, path)

    def modified_at(self, path: str) -> float | None:
        """When the file at `path` was last written; of a directory, the newest file in it at any depth.

        None also where the server does not tell. It tells whole seconds.
        """
        at = self._do(lambda session: newest(session, path), path)
        return None if at is None else at.timestamp()

    # --- bringing and fetching -------------------------------------------------------------------------------------

    def put(self, local_path: str, path: str, atomic: bool = True) -> None:
        """Copy a file of this machine there, and make its folders. It appears whole if `atomic`. Raises OSError."""
        with open(local_path, "rb") as file:
            self._put(file, path, atomic)

    def get(self, path: str, local_path: str) -> None:
        """Copy a file to this machine, where it appears whole. Raises FileNotFoundError when there is none."""
        from luigi.format import Nop
        from luigi.local_target import LocalTarget

        def fetch(session: Session) -> None:
            with LocalTarget(local_path, format=Nop).open("w") as file:
                self._receive(session, path, file)

        self._do(fetch, path)

    def open_read(self, path: str) -> IO[bytes]:
        """The bytes of a file, fetched to this machine. Raises FileNotFoundError when there is none."""

        def fetch(session: Session) -> IO[bytes]:
            file = tempfile.TemporaryFile()
            try:
                self._receive(session, path, file)
            except BaseException:
                file.close()
                raise
            file.seek(0)
            return file

        return self._do(fetch, path)

    # --- changing what is there ------------------------------------------------------------------------------------

    def mkdir(self, path: str, parents: bool = True, raise_if_exists: bool = False) -> None:
        """Make a directory; see `FileSystem.mkdir`."""

        def make(session: Session) -> None:
            kind = session.kind(path)
            if kind and raise_if_exists:
                raise FileAlreadyExists(f"{path} exists already")
            above = folder_of(path)
            if not (kind or parents) and above and not session.kind(above):
                raise MissingParentDirectory(f"{path} cannot be made: {above} does not exist")
            make_folders(session, path)

        self._do(make, path, again=False)

    def remove(self, path: str, recursive: bool = True, skip_trash: bool = True) -> None:
        """Remove a file or link, or an empty directory; one with all it holds when `recursive`."""
        self._do(lambda session: remove_tree(session, path, recursive), path, again=False)

    def move(self, path: str, dest: str) -> None:
        """Rename a file or directory; replaces a file that is there."""

        def rename(session: Session) -> None:
            make_folders(session, folder_of(dest))
            session.replace(path, dest)

        self._do(rename, path, again=False)

    def rename_dont_move(self, path: str, dest: str) -> None:
        """Rename `path` to `dest`; FileAlreadyExists when anything is there.

        By SFTP the server sees to that. FTP has no such renaming: of two writers at the same moment both may pass.
        """

        def rename(session: Session) -> None:
            make_folders(session, folder_of(dest))
            session.rename(path, dest)

        self._do(rename, path, again=False)

    def copy(self, path: str, dest: str) -> None:
        """Copy a file, by way of this machine: the server cannot. It appears whole."""
        with self.open_read(path) as file:
            self._put(file, dest)

    # --- how -------------------------------------------------------------------------------------------------------

    def _put(self, file: IO[bytes], path: str, atomic: bool = True) -> None:
        temporary = temporary_name(path) if atomic else path

        def send(session: Session) -> None:
            make_folders(session, folder_of(path))
            file.seek(0)
            session.send(file, temporary)
            if atomic:
                session.replace(temporary, path)

        try:
            self._do(send, path)
        except FileSystemException as error:
            if atomic and not isinstance(error, ServerUnavailable):
                self._remove_leftover(temporary)
            raise

    def _remove_leftover(self, temporary: str) -> None:
        try:
            if self.exists(temporary):
                self.remove(temporary)
        except FileSystemException as error:  # the error before matters more and is on its way
            logger.warning("%s could not be removed: %s", temporary, error)

    def _receive(self, session: Session, path: str, file: IO[bytes]) -> None:
        if session.kind(path) != "file":
            raise FileNotFoundException(path, self.host)
        session.receive(path, file)

    def _do(self, act: Callable[[Session], Answer], about: str, again: bool = True) -> Answer:
        """The answer of `act`, with a connection; `again` if it may be asked a second time when one breaks."""
        attempts = (settings.sftp() if self.sftp else settings.ftp()).attempts
        for attempt in range(1, attempts):
            begun = False
            try:
                with connected(self._server(), self.sftp, about) as session:
                    begun = True
                    return act(session)
            except ServerUnavailable as error:
                if begun and not again:
                    raise
                logger.info("attempt %s of %s: %s", attempt, attempts, error)
            SYSTEM.sleep(BETWEEN)
        with connected(self._server(), self.sftp, about) as session:
            return act(session)

    def _server(self) -> Server:
        given = (self.username, self.password, self.tls, self.timeout)
        return Server(self.host, self.port, *given, options=self.pysftp_conn_kwargs)
