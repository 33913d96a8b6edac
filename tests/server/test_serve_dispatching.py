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
        self.path, self.content_length = path, length


class Line:
    """A connection with a call: notes in which thread it is answered, and takes so many seconds for that."""

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


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    said = threading.current_thread().name.encode()
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
