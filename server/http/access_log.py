"""One line for each call, for who looks for a fault: the logger `luigi.server.access`, at DEBUG."""

from __future__ import annotations

import logging

import falcon

logger = logging.getLogger("luigi.server.access")


class AccessLog:
    """Falcon middleware."""

    def process_response(
        self, request: falcon.Request, response: falcon.Response, resource: object, succeeded: bool
    ) -> None:
        """Write the line. The query is left out: parameters of tasks may be in it."""
        if logger.isEnabledFor(logging.DEBUG):
            who = getattr(request.context, "identity", None)
            name = who.name if who is not None else ""
            logger.debug("%s %r %s by %r", request.method, request.path, response.status, name)
