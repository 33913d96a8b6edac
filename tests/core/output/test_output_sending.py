"""Output is sent soon, once, and never at the run's expense."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from threading import Event
from typing import Any

import pytest

from luigi.clock import SYSTEM
from luigi.output.handed_in import Printed
from luigi.output.sending import FAREWELL, Sending
from luigi.output.sink import Speaker
from luigi.rpc.failures import NotSpoken, RPCError, SchedulerAway

ONE, OTHER = Speaker("A_1", 1), Speaker("B_1", 2)


class Server:
    """Takes output as a scheduler's server does; `answers` says what the next calls come to, errors are raised."""

    def __init__(self) -> None:
        self.calls: list[list[Printed]] = []
        self.answers: list[Any] = []
        self.goes_on = Event()
        self.goes_on.set()

    def output(self, worker: str, attempts: Sequence[Printed]) -> Sequence[int]:
        self.calls.append(list(attempts))
        self.goes_on.wait(30)
        answer = self.answers.pop(0) if self.answers else []
        if isinstance(answer, Exception):
            raise answer
        found: Sequence[int] = answer
        return found

    @property
    def text(self) -> str:
        return "".join(piece.text for call in self.calls for printed in call for piece in printed.pieces)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def sending(server: Server) -> Iterator[Sending]:
    sending = Sending(server, "w", lambda: False)
    yield sending
    server.goes_on.set()
    sending.close()


def until(holds: Callable[[], Any]) -> None:
    end = SYSTEM.monotonic() + 20
    while not holds():
        assert SYSTEM.monotonic() < end
        SYSTEM.sleep(0.01)


def test_what_is_printed_arrives_together(sending: Sending, server: Server) -> None:
    sending.printed(ONE, 10.0, "stdout", "a\n")
    sending.printed(OTHER, 10.0, "stdout", "b\n")
    sending.ended(OTHER, 11.0)
    until(lambda: server.calls)
    assert [(printed.attempt, printed.ended) for printed in server.calls[0]] == [(1, None), (2, 11.0)]


def test_without_output_there_is_no_thread_and_no_call(server: Server) -> None:
    sending = Sending(server, "w", lambda: False)
    sending.close()
    assert server.calls == []


def test_the_end_of_a_run_sends_what_is_left(server: Server) -> None:
    sending = Sending(server, "w", lambda: False)
    for number in range(100):
        sending.printed(Speaker("A_1", number), 10.0, "stdout", "x" * 16_000)
    sending.close()
    assert len(server.text) == 1_600_000


def test_what_got_no_answer_is_sent_again_as_it_was(sending: Sending, server: Server) -> None:
    server.answers = [SchedulerAway("gone")]
    sending.printed(ONE, 10.0, "stdout", "first")
    until(lambda: len(server.calls) == 1)
    sending.printed(ONE, 11.0, "stdout", "second")
    until(lambda: len(server.calls) == 3)
    assert server.calls[0] == server.calls[1]
    ((_, _, first, pieces, _),) = server.calls[2]
    assert (first, [piece.text for piece in pieces]) == (1, ["second"])


def test_nothing_is_tried_while_the_server_is_known_to_be_away(server: Server) -> None:
    away = Event()
    away.set()
    sending = Sending(server, "w", away.is_set)
    sending.printed(ONE, 10.0, "stdout", "x")
    SYSTEM.sleep(1.0)
    assert server.calls == []
    away.clear()
    until(lambda: server.calls)
    sending.close()


def test_a_server_that_hangs_holds_up_nobody_for_long(server: Server) -> None:
    server.goes_on.clear()
    sending = Sending(server, "w", lambda: False)
    sending.printed(ONE, 10.0, "stdout", "x")
    until(lambda: server.calls)
    began = SYSTEM.monotonic()
    for _ in range(1000):
        sending.printed(ONE, 10.0, "stdout", "x" * 16_000)
    assert SYSTEM.monotonic() - began < 5
    sending.close()
    assert SYSTEM.monotonic() - began < FAREWELL + 5
    server.goes_on.set()


def test_of_refused_attempts_nothing_more_is_sent(sending: Sending, server: Server) -> None:
    server.answers = [[1], RPCError("none is yours", status=409)]
    sending.printed(ONE, 10.0, "stdout", "a")
    sending.printed(OTHER, 10.0, "stdout", "b")
    until(lambda: len(server.calls) == 1)
    sending.printed(ONE, 11.0, "stdout", "a")
    sending.printed(OTHER, 11.0, "stdout", "b")
    until(lambda: len(server.calls) == 2)
    sending.printed(ONE, 12.0, "stdout", "a")
    sending.printed(Speaker("C_1", 3), 12.0, "stdout", "c")
    until(lambda: len(server.calls) == 3)
    assert [[printed.attempt for printed in call] for call in server.calls] == [[1, 2], [2], [3]]


@pytest.mark.parametrize(
    ("error", "level"),
    [
        (NotSpoken("what is that?"), logging.DEBUG),
        (RPCError("no such path", status=404), logging.DEBUG),
        (RPCError("for workers", status=403), logging.WARNING),
    ],
)
def test_a_server_that_takes_none_is_left_alone(
    sending: Sending, server: Server, error: RPCError, level: int, caplog: pytest.LogCaptureFixture
) -> None:
    server.answers = [error]
    with caplog.at_level(logging.DEBUG, "luigi-interface"):
        sending.printed(ONE, 10.0, "stdout", "a")
        until(lambda: caplog.records)
    sending.printed(ONE, 11.0, "stdout", "b")
    sending.close()
    assert len(server.calls) == 1
    assert [record.levelno for record in caplog.records if "is not sent" in record.message] == [level]
