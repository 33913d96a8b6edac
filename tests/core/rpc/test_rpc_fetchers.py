"""Luigi's classes for a single request, on a server of the standard library."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from luigi.rpc import HAS_REQUESTS, HAS_UNIX_SOCKET, URLLibFetcher


class Echo(BaseHTTPRequestHandler):
    """Answers with the path and body it was sent, and 500 to `/broken`."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.send_response(500 if self.path == "/broken" else 200)
        self.end_headers()
        self.wfile.write(f"{self.path} {body} {self.headers.get('Authorization')}".encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_form_is_posted(url: str) -> None:
    fetcher = URLLibFetcher()
    assert fetcher.fetch(f"http://{url}/api/ping", {"data": "{}"}, 5) == "/api/ping data=%7B%7D None"
    assert fetcher.fetch(f"http://me:pw@{url}/x", {}, 5) == "/x  Basic bWU6cHc="
    fetcher.close()


def test_what_goes_wrong_is_among_what_it_says_it_raises(url: str) -> None:
    with pytest.raises(URLLibFetcher.raises, match="500"):
        URLLibFetcher().fetch(f"http://{url}/broken", {}, 5)
    with pytest.raises(URLLibFetcher.raises):
        URLLibFetcher().fetch("http://127.0.0.1:1/", {}, 5)


def test_what_there_is() -> None:
    import socket

    assert hasattr(socket, "AF_UNIX") == HAS_UNIX_SOCKET
    try:
        from luigi.rpc import RequestsFetcher

        RequestsFetcher().close()
    except ImportError:
        assert not HAS_REQUESTS
    else:
        assert HAS_REQUESTS
