"""Many HTTP connections in one thread, for as little work as can be: a fleet is not to be slower than its server.

Times are those of `time.perf_counter`. An answer other than 200 ends the program: what is measured then is nothing.
"""

from __future__ import annotations

import json
import selectors
import socket
import time
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any, Final

Then = Callable[[bytes, float], None]
"""Takes the body of an answer, and the seconds from the first byte sent to the last one read."""

READ: Final = 1 << 16
END: Final = b"\r\n\r\n"
LENGTH: Final = b"\r\ncontent-length: "


class Line:
    """One connection to the server, which has one call at a time under way. Where the server has closed it, since
    nobody used it for long, a new one takes its place."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._unsent, self._said, self._read = b"", b"", b""
        self._began = 0.0
        self._then: Then | None = None
        self._open()

    def _open(self) -> None:
        self._socket = socket.create_connection(self._wire.address)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(False)
        self._wire.selector.register(self._socket, selectors.EVENT_READ, self)

    @property
    def busy(self) -> bool:
        """Whether a call is under way."""
        return self._then is not None

    def post(self, verb: str, body: str, then: Then) -> None:
        """Make a call of the kernel's API."""
        assert self._then is None, "one call at a time"
        content = body.encode()
        head = f"POST /api/v1/{verb} HTTP/1.1\r\n{self._wire.headers}Content-Length: {len(content)}\r\n\r\n"
        self._unsent = self._said = head.encode() + content
        self._then, self._began = then, time.perf_counter()
        self.send()

    def send(self) -> None:
        """Send as much as the socket takes."""
        try:
            sent = self._socket.send(self._unsent)
        except BlockingIOError:
            sent = 0
        except ConnectionError:
            self._open_anew()
            return
        self._unsent = self._unsent[sent:]
        wishes = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._unsent else 0)
        if self._wire.selector.get_key(self._socket).events != wishes:
            self._wire.selector.modify(self._socket, wishes, self)

    def read(self) -> None:
        """Read what there is, and give the answer on when that is all of it."""
        try:
            told = self._socket.recv(READ)
        except ConnectionError:
            told = b""
        if not told:
            self._open_anew()
            return
        self._read += told
        head, found, body = self._read.partition(END)
        if not found or len(body) < _length(head):
            return
        then, self._then, self._read = self._then, None, b""
        if not head.startswith(b"HTTP/1.1 200") or then is None:
            raise SystemExit(f"the server answers {head!r} {body[:1000]!r}")
        then(body, time.perf_counter() - self._began)

    def _open_anew(self) -> None:
        """What was said on the old one, and perhaps not heard, is said again."""
        self._wire.selector.unregister(self._socket)
        self._socket.close()
        self._open()
        self._read, self._unsent = b"", self._said if self.busy else b""
        if self._unsent:
            self.send()


class Wire:
    """The lines of one process, and what is to be done at which time."""

    def __init__(self, host: str, port: int) -> None:
        self.address = host, port
        self.headers = f"Host: {host}:{port}\r\nUser-Agent: luigi-kernel\r\nContent-Type: application/json\r\n"
        self.selector = selectors.DefaultSelector()
        self.lag = 0.0
        """The longest that something was done later than it was to be, in seconds: what this program lacks itself."""
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0

    def at(self, when: float, act: Callable[[], None]) -> None:
        """Have something done at a time."""
        self._count += 1
        heappush(self._due, (when, self._count, act))

    def run(self, ended: Callable[[], bool]) -> None:
        """Go on until that is so."""
        while not ended():
            now = time.perf_counter()
            while self._due and self._due[0][0] <= now:
                when, _, act = heappop(self._due)
                self.lag = max(self.lag, now - when)
                act()
                now = time.perf_counter()
            patience = max(0.0, min(0.1, self._due[0][0] - now)) if self._due else 0.1
            for key, happened in self.selector.select(patience):
                if happened & selectors.EVENT_WRITE:
                    key.data.send()
                if happened & selectors.EVENT_READ:
                    key.data.read()

    def forget(self) -> None:
        """Do nothing of what is still to be done."""
        self._due.clear()
        self.lag = 0.0


def as_json(told: Any) -> str:
    """As the kernel's own client writes it."""
    return json.dumps(told, ensure_ascii=False)


def _length(head: bytes) -> int:
    at = head.lower().index(LENGTH) + len(LENGTH)
    return int(head[at : at + 20].partition(b"\r\n")[0])
