"""What a token is: a name, a role, and the digest of a secret that nobody but its owner has.

A line of a tokens file is `NAME:ROLE:sha256$DIGEST`. A plain digest is enough, because a secret made here has 256
random bits: there is nothing to guess, so nothing that a slow hash would make harder.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from typing import Final, NamedTuple

from luigi.authentication import ROLES
from luigi.errors import KernelError, did_you_mean
from luigi.server.guard.identity import Role

PREFIX: Final = "luigi_"
"""What secrets begin with, so that programs that look for secrets in the wrong places know one."""

_NAME: Final = re.compile(r"[A-Za-z0-9._@-]{1,64}")
_DIGEST: Final = re.compile(r"sha256\$[0-9a-f]{64}")


class BadToken(KernelError):
    """A line of tokens that cannot be read. The message says where and why, and nothing of what stands there."""


class Token(NamedTuple):
    """Whose it is, what they may do, and how their secret is recognised."""

    name: str
    role: Role
    digest: str
    """`sha256$` and 64 hexadecimal digits."""

    def __str__(self) -> str:
        return f"{self.name}:{self.role.name.lower()}:{self.digest}"


def new_secret() -> str:
    """A secret of 256 random bits, of letters, digits, `-` and `_`: it may stand in a URL as it is."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """How a token recognises its secret."""
    return "sha256$" + hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def token(name: str, role: str, digest: str) -> Token:
    """A token of texts. Raises BadToken."""
    if not _NAME.fullmatch(name):
        raise BadToken("the name of a token is of up to 64 letters, digits, and . _ @ -")
    if role not in ROLES:
        raise BadToken(f"{role!r} is no role", hint=did_you_mean(role, ROLES) or f"the roles are {', '.join(ROLES)}")
    if not _DIGEST.fullmatch(digest):
        raise BadToken(f"the digest of token {name} is not `sha256$` and 64 hexadecimal digits", hint=HOW)
    return Token(name, Role[role.upper()], digest)


HOW: Final = "`kernel tokens add NAME --role ROLE` makes a token and writes its line"


def parse(lines: Iterable[str], place: str) -> list[Token]:
    """The tokens of all lines that are not empty and no comment (`#`). Raises BadToken naming `place` and line."""
    found: dict[str, Token] = {}
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            one = _parsed(line.strip(), f"{place}, line {number}")
            if one.name in found:
                raise BadToken(f"{place}, line {number}: there is a token {one.name} already")
            found[one.name] = one
    return list(found.values())


def _parsed(line: str, place: str) -> Token:
    parts = line.split(":")
    if len(parts) != 3:
        raise BadToken(f"{place}: this is not NAME:ROLE:sha256$DIGEST", hint=HOW)
    try:
        return token(*parts)
    except BadToken as error:
        raise BadToken(f"{place}: {error}", hint=error.hint) from None
