"""Under which names the server may be reached: a page elsewhere that makes its own name mean this machine is refused.

A name that its owner can make mean any address (DNS rebinding) is what such a page needs; hence, where the server
listens on this machine alone, only this machine's own names count, and those in `[server] allowed_hosts`.
"""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import Final

from luigi.server.config import ServerSettings

OWN: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Hosts:
    """Knows whether a Host header is one of ours."""

    def __init__(self, settings: ServerSettings) -> None:
        self._any = bool(settings.unix_socket)
        self._loopback = is_loopback(settings.address)
        self._allowed = {name_of(one) for one in settings.allowed_hosts}
        own = {name_of(settings.address), socket.gethostname().lower()}
        self._names = (OWN | self._allowed | own) - {""}

    def knows(self, host: str) -> bool:
        """Whether the server may be reached as `host`, a name or an address with or without a port.

        On a public address, as long as nobody has said what its names are, it may be reached by any.
        """
        if self._any or not host or name_of(host) in self._names:
            return True
        return not self._loopback and (not self._allowed or _is_address(name_of(host)))


def is_loopback(address: str) -> bool:
    """Whether a server at `address` is reached from this machine alone; so it is unless an address is given."""
    try:
        return address in ("", "localhost") or ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False


def name_of(host: str) -> str:
    """The name or address in a Host header: without port, brackets and a last dot, in lower case."""
    name = host.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    if name.count(":") == 1:
        name = name.partition(":")[0]
    return name.rstrip(".")


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
