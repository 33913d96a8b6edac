"""WebHDFS where the server is away for a while: what is asked again, and what is not."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import hdfs as package
import pytest
import requests

from luigi.contrib.hdfs import WebHdfsClient
from luigi.testing.ports import free_port

IS_THERE = {"FileStatus": {"type": "FILE", "length": 0, "pathSuffix": ""}}


class Namenode(ThreadingHTTPServer):
    """Stands in for a namenode: knows one file, and is away as often as the test says."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.away: list[int | None] = []
        """The statuses of the next answers; None for a connection that is closed without one."""
        self.asked: list[str] = []


class _Answers(BaseHTTPRequestHandler):
    server: Namenode

    def do_GET(self) -> None:
        self.server.asked.append(self.command)
        status = self.server.away.pop(0) if self.server.away else 200
        if status is None:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        body = json.dumps(IS_THERE).encode() if status == 200 else b"a proxy, with nobody behind it"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Retry-After", "3600")
        self.end_headers()
        self.wfile.write(body)

    do_PUT = do_DELETE = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """It goes without saying."""


@pytest.fixture
def namenode() -> Iterator[Namenode]:
    with Namenode() as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def client_of(server: Namenode) -> WebHdfsClient:
    return WebHdfsClient(host="127.0.0.1", port=server.server_address[1], user="me")


@pytest.mark.parametrize("away", [[503], [502, 504], [None], [None, 503]])
def test_a_question_is_asked_again(namenode: Namenode, away: list[int | None]) -> None:
    namenode.away = list(away)
    assert client_of(namenode).exists("/file")
    assert namenode.asked == ["GET"] * (len(away) + 1)


def test_not_for_ever(namenode: Namenode, configured: Any) -> None:
    configured("webhdfs", attempts="2")
    namenode.away = [503] * 9
    with pytest.raises(package.HdfsError):
        client_of(namenode).exists("/file")
    assert namenode.asked == ["GET"] * 2


@pytest.mark.parametrize("away", [503, None])
def test_an_order_is_given_once(namenode: Namenode, away: int | None) -> None:
    namenode.away = [away]
    with pytest.raises((package.HdfsError, requests.ConnectionError)):
        client_of(namenode).client.rename("/a", "/b")
    assert "PUT" in namenode.asked
    assert namenode.asked.count("PUT") == 1


def test_a_server_that_is_not_there(configured: Any) -> None:
    configured("webhdfs", attempts="2")
    port = free_port()
    with pytest.raises(requests.ConnectionError, match="refused"):
        WebHdfsClient(host="127.0.0.1", port=port).exists("/file")
