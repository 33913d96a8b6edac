"""A server's time of leading: a journal that has grown is shortened by another process."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from luigi.interfaces import StateStore, TaskSpec
from luigi.plugins.stores.sqlite import Settings, sqlite_store
from luigi.server.leadership import PAUSE, Leadership
from luigi.testing import FakeClock


@pytest.fixture
def open_state(tmp_path: Path) -> Callable[[], StateStore]:
    return partial(sqlite_store, Settings(path=f"{tmp_path}/state.sqlite"))


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luigi.scheduler.journal.MANY", 10)


def grow(leadership: Leadership) -> None:
    for number in range(20):
        leadership.scheduler.declare(f"worker {number % 3}", [TaskSpec("T_1", "T")])


def until_it_has_ended(leadership: Leadership) -> None:
    compaction = leadership._compaction
    assert compaction is not None
    assert compaction.wait(60)
    leadership.look_after()


@pytest.mark.usefixtures("few_are_many")
def test_a_journal_that_has_grown_is_shortened(open_state: Callable[[], StateStore]) -> None:
    store = open_state()
    leadership = Leadership(store, open_state, FakeClock(), ())
    leadership.look_after()
    assert leadership._compaction is None, "there is nothing to shorten"
    grow(leadership)
    leadership.look_after()
    leadership.scheduler.declare("a worker", [TaskSpec("T_2", "T")])
    until_it_has_ended(leadership)
    kept = store.load()
    assert kept.upto >= 20
    assert list(kept.parts)
    assert len(list(kept.entries)) <= 2
    assert not leadership.scheduler.grown()
    leadership.end(save=False)
    store.close()
    again = Leadership(open_state(), open_state, FakeClock(), ())
    assert set(again.scheduler.machine.tasks) == {"T_1", "T_2"}
    again.end(save=False)


@pytest.mark.usefixtures("few_are_many")
def test_one_that_fails_is_told_and_tried_again_later(
    open_state: Callable[[], StateStore], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = FakeClock()
    leadership = Leadership(open_state(), partial(open, f"{tmp_path}/no/file"), clock, ())  # type: ignore[arg-type]
    grow(leadership)
    leadership.look_after()
    until_it_has_ended(leadership)
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "could not be shortened" in caplog.text
    leadership.look_after()
    assert leadership._compaction is None
    clock.advance(PAUSE)
    leadership.look_after()
    assert leadership._compaction is not None
    leadership.end(save=False)
    assert not leadership._compaction.running
