"""Metrics collectors are found by name, told in threads of their own, and hurt no run, whatever they do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi import measuring as module
from luigi.errors import ConfigurationError, PluginError
from luigi.hookspecs import Provider, hookimpl
from luigi.measuring import Measuring, measuring
from luigi.metrics import MetricsCollectors, NoMetricsCollector
from luigi.plugin_manager import PluginManager
from luigi.scheduler.config import scheduler as scheduler_config
from luigi.telling import TaskFacts
from luigi.testing import Recorder


class KeptCollector(NoMetricsCollector):
    """Keeps the ids of the tasks that started, and how often it was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[str] = []
        self.closed = 0

    def handle_task_started(self, task: TaskFacts) -> None:
        self.started.append(task.id)

    def close(self) -> None:
        self.closed += 1


# --- which collectors there are ---------------------------------------------------------------------------------------


class TwoCollectors:
    """A plugin with two."""

    def __init__(self) -> None:
        self.made: list[KeptCollector] = []

    @hookimpl
    def luigi_metrics_collectors(self) -> Iterator[Provider]:
        yield Provider("one", self._make)
        yield Provider("two", self._make)
        yield Provider("never", self._refuse)

    def _make(self) -> KeptCollector:
        self.made.append(KeptCollector())
        return self.made[-1]

    def _refuse(self) -> None:
        raise ConfigurationError("the sun does not shine")


@pytest.fixture
def two() -> TwoCollectors:
    return TwoCollectors()


@pytest.fixture
def plugins(two: TwoCollectors) -> PluginManager:
    manager = PluginManager()
    manager.register(two)
    return manager


def test_nobody_is_told_when_nobody_collects(plugins: PluginManager) -> None:
    assert measuring(plugins, scheduler_config()) is None


def section(names: Any, custom: str | None = None) -> Any:
    """A `[scheduler]` section, as far as metrics go."""

    class Section:
        metrics_collector = names
        metrics_custom_import = custom

    return Section()


def test_several_are_told_alike(plugins: PluginManager, two: TwoCollectors) -> None:
    found = measuring(plugins, section("one, two"))
    assert found is not None
    found.started(TaskFacts("A", "A"))
    found.flush()
    assert [one.started for one in two.made] == [["A"]] * 2


def test_custom_is_made_of_its_class(plugins: PluginManager) -> None:
    found = measuring(plugins, section(MetricsCollectors.custom, f"{__name__}.KeptCollector"))
    assert found is not None
    found.started(TaskFacts("A", "A"))
    found.flush()


def test_a_name_that_nobody_offers_stops_the_start(plugins: PluginManager) -> None:
    with pytest.raises(PluginError, match="'onne'"):
        measuring(plugins, section("onne"))


def test_one_that_cannot_be_made_stops_the_start_and_the_others_close(
    plugins: PluginManager, two: TwoCollectors
) -> None:
    with pytest.raises(ConfigurationError, match="sun"):
        measuring(plugins, section("one, never"))
    assert two.made[0].closed == 1


# --- a collector hurts nobody -----------------------------------------------------------------------------------------


class Choosy(KeptCollector):
    """Raises at the tasks it does not like."""

    def handle_task_started(self, task: TaskFacts) -> None:
        if task.family == "bad":
            raise ValueError("I do not like it")
        super().handle_task_started(task)


class Stuck(KeptCollector):
    """Never comes back from a call until it is let go."""

    def __init__(self, at: str = "started") -> None:
        super().__init__()
        self._at, self.go_on = at, threading.Event()

    def handle_task_started(self, task: TaskFacts) -> None:
        if self._at == "started":
            self.go_on.wait()

    def close(self) -> None:
        if self._at == "close":
            self.go_on.wait()


def test_one_that_raises_is_told_on_logged_once_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    collector = Choosy()
    found = Measuring({"choosy": collector}, None)
    for family in ("bad", "good", "bad", "good"):
        found.started(TaskFacts(family, family))
    found.flush()
    assert collector.started == ["good", "good"]
    first, second = caplog.records
    assert first.getMessage() == (
        "metrics collector choosy: handle_task_started raised; it is told on, and logged no more"
    )
    assert second.getMessage() == "metrics collector choosy has not got 2 of the run's figures"


def test_what_was_lost_is_said_of_each_run_by_itself(caplog: pytest.LogCaptureFixture) -> None:
    found = Measuring({"choosy": Choosy()}, None)
    found.started(TaskFacts("bad", "bad"))
    found.flush()
    caplog.clear()
    found.started(TaskFacts("good", "good"))
    found.flush()
    assert not caplog.records


@pytest.fixture
def stuck() -> Iterator[Callable[[str], Stuck]]:
    made: list[Stuck] = []

    def make(at: str) -> Stuck:
        made.append(Stuck(at))
        return made[-1]

    yield make
    for one in made:
        one.go_on.set()


def test_one_that_hangs_is_not_waited_for_and_the_others_are_told(
    stuck: Callable[[str], Stuck], caplog: pytest.LogCaptureFixture
) -> None:
    good = KeptCollector()
    found = Measuring({"stuck": stuck("started"), "good": good}, None)
    for _ in range(1_000):
        found.started(TaskFacts("A", "A"))
    found.flush()
    assert len(good.started) == 1_000
    assert good.closed == 1
    assert "metrics collector stuck has not got 1000 of the run's figures" in caplog.text


def test_one_that_hangs_when_it_closes_is_said(
    stuck: Callable[[str], Stuck], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CLOSING", 0.1)
    found = Measuring({"stuck": stuck("close")}, None)
    found.flush()
    assert caplog.messages == ["metrics collector stuck has not closed within 0.1 seconds"]


def test_a_collector_of_another_make_needs_only_what_is_told() -> None:
    class Bare:
        started = 0

        def handle_task_started(self, task: TaskFacts) -> None:
            self.started += 1

    bare = Bare()
    found = Measuring({"bare": bare}, None)  # type: ignore[dict-item]
    found.started(TaskFacts("A", "A"))
    found.measured(TaskFacts("A", "A"), {"rows": 1})
    found.flush()
    assert bare.started == 1
    assert found.generate_latest() is None


def test_the_page_is_that_of_the_first_that_has_one() -> None:
    class Page(KeptCollector):
        def generate_latest(self) -> str:
            return "a page"

        def configure_http_handler(self, http_handler: Any) -> None:
            http_handler.append("a header")

    headers: list[str] = []
    found = Measuring({"none": KeptCollector(), "page": Page()}, None)
    found.configure_http_handler(headers)
    assert (found.generate_latest(), headers) == ("a page", ["a header"])


# --- a run ----------------------------------------------------------------------------------------------------------


class MeasuredGood(luigi.Task):
    path = luigi.Parameter()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(self.path)

    def run(self) -> None:
        self.output().open("w").close()


class MeasuredBad(MeasuredGood):
    def requires(self) -> list[MeasuredGood]:
        return [MeasuredGood(f"{self.path}.{number}") for number in range(3)]

    def run(self) -> None:
        raise ValueError("no")


@pytest.mark.parametrize("executor", ["inline", "processes"])
def test_a_run_counts_alike_under_every_executor(
    executor: str, tmp_path: Path, luigi_recorder: Recorder, luigi_config: Callable[..., None]
) -> None:
    (tmp_path / "out.0").touch()
    luigi_config("scheduler", metrics_collector="memory")
    task = MeasuredBad(str(tmp_path / "out"))
    assert not luigi.build(
        [task], local_scheduler=True, workers=2, executor=executor, plugins=[luigi_recorder], log_level="CRITICAL"
    )
    assert luigi_recorder.counts == {
        ("started", "MeasuredGood"): 2,
        ("done", "MeasuredGood"): 3,
        ("started", "MeasuredBad"): 1,
        ("failed", "MeasuredBad"): 1,
    }
