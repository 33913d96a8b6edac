"""Frames arrive as they were sent, in whatever pieces the pipe gives them."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

from luigi.executors.frames import (
    CannotTravel,
    Deliver,
    Drop,
    Dropped,
    Ended,
    Inbox,
    Refused,
    Resume,
    Run,
    Spoken,
    Unreadable,
    pack,
    send,
)
from luigi.interfaces import Message, Progress
from luigi.task import Task

FRAMES = [
    Run(1, Task()),
    Resume(2, "T"),
    Drop("T"),
    Deliver("T", Message("m", {"content": "x"})),
    Ended("DONE", None, (), 0.5, True, None, False),
    Refused("why"),
    Spoken(Progress("T", 1, percentage=5)),
    Dropped("T"),
]


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """A pipe's two ends."""
    ends = os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            continue  # the test has closed it


def test_many_are_read_at_once(pipe: tuple[int, int]) -> None:
    for frame in FRAMES:
        send(pipe[1], pack(frame))
    assert Inbox(pipe[0]).read() == FRAMES


def test_pieces_are_put_together(pipe: tuple[int, int]) -> None:
    inner_reads, inner_writes = os.pipe()
    for frame in FRAMES:
        send(inner_writes, pack(frame))
    data = os.read(inner_reads, 65536)
    os.close(inner_reads)
    os.close(inner_writes)
    inbox, read = Inbox(pipe[0]), []
    for position in range(0, len(data), 3):
        os.write(pipe[1], data[position : position + 3])
        read += inbox.read()
    assert read == FRAMES


def test_one_larger_than_the_pipe_gets_through(pipe: tuple[int, int]) -> None:
    large = Refused("x" * 3_000_000)
    sender = threading.Thread(target=lambda: (send(pipe[1], pack(large)), send(pipe[1], pack(Drop("T")))))
    sender.start()
    inbox, read = Inbox(pipe[0]), []
    while len(read) < 2:
        read += inbox.read()
    sender.join()
    assert read == [large, Drop("T")]


def test_the_end_of_the_pipe_is_the_end(pipe: tuple[int, int]) -> None:
    send(pipe[1], pack(Drop("T")))
    os.close(pipe[1])
    inbox = Inbox(pipe[0])
    assert inbox.read() == [Drop("T")]
    with pytest.raises(EOFError):
        inbox.read()


def test_nobody_reading_is_an_error(pipe: tuple[int, int]) -> None:
    os.close(pipe[0])
    with pytest.raises(BrokenPipeError):
        send(pipe[1], pack(Drop("T")))


def _fail() -> None:
    raise LookupError("not here")


class Odd:
    """Something that can be pickled, and cannot be read."""

    def __reduce__(self) -> tuple[object, ...]:
        return _fail, ()


def test_what_cannot_be_read_does_not_hold_up_the_rest(pipe: tuple[int, int]) -> None:
    send(pipe[1], pack(Spoken(Odd())))  # type: ignore[arg-type]
    send(pipe[1], pack(Drop("T")))
    assert Inbox(pipe[0]).read() == [Unreadable("LookupError('not here')"), Drop("T")]


def test_what_cannot_be_pickled_is_named_with_what_to_do() -> None:
    with pytest.raises(CannotTravel, match="<locals>.<lambda>.* cannot be sent to another process") as told:
        pack(Spoken(lambda: None))  # type: ignore[arg-type]
    assert "top of a module" in told.value.hint
