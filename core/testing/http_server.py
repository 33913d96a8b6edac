"""An HTTP server on the loopback that answers by a function: what stands in for a service in tests.

def answer(request):
    return Answer.of_json({"version": 3}) if request.path == "/version" else Answer(404)

with HttpServer(answer) as service:
    client = MyClient(service.url)
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType, TracebackType
from typing import Any, NamedTuple, Self

NONE: Mapping[str, str] = MappingProxyType({})


class Request(NamedTuple):
    """One request, as it came."""

    method: str
    path: str
    """With its query, if any."""
    headers: Mapping[str, str]
    """Names in small letters."""
    body: bytes

    def json(self) -> Any:
        """The body read as JSON. Raises ValueError when it is none."""
        return json.loads(self.body)


class Answer(NamedTuple):
    """What is sent back."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = NONE
    """Without Content-Length, which the body says; but for HEAD, where it may stand for that of another body."""
    breaks_after: int | None = None
    """Bytes of the body after which the connection breaks; None for all of it."""

    @classmethod
    def of_json(cls, said: Any, status: int = 200, headers: Mapping[str, str] = NONE) -> Self:
        """One whose body is JSON."""
        return cls(status, json.dumps(said).encode(), {"Content-Type": "application/json", **headers})


class HttpServer:
    """Answers by `answer`, each request in a thread; where that gives None, the connection is closed in silence."""

    def __init__(self, answer: Callable[[Request], Answer | None]) -> None:
        self._server = _Server(("127.0.0.1", 0), _handler_for(answer))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Of the loopback, chosen by the system."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away before its answer is no news to a test."""


def _handler_for(answer: Callable[[Request], Answer | None]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # a head and its body in one packet

        def handle_request(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.casefold(): value for name, value in self.headers.items()}
            given = answer(Request(self.command, self.path, headers, body))
            if given is None:
                self.close_connection = True
            else:
                self._send(given)

        def _send(self, given: Answer) -> None:
            self.send_response_only(given.status)
            for name, value in _headers(given, self.command).items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(given.body[: given.breaks_after])
            if given.breaks_after is not None:
                self.close_connection = True

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_request

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: who answers knows what came."""

    return Handler


def _headers(given: Answer, method: str) -> dict[str, str]:
    said = {name: value for name, value in given.headers.items() if name.casefold() != "content-length"}
    if method == "HEAD" and len(said) < len(given.headers):
        return dict(given.headers)
    return {**said, "Content-Length": str(len(given.body))}
