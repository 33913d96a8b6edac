"""How a server ends: calls under way are answered, nobody new is let in, and it does not take long."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any

import pytest

from luigi.server.config import ServerSettings
from luigi.server.http.listening import sockets
from luigi.server.http.serving import RUNNING, House

PATIENCE = 30.0


class SlowApplication:
    """Answers once it may."""

    def __init__(self) -> None:
        self.asked, self.may_answer = threading.Event(), threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/slow":
            self.asked.set()
            assert self.may_answer.wait(PATIENCE)
        start_response("200 OK", [("Content-Length", "8")])
        return [b"answered"]


@pytest.fixture
def application() -> Iterator[SlowApplication]:
    made = SlowApplication()
    yield made
    made.may_answer.set()


@contextmanager
def running(application: Any, **options: Any) -> Iterator[tuple[House, threading.Thread, int]]:
    settings = ServerSettings(port=0, address="127.0.0.1")
    listening = sockets(settings)
    port = listening[0].getsockname()[1]
    house = House(application, listening, settings, **options)
    thread = threading.Thread(target=house.run)
    thread.start()
    try:
        yield house, thread, port
    finally:
        house.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def ask(port: int, path: str = "/") -> HTTPConnection:
    line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    line.request("GET", path)
    return line


def test_a_call_under_way_is_answered(application: SlowApplication) -> None:
    with running(application) as (house, thread, port):
        line = ask(port, "/slow")
        assert application.asked.wait(PATIENCE)
        house.stop()
        thread.join(0.3)
        assert thread.is_alive()
        application.may_answer.set()
        assert line.getresponse().read() == b"answered"
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_nobody_new_is_let_in(application: SlowApplication) -> None:
    with running(application) as (house, _, port):
        kept = ask(port)
        assert kept.getresponse().read() == b"answered"
        slow = ask(port, "/slow")
        assert application.asked.wait(PATIENCE)
        house.stop()
        with pytest.raises(OSError):
            for _ in range(1000):  # the sockets close a moment later
                HTTPConnection("127.0.0.1", port, timeout=0.1).connect()
        with pytest.raises(OSError):
            kept.request("GET", "/")
            kept.getresponse()
        application.may_answer.set()
        assert slow.getresponse().read() == b"answered"


def test_idle_connections_do_not_hold_it_up(application: SlowApplication) -> None:
    with running(application) as (house, thread, port):
        idle = ask(port)
        idle.getresponse().read()
        house.stop()
        thread.join(5)
        assert not thread.is_alive()


def test_a_call_that_never_ends_is_cut_off(application: SlowApplication, caplog: pytest.LogCaptureFixture) -> None:
    with running(application, grace=0.2) as (house, thread, port):
        line = ask(port, "/slow")
        assert application.asked.wait(PATIENCE)
        house.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()
        with pytest.raises(OSError):
            line.getresponse()
    assert "not answered within 0.2 seconds" in caplog.text


def test_stopping_twice_and_before_the_start(application: SlowApplication) -> None:
    with running(application) as (house, thread, _):
        house.stop()
        house.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()
        house.stop()


def test_all_of_a_process_stop(application: SlowApplication) -> None:
    with running(application) as (one, first, _), running(application) as (other, second, _):
        with RUNNING(one), RUNNING(other):
            RUNNING.stop()
            first.join(PATIENCE)
            second.join(PATIENCE)
        assert not first.is_alive()
        assert not second.is_alive()


def test_what_is_no_http_is_a_problem(application: SlowApplication) -> None:
    import socket

    with running(application) as (_, _, port), socket.create_connection(("127.0.0.1", port), PATIENCE) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n")
        said = b"".join(iter(lambda: raw.recv(4096), b""))
    head, _, body = said.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request")
    assert b"application/problem+json" in head
    assert b"Server:" not in head
    assert json.loads(body)["status"] == 400
