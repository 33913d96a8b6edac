"""A UDP socket on the loopback that keeps what it is sent: the other end of StatsD, in tests.

with UdpSink() as sink:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"tasks:1|c", ("127.0.0.1", sink.port))
    assert sink.lines() == ["tasks:1|c"]
"""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Self

ROOM = 4_000_000
"""Bytes that the system keeps for the sink, so that a flood finds room."""


class UdpSink:
    """Takes every datagram, as lines of text."""

    def __init__(self, port: int = 0) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
        self._socket.bind(("127.0.0.1", port))
        self._lines: list[str] = []
        self._marks = 0
        self._seen = 0
        self._came = threading.Condition()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Of the loopback, chosen by the system unless given."""
        return int(self._socket.getsockname()[1])

    def lines(self, timeout: float = 10.0) -> list[str]:
        """All that was sent before this call, in order. Raises TimeoutError when it cannot be told within `timeout`."""
        with self._came:
            self._marks += 1
            mark = self._marks
            self._send_to_itself(b"\0mark")
            if not self._came.wait_for(lambda: self._seen >= mark, timeout):
                raise TimeoutError("a datagram got lost on the loopback: more came than the system has room for")
            return list(self._lines)

    def close(self) -> None:
        """Stop listening."""
        self._send_to_itself(b"\0end")
        self._thread.join()
        self._socket.close()

    def _listen(self) -> None:
        while (datagram := self._socket.recv(65_535)) != b"\0end":
            with self._came:
                if datagram == b"\0mark":
                    self._seen += 1
                    self._came.notify_all()
                else:
                    self._lines += datagram.decode().splitlines()

    def _send_to_itself(self, datagram: bytes) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(datagram, ("127.0.0.1", self.port))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
