"""The tokens in force: those of `[server] tokens_file` as it is now, and of the environment variable.

A file that changes is read again within a second. One that has become unreadable or wrong changes nothing: the tokens
of before stay in force, and the log says why; a slip in an editor must not shut every worker out.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from luigi.clock import Clock
from luigi.errors import KernelError
from luigi.server.config import ServerSettings
from luigi.server.guard import token_file
from luigi.server.guard.tokens import BadToken, Token, digest_of, parse

VARIABLE: Final = "LUIGI_SERVER_TOKENS"
"""Tokens as lines; commas and blanks may separate them too."""

LOOK: Final = 1.0
"""Seconds between two looks at whether the file has changed."""

logger = logging.getLogger("luigi.server")


def has_authentication(settings: ServerSettings, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether callers have to say who they are: by a token, or by what a plugin makes of the call."""
    return bool(settings.tokens_file or settings.authenticators or environment.get(VARIABLE))


class Keyring:
    """Finds the token that a secret belongs to. Any thread may ask."""

    def __init__(self, settings: ServerSettings, clock: Clock, environment: Mapping[str, str] = os.environ) -> None:
        """Raises KernelError for tokens that cannot be read, or of which two have one name."""
        self._clock = clock
        self._path = Path(settings.tokens_file).expanduser().absolute() if settings.tokens_file else None
        self._fixed = parse(environment.get(VARIABLE, "").replace(",", " ").split(), VARIABLE)
        self._state = _state_of(self._path)
        self._looked = clock.monotonic()
        self._take(token_file.read(self._path) if self._path else [])

    def find(self, secret: str) -> Token | None:
        """The token whose secret that is."""
        self._look()
        return self._by_digest.get(digest_of(secret))

    def named(self, name: str) -> Token | None:
        """The token of that name, if it is in force still."""
        self._look()
        return self._by_name.get(name)

    def _take(self, of_file: list[Token]) -> None:
        tokens = [*self._fixed, *of_file]
        by_name = {one.name: one for one in tokens}
        if len(by_name) < len(tokens):
            raise BadToken(f"{self._path} and {VARIABLE} have a token of the same name")
        self._by_digest = {one.digest: one for one in tokens}
        self._by_name = by_name

    def _look(self) -> None:
        now = self._clock.monotonic()
        if self._path is None or now - self._looked < LOOK:
            return
        self._looked = now
        state = _state_of(self._path)
        if state != self._state:
            self._state = state
            self._read_again(self._path)

    def _read_again(self, path: Path) -> None:
        try:
            self._take(token_file.read(path))
        except KernelError as error:
            logger.error("%s; the tokens of before stay in force", error)
        else:
            logger.info("the tokens of %s have been read again: there are %s", path, len(self._by_name))


def _state_of(path: Path | None) -> tuple[int, ...]:
    """What changes when the file does."""
    try:
        found = path.stat() if path else None
    except OSError:
        return ()
    return (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns) if found else ()
