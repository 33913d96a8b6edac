"""Which opener opens an address, by its scheme; where none does, perhaps a plugin has targets of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import SplitResult, urlsplit

from luigi.contrib._opener.errors import InvalidAddress, NoOpenerError
from luigi.contrib._opener.openers import Opener
from luigi.plugin_manager import here
from luigi.target import Target
from luigi.target_urls import open_target, scheme


class OpenerRegistry:
    """Openers by the names of their schemes."""

    def __init__(self, openers: Iterable[type[Opener]] | None = None) -> None:
        self.registry: dict[str, type[Opener]] = {}
        for one in openers or ():
            self.add(one)

    def add(self, opener: type[Opener]) -> None:
        """Have `opener` open its schemes from now on."""
        self.registry.update(dict.fromkeys(opener.names, opener))

    def get_opener(self, name: str) -> type[Opener]:
        """Who opens that scheme. Raises NoOpenerError."""
        if name not in self.registry:
            raise NoOpenerError(name, self.registry)
        return self.registry[name]

    def open(self, target_uri: str, **kwargs: Any) -> Target:
        """The target at an address, or at a path of this machine. `kwargs` go to the opener.

        Raises NoOpenerError, InvalidAddress, InvalidQuery, and what the opener does.
        """
        name = scheme(target_uri)
        target = self._opened(name, target_uri, kwargs)
        target.opener_path = target_uri  # type: ignore[attr-defined]  # Luigi's, for whoever asks
        return target

    def _opened(self, name: str, address: str, kwargs: dict[str, Any]) -> Target:
        opener = self.get_opener(name)
        if not address.casefold().startswith(f"{name}:"):  # a path, which may have any character in it
            return opener.get_target(name, address, "", None, None, None, None, {}, **kwargs)
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError as error:
            raise InvalidAddress(name, error) from error
        query = opener.conform_query(parts.query)
        who = parts.username, parts.password
        return opener.get_target(name, parts.path, parts.fragment, *who, _host(parts), port, query, **kwargs)


class EveryOpener(OpenerRegistry):
    """Has the schemes of plugins beside its own, as `luigi.open_target` opens them."""

    def _opened(self, name: str, address: str, kwargs: dict[str, Any]) -> Target:
        if name in self.registry:
            return super()._opened(name, address, kwargs)
        known = here().providers("targets")
        if name not in known:
            raise NoOpenerError(name, {*self.registry, *known})
        return open_target(address, **kwargs)


def _host(parts: SplitResult) -> str | None:
    """Where it is, in the case it is written: it may be the first part of a path."""
    if parts.hostname is None:
        return None
    beginning = parts.netloc.rpartition("@")[2]
    start = beginning.casefold().index(parts.hostname.casefold())
    return beginning[start : start + len(parts.hostname)]
