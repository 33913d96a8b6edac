"""What every plugin that watches runs must do, as a pytest class to subclass.

class TestMyObserver(ObserverContract):
    @pytest.fixture
    def plugin(self):
        return MyObserver()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import luigi
from luigi.hookspecs import hookimpl
from luigi.mock import MockFileSystem, MockTarget
from luigi.testing.fakes import Recorder
from luigi.testing.run import run_here


class Makes(luigi.Task):
    """Makes its output."""

    task_namespace = "luigi.testing.observers"
    name = luigi.Parameter(default="part")

    def output(self) -> Any:
        return MockTarget(f"luigi.testing.observers/{self.name}")

    def run(self) -> Any:
        self.output().open("w").close()


class Needs(Makes):
    """Requires one, and yields another."""

    def requires(self) -> Any:
        return Makes("required")

    def run(self) -> Any:
        yield Makes("yielded")
        self.output().open("w").close()


class Fails(Makes):
    """Raises."""

    def run(self) -> Any:
        raise ZeroDivisionError("Grüße, <on purpose>\nin two lines")


class Lacks(Makes):
    """Requires what cannot be made."""

    def requires(self) -> Any:
        return Outside("outside")


class Outside(luigi.ExternalTask):
    """Made by nobody."""

    task_namespace = "luigi.testing.observers"
    name = luigi.Parameter()

    def output(self) -> Any:
        return MockTarget(f"luigi.testing.observers/{self.name}")


class Broken(Makes):
    """Cannot say whether it is complete."""

    def complete(self) -> bool:
        raise OSError("cannot be asked")


class _Interrupting:
    """Ends a run from outside."""

    @hookimpl(tryfirst=True)
    def luigi_run_task(self, task: Any) -> Any:
        raise KeyboardInterrupt


class ObserverContract:
    """Following any run, and leaving it as it is."""

    @pytest.fixture
    def plugin(self) -> Any:
        """The plugin to test, ready to be passed to a run."""
        raise NotImplementedError("give a `plugin` fixture")

    @pytest.fixture(autouse=True)
    def no_outputs(self) -> Iterator[None]:
        """What the suite's tasks make is gone before and after each test."""
        files = MockFileSystem()
        files.remove("luigi.testing.observers")
        yield
        files.remove("luigi.testing.observers")

    @pytest.fixture
    def recorder(self) -> Recorder:
        """Watches beside it."""
        return Recorder()

    def follow(self, task: luigi.Task, *plugins: Any) -> None:
        """Run a task that need not end well. Raises what the plugin raises, and Ctrl-C."""
        ended = run_here(task, plugins=plugins)
        if ended.from_plugins:
            raise ended.from_plugins[0]

    @pytest.mark.parametrize("cls", [Makes, Needs, Fails, Lacks, Broken])
    def test_it_follows_every_run(self, plugin: Any, recorder: Recorder, cls: Any) -> None:
        self.follow(cls(), plugin, recorder)
        assert recorder.finished

    @pytest.mark.parametrize("cls", [Makes, Needs, Fails, Lacks, Broken])
    def test_it_changes_nothing(self, plugin: Any, cls: Any) -> None:
        without, beside = Recorder(), Recorder()
        self.follow(cls(), without)
        MockFileSystem().remove("luigi.testing.observers")
        self.follow(cls(), plugin, beside)
        assert [one.after for one in beside.transitions] == [one.after for one in without.transitions]
        assert [one.event for one in beside.events] == [one.event for one in without.events]

    def test_it_follows_one_run_after_another(self, plugin: Any) -> None:
        for _ in range(3):
            self.follow(Needs(), plugin)
            MockFileSystem().remove("luigi.testing.observers")

    def test_it_follows_a_run_that_is_interrupted(self, plugin: Any, recorder: Recorder) -> None:
        with pytest.raises(KeyboardInterrupt):
            self.follow(Makes(), plugin, recorder, _Interrupting())
        assert recorder.finished
