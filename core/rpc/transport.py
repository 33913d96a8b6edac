"""What carries calls to a scheduler's server: POST over HTTP, HTTPS or a Unix socket, on connections that stay open.

It knows nothing of what the calls mean. Imported when a server is first spoken to: `import luigi` needs no sockets.
"""

from __future__ import annotations

import os
import socket
from base64 import b64encode
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

SCHEMES = ("http", "https", "http+unix")
HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "luigi-kernel"}


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    reason: str
    body: bytes


class Transport:
    """Posts to the server at `url`. Any thread may; each call has a connection to itself.

    `url`: `http://host:port/path`, `https://…`, with `user:password@` before the host for Basic authentication, or
    `http+unix://%2Fpath%2Fof%2Fsocket/path`. `timeout`: seconds until a silent server counts as gone.
    Raises ValueError for a URL that is none of these.
    """

    def __init__(self, url: str, timeout: float) -> None:
        parts = urlsplit(url)
        if parts.scheme not in SCHEMES:
            raise ValueError(f"its scheme is {parts.scheme!r}, not one of {', '.join(SCHEMES)}")
        if not parts.hostname:
            raise ValueError("it names no server")
        self._scheme = parts.scheme
        self._host = unquote(_without_credentials(parts)) if parts.scheme == "http+unix" else parts.hostname
        self._port = None if parts.scheme == "http+unix" else parts.port
        self._path = parts.path.rstrip("/")
        self._timeout = timeout
        self._headers = HEADERS | _authorization(parts)
        self._idle: list[HTTPConnection] = []
        self._pid = os.getpid()
        self.address = f"{parts.scheme}://{_without_credentials(parts)}{self._path}"
        """The URL as it may be shown: without credentials."""

    def post(self, path: str, body: bytes) -> Answer:
        """Send `body` to `path` below the URL. Raises OSError when there is no answer."""
        while True:
            connection = self._take()
            was_open = connection.sock is not None
            try:
                answer = self._exchange(connection, path, body)
            except (OSError, HTTPException) as error:
                connection.close()
                if was_open and isinstance(error, ConnectionError):
                    continue  # the server had closed it meanwhile; nothing is known of the server yet
                if isinstance(error, OSError):
                    raise
                raise ConnectionError(f"what answers does not speak HTTP ({error!r})") from error
            self._idle.append(connection)
            return answer

    def close(self) -> None:
        """Close the connections that are not in use. A later `post` opens new ones."""
        while self._idle:
            self._idle.pop().close()

    def _exchange(self, connection: HTTPConnection, path: str, body: bytes) -> Answer:
        connection.request("POST", f"{self._path}/{path}", body, self._headers)
        with connection.getresponse() as response:
            return Answer(response.status, response.reason, response.read())

    def _take(self) -> HTTPConnection:
        if self._pid != os.getpid():  # a forked child must not talk on its parent's connections
            self._pid, self._idle = os.getpid(), []
        try:
            return self._idle.pop()
        except IndexError:
            return self._connection()

    def _connection(self) -> HTTPConnection:
        if self._scheme == "http+unix":
            return _UnixConnection(self._host, self._timeout)
        kind = HTTPSConnection if self._scheme == "https" else HTTPConnection
        return kind(self._host, self._port, timeout=self._timeout)


class _UnixConnection(HTTPConnection):
    """HTTP over the Unix socket at `path`."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._socket_path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._socket_path)


def _without_credentials(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]


def _authorization(parts: SplitResult) -> dict[str, str]:
    if parts.username is None:
        return {}
    credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Authorization": f"Basic {b64encode(credentials.encode()).decode()}"}
