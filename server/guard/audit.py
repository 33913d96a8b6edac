"""The audit log: who changed what, when, from where, and what came of it; and who was refused.

One JSON line a call, by the logger `luigi.audit`, at INFO. It has no parameters and no bodies: what the path does not
say, such as an order's kind, a handler adds with `say`.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any, Final

import falcon

from luigi.clock import Clock
from luigi.server.guard.identity import Identity
from luigi.server.guard.limits import Buckets, counted_as

logger = logging.getLogger("luigi.audit")

REFUSALS_AT_ONCE: Final = 20
REFUSALS_A_SECOND: Final = 0.2
"""Refusals that are told, of each address: whoever knocks all day must not fill the disk."""

LONGEST: Final = 300
"""Characters of a path, or of any one fact, that are told."""


def say(request: falcon.Request, /, **facts: Any) -> None:
    """Add facts to the line about this call: fit for JSON, nothing private; of what is long, the beginning is told."""
    request.context.audited = {**getattr(request.context, "audited", {}), **facts}


class Audit:
    """Writes the lines."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._refusals = Buckets(REFUSALS_A_SECOND, REFUSALS_AT_ONCE, clock)

    def tell_change(self, request: falcon.Request, response: falcon.Response) -> None:
        """A call that was to change something has been answered."""
        self._tell("change", request, response)

    def tell_refusal(self, request: falcon.Request, response: falcon.Response) -> None:
        """A call was refused."""
        if logger.isEnabledFor(logging.INFO) and not self._refusals.take(counted_as(request.context.address)):
            self._tell("refusal", request, response)

    def _tell(self, event: str, request: falcon.Request, response: falcon.Response) -> None:
        if not logger.isEnabledFor(logging.INFO):
            return
        identity: Identity = request.context.identity
        line = {
            "at": datetime.fromtimestamp(self._clock.now(), UTC).isoformat(timespec="milliseconds"),
            "event": event,
            "who": identity.name or None,
            "role": identity.role.name.lower(),
            "from": request.context.address or "unix",
            "method": request.method,
            "path": request.path[:LONGEST],
            "status": response.status_code,
        }
        said = getattr(request.context, "audited", {})
        further = {name: _beginning_of(fact) for name, fact in said.items() if name not in line}
        logger.info("%s", json.dumps(line | further, default=str))


def _beginning_of(fact: Any) -> Any:
    """The fact; where it is long, the beginning of it, as text."""
    written = fact if isinstance(fact, str) else json.dumps(fact, default=str)
    return fact if len(written) <= LONGEST else written[:LONGEST]
