"""E-mail by SMTP."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from luigi.errors import KernelError
from luigi.hookspecs import Provider, hookimpl
from luigi.mailing.sections import email, smtp

if TYPE_CHECKING:
    from smtplib import SMTP
    from ssl import SSLContext

    from luigi.telling import Mail

Refusals = dict[str, tuple[int, bytes]]


@hookimpl
def luigi_mailers() -> Iterator[Provider]:
    """SMTP."""
    yield Provider("smtp", SmtpMailer, "e-mail by SMTP", smtp, check=check)


class RecipientsRefused(KernelError, OSError):
    """The server took an e-mail, but not for everybody."""

    def __init__(self, refused: Refusals) -> None:
        listed = ", ".join(f"{who} ({code} {why.decode(errors='replace')})" for who, (code, why) in refused.items())
        super().__init__(f"the server refused {listed}; the others have it")


class UnsafeLogin(KernelError, OSError):
    """A password would go over the network for everybody to read."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} offers no encryption: the password was not sent")
        self.hint = "set [smtp] ssl = true if it speaks TLS from the start, or no_tls = true to send it all the same"


class UnknownServer(KernelError, OSError):
    """Nobody vouches for the server."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} shows no certificate: nothing was sent")
        self.hint = "set [smtp] ssl = true if it speaks TLS from the start, or verify_certificate = false"


class SmtpMailer:
    """Opens a connection for each e-mail: there may be hours between two."""

    def __init__(self, settings: smtp) -> None:
        self._settings = settings

    def send(self, mail: Mail) -> None:
        """Send it. Raises smtplib's errors and RecipientsRefused, all OSErrors, and MissingPicture."""
        from luigi.mailing.message import mime

        message = mime(mail)
        with connection(self._settings) as server:
            refused = server.send_message(message, mail.sender, list(mail.recipients))
            with contextlib.suppress(OSError):  # it has the mail, whatever it answers now
                server.quit()
        if refused:
            raise RecipientsRefused(refused)


@contextlib.contextmanager
def connection(settings: smtp) -> Iterator[SMTP]:
    """A server that has been greeted, encrypted and logged in to as configured. Raises OSError."""
    import smtplib

    address = settings.host, settings.port, settings.local_hostname
    server: SMTP
    if settings.ssl:
        server = smtplib.SMTP_SSL(*address, timeout=settings.timeout, context=_tls(settings))
    else:
        server = smtplib.SMTP(*address, timeout=settings.timeout)
    try:
        server.ehlo_or_helo_if_needed()
        encrypted = settings.ssl or _encrypt(server, settings)
        log_in(server, settings, safe=encrypted or settings.no_tls or _is_here(server))
        yield server
    finally:
        server.close()  # no goodbye: one that never answers would keep us waiting for it once more


def _encrypt(server: SMTP, settings: smtp) -> bool:
    """Encrypt what follows, if that is wanted and offered; whether it is."""
    if not settings.no_tls and server.has_extn("starttls"):
        server.starttls(context=_tls(settings))
        return True
    if settings.verify_certificate:
        raise UnknownServer(settings.host)
    return False


def _tls(settings: smtp) -> SSLContext:
    import ssl

    context = ssl.create_default_context()
    if not settings.verify_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def log_in(server: SMTP, settings: smtp, *, safe: bool) -> None:
    """Log in, if there are user and password. Raises UnsafeLogin where others could read them."""
    if not (settings.username and settings.password):
        return
    if not safe:
        raise UnsafeLogin(settings.host)
    server.login(settings.username, settings.password)


def _is_here(server: SMTP) -> bool:
    """Whether what is sent does not leave this machine."""
    from ipaddress import ip_address

    assert server.sock is not None
    return ip_address(server.sock.getpeername()[0].partition("%")[0]).is_loopback


def check(settings: smtp) -> str:
    """Greet the server and log in, if e-mail goes this way. Raises OSError."""
    if email().method != "smtp":
        return f"not tried: [email] method is {email().method}"
    if not email().receiver:
        return "not tried: [email] receiver names nobody"
    with connection(settings) as server:
        server.noop()
        who = f", logged in as {settings.username}" if settings.username and settings.password else ""
        return f"{settings.host} answers{who}"
