"""Notices held back: told together when the time has come, or at the end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from luigi.notifying.digest import SHOWN, Digest
from luigi.notifying.interval import Interval, timer
from luigi.telling import Notice

LOAD = Notice("Load FAILED", "all of it\nValueError: no data", "Load_1", "task_failed", "Load", owners=("a@x", "b@x"))


class Alarms:
    """Goes off when a test says so."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.waiting: list[Callable[[], None]] = []

    def __call__(self, seconds: float, act: Callable[[], None]) -> Any:
        self.seconds.append(seconds)
        alarms = self

        class Alarm:
            def start(self) -> None:
                alarms.waiting.append(act)

            def cancel(self) -> None:
                alarms.waiting.remove(act)

        return Alarm()

    def ring(self) -> None:
        """The time has come."""
        for act in list(self.waiting):
            act()


@pytest.fixture
def alarms() -> Alarms:
    return Alarms()


@pytest.fixture
def sent() -> list[Notice]:
    return []


def test_nothing_is_told_before_its_time(alarms: Alarms, sent: list[Notice]) -> None:
    digest = Digest(30, sent.append, alarms)
    digest.add(LOAD)
    digest.add(LOAD)
    assert sent == []
    assert alarms.seconds == [1800]  # from the first on


def test_all_is_told_at_once(alarms: Alarms, sent: list[Notice]) -> None:
    digest = Digest(30, sent.append, alarms)
    for notice in (LOAD, LOAD._replace(subject="Sum FAILED", owners=("c@x",)), LOAD):
        digest.add(notice)
    alarms.ring()
    (told,) = sent
    assert told.subject == "Luigi: 3 notices in the last 30 minutes"
    assert told.text == "- Load FAILED (2 times)\n    ValueError: no data\n\n- Sum FAILED\n    ValueError: no data\n"
    assert told.owners == ("a@x", "b@x", "c@x")
    assert told.severity == "error"


def test_what_is_said_of_it_is_the_last_line_of_the_explanation(alarms: Alarms, sent: list[Notice]) -> None:
    digest = Digest(30, sent.append, alarms)
    digest.add(LOAD._replace(facts={"explanation": "Traceback\nKeyError: 'a'\n\n"}, severity="info"))
    digest.end()
    assert sent[0].text == "- Load FAILED\n    KeyError: 'a'\n"
    assert sent[0].severity == "info"


def test_the_next_one_begins_anew(alarms: Alarms, sent: list[Notice]) -> None:
    digest = Digest(30, sent.append, alarms)
    digest.add(LOAD)
    alarms.ring()
    digest.add(LOAD._replace(severity="info", owners=()))
    digest.end()
    assert [notice.subject for notice in sent] == ["Luigi: 1 notice in the last 30 minutes"] * 2
    assert (sent[1].severity, sent[1].owners) == ("info", ())
    assert alarms.waiting == []


def test_without_anything_nothing_is_told(alarms: Alarms, sent: list[Notice]) -> None:
    digest = Digest(30, sent.append, alarms)
    digest.end()
    alarms.ring()
    assert sent == []


def test_a_digest_does_not_grow_without_end(alarms: Alarms, sent: list[Notice]) -> None:
    digest = Digest(30, sent.append, alarms)
    for number in range(SHOWN + 50):
        digest.add(LOAD._replace(subject=f"Load({number}) FAILED"))
    digest.end()
    assert sent[0].text.count(" FAILED") == SHOWN
    assert sent[0].text.endswith("- and 50 more, of other tasks\n")
    assert f"{SHOWN + 50} notices" in sent[0].subject


def test_a_timer_goes_off_and_lets_the_process_end() -> None:
    rung = threading.Event()
    interval = Interval(0.0001, rung.set)
    interval.begin()
    assert rung.wait(10)
    waiting = timer(1000, rung.set)
    assert isinstance(waiting, threading.Timer)
    assert waiting.daemon
