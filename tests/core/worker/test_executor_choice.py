"""Where tasks run: here, in processes, or, with one worker, here unless they may have to be killed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import luigi


@pytest.fixture
def where(tmp_path: Path) -> Any:
    """A task class that writes which process it ran in."""

    class Where(luigi.Task):
        n = luigi.IntParameter()
        worker_timeout = None

        def output(self) -> Any:
            return luigi.LocalTarget(str(tmp_path / f"{type(self).__name__}{self.n}"))

        def run(self) -> Any:
            with self.output().open("w") as out:
                out.write(str(os.getpid()))

        @property
        def ran_here(self) -> bool:
            return self.output().open().read() == str(os.getpid())

    return Where


@pytest.mark.parametrize(
    ("options", "here"),
    [
        ({}, True),
        ({"timeout": 60}, False),
        ({"force_multiprocessing": True}, False),
    ],
)
def test_one_worker(bench: Any, where: Any, options: dict[str, Any], here: bool) -> None:
    assert bench.run(where(1), where(2), **options)
    assert [where(n).ran_here for n in (1, 2)] == [here, here]


def test_a_task_with_a_timeout_has_a_process_and_the_others_stay_here(bench: Any, where: Any) -> None:
    class Bounded(where):
        worker_timeout = 60

    class Unbounded(where):
        worker_timeout = 0

    assert bench.run(where(1), Bounded(2), Unbounded(3))
    assert [where(1).ran_here, Bounded(2).ran_here, Unbounded(3).ran_here] == [True, False, True]


def test_a_task_s_own_timeout_goes_before_the_configured_one(bench: Any, where: Any) -> None:
    class Unbounded(where):
        worker_timeout = 0

    assert bench.run(where(1), Unbounded(2), timeout=60)
    assert [where(1).ran_here, Unbounded(2).ran_here] == [False, True]


def test_one_that_takes_too_long_is_killed(bench: Any, where: Any) -> None:
    from luigi.clock import SYSTEM

    class Slow(where):
        worker_timeout = 0.2

        def run(self) -> None:
            SYSTEM.sleep(600)

    assert not bench.run(Slow(1), where(2))
    assert bench.seen(Slow(1)).failures == 1
    assert where(2).ran_here


def test_one_that_waits_here_goes_on_here(bench: Any, where: Any) -> None:
    class Waits(where):
        def run(self) -> Any:
            bench.worker.set_worker_processes(2)
            yield where(1)
            yield from super().run() or ()

    assert bench.run(Waits(2))
    assert Waits(2).ran_here
    assert not where(1).ran_here
