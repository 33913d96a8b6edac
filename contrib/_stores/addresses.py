"""URLs of things in stores: `scheme://user@host:port/name?update_id=…`; the password is in the configuration."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from luigi.contrib._stores.errors import StoreError


class NoAddress(StoreError, ValueError):
    """A URL does not say what is meant. A password in it is not repeated."""


class StoreUrl(NamedTuple):
    """Where something is. What the URL leaves out is empty, or None."""

    scheme: str
    user: str
    hosts: str
    """As they stand there, with their ports."""
    name: str
    """Of the database or index."""
    options: dict[str, str]

    @classmethod
    def of(cls, url: str, needed: Collection[str], example: str) -> StoreUrl:
        """The parts of a URL, whose options must be at least those `needed`. Raises NoAddress."""
        parts = urlsplit(url)
        user, _, hosts = parts.netloc.rpartition("@")
        if ":" in user:
            hint = f"say {parts.scheme}://user@host/… and write the password in the configuration"
            raise NoAddress(f"a password does not belong in a URL: {parts.scheme}://…", hint=hint)
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        missing = [name for name in needed if not options.get(name)]
        if missing or not hosts:
            raise NoAddress(f"{url} says no {' and no '.join(missing) or 'host'}", hint=f"such as {example}")
        return cls(parts.scheme, unquote(user), hosts, unquote(parts.path.strip("/")), options)

    def host_and_port(self, default: int) -> tuple[str, int]:
        """The one host, and its port. Raises NoAddress."""
        parts = urlsplit(f"//{self.hosts}")
        try:
            return parts.hostname or "", parts.port or default
        except ValueError as error:
            raise NoAddress(f"{self.hosts} is no host and port", hint=f"such as host:{default}") from error

    def refuse_others(self, known: Collection[str]) -> None:
        """Raise NoAddress for options that are none of `known`."""
        unknown = sorted(set(self.options) - set(known))
        if unknown:
            hint = f"there are {', '.join(known)}"
            raise NoAddress(f"{self.scheme} targets have no option {', '.join(unknown)}", hint=hint)
