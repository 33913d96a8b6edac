"""An HTTP server on the loopback that keeps what it is sent: the other end of webhooks and services, in tests.

with HttpSink() as sink:
    requests.post(sink.url + "hook", json={"text": "hello"})
    assert sink.requests[0].json() == {"text": "hello"}
"""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

from luigi.testing.http_server import Answer, HttpServer, Request

__all__ = ["HttpSink", "Request"]


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
        self._server = HttpServer(self._answer)

    @property
    def port(self) -> int:
        """Of the loopback, chosen by the system."""
        return self._server.port

    @property
    def url(self) -> str:
        """Where it listens, with a slash at the end."""
        return f"{self._server.url}/"

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

    def _answer(self, request: Request) -> Answer:
        self.take(request)
        return Answer(self.status, self.body, {"Connection": "close"})  # or one that is kept would outlive `close()`

    def close(self) -> None:
        """Stop listening; whoever still waits for an answer gets it."""
        self.answering.set()
        self._server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
