"""The way to one notifier: made late, told in its own time, and what is lost is said."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from luigi.notifying.outlet import CAPACITY, Outlet
from luigi.plugin_manager import PluginManager, in_use
from luigi.telling import Notice
from luigi.testing import MemoryNotifier

NOTICE = Notice("Load FAILED", "text")


def outlet(notify: Callable[[Notice], None] | None = None, deadline: float = 5.0) -> tuple[Outlet, MemoryNotifier]:
    notifier = MemoryNotifier()
    if notify is not None:
        notifier.notify = notify  # type: ignore[method-assign]
    return Outlet("chat", lambda: notifier, PluginManager(), deadline), notifier


def test_notices_arrive_in_order_by_the_end() -> None:
    chat, notifier = outlet()
    expected = [NOTICE._replace(subject=str(number)) for number in range(100)]
    for notice in expected:
        chat.post(notice)
    chat.close()
    assert notifier.notices == expected


def test_the_notifier_is_made_once_and_only_when_there_is_something_to_tell() -> None:
    made: list[MemoryNotifier] = []

    def make() -> MemoryNotifier:
        made.append(MemoryNotifier())
        return made[-1]

    chat = Outlet("chat", make, PluginManager(), 5.0)
    assert made == []
    chat.post(NOTICE)
    chat.post(NOTICE)
    chat.close()
    (notifier,) = made
    assert len(notifier.notices) == 2


def test_what_a_notifier_looks_for_is_found_among_the_plugins_of_the_run() -> None:
    plugins = PluginManager()
    found: list[PluginManager | None] = []
    chat = Outlet("chat", lambda: MemoryNotifier(found.append(in_use.get())), plugins, 5.0)  # type: ignore[func-returns-value]
    chat.post(NOTICE)
    chat.close()
    assert found == [plugins]
    assert in_use.get() is None


def test_one_that_raises_is_logged_with_what_it_did_not_pass_on(caplog: pytest.LogCaptureFixture) -> None:
    def refuse(notice: Notice) -> None:
        raise ConnectionError("no mail server")

    chat, _ = outlet(refuse)
    chat.post(NOTICE)
    chat.post(NOTICE._replace(subject="Sum FAILED"))
    chat.close()
    assert "notifier chat did not pass on: Load FAILED" in caplog.text
    assert "notifier chat did not pass on: Sum FAILED" in caplog.text
    assert "no mail server" in caplog.text


def test_one_that_cannot_be_made_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def make() -> MemoryNotifier:
        raise OSError("no such host")

    chat = Outlet("chat", make, PluginManager(), 5.0)
    chat.post(NOTICE)
    chat.close()
    assert "notifier chat did not pass on: Load FAILED" in caplog.text
    assert "no such host" in caplog.text


def test_one_that_hangs_is_not_waited_for_beyond_the_deadline(caplog: pytest.LogCaptureFixture) -> None:
    going_on = threading.Event()
    called = threading.Event()

    def hang(notice: Notice) -> None:
        called.set()
        going_on.wait(30)

    chat, _ = outlet(hang, deadline=0.05)
    for _ in range(3):
        chat.post(NOTICE)
    assert called.wait(10)
    chat.flush()
    assert caplog.records == []  # it has until the end of the process
    chat.close()
    going_on.set()
    (record,) = caplog.records
    assert record.getMessage() == (
        "notifier chat did not come back within 0.05 s: 3 notices were not passed on, the first of them: Load FAILED"
    )


def test_one_that_cannot_keep_up_loses_what_does_not_fit(caplog: pytest.LogCaptureFixture) -> None:
    going_on = threading.Event()
    called = threading.Event()

    def slow(notice: Notice) -> None:
        called.set()
        going_on.wait(30)

    chat, _ = outlet(slow)
    chat.post(NOTICE)
    assert called.wait(10)
    threading.Event().wait(0.05)  # it has to be known as slow before its queue is full
    for _ in range(CAPACITY + 7):
        chat.post(NOTICE)
    going_on.set()
    chat.close()
    assert "notifier chat could not keep up: 7 notices were not passed on" in caplog.text
