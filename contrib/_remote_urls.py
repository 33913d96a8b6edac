"""URLs of files on other machines: `scheme://user@host:port/path`, for all the schemes by which one gets there."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from luigi.errors import KernelError

AUTHORITY = re.compile(r"(?:(?P<user>[^@:]*)@)?(?P<host>\[[^\]]+\]|[^\[\]:@]*)(?::(?P<port>\d{1,5}))?")


class BadUrl(KernelError, ValueError):
    """A URL does not say where a file is, or says too much. A password in it is not repeated."""


class RemoteUrl(NamedTuple):
    """Where a file is. What the URL leaves out is None; only a host may be empty."""

    user: str | None
    host: str
    port: int | None
    path: str
    """As it stands there, nothing in it being an escape; without the `/~/` that means the user's folder."""

    @classmethod
    def of(cls, url: str) -> RemoteUrl:
        """The parts of a URL. Raises BadUrl."""
        scheme, _, rest = url.partition(":")
        authority, slash, name = rest.removeprefix("//").partition("/")
        if ":" in authority.rpartition("@")[0]:
            hint = f"say {scheme}://user@host/… and write the password in the configuration, or in ~/.netrc"
            raise BadUrl(f"a password does not belong in a URL: {scheme}://…", hint=hint)
        found = AUTHORITY.fullmatch(authority)
        if found is None or not rest.startswith("//") or not name:
            raise BadUrl(f"{url} does not say where a file is", hint=f"such as {scheme}://user@host:port/folder/name")
        user, host, port = found["user"], found["host"].strip("[]"), found["port"]
        path = name.removeprefix("~/") if name.startswith("~/") else slash + name
        return cls(unquote(user) if user else None, host, int(port) if port else None, path)
