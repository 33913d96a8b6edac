"""Sessions: a signed cookie that says who signed in with which token, and the proof that a page of ours made a call.

The server remembers nothing of them but those that were ended before their time. A session is as good as its token:
with the token it ends, and with the token's role its role changes.
"""

from __future__ import annotations

import hmac
import secrets
from collections import OrderedDict
from typing import Any, Final

from itsdangerous import BadData, Signer, URLSafeSerializer

from luigi.clock import Clock
from luigi.server.config import ServerSettings
from luigi.server.guard.identity import Identity
from luigi.server.guard.keyring import Keyring
from luigi.server.guard.tokens import Token

_HOUR: Final = 3600.0

ENDED_KEPT: Final = 100_000
"""Sessions that are remembered to have been ended."""


class Sessions:
    """Makes them and recognises them. Any thread may ask."""

    def __init__(self, settings: ServerSettings, keyring: Keyring, clock: Clock) -> None:
        self.lifetime = settings.session_hours * _HOUR
        """Seconds until a session ends by itself."""
        self.cookie = f"luigi_session_{settings.port}"
        """The cookie's name. Browsers send a cookie to every port of a host: so that two servers do not mix them up."""
        secret = settings.session_secret or secrets.token_hex(32)
        self._signed = URLSafeSerializer(secret, salt="luigi.session")
        self._proofs = Signer(secret, salt="luigi.csrf")
        self._keyring, self._clock = keyring, clock
        self._ended: OrderedDict[str, None] = OrderedDict()

    def begin(self, token: Token) -> str:
        """The cookie's value for somebody who has shown the secret of this token."""
        facts = [token.name, _mark(token), self._clock.now() + self.lifetime, secrets.token_urlsafe(12)]
        signed = self._signed.dumps(facts)
        return signed if isinstance(signed, str) else signed.decode()

    def find(self, cookie: str) -> Identity | None:
        """Who signed in, unless the session has ended or the token is no longer in force."""
        try:
            name, mark, ends, session = self._signed.loads(cookie)
        except (BadData, ValueError, TypeError):
            return None
        token = self._keyring.named(name)
        if token is None or _mark(token) != mark or self._clock.now() >= ends or session in self._ended:
            return None
        return Identity(token.name, token.role, session)

    def end(self, session: str) -> None:
        """Whoever has the cookie is no longer recognised by it."""
        self._ended[session] = None
        if len(self._ended) > ENDED_KEPT:
            self._ended.popitem(last=False)

    def proof(self, session: str) -> str:
        """What a page of ours knows and another site's cannot: it goes with every change made with the cookie."""
        return self._proofs.get_signature(session).decode()

    def proves(self, session: str, proof: Any) -> bool:
        """Whether that is the proof for this session."""
        return isinstance(proof, str) and hmac.compare_digest(self.proof(session).encode(), proof.encode())


def _mark(token: Token) -> str:
    """Tells a token from a later one of the same name."""
    return token.digest[-16:]
