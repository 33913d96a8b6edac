"""Log records that no stream shows are taken, each once, and programs notice nothing."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from luigi.output.log_taking import LogTaking

Logged = Callable[[], str]


@contextmanager
def no_handlers() -> Iterator[None]:
    """Logging as a program finds it: while a test runs, pytest has handlers of its own at the root."""
    root = logging.getLogger()
    handlers, root.handlers[:] = list(root.handlers), []
    level = root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def logged() -> Iterator[Logged]:
    """Begins to take; gives what was taken, without the times."""
    reads, writes = os.pipe()
    os.set_blocking(reads, False)
    taking = LogTaking(writes)
    taking.install()

    def read() -> str:
        try:
            lines = os.read(reads, 65536).decode().splitlines()
        except BlockingIOError:
            return ""
        return "".join(" ".join(line.split(" ")[2:]) + "\n" for line in lines)

    yield read
    taking.remove()
    os.close(reads)
    os.close(writes)


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    logger = logging.getLogger("test_log_taking")
    logger.setLevel(logging.DEBUG)
    yield logger
    logger.handlers.clear()
    logger.propagate = True


def test_what_nobody_shows_is_taken(logged: Logged, log: logging.Logger) -> None:
    log.info("number %d", 5)
    assert logged() == "INFO test_log_taking: number 5\n"


def test_what_a_handler_shows_is_not(logged: Logged, log: logging.Logger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.WARNING)
    log.addHandler(handler)
    log.warning("shown")
    log.info("below its level")
    assert logged() == "INFO test_log_taking: below its level\n"
    assert sys.stderr.getvalue() == "shown\n"


def test_what_goes_to_a_file_alone_is_taken(logged: Logged, log: logging.Logger) -> None:
    file = io.StringIO()
    log.addHandler(logging.StreamHandler(file))
    log.warning("in the file")
    assert logged() == "WARNING test_log_taking: in the file\n"
    assert file.getvalue() == "in the file\n"


def test_the_last_resort_is_as_it_was(logged: Logged, log: logging.Logger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with no_handlers():
        log.warning("shown, since nobody else does")
    assert sys.stderr.getvalue() == "shown, since nobody else does\n"
    assert logged() == ""


def test_a_program_may_configure_logging_meanwhile(logged: Logged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with no_handlers():
        logging.basicConfig(format="mine: %(message)s", level=logging.INFO)
        logging.getLogger("test_log_taking.child").warning("said")
        said = logged()
    assert sys.stderr.getvalue() == "mine: said\n"
    assert said == ""


def test_loggers_that_pass_nothing_on_are_heard(log: logging.Logger) -> None:
    log.propagate = False
    log.addHandler(logging.StreamHandler(io.StringIO()))
    reads, writes = os.pipe()
    taking = LogTaking(writes)
    taking.install()
    log.info("to a file")
    taking.remove()
    log.info("not any more")
    os.close(writes)
    with open(reads, "rb") as pipe:
        assert pipe.read().endswith(b"INFO test_log_taking: to a file\n")
    assert taking not in log.handlers


def test_it_leaves_nothing_behind_in_any_order() -> None:
    before = logging.root.parent
    first, second = LogTaking(0), LogTaking(0)
    first.install()
    second.install()
    first.remove()
    second.remove()
    assert logging.root.parent is before


def test_while_it_is_not_active_it_takes_nothing(log: logging.Logger) -> None:
    reads, writes = os.pipe()
    taking = LogTaking(writes, active=False)
    taking.install()
    log.info("before")
    taking.active = True
    with no_handlers():
        log.info("%d", "no number")
    taking.remove()
    os.close(writes)
    with open(reads, "rb") as pipe:
        said = pipe.read()
    assert said.startswith(b"INFO test_log_taking: '%d' TypeError(")
    assert said.count(b"\n") == 1
