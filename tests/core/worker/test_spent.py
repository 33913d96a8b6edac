"""Where a worker's time goes: each moment counts once."""

from __future__ import annotations

import pytest

import luigi
from luigi.testing import FakeClock
from luigi.worker import Worker
from luigi.worker.spent import ALL, CHECKS, PLANNING, RUNNING, Spent


def test_time_counts_for_the_innermost_thing() -> None:
    clock = FakeClock()
    spent = Spent(clock)
    with spent.on(PLANNING):
        clock.sleep(1)
        with spent.on(CHECKS):
            clock.sleep(2)
        clock.sleep(4)
    clock.sleep(100)
    with spent.on(RUNNING):
        clock.sleep(8)
    assert {what: seconds for what, seconds in spent.seconds.items() if seconds} == {
        PLANNING: 5,
        CHECKS: 2,
        RUNNING: 8,
    }


def test_what_raises_counts_too() -> None:
    clock = FakeClock()
    spent = Spent(clock)
    with pytest.raises(KeyError), spent.on(PLANNING), spent.on(CHECKS):
        clock.sleep(3)
        raise KeyError
    clock.sleep(5)
    assert sum(spent.seconds.values()) == spent.seconds[CHECKS] == 3


class SpendingTask(luigi.Task):
    ran = False

    def complete(self) -> bool:
        return self.ran

    def run(self) -> None:
        type(self).ran = True


def test_a_run_has_spent_time_on_everything_it_did() -> None:
    with Worker() as worker:
        worker.add(SpendingTask())
        worker.run()
    assert SpendingTask.ran
    spent = worker.record.spent.seconds
    assert tuple(spent) == ALL
    assert all(spent[what] > 0 for what in ("planning", "checks", "scheduler", "running"))
