"""SIGTERM and Ctrl-C: the first has a pool's worker leave, the second at once."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest

from luigi.worker.config import worker as worker_config
from luigi.worker.pool.signals import leaving_on_signals
from luigi.worker.pool.staying import PoolStaying, Woken


class Sleeping:
    """A clock in whose sleep something happens."""

    def __init__(self, happens: Callable[[], None]) -> None:
        self._happens = happens
        self.slept_through = False

    def now(self) -> float:
        return 0.0

    def monotonic(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        self._happens()
        self.slept_through = True


def sending(*numbers: signal.Signals) -> Callable[[], None]:
    return lambda: [os.kill(os.getpid(), number) for number in numbers] and None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_that_waits_leaves_at_once(number: signal.Signals) -> None:
    clock = Sleeping(sending(number))
    staying = PoolStaying(worker_config(), clock, None)
    with leaving_on_signals(staying):
        staying.wait()
    assert (staying.draining, staying.waiting, clock.slept_through) == (True, False, False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_that_works_is_drained_first(number: signal.Signals, capfd: pytest.CaptureFixture[str]) -> None:
    staying = PoolStaying(worker_config(), Sleeping(lambda: None), None)
    with leaving_on_signals(staying):
        os.kill(os.getpid(), number)
        assert staying.draining
        assert "once more ends it" in capfd.readouterr().err
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)


def test_handlers_are_those_of_before_afterwards() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    with leaving_on_signals(PoolStaying(worker_config(), Sleeping(lambda: None), None)):
        assert signal.getsignal(signal.SIGTERM) is not before[0]
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)] == before


def test_only_what_waits_is_woken() -> None:
    staying = PoolStaying(worker_config(), Sleeping(lambda: None), None)
    staying.waiting = True
    with staying.woken():
        raise Woken
    assert not staying.waiting
