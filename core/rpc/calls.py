"""Calls of Luigi's API, `/api/<method>`: arguments as JSON in a form's field, answers as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from luigi.rpc.failures import HINTS, RPCError
from luigi.rpc.servers import Servers

if TYPE_CHECKING:
    from luigi.rpc.transport import Answer


class Calls:
    """Makes calls of Luigi's API at `servers`. Several threads may."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers

    def call(self, method: str, arguments: Mapping[str, Any], attempts: int | None = None) -> Any:
        """What the server answers to `method`. It is tried `attempts` times, by default `[core] rpc_retry_attempts`.

        Raises RPCError when nobody answers, or the answer is a failure.
        """
        from urllib.parse import urlencode

        from luigi.rpc.transport import FORM

        # Of a text that is no Unicode, as `os.fsdecode` makes them, the rest arrives.
        body = urlencode({"data": json.dumps(arguments, ensure_ascii=False)}, errors="replace").encode()
        return self._read(method, self._servers.post(f"api/{method}", body, FORM, attempts))

    def _read(self, method: str, answer: Answer) -> Any:
        where = f"{method} at the scheduler {self._servers.address}"
        if answer.status != 200:
            hint = HINTS.get(answer.status, "")
            raise RPCError(f"{where} failed: {answer.status} {answer.reason}", hint=hint, status=answer.status)
        try:
            return json.loads(answer.body)["response"]
        except (ValueError, TypeError, KeyError) as error:
            raise RPCError(f"{where}: the answer is not that of a scheduler", error, hint=HINTS[404]) from error
