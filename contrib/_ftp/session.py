"""What is asked of a connection to a server, whatever language it speaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Literal, Protocol

from luigi.contrib._ftp.server import Server

Kind = Literal["file", "directory", ""]


class Session(Protocol):
    """A connection, for one thread and a while. Paths are the server's; raises the errors of its library."""

    def kind(self, path: str) -> Kind:
        """What there is at `path`."""

    def names(self, folder: str) -> list[str]:
        """What lies in a directory, by names that are good there; nothing when it is empty."""

    def listed(self, folder: str) -> Iterable[tuple[str, Kind, datetime | None]]:
        """What `names` tells, each with what it is; of files also when they were changed, as far as that is told."""

    def changed(self, path: str) -> datetime | None:
        """When a file was changed, in UTC; None where the server does not tell."""

    def send(self, file: IO[bytes], path: str) -> None:
        """Write the rest of a file of this machine to `path`."""

    def receive(self, path: str, file: IO[bytes]) -> None:
        """Write what is at `path` to a file of this machine."""

    def replace(self, path: str, dest: str) -> None:
        """Rename, in place of a file."""

    def rename(self, path: str, dest: str) -> None:
        """Rename to a name that nothing has. Raises FileAlreadyExists."""

    def make_folder(self, path: str) -> None:
        """Make one directory."""

    def unlink(self, path: str) -> bool:
        """Remove a file or link; False where it is a directory."""

    def remove_folder(self, path: str) -> None:
        """Remove an empty directory."""


@contextmanager
def connected(server: Server, sftp: bool, about: str) -> Iterator[Session]:
    """A session within the block, in which errors of its library become those of `errors`; `about` is what they name.

    Raises Refused, WrongCredentials, UntrustedServer, ServerUnavailable, and MissingExtra.
    """
    if sftp:
        from luigi.contrib._ftp import sftp_session

        with sftp_session.opened(server, about) as by_sftp:
            yield by_sftp
    else:
        from luigi.contrib._ftp import ftp_session

        with ftp_session.opened(server, about) as by_ftp:
            yield by_ftp
