"""The way of events to where they are kept: by a courier, so that nobody waits; what did not arrive is said once."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Sequence
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from luigi.couriers import Courier
from luigi.errors import ConfigurationError

if TYPE_CHECKING:
    from openlineage.client import OpenLineageClient
    from openlineage.client.event_v2 import RunEvent

    from luigi.plugins.observers.openlineage import Settings

CAPACITY = 20_000
"""Events that wait; the rest is dropped."""

PAUSES = (0.2, 1.0, 5.0)
"""Seconds before an event is sent again that a server did not take for reasons that may pass; then the last over and
over, as long as the run lasts."""

TRIES = 3
"""Failures in a row after which, once the run is over, the server counts as gone."""

logger = logging.getLogger("luigi.plugins")


def client(settings: Settings) -> OpenLineageClient:
    """One with the transport of `settings`, or of the client's own configuration.

    Raises ConfigurationError when neither says where events go to.
    """
    from openlineage.client import OpenLineageClient
    from openlineage.client.transport import get_default_factory

    if settings.url or settings.file:
        return OpenLineageClient(transport=get_default_factory().create(_transport(settings)))
    found = OpenLineageClient()
    if found.transport.kind == "console" and not _is_configured(found):
        raise ConfigurationError(
            "[openlineage] does not say where events go to",
            hint="give a url or a file there, or set OPENLINEAGE_URL",
        )
    return found


def _is_configured(found: OpenLineageClient) -> bool:
    """Whether somebody has asked for its transport; otherwise it is what is left when nobody has."""
    config: Any = found.config  # a dict, in the client's older versions
    transport = config.get("transport") if isinstance(config, dict) else config.transport
    return bool((transport or {}).get("type"))


def _transport(settings: Settings) -> dict[str, Any]:
    if settings.file:
        return {"type": "file", "log_file_path": os.path.abspath(settings.file), "append": True}
    auth = {"auth": {"type": "api_key", "apiKey": settings.api_key}} if settings.api_key else {}
    server = {"url": settings.url, "endpoint": settings.endpoint, "timeout": settings.timeout}
    return {"type": "http", **server, "retry": {"total": 0}, **auth}


def check(settings: Settings) -> str:
    """Whether events would get there, without sending one. Raises OSError when not."""
    import socket

    transport = client(settings).transport
    if transport.kind == "file" and settings.file:
        with open(settings.file, "a", encoding="utf-8"):
            return f"{settings.file} can be written"
    url = urlsplit(getattr(transport, "url", ""))
    if not url.hostname:
        return f"events go by the transport {transport.kind}, which is not tried"
    port = url.port or (443 if url.scheme == "https" else 80)
    socket.create_connection((url.hostname, port), settings.timeout).close()
    return f"{url.hostname}:{port} takes connections"


class Gone(Exception):
    """The server is not there any more."""


class Sending:
    """Takes events, and has a courier bring them."""

    def __init__(self, settings: Settings) -> None:
        self._client = client(settings)
        self._last = "it has not answered in time"
        self._posted = 0
        self._failures = 0  # in a row
        self._over = threading.Event()
        self._courier: Courier[RunEvent] = Courier(
            "OpenLineage", self._deliver, self._note, capacity=CAPACITY, deadline=settings.deadline
        )

    def __call__(self, event: RunEvent) -> None:
        """Have it sent, after those before."""
        self._courier.post(event)
        self._posted += 1

    def finish(self) -> None:
        """Wait for what is under way, within the deadline, and say what did not arrive."""
        self._over.set()
        self._courier.close()
        self._over.clear()
        lost, self._posted = self._posted - self._courier.delivered, self._courier.delivered
        if lost:
            logger.warning("openlineage: %d events did not get through: %s", lost, self._last)

    def _deliver(self, events: Sequence[RunEvent]) -> None:
        for event in events:
            self._send(event)

    def _send(self, event: RunEvent) -> None:
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            if self._over.is_set() and self._failures >= TRIES:
                raise Gone
            try:
                self._client.emit(event)
            except OSError as error:
                if not _may_pass(error):
                    raise
                self._note(error)
                self._failures += 1
            else:
                self._failures = 0
                return
            self._over.wait(pause)

    def _note(self, error: BaseException, events: Sequence[RunEvent] = ()) -> None:
        if not isinstance(error, Gone):
            self._last = str(error) or repr(error)


def _may_pass(error: OSError) -> bool:
    """Whether sending again may help: nobody answered, or the server has a problem of its own."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    return status is None or status >= 500 or status == 429
