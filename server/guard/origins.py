"""Where calls come from: the address and the scheme of who calls, seen through the proxies that are believed."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any, Final

from luigi.authentication import Proxies
from luigi.server.config import SECTION, ServerSettings

Environ = dict[str, Any]
"""What WSGI says of a call."""

MOST_HOPS: Final = 16
"""Proxies that a call may come through."""


class Origins:
    """Reads a call's environment. The X-Forwarded headers count only when a proxy that is believed made the call."""

    def __init__(self, settings: ServerSettings) -> None:
        """Raises ConfigurationError for a proxy that is no address."""
        self._through_socket = bool(settings.unix_socket)
        self._believed = Proxies(settings.trusted_proxies, f"[{SECTION}] trusted_proxies")

    def peer(self, env: Environ) -> str:
        """The address at the other end of the connection, of a proxy the proxy's; "" for a Unix socket."""
        return "" if self._through_socket else str(env.get("REMOTE_ADDR") or "")

    def address(self, env: Environ) -> str:
        """The address of who calls: the last that proxies name and that is no believed proxy's."""
        peer = self.peer(env)
        forwarded = env.get("HTTP_X_FORWARDED_FOR")
        if not forwarded or peer not in self._believed:
            return peer
        hops = [hop.strip() for hop in forwarded.rsplit(",", MOST_HOPS)]
        caller = next((hop for hop in reversed(hops) if hop not in self._believed), hops[0])
        return _as_address(caller) or peer

    def scheme(self, env: Environ) -> str:
        """`http` or `https`, as the browser sees it."""
        return self._said(env, "HTTP_X_FORWARDED_PROTO") or str(env.get("wsgi.url_scheme", "http"))

    def host(self, env: Environ) -> str:
        """The host, with the port if it is not the scheme's own, under which the browser sees the server."""
        return self._said(env, "HTTP_X_FORWARDED_HOST") or str(env.get("HTTP_HOST") or "")

    def _said(self, env: Environ, header: str) -> str:
        """What the nearest proxy says in a header, if it is believed."""
        value = env.get(header)
        return value.rpartition(",")[2].strip().lower() if value and self.peer(env) in self._believed else ""


def _as_address(text: str) -> str:
    """The text if it is an address, perhaps with a port that some proxies add; otherwise nothing."""
    text = text.partition("%")[0]
    for candidate in (text, text.strip("[]"), text.rpartition(":")[0].strip("[]")):
        try:
            return str(ip_address(candidate))
        except ValueError:
            continue
    return ""
