"""What can go wrong with a server for files. Each is also the error of ftplib that Luigi's programs may catch."""

from __future__ import annotations

import builtins
import ftplib

from luigi.errors import KernelError
from luigi.target import FileSystemException


class Refused(FileSystemException, ftplib.error_perm):
    """The server does not do as asked, and would not the next time."""


class FileNotFoundException(FileSystemException, ftplib.error_perm, builtins.FileNotFoundError):
    """There is no file at that path."""

    def __init__(self, path: str, host: str) -> None:
        super().__init__(f"there is no file at {path} on {host}")


class WrongCredentials(KernelError, ftplib.error_perm):
    """The server does not let this user in."""

    def __init__(self, host: str, username: str | None, said: object, section: str) -> None:
        super().__init__(f"{host} does not let {username or 'somebody without a name'} in: {said}")
        self.hint = f"the account is given in the program, in [{section}] for its host, or in ~/.netrc"


class UntrustedServer(KernelError, ConnectionError):
    """The server cannot prove who it is."""

    def __init__(self, host: str, said: object, hint: str) -> None:
        super().__init__(f"{host} may not be who it says it is: {said}", hint=hint)


class ServerUnavailable(FileSystemException, ftplib.error_temp, ConnectionError):
    """The server does not answer, ends the connection, or says that it cannot just now."""


class UnknownOption(KernelError, TypeError):
    """`pysftp_conn_kwargs` has something that no connection takes."""

    def __init__(self, name: str, known: object) -> None:
        super().__init__(f"pysftp_conn_kwargs: there is no option {name}", hint=f"there are: {known}")
