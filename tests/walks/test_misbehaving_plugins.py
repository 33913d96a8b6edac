"""No plugin can hurt a run: one that raises everywhere, one that sleeps, one that floods, one that never lets go.

How long they take is measured by `make bench`; here it is that the run ends right, and does not wait for them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Generator
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.hookspecs import Provider

MOMENTS = ("luigi_run_started", "luigi_task_event", "luigi_transition", "luigi_run_finished")


class ChaosTask(luigi.Task):
    n = luigi.IntParameter()
    done: set[int] = set()

    def requires(self) -> Any:
        return [ChaosTask(self.n - 1)] if self.n else []

    def run(self) -> None:
        self.done.add(self.n)

    def complete(self) -> bool:
        return self.n in self.done


class Watcher:
    """Does the same in every moment."""

    def act(self) -> None:
        raise NotImplementedError

    @luigi.hookimpl
    def luigi_run_started(self, run: Any) -> None:
        self.act()

    @luigi.hookimpl
    def luigi_task_event(self, detail: str) -> None:
        self.act()

    @luigi.hookimpl
    def luigi_transition(self, why: str) -> None:
        self.act()

    @luigi.hookimpl
    def luigi_run_finished(self, run: Any) -> None:
        self.act()


class RaisesEverywhere(Watcher):
    def act(self) -> None:
        raise RuntimeError("chaos")


class EndsTheProcess(Watcher):
    def act(self) -> None:
        raise SystemExit(3)


class Sleeps(Watcher):
    def __init__(self) -> None:
        self.gate = threading.Event()
        self.calls = 0

    def act(self) -> None:
        self.calls += 1
        self.gate.wait(30)


class Floods(Watcher):
    def act(self) -> None:
        for n in range(100):
            logging.getLogger("flood").debug("drop %d", n)


class Leaks(Watcher):
    def __init__(self) -> None:
        self.kept: list[Any] = []

    def act(self) -> None:
        self.kept.append(bytearray(1000))


class Observes(Watcher):
    """A good one beside them."""

    def __init__(self) -> None:
        self.calls = 0

    def act(self) -> None:
        self.calls += 1


@pytest.fixture
def sleeps() -> Generator[Sleeps, None, None]:
    made = Sleeps()
    yield made
    made.gate.set()


@pytest.fixture(autouse=True)
def undone() -> None:
    ChaosTask.done.clear()


def run(*plugins: object, tasks: int = 50, **more: Any) -> bool:
    return bool(luigi.build([ChaosTask(tasks - 1)], local_scheduler=True, log_level="WARNING", plugins=plugins, **more))


@pytest.mark.parametrize("kind", [RaisesEverywhere, EndsTheProcess, Floods, Leaks])
@pytest.mark.parametrize("executor", ["inline", "processes"])
def test_the_run_ends_right_and_others_are_told_all(kind: type[Watcher], executor: str) -> None:
    good = Observes()
    more: Any = {"workers": 2} if executor == "processes" else {}
    if executor == "processes":
        assert luigi.build([Here(n) for n in range(5)], local_scheduler=True, plugins=[kind(), good], **more)
        told = 2 + 5 * 3 + 5 * 3
    else:
        assert run(kind(), good)
        assert len(ChaosTask.done) == 50
        told = 2 + 50 * 3 + 49 + 50 * 3
    assert good.calls == told, "begin and end; of each task START, time, SUCCESS, three changes, and a dependency"


class Here(luigi.Task):
    n = luigi.IntParameter()

    def output(self) -> Any:
        return []

    def run(self) -> None:
        pass

    def complete(self) -> bool:
        return False


def test_nobody_waits_for_one_that_sleeps(sleeps: Sleeps) -> None:
    good = Observes()
    began = SYSTEM.monotonic()
    assert run(sleeps, good)
    assert SYSTEM.monotonic() - began < 15, "it would sleep for half a minute in each of three hundred calls"
    assert sleeps.calls == 1
    assert good.calls == 2 + 50 * 3 + 49 + 50 * 3


def test_a_notifier_that_hangs_changes_nothing(sleeps: Sleeps, caplog: Any) -> None:
    class Hangs:
        @luigi.hookimpl
        def luigi_notifiers(self) -> Any:
            yield Provider("hangs", lambda: self)

        def notify(self, notice: Any) -> None:
            sleeps.act()

    class Fails(luigi.Task):
        def run(self) -> None:
            raise ValueError("on purpose")

    began = SYSTEM.monotonic()
    assert not luigi.build([Fails()], local_scheduler=True, log_level="CRITICAL", plugins=[Hangs()])
    assert SYSTEM.monotonic() - began < 15
    assert sleeps.calls == 1
