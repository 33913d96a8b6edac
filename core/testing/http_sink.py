"""An HTTP server on the loopback that keeps what it is sent: the other end of webhooks and services, in tests.

with HttpSink() as sink:
    requests.post(sink.url + "hook", json={"text": "hello"})
    assert sink.requests[0].json() == {"text": "hello"}
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self


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


class HttpSink:
    """Takes every request, at any path, and answers all alike."""

    def __init__(self, status: int = 200, body: bytes = b"ok") -> None:
        self.status, self.body = status, body
        """What is answered; may be changed between two requests."""
        self.answering = threading.Event()
        """While it is cleared requests are taken, and not answered."""
        self.answering.set()
        self._requests: list[Request] = []
        self._came = threading.Condition()
        self._server = _Server(("127.0.0.1", 0), _handler_for(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Of the loopback, chosen by the system."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Where it listens, with a slash at the end."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def requests(self) -> list[Request]:
        """What has come so far, in order."""
        with self._came:
            return list(self._requests)

    def wait_for(self, count: int, timeout: float = 10.0) -> list[Request]:
        """The requests, once there are `count`. Raises TimeoutError when there are fewer after `timeout` seconds."""
        with self._came:
            if not self._came.wait_for(lambda: len(self._requests) >= count, timeout):
                raise TimeoutError(f"{len(self._requests)} of {count} requests came within {timeout:g} seconds")
            return list(self._requests)

    def take(self, request: Request) -> None:
        """Keep it, and hold it as long as nothing is to be answered."""
        with self._came:
            self._requests.append(request)
            self._came.notify_all()
        self.answering.wait()

    def close(self) -> None:
        """Stop listening; whoever still waits for an answer gets it."""
        self.answering.set()
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


def _handler_for(sink: HttpSink) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.casefold(): value for name, value in self.headers.items()}
            sink.take(Request(self.command, self.path, headers, body))
            self.send_response(sink.status)
            self.send_header("Content-Length", str(len(sink.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(sink.body)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_one

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: what came is in `requests`."""

    return Handler
