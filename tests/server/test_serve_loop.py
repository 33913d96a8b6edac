"""The server's loop: many connections, long answers, several calls at once on one; and idle ones are closed."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from luigi.server.config import ServerSettings
from luigi.server.http.connections import Connection
from luigi.server.http.dispatching import Dispatcher
from luigi.server.http.listening import sockets
from luigi.server.http.loop import Loop
from luigi.server.http.serving import House
from luigi.testing import FakeClock

PATIENCE = 60.0
CHUNK = b"x" * 1024 * 1024
CHUNKS = 24
"""More than waitress holds for a reader who is slower: it then has the application wait."""


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"] == "/long":
        start_response("200 OK", [("Content-Length", str(CHUNKS * len(CHUNK)))])
        return iter([CHUNK] * CHUNKS)
    said = environ["wsgi.input"].read() or environ["PATH_INFO"].encode()
    start_response("200 OK", [("Content-Length", str(len(said)))])
    return [said]


@contextmanager
def running(**options: Any) -> Iterator[int]:
    settings = ServerSettings(port=0, address="127.0.0.1", **options)
    listening = sockets(settings)
    house = House(application, listening, settings)
    thread = threading.Thread(target=house.run)
    thread.start()
    try:
        yield listening[0].getsockname()[1]
    finally:
        house.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_many_connections_again_and_again() -> None:
    with running() as port:
        lines = [http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE) for _ in range(60)]
        for turn in range(3):
            for number, line in enumerate(lines):
                line.request("POST", "/", f"{turn} {number}")
            for number, line in enumerate(lines):
                assert line.getresponse().read() == f"{turn} {number}".encode()
        for line in lines[::2]:
            line.close()
        again = [http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE) for _ in range(60)]
        for number, line in enumerate([*again, *lines[1::2]]):  # file numbers of those that went are used again
            line.request("POST", "/", str(number))
            assert line.getresponse().read() == str(number).encode()


class EndsItsCall(Connection):  # type: ignore[misc]
    """Its thread ends the call right after the loop has asked whether it wants to read."""

    accepting, will_close, close_when_flushed, total_outbufs_len = False, False, False, 0

    def __init__(self) -> None:
        self.requests = ["under way"]
        self.asked = 0

    def readable(self) -> bool:
        reads = not self.requests
        self.asked += 1
        self.requests = []
        return reads

    def writable(self) -> bool:
        return False


def test_a_call_that_ends_while_the_loop_looks() -> None:
    """It was not readable a moment ago, and is now: the next turn has to see that."""
    ear, mouth = socket.socketpair()
    with ear, mouth:
        channel = EndsItsCall()
        loop = Loop({ear.fileno(): channel}, Dispatcher((), FakeClock()), FakeClock())
        loop.turn(0)
        loop.turn(0)
        loop.close()
    assert channel.asked == 2


class UnderWay(EndsItsCall):
    """Its thread takes long."""

    def readable(self) -> bool:
        self.asked += 1
        return True


def test_a_call_under_way_is_not_asked_about_in_every_turn() -> None:
    """Among hundreds of them that would be most of the work. Its thread says when there is something to do."""
    ear, mouth = socket.socketpair()
    with ear, mouth:
        channel = UnderWay()
        loop = Loop({ear.fileno(): channel}, Dispatcher((), FakeClock()), FakeClock())
        loop.turn(0)
        asked = channel.asked
        for _ in range(5):
            loop.turn(0)
        assert channel.asked == asked
        loop.restless.add(ear.fileno())
        loop.turn(0)
        loop.close()
    assert channel.asked == asked + 1


def test_an_answer_longer_than_what_is_held() -> None:
    with running() as port:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        line.request("GET", "/long")
        assert len(line.getresponse().read()) == CHUNKS * len(CHUNK)
        line.request("GET", "/short")
        assert line.getresponse().read() == b"/short"


def test_a_long_body() -> None:
    with running() as port:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        line.request("POST", "/", CHUNK * 8)
        assert len(line.getresponse().read()) == 8 * len(CHUNK)


def test_calls_one_behind_the_other() -> None:
    with running() as port, socket.create_connection(("127.0.0.1", port), PATIENCE) as raw:
        calls = [f"GET /{number} HTTP/1.1\r\nHost: x\r\n\r\n" for number in range(9)]
        raw.sendall("".join([*calls, "GET /end HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"]).encode())
        said = b"".join(iter(lambda: raw.recv(65536), b""))
    assert [part[-2:] for part in said.split(b"HTTP/1.1 200 OK")[1:]] == [*(b"/%d" % n for n in range(9)), b"nd"]


def test_a_caller_who_goes_away_in_the_middle() -> None:
    with running() as port:
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as raw:
            raw.sendall(b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
            raw.recv(10)
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        line.request("GET", "/short")
        assert line.getresponse().read() == b"/short"


def test_an_idle_connection_is_closed() -> None:
    with running(idle_timeout=1) as port, socket.create_connection(("127.0.0.1", port), PATIENCE) as raw:
        raw.sendall(b"GET /short HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"".join(iter(lambda: raw.recv(4096), b"")).endswith(b"/short")


def test_no_more_connections_than_allowed() -> None:
    with running(connections=30) as port:
        lines = [http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE) for _ in range(40)]
        for line in lines:
            line.connect()
        first, last = lines[0], lines[-1]
        first.request("GET", "/first")
        assert first.getresponse().read() == b"/first"
        last.request("GET", "/last")
        for line in lines[:-1]:
            line.close()
        assert last.getresponse().read() == b"/last"


class Sends(Connection):  # type: ignore[misc]
    """Has something to send."""

    will_close, close_when_flushed, total_outbufs_len = False, False, 1

    def __init__(self) -> None:
        self.outbuf_lock = threading.Condition()


def test_while_a_thread_sends_the_loop_does_not_wait_to() -> None:
    """It would turn round and round: a socket nearly always takes more. What is left when the thread ends is its."""
    channel, sending, over = Sends(), threading.Event(), threading.Event()

    def send() -> None:
        with channel.outbuf_lock:
            sending.set()
            over.wait(PATIENCE)

    thread = threading.Thread(target=send)
    thread.start()
    assert sending.wait(PATIENCE)
    assert not channel.writable()
    over.set()
    thread.join(PATIENCE)
    assert channel.writable()
