"""The sections `[ftp]` and `[sftp]`: the account on one server, and how servers are spoken to."""

from __future__ import annotations

import os
from dataclasses import dataclass

from luigi.errors import ConfigurationError
from luigi.plugin_settings import configured, setting


@dataclass(frozen=True)
class FtpSettings:
    """The section `[ftp]`."""

    host: str = setting("", help="the server that the account is on, and that a URL without one means")
    username: str = setting("", help="who asks at that server; at others ~/.netrc says, or nobody in particular asks")
    password: str = setting("", help="the password at that server", secret=True)
    verify: str = setting("", help="a file of certificates to trust, or false to check none")
    passive: bool = setting(True, help="whether connections for content are made from here")
    encoding: str = setting("utf-8", help="of the names of files")
    attempts: int = setting(3, help="how often to try what a broken connection has interrupted, a second apart")


@dataclass(frozen=True)
class SftpSettings:
    """The section `[sftp]`."""

    host: str = setting("", help="the server that the account is on, and that a URL without one means")
    username: str = setting("", help="who asks at that server; at others who runs the program, unless ~/.netrc says")
    password: str = setting("", help="the password at that server; without one it goes by keys", secret=True)
    key_file: str = setting("", help="the file of a key, in place of those in ~/.ssh and of the agent")
    key_pass: str = setting("", help="what that file is locked with", secret=True)
    known_hosts: str = setting("", help="the file of the servers' keys; ~/.ssh/known_hosts unless given")
    check_host_key: bool = setting(True, help="whether only servers are spoken to whose key is known")
    attempts: int = setting(3, help="how often to try what a broken connection has interrupted, a second apart")


def ftp() -> FtpSettings:
    """The section `[ftp]` as it is configured now. Raises ConfigurationError."""
    return configured(FtpSettings, "ftp")


def sftp() -> SftpSettings:
    """The section `[sftp]` as it is configured now. Raises ConfigurationError."""
    return configured(SftpSettings, "sftp")


def file_of(option: str, path: str) -> str:
    """The file that an option names, which may begin with `~/`. Raises ConfigurationError when there is none."""
    found = os.path.expanduser(path)
    if not os.path.isfile(found):
        raise ConfigurationError(f"{option}: there is no file {path}")
    return found
