"""How a server is told who calls: what an authenticator sees of a call, and what it answers.

Plugins offer authenticators through the hook `luigi_authenticators`; `[server] authenticators` names those in use.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

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
