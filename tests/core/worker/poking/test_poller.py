"""The poller: together where that is cheaper, no hang holds up others, and nothing is looked for that is not wanted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.defaults import luigi_is_complete
from luigi.task.poke import Poke
from luigi.testing import FakeClock
from luigi.worker.poking.looking import Looking
from luigi.worker.poking.poller import TOGETHER, Look, Poller
from luigi.worker.poking.waiters import Waiter, Waiters


class Filed(luigi.ExternalTask):
    folder = luigi.Parameter()
    n = luigi.IntParameter()

    def output(self) -> Any:
        return luigi.LocalTarget(f"{self.folder}/{self.n}")


class Hung(luigi.ExternalTask):
    n = luigi.IntParameter()
    ending = threading.Event()

    def complete(self) -> bool:
        return self.ending.wait(60) if self.n else True


def waiter(task: Any, token: int, poke: Poke | None = None) -> Waiter:
    return Waiter(task, token, poke or Poke(interval=1), since=0.0)


@pytest.fixture
def poller() -> Iterator[Callable[..., Poller]]:
    made: list[Poller] = []

    def make(check: Any = luigi_is_complete, clock: Any = SYSTEM, **options: Any) -> Poller:
        made.append(Poller(Looking(check), clock, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


def fetched(poller: Poller, count: int) -> list[Look]:
    looks: list[Look] = []
    until = SYSTEM.monotonic() + 30
    while len(looks) < count and SYSTEM.monotonic() < until:
        looks += poller.fetch(0.1)
    return looks


def test_what_is_due_together_is_asked_together(tmp_path: Path, poller: Any, monkeypatch: Any) -> None:
    asked: list[int] = []
    several = luigi.LocalTarget.fs.exists_many  # type: ignore[attr-defined]
    monkeypatch.setattr(
        type(luigi.LocalTarget.fs), "exists_many", lambda fs, paths: asked.append(len(paths)) or several(paths)
    )
    for n in range(0, 500, 2):
        (tmp_path / str(n)).touch()
    clock = FakeClock()
    one = poller(clock=clock, threads=0)
    for n in range(500):
        one.add(waiter(Filed(str(tmp_path), n), n), 10.0)
    looks = one.fetch(20)
    assert clock.now() == 10.0
    assert [look.waiter.token for look in looks if look.found] == list(range(0, 500, 2))
    assert asked == [500]


def test_a_look_that_hangs_holds_up_no_other(poller: Any) -> None:
    one = poller()
    for n in (1, 2, 3, 0, -1):
        one.add(waiter(Hung(max(n, 0)), n), 0.0)
    try:
        found = {look.waiter.token for look in fetched(one, 2)}
        assert found == {0, -1}
    finally:
        Hung.ending.set()


def test_what_is_dropped_is_not_looked_for(tmp_path: Path, poller: Any) -> None:
    clock = FakeClock()
    one = poller(clock=clock, threads=0)
    dropped, kept = waiter(Filed(str(tmp_path), 1), 1), waiter(Filed(str(tmp_path), 2), 2)
    one.add(dropped, 5.0)
    one.add(kept, 6.0)
    dropped.gone = True
    assert [look.waiter.token for look in one.fetch(60)] == [2]
    assert clock.now() == 6.0


def test_the_last_look_is_when_the_time_is_over(tmp_path: Path, poller: Any) -> None:
    clock = FakeClock()
    one = poller(clock=clock, threads=0)
    one.add(waiter(Filed(str(tmp_path), 1), 1, Poke(interval=10, timeout=25)), 10.0)
    seen = [(clock.now(), look.missing) for _ in range(3) for look in one.fetch(60)]
    assert seen == [(10.0, False), (20.0, False), (25.0, True)]


def test_more_than_a_batch_is_taken_in_parts() -> None:
    waiters = Waiters()
    for n in range(TOGETHER + 5):
        waiters.add(waiter(None, n), 1.0)
    assert len(list(waiters.due(1.0, TOGETHER))) == TOGETHER
    assert len(list(waiters.due(1.0, TOGETHER))) == 5
    assert waiters.soonest is None
