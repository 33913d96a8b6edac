"""Runs the application on waitress until it is told to stop; then nothing that was accepted is left unanswered."""

from __future__ import annotations

import logging
import signal
import socket
import threading
from collections.abc import Container, Iterator, Sequence
from contextlib import closing, contextmanager
from types import FrameType
from typing import Any, Final

from waitress import create_server, wasyncore  # type: ignore[import-untyped]  # waitress has no types
from waitress.server import BaseWSGIServer  # type: ignore[import-untyped]

from luigi.clock import SYSTEM, Clock
from luigi.server.config import ServerSettings
from luigi.server.http.connections import LOOKAHEAD, Connection
from luigi.server.http.dispatching import Dispatcher
from luigi.server.http.loop import Loop
from luigi.server.http.prefix import Application, with_a_slash

logger = logging.getLogger("luigi.server")

GRACE: Final = 10.0
"""Seconds that calls under way have to be answered, once the server is to stop."""

LONGEST_TURN: Final = 1.0

_LOOK = 0.1  # seconds between two looks at whether they are


class House:
    """A WSGI application at `listening` sockets."""

    def __init__(
        self,
        application: Application,
        listening: Sequence[socket.socket],
        settings: ServerSettings,
        *,
        quick: Container[str] = (),
        grace: float = GRACE,
        clock: Clock = SYSTEM,
    ) -> None:
        """`quick`: paths of calls that never wait for anything but the state store; `grace`: seconds."""
        self._grace, self._clock = grace, clock
        self._lock = threading.RLock()  # a signal's handler may come in while its own thread holds it
        self._stopping = self._over = False
        self._map: dict[int, Any] = {}
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that calls wait a moment is no news
        self._dispatcher = Dispatcher(quick, clock)
        create_server(
            with_a_slash(application),
            map=self._map,
            _dispatcher=self._dispatcher,
            sockets=list(listening),
            connection_limit=settings.connections,
            channel_timeout=max(1, round(settings.idle_timeout)),
            cleanup_interval=max(1, min(30, round(settings.idle_timeout))),
            max_request_body_size=settings.max_body,
            channel_request_lookahead=LOOKAHEAD,
            url_prefix=settings.url_prefix,
            ident=None,
            log_socket_errors=False,
            clear_untrusted_proxy_headers=False,  # the gate knows whom to believe
        )
        self._loop = Loop(self._map, self._dispatcher, clock)
        self._listeners = self._of(BaseWSGIServer)
        for one in self._listeners:
            one.channel_class = Connection
            one.restless = self._loop.restless
        self._dispatcher.set_thread_count(settings.threads)

    def run(self) -> None:
        """Answer calls until `stop`; then those under way, `close`, and return: no call comes after that."""
        with closing(self):
            while not self._stopping:
                self._loop.turn(LONGEST_TURN)
            for one in self._listeners:
                one.accepting = False
                one.socket.close()
                wasyncore.dispatcher.del_channel(one)
            self._answer_what_is_under_way()

    def close(self) -> None:
        """Let go of threads, sockets and files, also of a house that has never run. Again is nothing."""
        with self._lock:
            if self._over:
                return
            self._over = True
        self._dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._map)
        self._loop.close()

    def stop(self) -> None:
        """Have `run` end soon. From any thread, or from a signal's handler."""
        with self._lock:
            self._stopping = True
            if not self._over:
                self._listeners[0].pull_trigger()

    def _answer_what_is_under_way(self) -> None:
        """And close each connection that has nothing under way: what comes there now was not accepted."""
        until = self._clock.monotonic() + self._grace
        while connections := self._of(Connection):
            for one in connections:
                if one.is_quiet:
                    one.handle_close()
            if self._clock.monotonic() > until:
                logger.warning("some calls are not answered within %g seconds: their callers are cut off", self._grace)
                return
            self._loop.turn(_LOOK)

    def _of(self, kind: type[Any]) -> list[Any]:
        return [one for one in list(self._map.values()) if isinstance(one, kind)]


class Running:
    """The houses of this process that are open. Luigi's `server.stop()` knows nobody to turn to but the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._houses: list[House] = []

    @contextmanager
    def __call__(self, house: House) -> Iterator[None]:
        """Have `house` stopped by `stop`; and, in the main thread, by SIGTERM and SIGINT; as long as this lasts."""
        with self._lock:
            self._houses.append(house)
        try:
            with _stopped_by_signals(house):
                yield
        finally:
            with self._lock:
                self._houses.remove(house)

    def stop(self) -> None:
        """Have all of them stop."""
        with self._lock:
            houses = list(self._houses)
        for house in houses:
            house.stop()


RUNNING: Final = Running()


@contextmanager
def _stopped_by_signals(house: House) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def told(number: int, frame: FrameType | None) -> None:
        house.stop()

    before = {number: signal.signal(number, told) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
