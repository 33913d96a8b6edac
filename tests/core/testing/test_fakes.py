"""Receivers in memory keep what they are told, as the suites ask; `Recorder` offers them to a whole run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import luigi
from luigi.plugin_manager import PluginManager
from luigi.telling import Mail, TaskFacts
from luigi.testing import (
    MemoryCollector,
    MemoryHistory,
    MemoryMailer,
    MemoryNotifier,
    MockTarget,
    Recorder,
    Unreliable,
    run_task,
)
from luigi.testing.contracts import (
    MailerContract,
    MetricsCollectorContract,
    NotifierContract,
    PluginContract,
    TargetContract,
)
from luigi.testing.contracts.mailers import Arrived


def away(thing: Any) -> Unreliable:
    unreliable = Unreliable(thing)
    unreliable.fail()
    return unreliable


class TestMemoryNotifier(NotifierContract):
    @pytest.fixture
    def notifier(self) -> MemoryNotifier:
        return MemoryNotifier()

    @pytest.fixture
    def broken(self) -> Unreliable:
        return away(MemoryNotifier())

    @pytest.fixture
    def arrived(self, notifier: MemoryNotifier) -> Callable[[], list[str]]:
        return lambda: [f"{notice.subject}: {notice.text}" for notice in notifier.notices]


class TestMemoryMailer(MailerContract):
    takes_images = False

    @pytest.fixture
    def mailer(self) -> MemoryMailer:
        return MemoryMailer()

    @pytest.fixture
    def broken(self) -> Unreliable:
        return away(MemoryMailer())

    @pytest.fixture
    def arrived(self, mailer: MemoryMailer) -> Callable[[], list[Arrived]]:
        return lambda: [self.read(mail) for mail in mailer.mails]

    def read(self, mail: Mail) -> Arrived:
        subject = " ".join(mail.subject.partition("\n")[0].split())
        return Arrived(mail.sender, mail.recipients, subject or mail.subject, mail.message, mail.format)

    test_a_subject_adds_no_header = None  # it has no headers


class TestMemoryCollector(MetricsCollectorContract):
    accumulates = False  # no figures for a monitor: they end with the test

    @pytest.fixture
    def collector(self) -> MemoryCollector:
        return MemoryCollector()

    @pytest.fixture
    def counted(self, collector: MemoryCollector) -> Callable[[str, str], int]:
        return lambda what, family: collector.counts[what, family]

    @pytest.fixture
    def exposed(self, collector: MemoryCollector) -> Callable[[], str]:
        return lambda: "\n".join(f"{key}: {count}" for key, count in collector.counts.items())


class TestMockTargetAsTarget(TargetContract):
    can_be_away = False

    @pytest.fixture(autouse=True)
    def empty(self, luigi_files: Any) -> None:
        """No files before and after."""

    def make_target(self, name: str) -> MockTarget:
        return MockTarget(name)

    def put(self, target: MockTarget) -> None:
        target.open("w").close()


class TestRecorderAsPlugin(PluginContract):
    plugin = Recorder()


class Leaf(luigi.Task):
    task_namespace = "fakes"
    fails = luigi.BoolParameter()

    def output(self) -> Any:
        return MockTarget(f"leaf-{self.fails}")

    def run(self) -> None:
        if self.fails:
            raise ValueError("on purpose")
        self.output().open("w").close()


@pytest.mark.usefixtures("luigi_files")
@pytest.mark.parametrize("fails", [False, True])
def test_a_recorder_keeps_every_moment(luigi_recorder: Recorder, fails: bool) -> None:
    luigi.build([Leaf(fails=fails)], local_scheduler=True, log_level="CRITICAL", plugins=[luigi_recorder])
    assert [one.after for one in luigi_recorder.transitions] == ["PENDING", "RUNNING", "FAILED" if fails else "DONE"]
    assert luigi.Event.FAILURE in [one.event for one in luigi_recorder.events] or not fails
    assert luigi_recorder.started == luigi_recorder.finished
    assert {one.family for one in luigi_recorder.events} == {"fakes.Leaf"}


@pytest.mark.parametrize("kind", ["notifiers", "mailers", "metrics_collectors", "task_histories"])
def test_all_that_a_recorder_makes_tells_it(kind: str) -> None:
    manager, recorder = PluginManager(), Recorder()
    manager.register(recorder)
    made = manager.make(kind, "memory")
    kept = {MemoryNotifier: "notices", MemoryMailer: "mails", MemoryCollector: "counts", MemoryHistory: "happened"}
    name = kept[type(made)]
    assert getattr(made, name) is getattr(recorder, name)
    assert getattr(manager.make(kind, "memory"), name) is getattr(recorder, name)


def test_statistics_are_counted_too() -> None:
    collector = MemoryCollector()
    collector.handle_task_statistics(TaskFacts("Load_1", "Load"), {"rows": 1})
    assert collector.counts == {("statistics", "Load"): 1}


@pytest.mark.usefixtures("luigi_files")
def test_run_task_tells_a_plugin_at_once() -> None:
    recorder = Recorder()

    class Looks(Leaf):
        def run(self) -> None:
            assert [one.after for one in recorder.transitions] == ["PENDING", "RUNNING"]
            assert recorder.started
            assert not recorder.finished
            super().run()

    run_task(Looks(), plugins=[recorder])
    assert [one.after for one in recorder.transitions] == ["PENDING", "RUNNING", "DONE"]
    assert recorder.finished
