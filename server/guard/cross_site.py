"""Whether a call was made by another site's page, in the browser of somebody who may do what that page may not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import urlsplit

from luigi.server.guard.origins import Environ, Origins
from luigi.server.routes import Route

OWN: Final = frozenset({"same-origin", "none"})
"""What Sec-Fetch-Site says when the page was ours, or the user's own doing: an address typed, a bookmark."""

_PORTS: Final = {"http": 80, "https": 443}


class CrossSite:
    """Tells calls of other sites' pages from those of our own, and of programs that are no browsers."""

    def __init__(self, origins: Origins, ours: Iterable[str], may_change: Callable[[str], bool]) -> None:
        """`ours`: hosts under which the server is reached, beside the one that a call names itself.

        `may_change`: whether a page of that origin may use Luigi's methods, `/api/<method>`, as `[cors]` says.
        """
        self._origins, self._may_change = origins, may_change
        self._ours = {host.lower() for host in ours}

    def is_refused(self, env: Environ, route: Route) -> bool:
        """Whether another site's page makes a call that it may not make."""
        site, origin = env.get("HTTP_SEC_FETCH_SITE"), env.get("HTTP_ORIGIN")
        if site is None and origin is None:
            return False  # no browser: these say at least one of the two
        if site in OWN or (site is None and self._is_ours(str(origin), env)):
            return False
        return not (origin and _is_luigis(route) and self._may_change(origin))

    def _is_ours(self, origin: str, env: Environ) -> bool:
        """Whether the origin is the place that the call itself was made to: an http page is not its https namesake."""
        found = _split(origin)
        if found is None:
            return False
        scheme, host = found
        if scheme == "http" and self._origins.scheme(env) == "https":
            return False
        return host == _without_own_port(self._origins.host(env), scheme) or host in self._ours


def _is_luigis(route: Route) -> bool:
    return route.path.startswith("/api/") and not route.path.startswith("/api/v1")


def _split(origin: str) -> tuple[str, str] | None:
    """Scheme and host, with the port where it is not the scheme's own; None for `null` and what is no web origin."""
    try:
        found = urlsplit(origin)
    except ValueError:
        return None
    if found.scheme not in _PORTS or not found.netloc:
        return None
    return found.scheme, _without_own_port(found.netloc, found.scheme)


def _without_own_port(host: str, scheme: str) -> str:
    return host.lower().removesuffix(f":{_PORTS[scheme]}")
