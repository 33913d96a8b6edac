"""Connections as the standard library has them, but cheaper, since a worker makes a call for each task it finishes.

The library sends head and body of a request in two system calls, and has its parser of mails read the head of an
answer, which takes longer than all the rest of a call.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from http.client import (
    CONTINUE,
    NO_CONTENT,
    HTTPConnection,
    HTTPException,
    HTTPMessage,
    HTTPResponse,
    HTTPSConnection,
    LineTooLong,
    UnknownProtocol,
)
from typing import Any, Final

LONGEST_LINE: Final = 65536
MOST_HEADERS: Final = 100


class Response(HTTPResponse):
    """An answer whose head is read line by line."""

    def begin(self) -> None:
        """Read the head. Raises HTTPException for what is none."""
        version, status, reason = self._read_status_line()
        while status == CONTINUE:
            self._read_headers()
            version, status, reason = self._read_status_line()
        if not version.startswith("HTTP/1."):
            raise UnknownProtocol(version)
        self.version = 10 if version == "HTTP/1.0" else 11
        self.code = self.status = status
        self.reason = reason.strip()
        self.headers = self.msg = self._read_headers()
        self.chunked = (self.headers.get("Transfer-Encoding") or "").lower() == "chunked"
        self.chunk_left = None
        self.length = 0 if status == NO_CONTENT else None if self.chunked else self._length()
        self.will_close = self._closes() or (self.length is None and not self.chunked)

    def _read_status_line(self) -> tuple[str, int, str]:
        found: tuple[str, int, str] = self._read_status()  # type: ignore[attr-defined]  # typeshed leaves it out
        return found

    def _closes(self) -> bool:
        return bool(self._check_close())  # type: ignore[attr-defined]

    def _read_headers(self) -> HTTPMessage:
        found = HTTPMessage()
        for _ in range(MOST_HEADERS + 1):
            line = self.fp.readline(LONGEST_LINE + 1)
            if len(line) > LONGEST_LINE:
                raise LineTooLong("header line")
            if line in (b"\r\n", b"\n", b""):
                return found
            name, _, value = line.decode("latin-1").partition(":")
            found[name.strip()] = value.strip()
        raise HTTPException(f"got more than {MOST_HEADERS} headers")

    def _length(self) -> int | None:
        length = self.headers.get("Content-Length") or ""
        return int(length) if length.isdecimal() else None


class Connection(HTTPConnection):
    """Sends a request at once."""

    response_class = Response
    _held: list[Any] | None = None

    def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Send a request. Raises OSError."""
        self._held = []
        try:
            self.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers.items():
                self.putheader(name, value)
            self.putheader("Content-Length", str(len(body)))
            self.endheaders(body)
        finally:
            held, self._held = self._held, None
        self.send(b"".join(held))

    def send(self, data: Any) -> None:
        """Send it, or hold it back until the request is complete."""
        if self._held is None:
            super().send(data)
        else:
            self._held.append(data)


class TlsConnection(Connection, HTTPSConnection):
    """The same over TLS."""


class UnixConnection(Connection):
    """The same over the Unix socket at `path`."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._socket_path = path

    def connect(self) -> None:
        """Open the socket. Raises OSError."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._socket_path)
