"""Server: where files are, and who asks for them."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from luigi.errors import ConfigurationError


@dataclass(frozen=True)
class Server:
    """A server as a program names it."""

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    timeout: float = 60
    """Seconds of silence."""
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """What `pysftp.Connection` would take, too."""

    def account(self, settings: Any) -> tuple[str | None, str | None]:
        """User and password: as the program says, as `settings` say of this host, or as ~/.netrc says.

        A password is never given to another host than the one that it is written down for.
        """
        user, password = self.username, self.password
        if user is not None and password is not None:
            return user, password
        known = [_of_section(settings)] if settings.host == self.host else []
        for other, secret in (*known, _of_netrc(self.host)):
            if other and user in {None, other}:
                return other, password if password is not None else secret
        return user, password


def _of_section(settings: Any) -> tuple[str | None, str | None]:
    return settings.username or None, settings.password or None


def _of_netrc(host: str) -> tuple[str | None, str | None]:
    import netrc

    try:
        found = netrc.netrc().hosts.get(host)
    except FileNotFoundError:
        return None, None
    except netrc.NetrcParseError as error:
        hint = "nobody but its owner may read it; it has lines such as: machine HOST login USER password PASSWORD"
        raise ConfigurationError(f"{error.filename} cannot be used, see line {error.lineno}", hint=hint) from None
    return (found[0], found[2]) if found else (None, None)


def myself() -> str:
    """The name of the user that runs the program."""
    return getpass.getuser()
