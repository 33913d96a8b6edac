"""Where the server listens: this machine's own addresses unless another is asked for, or a Unix socket.

Whoever reaches a server without authentication may do everything with it, so a public address needs one or the other:
tokens, or a word that this is meant.
"""

from __future__ import annotations

import errno
import os
import socket
import stat
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any

from luigi.errors import KernelError
from luigi.server.config import ServerSettings
from luigi.server.guard.keyring import has_authentication

LOOPBACK = ("127.0.0.1", "::1")
BACKLOG = 1024

_ABSENT = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


class CannotListen(KernelError):
    """An address, port or socket is not to be had."""


class OpenToEverybody(KernelError):
    """A public address was asked for without authentication."""

    def __init__(self, address: str) -> None:
        super().__init__(f"at {address}, anybody who reaches this machine could do anything with the scheduler")
        self.hint = "make tokens with `kernel tokens add` and name their file: --tokens-file; or say --insecure"


def sockets(settings: ServerSettings) -> list[socket.socket]:
    """Bound and listening. Raises CannotListen, and OpenToEverybody before anything is bound."""
    if settings.unix_socket:
        return [_unix_socket(settings.unix_socket)]
    found = _addresses(settings.address, settings.port)
    if not settings.insecure and not has_authentication(settings):
        for _, where in found:
            if not ip_address(str(where[0]).partition("%")[0]).is_loopback:
                raise OpenToEverybody(settings.address)
    return _bound(found, required=bool(settings.address))


def url_of(listening: socket.socket) -> str:
    """How to reach it, for the log."""
    name = listening.getsockname()
    if listening.family == socket.AF_UNIX:
        from urllib.parse import quote

        return f"http+unix://{quote(os.path.abspath(name), safe='')}/"
    host = f"[{name[0]}]" if listening.family == socket.AF_INET6 else name[0]
    return f"http://{host}:{name[1]}/"


Where = tuple[socket.AddressFamily, tuple[Any, ...]]


def _addresses(address: str, port: int) -> list[Where]:
    """What `address` means, of each only once; this machine's own when it is empty."""
    found: list[Where] = []
    for name in [address] if address else LOOPBACK:
        try:
            answers = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        except (OSError, OverflowError, UnicodeError) as error:
            if not address and name != LOOPBACK[0]:
                continue
            raise CannotListen(f"cannot listen at {name}, port {port}: {error}") from error
        found += [(family, tuple(where)) for family, _, _, _, where in answers]
    return list(dict.fromkeys(found))


def _bound(found: Sequence[Where], *, required: bool) -> list[socket.socket]:
    """All on one port, also when the first was given a free one. Unless required, only the first must exist."""
    bound: list[socket.socket] = []
    try:
        for family, where in found:
            port = bound[0].getsockname()[1] if bound else where[1]
            listening = _listening(family, (where[0], port, *where[2:]), may_lack=bool(bound) and not required)
            bound += [listening] if listening else []
    except CannotListen:
        for one in bound:
            one.close()
        raise
    return bound


def _listening(family: socket.AddressFamily, where: tuple[Any, ...], *, may_lack: bool) -> socket.socket | None:
    try:
        listening = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        if may_lack:
            return None
        raise CannotListen(f"cannot listen at {where[0]}: {error.strerror}") from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind(where)
        listening.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listening.close()
        if may_lack and isinstance(error, OSError) and error.errno in _ABSENT:
            return None
        raise _refused(error, f"{where[0]}, port {where[1]}") from error
    return listening


def _unix_socket(path: str) -> socket.socket:
    """Only the user who runs the server may use it. A socket that a dead server left behind is replaced."""
    _remove_stale(path)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)  # so that there is no moment at which others could connect
    try:
        listening.bind(path)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise _refused(error, path) from error
    finally:
        os.umask(before)
    return listening


def _remove_stale(path: str) -> None:
    if not os.path.lexists(path):
        return
    if not stat.S_ISSOCK(os.lstat(path).st_mode):
        raise CannotListen(f"{path} exists, and is no socket", hint="give another path, or remove it")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            os.unlink(path)
            return
        except OSError as error:
            raise _refused(error, path) from error
    raise CannotListen(f"a server listens at {path} already")


def _refused(error: Exception, where: str) -> CannotListen:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    taken = getattr(error, "errno", 0) == errno.EADDRINUSE
    hint = "another server may run there; --port gives another" if taken else ""
    return CannotListen(f"cannot listen at {where}: {reason}", hint=hint)
