"""Who calls: by a token, by what a plugin makes of the call, or by a session's cookie, in this order."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

import falcon

from luigi.authentication import Authenticator, Caller, Recognised
from luigi.clock import Clock
from luigi.server.guard.credentials import secret_in
from luigi.server.guard.identity import NOBODY, Identity, Role
from luigi.server.guard.keyring import Keyring
from luigi.server.guard.limits import Buckets, Familiar, counted_as
from luigi.server.guard.origins import Environ
from luigi.server.guard.refusals import too_often, unknown_credentials
from luigi.server.guard.sessions import Sessions
from luigi.server.guard.tokens import Token
from luigi.server.problems import Problem

logger = logging.getLogger("luigi.server")

WRONG_AT_ONCE: Final = 20
WRONG_A_SECOND: Final = 1.0
"""Wrong credentials that an address may show: more than a few workers with an old token do, and too few to guess."""


class Recogniser:
    """Tells who calls. Any thread may ask."""

    def __init__(
        self, keyring: Keyring, sessions: Sessions, authenticators: Sequence[tuple[str, Authenticator]], clock: Clock
    ) -> None:
        self._keyring, self._sessions, self._authenticators = keyring, sessions, authenticators
        self._wrong = Buckets(WRONG_A_SECOND, WRONG_AT_ONCE, clock)
        self._familiar = Familiar()

    def identify(self, request: falcon.Request, peer: str, address: str) -> Identity:
        """Who it is; NOBODY where nothing says so. Raises Problem 401 for credentials that are wrong, and 429."""
        env = request.env
        header = env.get("HTTP_AUTHORIZATION")
        if header:
            token = self._find(secret_in(header), address)
            if token is not None:
                return Identity(token.name, token.role)
        identity = self._by_authenticators(request, peer) if self._authenticators else None
        if identity is not None:
            return identity
        if header:
            raise self._wrongly(env, address)
        return self._by_session(request) if "HTTP_COOKIE" in env else NOBODY

    def token_of(self, request: falcon.Request, secret: str, address: str) -> Token:
        """The token of somebody who signs in. Raises Problem 401 and 429."""
        token = self._find(secret, address)
        if token is None:
            raise self._wrongly(request.env, address)
        return token

    def _find(self, secret: str | None, address: str) -> Token | None:
        """As the keyring has it. Raises Problem 429.

        From an address that has shown too many wrong ones a right one does not count either, or it could be guessed;
        but whoever has used it there before goes on working: many workers may be behind one address.
        """
        token = self._keyring.find(secret) if secret else None
        if token is None:
            return None
        pair = (address, token.digest)
        if pair not in self._familiar:
            wait = self._wrong.wait(counted_as(address))
            if wait:
                raise too_often(wait)
            self._familiar.add(pair)
        return token

    def _wrongly(self, env: Environ, address: str) -> Problem:
        wait = self._wrong.take(counted_as(address))
        return too_often(wait) if wait else unknown_credentials(env)

    def _by_authenticators(self, request: falcon.Request, peer: str) -> Identity | None:
        """What the first plugin says that says something. Raises Problem 401 when one fails: nobody knows who calls."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        caller = Caller(peer, headers, request.method, request.path)
        for name, authenticator in self._authenticators:
            try:
                found = authenticator.recognise(caller)
                if found is not None:
                    return _identity(found)
            except Exception as error:
                logger.error("authenticator %s failed: %r", name, error)
                raise unknown_credentials(request.env) from error
        return None

    def _by_session(self, request: falcon.Request) -> Identity:
        for value in request.get_cookie_values(self._sessions.cookie) or ():
            identity = self._sessions.find(value)
            if identity is not None:
                return identity
        return NOBODY


def _identity(found: Recognised) -> Identity:
    role = Role[found.role.upper()]
    if role is Role.ANYONE or not found.name:
        raise ValueError(f"{found!r} says neither who it is nor what they may do")
    return Identity(found.name, role)
