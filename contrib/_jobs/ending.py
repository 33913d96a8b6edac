"""Ends what runs elsewhere when the task that waits for it is given up."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

logger = logging.getLogger("luigi-interface")


class _Terminated(BaseException):
    """SIGTERM came: a time-out, an operator, or the end of the worker."""


@contextmanager
def ending(end: Callable[[], object]) -> Iterator[None]:
    """Call `end` when what is inside is left by an exception, by Ctrl-C or by SIGTERM, and go on with that.

    SIGTERM is how executors end a task: `[processes] kill_grace` seconds later (5) what is left is killed, so `end`
    has to be quick. It is heard of in the main thread only, as Python has it: elsewhere the first two remain.
    An `end` that fails is logged, and does not hide why it was called.
    """
    if not _is_heard():
        with _ended_by_exceptions(end):
            yield
        return
    before = signal.signal(signal.SIGTERM, _raise)
    try:
        with _ended_by_exceptions(end):
            yield
    except _Terminated:
        signal.signal(signal.SIGTERM, before)
        _go_on_ending()
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let SIGTERM wait until what is inside is over: a job that is submitted, or ended, half-way goes on unseen."""
    if not _is_heard():
        yield
        return
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: heard.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        if heard:
            os.kill(os.getpid(), signal.SIGTERM)


def _is_heard() -> bool:
    """Whether SIGTERM is for us to take: not in other threads, and not where it is ignored."""
    in_main = threading.current_thread() is threading.main_thread()
    return in_main and signal.getsignal(signal.SIGTERM) not in (signal.SIG_IGN, None)


@contextmanager
def _ended_by_exceptions(end: Callable[[], object]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        _end(end)
        raise


def _end(end: Callable[[], object]) -> None:
    try:
        with undisturbed():
            end()
    except Exception:
        logger.exception("what the task had started could not be ended, and may go on")


def _go_on_ending() -> NoReturn:
    """What SIGTERM would have done without us; exit code 143, the shell's for it, where it would have done nothing."""
    os.kill(os.getpid(), signal.SIGTERM)
    raise SystemExit(128 + signal.SIGTERM)


def _raise(number: int, frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # to be asked twice must not stop the ending half-way
    raise _Terminated
