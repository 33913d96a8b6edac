"""A server started from a program, by Luigi's name for it: `luigi.server.run()`."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import Any, Final

from luigi.errors import KernelError
from luigi.plugin_settings import configured
from luigi.server.config import SECTION, ServerSettings
from luigi.server.http.listening import sockets
from luigi.server.open_house import serve
from luigi.server.standing import Alone

logger = logging.getLogger("luigi.scheduler")

PATIENCE: Final = 10.0
"""Seconds that the end waits for the scheduler to do what time has brought."""


def run(api_port: int, address: str | None, unix_socket: str | None, scheduler: Any) -> None:
    """See `luigi.server.run`."""
    said = configured(ServerSettings, SECTION)
    settings = replace(
        said,
        port=api_port,
        address=address or said.address,
        unix_socket=unix_socket or said.unix_socket,
    )
    standing = None if scheduler is None else Given(scheduler, settings.tick_interval)
    serve(settings, sockets(settings), standing)


class Given(Alone):
    """The standing of a server whose scheduler a program has made: it loads and dumps its state as Luigi's does.

    `interval`: seconds between two looks at what time has brought.
    """

    def __init__(self, scheduler: Any, interval: float) -> None:
        super().__init__(scheduler)
        self._interval = interval
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._look_after, name="luigi-ticks", daemon=True)

    def start(self) -> None:
        """Load the state. Raises KernelError when it cannot be read."""
        self.scheduler.load()
        self._thread.start()

    def close(self) -> None:
        """Dump the state. Luigi's default place is root's: who never chose one is only told that it cannot be kept."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE)
        super().close()
        try:
            self.scheduler.dump()
        except (OSError, KernelError) as error:
            logger.warning("the scheduler's state is not kept: %s", error)

    def _look_after(self) -> None:
        while not self._closing.wait(self._interval):
            try:
                self.scheduler.tick()
            except Exception:  # a plugin's, say: the server goes on without what it was to do
                logger.exception("looking after the scheduler failed")
