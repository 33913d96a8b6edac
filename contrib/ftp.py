"""A server for files that speaks FTP, FTP by TLS, or SFTP: its files as a file system and as targets.

FTP needs nothing more; for SFTP, `pip install "luigi-kernel[ftp]"` brings paramiko. The account and the like are in the
sections `[ftp]` and `[sftp]`.
"""

from __future__ import annotations

from luigi.contrib._ftp.errors import (
    FileNotFoundException,
    Refused,
    ServerUnavailable,
    UntrustedServer,
    WrongCredentials,
)
from luigi.contrib._ftp.file_system import RemoteFileSystem
from luigi.contrib._ftp.settings import FtpSettings, SftpSettings
from luigi.contrib._ftp.targets import AtomicFtpFile, RemoteTarget

__all__ = [
    "AtomicFtpFile",
    "FileNotFoundException",
    "FtpSettings",
    "Refused",
    "RemoteFileSystem",
    "RemoteTarget",
    "ServerUnavailable",
    "SftpSettings",
    "UntrustedServer",
    "WrongCredentials",
]
