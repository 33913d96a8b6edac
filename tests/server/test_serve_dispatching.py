"""Who answers a call: the loop itself, a quick one that comes alone, and threads all others; and how it is sent."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from luigi.server.config import ServerSettings
from luigi.server.http.dispatching import A_WHILE, HELD_UP, SMALL, Dispatcher
from luigi.server.http.listening import sockets
from luigi.server.http.serving import House
from luigi.testing import FakeClock

PATIENCE = 60.0


class Request:
    error = None

    def __init__(self, path: str, length: int = 0) -> None:
        self.path, self.body_bytes_received = path, length


class Line:
    """A connection with a call: notes in which thread it is answered, and takes so many seconds for that."""

    total_outbufs_len = 0

    def __init__(self, clock: FakeClock, path: str = "/quick", length: int = 0, takes: float = 0) -> None:
        self.requests = [Request(path, length)]
        self._clock, self._takes = clock, takes
        self.answered = threading.Event()
        self.by = ""

    def service(self) -> None:
        self._clock.advance(self._takes)
        self.by = threading.current_thread().name
        self.answered.set()

    def cancel(self) -> None:
        raise AssertionError("nobody answers")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def dispatcher(clock: FakeClock) -> Iterator[Dispatcher]:
    made = Dispatcher({"/quick"}, clock)
    made.set_thread_count(2)
    yield made
    made.shutdown(timeout=5)


def answered_by_loop(dispatcher: Dispatcher, *lines: Line) -> list[bool]:
    dispatcher.begin()
    for line in lines:
        dispatcher.add_task(line)
    assert not any(line.answered.is_set() for line in lines)  # waitress holds its lock while it reads
    dispatcher.end()
    assert all(line.answered.wait(PATIENCE) for line in lines)
    return [line.by == threading.current_thread().name for line in lines]


def test_a_quick_call_that_comes_alone_is_the_loops(dispatcher: Dispatcher, clock: FakeClock) -> None:
    assert answered_by_loop(dispatcher, Line(clock)) == [True]


def test_calls_that_come_together_are_for_threads(dispatcher: Dispatcher, clock: FakeClock) -> None:
    assert answered_by_loop(dispatcher, Line(clock), Line(clock)) == [False, False]


def test_other_calls_and_big_ones_are_for_threads(dispatcher: Dispatcher, clock: FakeClock) -> None:
    assert answered_by_loop(dispatcher, Line(clock, "/history")) == [False]
    assert answered_by_loop(dispatcher, Line(clock, length=SMALL + 1)) == [False]


def test_where_something_is_still_to_be_sent_threads_wait(dispatcher: Dispatcher, clock: FakeClock) -> None:
    deaf, hasty = Line(clock), Line(clock)
    deaf.total_outbufs_len = 1
    hasty.requests.append(Request("/quick"))
    assert answered_by_loop(dispatcher, deaf) == [False]
    assert answered_by_loop(dispatcher, hasty) == [False]


def test_what_a_thread_hands_on_is_for_threads(dispatcher: Dispatcher, clock: FakeClock) -> None:
    """The next call of a connection, found when the one before was answered."""
    line = Line(clock)
    dispatcher.add_task(line)
    assert line.answered.wait(PATIENCE)
    assert line.by != threading.current_thread().name


def test_one_slow_call_changes_nothing_many_do_for_a_while(dispatcher: Dispatcher, clock: FakeClock) -> None:
    assert answered_by_loop(dispatcher, Line(clock, takes=5 * HELD_UP)) == [True]
    slow = [answered_by_loop(dispatcher, Line(clock, takes=3 * HELD_UP))[0] for _ in range(20)]
    assert slow[0]
    assert not slow[-1]
    clock.advance(A_WHILE)
    assert answered_by_loop(dispatcher, Line(clock)) == [True]


# --- over a socket -------------------------------------------------------------------------------------------------


LONG = 32 * 1024 * 1024
"""Twice of what waitress holds for a reader who is slower."""


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    said = bytes(LONG) if environ["PATH_INFO"] == "/long" else threading.current_thread().name.encode()
    start_response("200 OK", [("Content-Length", str(len(said)))])
    return [said]


@contextmanager
def running() -> Iterator[int]:
    settings = ServerSettings(port=0, address="127.0.0.1")
    listening = sockets(settings)
    house = House(application, listening, settings, quick={"/quick"})
    thread = threading.Thread(target=house.run, name="the-loop")
    thread.start()
    try:
        yield listening[0].getsockname()[1]
    finally:
        house.stop()
        thread.join(PATIENCE)


def test_the_loop_goes_on_after_calls_of_its_own() -> None:
    """After one that a thread has answered the next may come before the thread is done: then it has that one too."""
    with running() as port:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        found = []
        for path in ("/quick", "/quick", "/quick", "/other", "/other", "/quick", "/other"):
            line.request("GET", path)
            found.append((path, line.getresponse().read().decode() == "the-loop"))
    assert found[:3] == [("/quick", True)] * 3
    assert [by_loop for path, by_loop in found if path == "/other"] == [False] * 3


def test_head_and_body_are_sent_in_one_piece() -> None:
    with running() as port, socket.create_connection(("127.0.0.1", port), PATIENCE) as raw:
        for path in ("/quick", "/other"):
            raw.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            head, _, body = raw.recv(65536).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 OK")
            assert body


def ask(port: int, path: str) -> str:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    line.request("GET", path)
    said = line.getresponse().read().decode()
    line.close()
    return said


def test_a_caller_who_does_not_read_holds_up_nobody() -> None:
    """A quick call behind a long answer that is left unread: the loop would wait for itself to send that."""
    with running() as port, socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        deaf.settimeout(PATIENCE)
        deaf.connect(("127.0.0.1", port))
        deaf.sendall(b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
        said = deaf.recv(1)
        for _ in range(20):  # meanwhile the thread has ended the long call
            ask(port, "/other")
        deaf.sendall(b"GET /quick HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        for _ in range(5):
            assert ask(port, "/quick")
        said += b"".join(iter(lambda: deaf.recv(1 << 20), b""))
    assert said.count(b"HTTP/1.1 200 OK") == 2
    assert len(said) > LONG


def test_a_big_body_that_comes_in_chunks_is_for_threads() -> None:
    with running() as port, socket.create_connection(("127.0.0.1", port), PATIENCE) as raw:
        body = bytes(SMALL + 1)
        chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
        raw.sendall(
            b"POST /quick HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
        )
        said = b"".join(iter(lambda: raw.recv(4096), b""))
    assert said.startswith(b"HTTP/1.1 200 OK")
    assert not said.endswith(b"the-loop")
