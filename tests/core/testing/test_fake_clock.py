"""The clock for tests."""

from __future__ import annotations

import pytest

from luigi.clock import Clock
from luigi.testing import FakeClock


def test_it_moves_only_when_told() -> None:
    clock: Clock = FakeClock(100)
    assert (clock.now(), clock.monotonic()) == (100, 0)
    clock.sleep(5)
    assert (clock.now(), clock.monotonic()) == (105, 5)


def test_it_remembers_what_was_slept_and_not_what_was_advanced() -> None:
    clock = FakeClock()
    clock.advance(3)
    clock.sleep(2)
    assert (clock.slept, clock.now()) == ([2], 5)


def test_it_never_goes_back() -> None:
    clock = FakeClock()
    with pytest.raises(ValueError, match="does not go back"):
        clock.advance(-1)
    with pytest.raises(ValueError):
        clock.sleep(-1)
