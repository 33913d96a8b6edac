"""Calls of the API of Luigi's server: `/api/<method>`, arguments and answers as JSON, repeated when nobody answers."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from luigi.clock import Clock
from luigi.configuration import get_config
from luigi.errors import KernelError

if TYPE_CHECKING:
    from luigi.rpc.transport import Answer

logger = logging.getLogger("luigi-interface")

BUSY = frozenset({429, 502, 503, 504})
"""What a server, or a proxy before it, answers when it may do better in a moment."""

HINTS: Final[Mapping[int, str]] = {
    401: "put user:password@ before the host in the scheduler's URL",
    403: "put user:password@ before the host in the scheduler's URL",
    404: "is the URL that of a luigid?",
    500: "luigid's log says more",
}
START_HINT = "start the server, or run with --local-scheduler"


class RPCError(KernelError):
    """The scheduler's server cannot be reached, or does not answer as it should.

    `sub_exception` is what went wrong below, if anything did.
    """

    def __init__(self, message: str, sub_exception: Any = None, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.sub_exception = sub_exception


class Calls:
    """Makes calls of the server at `url`. Several threads may.

    `timeout`: seconds until a silent server counts as gone; None for `[core] rpc_connect_timeout`.
    Raises RPCError for a URL that cannot be used.
    """

    def __init__(self, url: str, timeout: float | None, clock: Clock) -> None:
        from luigi.rpc.transport import Transport

        config = get_config()
        if timeout is None:
            timeout = config.getfloat("core", "rpc_connect_timeout", 10.0)
        self._attempts = max(1, config.getint("core", "rpc_retry_attempts", 3))
        self._wait = config.getfloat("core", "rpc_retry_wait", 30.0)
        self._clock = clock
        try:
            self._transport = Transport(url, float(timeout))
        except ValueError as error:
            message = f"the scheduler's URL cannot be used: {error}"
            raise RPCError(message, error, hint="such as http://localhost:8082/") from None

    def close(self) -> None:
        """Close the connections. The next call opens new ones."""
        self._transport.close()

    def call(self, method: str, arguments: Mapping[str, Any], attempts: int | None = None) -> Any:
        """What the server answers to `method`. It is tried `attempts` times, by default `[core] rpc_retry_attempts`.

        Raises RPCError when nobody answers, or the answer is a failure.
        """
        from urllib.parse import urlencode

        body = urlencode({"data": json.dumps(arguments)}).encode()
        left = self._attempts if attempts is None else attempts
        while True:
            left -= 1
            try:
                answer = self._transport.post(f"api/{method}", body)
            except OSError as error:
                trouble = f"the scheduler at {self._transport.address} cannot be reached: {error.strerror or error}"
                if not left:
                    raise RPCError(trouble, error, hint=START_HINT) from error
            else:
                if not left or answer.status not in BUSY:
                    return self._read(method, answer)
                trouble = f"the scheduler at {self._transport.address} answers {answer.status} {answer.reason}"
            logger.warning("%s; trying again in %g s, attempts left: %d", trouble, self._wait, left)
            self._clock.sleep(self._wait)

    def _read(self, method: str, answer: Answer) -> Any:
        where = f"{method} at the scheduler {self._transport.address}"
        if answer.status != 200:
            hint = HINTS.get(answer.status, "")
            raise RPCError(f"{where} failed: {answer.status} {answer.reason}", hint=hint)
        try:
            return json.loads(answer.body)["response"]
        except (ValueError, TypeError, KeyError) as error:
            raise RPCError(f"{where}: the answer is not that of a scheduler", error, hint=HINTS[404]) from error
