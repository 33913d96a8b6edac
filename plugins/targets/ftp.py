"""Targets on servers for files by URL: `ftp:`, `ftps:` (FTP by TLS) and `sftp:`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from luigi.contrib._ftp.settings import FtpSettings, SftpSettings
from luigi.contrib._remote_urls import BadUrl, RemoteUrl
from luigi.hookspecs import Provider, hookimpl

if TYPE_CHECKING:
    from luigi.contrib.ftp import RemoteTarget


@hookimpl
def luigi_targets() -> Iterator[Provider]:
    """The files of servers that speak FTP or SFTP."""
    ftp = partial(Provider, settings=FtpSettings, section="ftp")
    yield ftp("ftp", target, "a file of a server that speaks FTP", check=check)
    yield ftp("ftps", partial(target, tls=True), "the same by TLS")
    yield Provider(
        "sftp",
        partial(target, sftp=True),
        "a file of a server that speaks SFTP",
        SftpSettings,
        "sftp",
        extra="ftp",
        needs=("paramiko",),
        check=partial(check, sftp=True),
    )


def target(url: str, settings: FtpSettings | SftpSettings, **kwargs: Any) -> RemoteTarget:
    """The target, on the configured server where the URL names none. `kwargs` are those of RemoteTarget.

    The rest of `settings` it reads itself, where it is used. Raises BadUrl.
    """
    from luigi.contrib.ftp import RemoteTarget

    address = RemoteUrl.of(url)
    host = address.host or settings.host
    if not host:
        raise BadUrl(f"{url} names no host, and none is configured", hint="say which in the section of that scheme")
    return RemoteTarget(address.path, host, username=address.user, port=address.port, **kwargs)


def check(settings: FtpSettings | SftpSettings, sftp: bool = False) -> str:
    """Whether the configured server lets the configured user in. Raises what RemoteFileSystem does."""
    from luigi.contrib.ftp import RemoteFileSystem

    if not settings.host:
        return "not tried: no host is configured"
    RemoteFileSystem(settings.host, sftp=sftp).isdir("/")
    return f"{settings.host} lets {settings.username or 'anybody'} in"
