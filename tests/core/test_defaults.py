"""The essential plugin: enough to run a graph alone, through the hooks that everyone uses."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest

import luigi
from luigi import defaults
from luigi.defaults import LogNotifier, MemoryStore
from luigi.interfaces import StateStore
from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.telling import Notice
from luigi.testing.contracts import NotifierContract
from luigi.testing.contracts.state_stores import StateStoreContract
from luigi.worker import Worker


class TestMemoryStore(StateStoreContract):
    """Its state ends with the process, and that is all it may lack."""

    durable = False

    @pytest.fixture
    def reopen(self) -> Callable[[], StateStore]:
        return MemoryStore


@pytest.fixture
def alone() -> PluginManager:
    """The kernel's own plugin and nothing else."""
    manager = PluginManager()
    manager.register(defaults, "defaults")
    return manager


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("targets", {"file", "mock"}),
        ("executors", {"inline", "processes"}),
        ("state_stores", {"memory"}),
        ("notifiers", {"email", "log"}),
    ],
)
def test_what_it_provides(alone: PluginManager, kind: str, names: set[str]) -> None:
    assert set(alone.providers(kind)) == names
    assert all(alone.provider(kind, name).summary for name in names)


def test_its_providers_make_what_they_say(alone: PluginManager, tmp_path: Any) -> None:
    target = alone.provider("targets", "file").factory(str(tmp_path))
    assert target.exists()
    assert isinstance(alone.provider("state_stores", "memory").factory(), MemoryStore)
    assert isinstance(alone.provider("notifiers", "log").factory(), LogNotifier)


def test_its_command_is_run(alone: PluginManager) -> None:
    names = [command.name for command in alone.commands()]
    assert {"run", "plan", "plugins", "new"} <= set(names)
    assert len(set(names)) == len(names)


def test_the_kernel_alone_runs_a_graph(alone: PluginManager, tmp_path: Any) -> None:
    class Part(luigi.Task):
        n = luigi.IntParameter()

        def requires(self) -> Any:
            return Part(n=self.n - 1) if self.n else []

        def output(self) -> Any:
            return luigi.LocalTarget(tmp_path / str(self.n))

        def run(self) -> None:
            with self.output().open("w") as out:
                out.write(str(self.n))

    with Worker(Scheduler(resources={}, store=MemoryStore())) as worker:
        worker.use(alone)
        assert worker.add(Part(n=3))
        assert worker.run()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "1", "2", "3"]


def test_notices_go_to_the_log(caplog: Any) -> None:
    LogNotifier().notify(Notice("a_task is disabled", "failed too often", "a_task"))
    assert [(record.levelno, record.message) for record in caplog.records] == [
        (logging.WARNING, "a_task is disabled: failed too often")
    ]


class TestLogNotifier(NotifierContract):
    can_fail = False

    @pytest.fixture
    def notifier(self) -> LogNotifier:
        return LogNotifier()

    @pytest.fixture
    def arrived(self, caplog: pytest.LogCaptureFixture) -> Any:
        return lambda: [record.getMessage() for record in caplog.records]
