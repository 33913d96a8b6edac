"""A server that speaks FTP, in the open or by TLS, over the library of Python."""

from __future__ import annotations

import errno
import ftplib
import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import IO

from luigi.contrib._ftp import settings
from luigi.contrib._ftp.errors import Refused, ServerUnavailable, UntrustedServer, WrongCredentials
from luigi.contrib._ftp.ftp_login import greeted
from luigi.contrib._ftp.server import Server
from luigi.contrib._ftp.session import Kind
from luigi.errors import KernelError
from luigi.target import FileAlreadyExists, folder_of

NO_WAY = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN}
UNKNOWN_COMMAND = {"500", "501", "502", "504"}
NOT_LET_IN = {"332", "430", "530", "532"}
KINDS: Mapping[str, Kind] = {"file": "file", "dir": "directory"}
"""What kinds are called in listings; what is called otherwise, such as a link, is asked for."""
BLOCK = 1 << 18
"""Bytes that are sent or received at a time."""


@contextmanager
def opened(server: Server, about: str) -> Iterator[FtpSession]:
    """A session with that server; see `session.connected`."""
    try:
        with greeted(server) as ftp:
            yield FtpSession(ftp)
    except KernelError:
        raise
    except ftplib.error_perm as error:
        if str(error)[:3] in NOT_LET_IN:
            raise WrongCredentials(server.host, server.account(settings.ftp())[0], error, "ftp") from error
        raise Refused(f"{about} on {server.host}: {error}") from error
    except ssl.SSLCertVerificationError as error:
        hint = "[ftp] verify names a file of certificates to trust, or is false"
        raise UntrustedServer(server.host, error.verify_message, hint) from error
    except (ftplib.Error, EOFError) as error:
        raise ServerUnavailable(f"{server.host}: {str(error) or 'it has ended the connection'}") from error
    except OSError as error:
        if isinstance(error, ConnectionError | TimeoutError | socket.gaierror | ssl.SSLError) or error.errno in NO_WAY:
            raise ServerUnavailable(f"{server.host}:{server.port} does not answer: {error}") from error
        raise  # of a file of this machine


class FtpSession:
    """The verbs of `Session`, over a connection that has been let in."""

    def __init__(self, ftp: ftplib.FTP) -> None:
        self._ftp = ftp
        self._home = ftp.pwd()

    def kind(self, path: str) -> Kind:
        if self._is_folder(path):
            return "directory"
        if not self._is_file(path):
            return ""
        return "directory" if self._is_folder(path) else "file"  # made between the questions: some tell a size of it

    def names(self, folder: str) -> list[str]:
        return [name for name, _ in self._entries(folder)]

    def listed(self, folder: str) -> Iterator[tuple[str, Kind, datetime | None]]:
        for name, facts in self._entries(folder):
            path = f"{folder.rstrip('/')}/{name}"
            kind = KINDS.get(facts.get("type", "").casefold()) or self.kind(path)
            told = _time(facts["modify"]) if "modify" in facts else None
            yield name, kind, told or self.changed(path) if kind == "file" else None

    def _entries(self, folder: str) -> list[tuple[str, Mapping[str, str]]]:
        """Names, each with what the server says of it beside, if it does."""
        found: Iterable[tuple[str, Mapping[str, str]]]
        try:
            found = list(self._ftp.mlsd(folder or "."))
        except ftplib.error_perm as error:
            if str(error)[:3] not in UNKNOWN_COMMAND:
                raise
            found = [(name, {}) for name in self._plain_names(folder)]
        finally:
            self._ftp.voidcmd("TYPE I")  # a listing is text, and ftplib leaves it at that: then no size is told
        named = [(one.rstrip("/").rpartition("/")[2], facts) for one, facts in found]
        return [(name, facts) for name, facts in named if name not in {".", ".."}]

    def _plain_names(self, folder: str) -> list[str]:
        try:
            return self._ftp.nlst(folder or ".")
        except ftplib.error_perm:
            if self._is_folder(folder or "."):  # so some servers say that it is empty
                return []
            raise

    def changed(self, path: str) -> datetime | None:
        try:
            return _time(self._ftp.sendcmd(f"MDTM {path}").split()[-1])
        except ftplib.error_perm as error:
            if str(error)[:3] in UNKNOWN_COMMAND:
                return None
            raise

    def send(self, file: IO[bytes], path: str) -> None:
        begin = file.tell()
        self._ftp.storbinary(f"STOR {path}", file, BLOCK)
        sent, arrived = file.tell() - begin, self._size(path)
        if arrived not in {sent, None}:
            raise EOFError(f"of {sent} bytes for {path} {arrived} arrived")

    def receive(self, path: str, file: IO[bytes]) -> None:
        begin, least = file.tell(), self._size(path) or 0
        self._ftp.retrbinary(f"RETR {path}", file.write, BLOCK)
        if file.tell() - begin < least:
            raise EOFError(f"of {least} bytes of {path} {file.tell() - begin} arrived")

    def replace(self, path: str, dest: str) -> None:
        try:
            self._ftp.rename(path, dest)
        except ftplib.error_perm:
            if not self._is_file(dest):
                raise
            self._ftp.delete(dest)  # not every server renames to a name that something has
            self._ftp.rename(path, dest)

    def rename(self, path: str, dest: str) -> None:
        if self.kind(dest):
            raise FileAlreadyExists(f"{dest} exists already")
        self._ftp.rename(path, dest)

    def make_folder(self, path: str) -> None:
        self._ftp.mkd(path)

    def unlink(self, path: str) -> bool:
        try:
            self._ftp.delete(path)
        except ftplib.error_perm:
            if self._is_folder(path):
                return False
            raise
        return True

    def remove_folder(self, path: str) -> None:
        self._ftp.rmd(path)

    def _is_folder(self, path: str) -> bool:
        try:
            self._ftp.cwd(path)
        except ftplib.error_perm as error:
            _raise_unless_missing(error)
            return False
        self._ftp.cwd(self._home)
        return True

    def _is_file(self, path: str) -> bool:
        try:
            self._ftp.size(path)
        except ftplib.error_perm as error:
            if str(error)[:3] in UNKNOWN_COMMAND:
                return self._is_listed(path)
            _raise_unless_missing(error)
            return False
        return True

    def _size(self, path: str) -> int | None:
        """In bytes; None where the server does not tell. To some the end of a connection looks like that of a file."""
        with suppress(ftplib.error_perm):
            return self._ftp.size(path)
        return None

    def _is_listed(self, path: str) -> bool:
        with suppress(ftplib.error_perm):  # there is no such folder
            return path.rpartition("/")[2] in self.names(folder_of(path))
        return False


def _time(digits: str) -> datetime:
    """What a server means by digits such as 20260131235959, with a fraction or without one."""
    return datetime.strptime(digits.partition(".")[0], "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _raise_unless_missing(error: ftplib.error_perm) -> None:
    if str(error)[:3] in NOT_LET_IN:
        raise error
