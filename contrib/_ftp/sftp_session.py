"""A server that speaks SFTP, over paramiko."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO, Any

from luigi.contrib._ftp import settings
from luigi.contrib._ftp.errors import (
    Refused,
    ServerUnavailable,
    UntrustedServer,
    WrongCredentials,
)
from luigi.contrib._ftp.server import Server, myself
from luigi.contrib._ftp.session import Kind
from luigi.contrib._ftp.sftp_login import greeted
from luigi.errors import KernelError
from luigi.extras import need
from luigi.target import FileAlreadyExists


@contextmanager
def opened(server: Server, about: str) -> Iterator[SftpSession]:
    """A session with that server; see `session.connected`."""
    paramiko = need("paramiko", "ftp", "SFTP")
    try:
        with greeted(paramiko, server) as sftp:
            yield SftpSession(sftp)
    except KernelError:
        raise
    except paramiko.BadHostKeyException as error:
        raise UntrustedServer(server.host, "its key is not the one that is known", _HOW_TO_TRUST) from error
    except paramiko.SSHException as error:
        if isinstance(error, paramiko.AuthenticationException) or "authentication" in str(error):
            who = server.account(settings.sftp())[0] or myself()
            raise WrongCredentials(server.host, who, error, "sftp") from error
        if "known_hosts" in str(error):
            raise UntrustedServer(server.host, "its key is not known", _HOW_TO_TRUST) from error
        raise ServerUnavailable(f"{server.host}:{server.port}: {error}") from error
    except (EOFError, ConnectionError, TimeoutError, paramiko.ssh_exception.NoValidConnectionsError) as error:
        raise ServerUnavailable(f"{server.host}:{server.port} does not answer: {error}") from error
    except OSError as error:
        if str(error) == _LOST:
            raise ServerUnavailable(f"{server.host}:{server.port} has ended the connection") from error
        if isinstance(error, FileNotFoundError | PermissionError) or error.errno is None:
            raise Refused(f"{about} on {server.host}: {error.strerror or error}") from error
        raise  # of a file of this machine


_LOST = "Socket is closed"
"""What paramiko says, and nothing but says, when a connection breaks while a file is sent."""

_HOW_TO_TRUST = "[sftp] known_hosts names a file of the keys to trust; check_host_key = false trusts anybody"


class SftpSession:
    """The verbs of `Session`, over paramiko's SFTPClient."""

    def __init__(self, sftp: Any) -> None:
        self._sftp = sftp

    def kind(self, path: str) -> Kind:
        try:
            mode = self._sftp.stat(path or ".").st_mode
        except FileNotFoundError:
            return ""
        return "directory" if stat.S_ISDIR(mode) else "file"

    def names(self, folder: str) -> list[str]:
        found: list[str] = self._sftp.listdir(folder or ".")
        return found

    def listed(self, folder: str) -> Iterator[tuple[str, Kind, datetime | None]]:
        for found in self._sftp.listdir_attr(folder or "."):
            path = f"{folder.rstrip('/')}/{found.filename}"
            if found.st_mode is not None and stat.S_ISREG(found.st_mode):
                yield found.filename, "file", _time(found)
            else:
                kind = self.kind(path)
                yield found.filename, kind, self.changed(path) if kind == "file" else None

    def changed(self, path: str) -> datetime | None:
        return _time(self._sftp.stat(path))

    def send(self, file: IO[bytes], path: str) -> None:
        self._sftp.putfo(file, path)

    def receive(self, path: str, file: IO[bytes]) -> None:
        self._sftp.getfo(path, file)

    def replace(self, path: str, dest: str) -> None:
        try:
            self._sftp.posix_rename(path, dest)
        except FileNotFoundError:
            raise
        except OSError:
            if self.kind(dest) != "file":
                raise
            self._sftp.remove(dest)  # a server that knows no other renaming than to a name that nothing has
            self._sftp.rename(path, dest)

    def rename(self, path: str, dest: str) -> None:
        try:
            self._sftp.rename(path, dest)
        except OSError:
            if self._is_there(dest):
                raise FileAlreadyExists(f"{dest} exists already") from None
            raise

    def make_folder(self, path: str) -> None:
        self._sftp.mkdir(path)

    def unlink(self, path: str) -> bool:
        if stat.S_ISDIR(self._sftp.lstat(path).st_mode):
            return False
        self._sftp.remove(path)
        return True

    def remove_folder(self, path: str) -> None:
        self._sftp.rmdir(path)

    def _is_there(self, path: str) -> bool:
        try:
            self._sftp.lstat(path)
        except FileNotFoundError:
            return False
        return True


def _time(told: Any) -> datetime | None:
    """What paramiko says that the server has told, if it has."""
    return None if told.st_mtime is None else datetime.fromtimestamp(told.st_mtime, UTC)
