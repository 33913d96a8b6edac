"""What carries calls to a scheduler's server: over HTTP, HTTPS or a Unix socket, on connections that stay open.

It knows nothing of what the calls mean. Imported when a server is first spoken to: `import luigi` needs no sockets.
"""

from __future__ import annotations

import os
from base64 import b64encode
from functools import cached_property
from http.client import HTTPException
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from luigi.rpc.connections import Connection, TlsConnection, UnixConnection

if TYPE_CHECKING:
    from ssl import SSLContext

SCHEMES = ("http", "https", "http+unix")
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    reason: str
    body: bytes
    media: str = ""
    """What kind of thing the body is."""
    retry_after: float | None = None
    """Seconds after which the server wants to be asked again, if it says so."""


class Transport:
    """Asks the server at `url`. Any thread may; each call has a connection to itself.

    `url`: `http://host:port/path`, `https://…`, with `user:password@` before the host for Basic authentication, or
    `http+unix://%2Fpath%2Fof%2Fsocket/path`. `timeout`: seconds until a silent server counts as gone. `token`: said to
    a server whose URL has no password. `ca_file`: the certificates that are believed, in place of the machine's.
    Raises ValueError for a URL that is none of these.
    """

    def __init__(self, url: str, timeout: float, token: str = "", ca_file: str = "") -> None:
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
        self._ca_file = ca_file
        self._headers = {"User-Agent": "luigi-kernel"} | _authorization(parts, token)
        self._idle: list[Connection] = []
        self._pid = os.getpid()
        self.address = f"{parts.scheme}://{_without_credentials(parts)}{self._path}"
        """The URL as it may be shown: without credentials."""

    def post(self, path: str, body: bytes, media: str = FORM) -> Answer:
        """Send `body` to `path` below the URL. Raises OSError when there is no answer."""
        return self.ask("POST", path, body, media)

    def ask(self, method: str, path: str, body: bytes = b"", media: str = JSON) -> Answer:
        """As `post`, by any method of HTTP."""
        while True:
            connection = self._take()
            was_open = connection.sock is not None
            try:
                answer = self._exchange(connection, method, path, body, media)
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
        """Close the connections that are not in use. A later call opens new ones."""
        while self._idle:
            self._idle.pop().close()

    def _exchange(self, connection: Connection, method: str, path: str, body: bytes, media: str) -> Answer:
        connection.ask(method, f"{self._path}/{path}", body, {**self._headers, "Content-Type": media})
        with connection.getresponse() as response:
            said = response.headers
            kind = (said.get("Content-Type") or "").partition(";")[0]
            return Answer(response.status, response.reason, response.read(), kind, _seconds(said.get("Retry-After")))

    def _take(self) -> Connection:
        if self._pid != os.getpid():  # a forked child must not talk on its parent's connections
            self._pid, self._idle = os.getpid(), []
        try:
            return self._idle.pop()
        except IndexError:
            return self._connection()

    def _connection(self) -> Connection:
        if self._scheme == "http+unix":
            return UnixConnection(self._host, self._timeout)
        if self._scheme == "https":
            return TlsConnection(self._host, self._port, timeout=self._timeout, context=self._trust)
        return Connection(self._host, self._port, timeout=self._timeout)

    @cached_property
    def _trust(self) -> SSLContext:
        """Whose certificates are believed. Raises OSError for a file that cannot be read."""
        import ssl

        try:
            return ssl.create_default_context(cafile=self._ca_file or None)
        except OSError as error:
            raise OSError(f"[core] rpc_ca_file {self._ca_file}: {error.strerror or error}") from error


def _without_credentials(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]


def _authorization(parts: SplitResult, token: str) -> dict[str, str]:
    if parts.username is not None:
        credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        return {"Authorization": f"Basic {b64encode(credentials.encode()).decode()}"}
    return {"Authorization": f"Bearer {token}"} if token else {}


def _seconds(told: str | None) -> float | None:
    """What `Retry-After` says in seconds; a date is of no use to those whose clocks differ."""
    return float(told) if told is not None and told.isdigit() else None
