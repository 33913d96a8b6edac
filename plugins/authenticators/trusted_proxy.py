"""Believes a proxy in front of the server that has asked people who they are, and says so in headers."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import luigi
from luigi.authentication import ROLES, Caller, Proxies, Recognised
from luigi.errors import ConfigurationError
from luigi.hookspecs import Provider
from luigi.plugin_settings import setting

SECTION: Final = "trusted_proxy"
EVERYBODY: Final = "*"


@dataclass(frozen=True)
class Settings:
    """The section [trusted_proxy]. People are given by name, groups as @NAME, and * is whoever the proxy lets in."""

    proxies: tuple[str, ...] = setting(help="addresses and networks of proxies; unix for one at the Unix socket")
    user_header: str = setting("X-Forwarded-User", help="the header that says who it is")
    groups_header: str = setting("X-Forwarded-Groups", help="the header that lists their groups, separated by commas")
    proof_header: str = setting("X-Proxy-Secret", help="the header in which the proxy shows the secret")
    secret: str = setting("", help="what the proxy has to show; where others are at its address too", secret=True)
    viewers: tuple[str, ...] = setting((EVERYBODY,), help="who may see")
    workers: tuple[str, ...] = setting((), help="who may also declare, run and report tasks")
    operators: tuple[str, ...] = setting((), help="who may also pause, forgive, disable, and set limits")


class TrustedProxy:
    """Reads the headers of calls that a proxy made, and no others'."""

    def __init__(self, settings: Settings) -> None:
        """Raises ConfigurationError for a proxy that is no address, and for an empty name of a header."""
        self._settings = settings
        self._user, self._groups = settings.user_header.lower(), settings.groups_header.lower()
        if not self._user:
            raise ConfigurationError(f"[{SECTION}] user_header must name a header")
        self._entitled = {"viewer": settings.viewers, "worker": settings.workers, "operator": settings.operators}
        self._proxies = Proxies(settings.proxies, f"[{SECTION}] proxies")

    def __repr__(self) -> str:
        return f"TrustedProxy({self._settings!r})"

    def recognise(self, caller: Caller) -> Recognised | None:
        """Whom the proxy names. Raises ValueError for more than one name: then somebody has added one."""
        name = caller.headers.get(self._user, "").strip()
        if not name or caller.address not in self._proxies or not self._shows_secret(caller.headers):
            return None
        if "," in name:
            raise ValueError(f"the proxy says more than one name in {self._settings.user_header}")
        groups = caller.headers.get(self._groups, "") if self._groups else ""
        role = self._role(name, {f"@{group.strip()}" for group in groups.split(",") if group.strip()})
        return Recognised(name, role) if role else None

    def _shows_secret(self, headers: Mapping[str, str]) -> bool:
        if not self._settings.secret:
            return True
        shown = headers.get(self._settings.proof_header.lower(), "")
        return hmac.compare_digest(shown.encode("utf-8", "surrogatepass"), self._settings.secret.encode())

    def _role(self, name: str, groups: Collection[str]) -> str:
        """The greatest role that the person or one of the groups has; nothing where there is none."""
        called = {EVERYBODY, *groups, *([] if name.startswith("@") else [name])}
        fitting = [role for role in ROLES if called.intersection(self._entitled[role])]
        return fitting[-1] if fitting else ""


@luigi.hookimpl
def luigi_authenticators() -> Iterator[Provider]:
    """People whom a proxy has asked."""
    yield Provider(SECTION, TrustedProxy, "people whom a proxy in front has asked who they are", settings=Settings)
