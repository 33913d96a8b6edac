"""The files that pages need: styles, scripts, icons, as they come with the package."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath
from typing import Final

import falcon

from luigi.server.guard.identity import Role
from luigi.server.routes import Route

A_DAY: Final = 86400

KINDS: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
"""What is given out, by the end of its name: nothing else in a folder can be asked for."""


@dataclass(frozen=True)
class File:
    """One of them. A cache that keeps it asks each time whether it is still so, but for icons: the one that says that
    the server is away has to be there when the server is not."""

    content: bytes
    kind: str
    caches: str
    """`public`: any may keep it; `private`: only the caller's own."""

    @cached_property
    def etag(self) -> str:
        """What tells one version from the next."""
        return hashlib.sha256(self.content).hexdigest()[:16]

    def __call__(self, request: falcon.Request, response: falcon.Response) -> None:
        """Answer with the file; who has it already is told so."""
        response.etag = self.etag
        response.cache_control = [self.caches, f"max-age={A_DAY}" if self.kind == KINDS[".svg"] else "no-cache"]
        if request.if_none_match and any(tag == "*" or str(tag) == self.etag for tag in request.if_none_match):
            response.status = falcon.HTTP_304
        else:
            response.content_type = self.kind
            response.data = self.content


def names(package: str) -> Sequence[str]:
    """The files in a package's folder `static` and below, by their paths there."""
    return sorted(_below(files(package).joinpath("static"), ""))


def routes(package: str, path: str, role: Role, summary: str) -> list[Route]:
    """What gives out the files of a package at `path` and below, to callers of this role."""
    folder, caches = files(package).joinpath("static"), "public" if role is Role.ANYONE else "private"
    return [
        Route("GET", f"{path}/{name}", role, _read(folder, name, caches), summary=summary) for name in names(package)
    ]


def _read(folder: Traversable, name: str, caches: str) -> File:
    return File(folder.joinpath(name).read_bytes(), KINDS[PurePosixPath(name).suffix], caches)


def _below(folder: Traversable, path: str) -> list[str]:
    found = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _below(entry, f"{path}{entry.name}/")
        elif PurePosixPath(entry.name).suffix in KINDS:
            found.append(path + entry.name)
    return found
