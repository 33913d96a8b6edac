"""The servers of one scheduler: a call goes to the one that answers, and is made again when none does."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from luigi.clock import Clock
from luigi.configuration import get_config
from luigi.rpc.failures import BUSY, START_HINT, RPCError, SchedulerAway

if TYPE_CHECKING:
    from luigi.rpc.transport import Answer, Transport

logger = logging.getLogger("luigi-interface")


class Servers:
    """Asks the servers at `urls`, which are separated by commas: one of them leads. Several threads may.

    `timeout`: seconds until a silent server counts as gone; None for `[core] rpc_connect_timeout`.
    Raises RPCError for a URL that cannot be used.
    """

    def __init__(self, urls: str, timeout: float | None, clock: Clock) -> None:
        config = get_config()
        if timeout is None:
            timeout = config.getfloat("core", "rpc_connect_timeout", 10.0)
        self._attempts = max(1, config.getint("core", "rpc_retry_attempts", 3))
        self._wait = config.getfloat("core", "rpc_retry_wait", 30.0)
        self._clock = clock
        self._transports = _transports(urls, float(timeout), config.get("core", "rpc_ca_file", ""))
        self._first = 0
        """The one that answered last."""

    @property
    def address(self) -> str:
        """The URL of the server that answered last, without credentials."""
        return self._transports[self._first].address

    def close(self) -> None:
        """Close the connections. The next call opens new ones."""
        for transport in self._transports:
            transport.close()

    def post(self, path: str, body: bytes, media: str, attempts: int | None = None) -> Answer:
        """What a server answers to `body` at `path`. They are tried `attempts` times, by default as configured.

        Raises SchedulerAway when nobody answers, or nobody who can do it at the moment.
        """
        return self.ask("POST", path, body, media, attempts)

    def ask(self, method: str, path: str, body: bytes, media: str, attempts: int | None = None) -> Answer:
        """As `post`, by any method of HTTP."""
        left = self._attempts if attempts is None else attempts
        while True:
            left -= 1
            try:
                return self._asked(method, path, body, media)
            except SchedulerAway as error:
                if left <= 0:
                    raise
                away = error
            wait = self._wait if away.retry_after is None else min(self._wait, away.retry_after)
            logger.warning("%s; trying again in %g s, attempts left: %d", away, wait, left)
            self._clock.sleep(wait)

    def _asked(self, method: str, path: str, body: bytes, media: str) -> Answer:
        """What a server answers: they are asked one after the other, first the one that answered last.

        Raises SchedulerAway when none can do it.
        """
        troubles: list[SchedulerAway] = []
        for number in [*range(self._first, len(self._transports)), *range(self._first)]:
            try:
                answer = _ask(self._transports[number], method, path, body, media)
            except SchedulerAway as trouble:
                troubles.append(trouble)
            else:
                self._first = number
                return answer
        raise troubles[0] if len(troubles) == 1 else _of_all(troubles)


def attempts_for(call: int) -> int | None:
    """How often a call with this number is tried: who numbers a call makes it again. None for as configured."""
    return 1 if call else None


def _ask(transport: Transport, method: str, path: str, body: bytes, media: str) -> Answer:
    """What the server answers. Raises SchedulerAway when it does not, or cannot do it at the moment."""
    try:
        answer = transport.ask(method, path, body, media)
    except OSError as error:
        trouble = f"the scheduler at {transport.address} cannot be reached: {error.strerror or error}"
        raise SchedulerAway(trouble, error, hint=START_HINT) from error
    if answer.status in BUSY:
        trouble = f"the scheduler at {transport.address} answers {answer.status} {answer.reason}"
        raise SchedulerAway(trouble, status=answer.status, retry_after=answer.retry_after)
    return answer


def _of_all(troubles: Sequence[SchedulerAway]) -> SchedulerAway:
    """That none of several servers can do it: to be tried when the last of those is ready that say so."""
    said = [trouble.retry_after for trouble in troubles if trouble.retry_after is not None]
    return SchedulerAway(
        "; ".join(str(trouble) for trouble in troubles),
        next((trouble.sub_exception for trouble in troubles if trouble.sub_exception is not None), None),
        hint=START_HINT,
        status=max(trouble.status for trouble in troubles),
        retry_after=max(said, default=None),
    )


def _transports(urls: str, timeout: float, ca_file: str) -> list[Transport]:
    from luigi.rpc.transport import Transport

    token = os.environ.get("LUIGI_SCHEDULER_TOKEN", "")
    try:
        return [Transport(url.strip(), timeout, token, ca_file) for url in urls.split(",")]
    except ValueError as error:
        message = f"the scheduler's URL cannot be used: {error}"
        raise RPCError(message, error, hint="such as http://localhost:8082/") from None
