"""How a server is told who calls: what an authenticator sees of a call, and what it answers.

Plugins offer authenticators through the hook `luigi_authenticators`; `[server] authenticators` names those in use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Final, NamedTuple, Protocol

from luigi.errors import ConfigurationError

ROLES = ("viewer", "worker", "operator")
"""What a caller may do: see; also declare, run and report tasks; also pause, forgive, disable, set limits. Each may do
what those before it may."""


class Caller(NamedTuple):
    """What is known of whoever makes a call."""

    address: str
    """Whence the connection comes: an IP address, or "" for a Unix socket. Of a proxy, the proxy's."""
    headers: Mapping[str, str]
    """The call's headers, names in lower case."""
    method: str
    path: str


class Recognised(NamedTuple):
    """Who calls, and what they may do."""

    name: str
    """For the audit log and the page."""
    role: str
    """One of ROLES."""


class Authenticator(Protocol):
    """Tells who calls."""

    def recognise(self, caller: Caller) -> Recognised | None:
        """Who it is; None when this says nothing of it, and others are asked.

        Any thread may call it, once for every call: it must not wait. What it raises refuses the call.
        """
        ...


class Proxies:
    """The proxies that an option names, whose headers are believed: `caller.address in proxies`.

    An option has addresses, networks, and `unix` for whoever is at the other end of a Unix socket.
    """

    def __init__(self, named: Iterable[str], option: str) -> None:
        """`option`: what errors call it, as `[server] trusted_proxies`. Raises ConfigurationError."""
        found = list(named)
        self._socket = SOCKET in found
        try:
            self._networks = [ip_network(one, strict=False) for one in found if one != SOCKET]
        except ValueError as error:
            hint = f"addresses like 10.0.0.7, networks like 10.0.0.0/8, and `{SOCKET}` for a Unix socket"
            raise ConfigurationError(f"{option}: {error}", hint=hint) from error
        self._among = lru_cache(maxsize=4096)(self._is_among)

    def __contains__(self, address: str) -> bool:
        """Whether who is at that address is believed; "" is a Unix socket. What is no address is not."""
        if len(address) > _LONGEST:
            return False
        return self._among(address) if address else self._socket

    def _is_among(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False
        found = getattr(found, "ipv4_mapped", None) or found
        return any(found in network for network in self._networks)


SOCKET: Final = "unix"
"""How options name a proxy at the other end of a Unix socket."""

_LONGEST: Final = 45  # characters of an IPv6 address, at most
