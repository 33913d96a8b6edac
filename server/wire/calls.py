"""What answers one of Luigi's calls: the arguments are checked, the scheduler is asked, the answer is written."""

from __future__ import annotations

import json
from typing import Any, Final

import falcon

from luigi.scheduler import Scheduler
from luigi.server.guard import audit
from luigi.server.guard.identity import Role
from luigi.server.office import Office
from luigi.server.wire.cors import cors
from luigi.server.wire.forms import arguments_of
from luigi.server.wire.methods import Method
from luigi.server.wire.sizes import LARGEST

JSON: Final = "application/json; charset=UTF-8"

MANY: Final = 1000
"""More rows than this are written one by one."""


class Answering:
    """The handler of one call."""

    def __init__(self, office: Office, method: Method, shared: cors) -> None:
        self._office, self._method, self._cors = office, method, shared

    def __call__(self, request: falcon.Request, response: falcon.Response) -> None:
        """Answer. Raises WrongField for arguments that will not do; then nothing has changed."""
        allow(response, self._cors.headers(request.get_header("Origin") or ""))
        arguments = self._method.read(arguments_of(request))
        if self._method.role >= Role.OPERATOR:
            audit.say(request, **_told(arguments) | {"order": self._method.name})
        response.content_type = JSON
        response.data = answered(self._office.standing.scheduler, self._method, arguments)


def allow(response: falcon.Response, headers: dict[str, str]) -> None:
    """Let another site's page read the answer."""
    response.set_headers(headers)
    if headers and headers["Access-Control-Allow-Origin"] != "*":
        response.append_header("Vary", "Origin")


def answered(scheduler: Scheduler, method: Method, arguments: dict[str, Any]) -> bytes:
    """The body of the answer."""
    call, limit = getattr(scheduler, method.name), method.limit
    if limit is None or limit.is_lifted(scheduler.config, arguments):
        return _written(call(**arguments))
    answer = call(**limit.narrowed(scheduler.config, arguments))
    written = _written(answer)
    return written if len(written) <= LARGEST else _written(limit.shorten(answer))


def _written(answer: Any) -> bytes:
    if isinstance(answer, dict) and len(answer) > MANY:  # one text of them all would hold up every other thread
        rows = ", ".join([f"{json.dumps(name)}: {json.dumps(row)}" for name, row in answer.items()])
        return f'{{"response": {{{rows}}}}}'.encode()
    return json.dumps({"response": answer}).encode()


def _told(arguments: dict[str, Any]) -> dict[str, Any]:
    """What the log of changes tells of an order: all but what a message says."""
    return {name: value for name, value in arguments.items() if name != "content"}
