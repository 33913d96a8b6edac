"""How often somebody may do something."""

from __future__ import annotations

import threading

import pytest

from luigi.server.guard.limits import Buckets, Familiar, counted_as
from luigi.testing import FakeClock


def test_so_many_at_once_and_then_so_many_a_second(clock: FakeClock) -> None:
    buckets = Buckets(rate=2, burst=3, clock=clock)
    assert [buckets.take("ann") for _ in range(4)] == [0, 0, 0, 0.5]
    clock.advance(0.5)
    assert buckets.wait("ann") == 0
    assert [buckets.take("ann") for _ in range(2)] == [0, 0.5]
    clock.advance(100)
    assert [buckets.take("ann") for _ in range(4)] == [0, 0, 0, 0.5]


def test_one_does_not_pay_for_the_other(clock: FakeClock) -> None:
    buckets = Buckets(rate=1, burst=1, clock=clock)
    assert [buckets.take("ann"), buckets.take("bob"), buckets.take("ann")] == [0, 0, 1]


def test_memory_is_bounded_and_who_goes_on_is_remembered(clock: FakeClock) -> None:
    buckets = Buckets(rate=0.001, burst=2, clock=clock, kept=10)
    for number in range(100):
        buckets.take(str(number))
        buckets.take("ann")
    assert buckets.take("ann") > 0
    assert len(buckets._left) <= 10


def test_threads_take_no_more_than_there_is(clock: FakeClock) -> None:
    buckets, got = Buckets(rate=0.001, burst=50, clock=clock), []
    threads = [threading.Thread(target=lambda: got.extend(buckets.take("ann") == 0 for _ in range(50))) for _ in "1234"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(got) == 50


def test_the_familiar_are_the_last_ones() -> None:
    familiar = Familiar(kept=3)
    for number in range(5):
        familiar.add(("ann", str(number)))
    familiar.add(("ann", "4"))
    assert [("ann", str(number)) in familiar for number in range(5)] == [False, False, True, True, True]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("", ""),
        ("no address", "no address"),
    ],
)
def test_a_machine_counts_once(address: str, counted: str) -> None:
    assert counted_as(address) == counted
