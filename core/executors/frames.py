"""The frames that the supervisor and a child process send each other, and how they travel through a pipe.

A frame is a length, and the pickle of the frame's number among `KINDS` and its fields.
"""

from __future__ import annotations

import os
import pickle
import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from luigi.errors import KernelError
from luigi.interfaces import Answer, Message, Progress

if TYPE_CHECKING:
    from luigi.task import Task

PROTOCOL = 5
_LENGTH = struct.Struct("<I")
_CHUNK = 65536
"""Bytes read at a time: what a pipe holds on most systems."""


class CannotTravel(KernelError):
    """Something cannot be sent to another process, or not be read there."""

    def __init__(self, what: object, reason: object) -> None:
        super().__init__(f"{what} cannot be sent to another process: {reason}")
        self.hint = "define its class at the top of a module, and give it values that can be pickled"


# --- to the child --------------------------------------------------------------------------------------------------


class Run(NamedTuple):
    """Run this task from the start."""

    token: int
    task: Task


class Resume(NamedTuple):
    """Go on with a suspended task."""

    token: int
    task_id: str


class Drop(NamedTuple):
    """Give up a suspended task."""

    task_id: str


class Deliver(NamedTuple):
    """Give a running task a message."""

    task_id: str
    message: Message


# --- to the supervisor ---------------------------------------------------------------------------------------------


class Ended(NamedTuple):
    """How the child's job ended. All fields but the last two as in `interfaces.Outcome`."""

    status: str
    explanation: str | None
    missing: Sequence[str]
    seconds: float
    retriable: bool
    wanted: bytes | None
    """The new requirements, packed by `parcels`; None when there are none."""
    is_full: bool
    """Whether the process now holds more memory than it may."""


class Refused(NamedTuple):
    """The child cannot make the task of what it was sent."""

    reason: str
    module: str = ""
    """The module that is not there, if that is why."""


class Spoken(NamedTuple):
    """Something that a running task says to the scheduler."""

    said: Progress | Answer


class Dropped(NamedTuple):
    """A suspended task was given up."""

    task_id: str


# --- to nobody -----------------------------------------------------------------------------------------------------


class Unreadable(NamedTuple):
    """What `Inbox` gives in the place of a frame that cannot be read. Fields as in `Refused`."""

    reason: str
    module: str = ""


Frame = Run | Resume | Drop | Deliver | Ended | Refused | Spoken | Dropped | Unreadable

KINDS: tuple[type[Any], ...] = (Run, Resume, Drop, Deliver, Ended, Refused, Spoken, Dropped)
_NUMBERS = {kind: number for number, kind in enumerate(KINDS)}


def pack(frame: Frame) -> bytes:
    """The frame as it travels. Raises CannotTravel."""
    try:
        body = pickle.dumps((_NUMBERS[type(frame)], *frame), PROTOCOL)
    except Exception as error:  # what a value's own __reduce__ may raise is anybody's guess
        raise CannotTravel(frame[-1], error) from error
    return _LENGTH.pack(len(body)) + body


def send(fd: int, data: bytes) -> None:
    """Write a packed frame into a pipe, waiting while that is full. Raises BrokenPipeError when nobody reads it."""
    written = os.write(fd, data)
    while written < len(data):
        written += os.write(fd, memoryview(data)[written:])


class Inbox:
    """The reading end of a pipe of frames."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self._rest = bytearray()

    def read(self) -> list[Frame]:
        """Wait until something arrives, and give the frames that are whole by now: perhaps none.

        Raises EOFError when nobody writes any more.
        """
        data: bytes | bytearray = os.read(self.fd, _CHUNK)
        if not data:
            raise EOFError
        if self._rest:
            self._rest += data
            data = self._rest
        frames: list[Frame] = []
        start, end = 0, _end(data, 0)
        while end <= len(data):
            frames.append(_read(data[start + _LENGTH.size : end]))
            start, end = end, _end(data, end)
        self._rest = bytearray() if start == len(data) else bytearray(data[start:]) if start else bytearray(data)
        return frames


def _end(data: bytes | bytearray, start: int) -> int:
    """Where the frame at `start` ends: beyond the data when that is not known yet."""
    if len(data) - start < _LENGTH.size:
        return len(data) + 1
    length: int = _LENGTH.unpack_from(data, start)[0]
    return start + _LENGTH.size + length


def _read(body: bytes | bytearray) -> Frame:
    try:
        number, *fields = pickle.loads(body)
    except Exception as error:  # importing the module of a task runs that module's code
        return Unreadable(repr(error), (error.name or "") if isinstance(error, ImportError) else "")
    return KINDS[number]._make(fields)  # type: ignore[no-any-return]
