"""A service that is away for a while."""

from __future__ import annotations

import threading

import pytest

from luigi.telling import Notice
from luigi.testing import MemoryNotifier, Unreliable

NOTICE = Notice("subject", "text")


def test_it_passes_on_what_it_is_asked() -> None:
    notifier = Unreliable(MemoryNotifier())
    notifier.notify(NOTICE)
    assert notifier.notices == [NOTICE]
    assert notifier.calls == ["notify"]
    with pytest.raises(AttributeError, match="nothing"):
        notifier.nothing()


def test_it_fails_so_often() -> None:
    notifier = Unreliable(MemoryNotifier())
    notifier.fail(times=2)
    for _ in range(2):
        with pytest.raises(ConnectionError):
            notifier.notify(NOTICE)
    notifier.notify(NOTICE)
    assert notifier.notices == [NOTICE]
    assert notifier.calls == ["notify"] * 3


def test_it_fails_until_it_recovers() -> None:
    notifier = Unreliable(MemoryNotifier())
    notifier.fail(TimeoutError("slow"))
    for _ in range(5):
        with pytest.raises(TimeoutError, match="slow"):
            notifier.notify(NOTICE)
    notifier.recover()
    notifier.notify(NOTICE)
    notifier.fail(times=1)
    with pytest.raises(ConnectionError):
        notifier.notify(NOTICE)


def test_who_calls_waits_while_it_blocks() -> None:
    notifier = Unreliable(MemoryNotifier())
    notifier.block()
    caller = threading.Thread(target=notifier.notify, args=[NOTICE])
    caller.start()
    caller.join(0.05)
    assert caller.is_alive()
    assert notifier.notices == []
    notifier.recover()
    caller.join(10)
    assert notifier.notices == [NOTICE]
