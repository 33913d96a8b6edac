"""Being let in by a server that speaks FTP, in the open or by TLS."""

from __future__ import annotations

import ftplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from luigi.contrib._ftp import settings
from luigi.contrib._ftp.server import Server


@contextmanager
def greeted(server: Server) -> Iterator[ftplib.FTP]:
    """A client of ftplib that has been let in. Raises its errors, those of sockets and TLS, and ConfigurationError."""
    configured = settings.ftp()
    ftp: ftplib.FTP = FtpByTls(_context(configured), configured) if server.tls else _in_the_open(configured)
    try:
        ftp.set_pasv(configured.passive)
        ftp.connect(server.host, server.port, timeout=server.timeout)
        user, password = server.account(configured)
        ftp.login(user or "", password or "")
        if isinstance(ftp, ftplib.FTP_TLS):
            ftp.prot_p()
        ftp.voidcmd("TYPE I")  # in the other type a server may not tell sizes
        yield ftp
        with suppress(ftplib.Error, OSError, EOFError):  # all is done: how it says goodbye is its own affair
            ftp.quit()
    finally:
        ftp.close()


def _in_the_open(configured: settings.FtpSettings) -> ftplib.FTP:
    return ftplib.FTP(encoding=configured.encoding)


def _context(configured: settings.FtpSettings) -> ssl.SSLContext:
    unchecked = configured.verify.casefold() == "false"
    by_all = configured.verify.casefold() in {"", "true", "false"}
    trusted = None if by_all else settings.file_of("[ftp] verify", configured.verify)
    context = ssl.create_default_context(cafile=trusted)
    if unchecked:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


class FtpByTls(ftplib.FTP_TLS):
    """FTP by TLS whose connections for content go on in the session of the first, as many servers demand."""

    def __init__(self, context: ssl.SSLContext, configured: settings.FtpSettings) -> None:
        super().__init__(context=context, encoding=configured.encoding)

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        """A connection for content, and its size where that is told."""
        line, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        own: Any = self.sock
        return self.context.wrap_socket(line, server_hostname=self.host, session=own.session), size
