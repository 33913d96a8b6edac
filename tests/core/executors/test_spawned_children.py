"""A child that shares nothing with its parent has its configuration, its command line and its plugins all the same."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.cmdline_parser import CmdlineParser
from luigi.configuration import get_config
from luigi.defaults import luigi_is_complete, luigi_run_task
from luigi.executors.starting import CannotStart, start_method
from luigi.interfaces import Job
from luigi.plugin_manager import PluginManager
from luigi.task_status import DONE


class Asks(luigi.Task):
    """Writes what it finds around it."""

    path = luigi.Parameter()
    level = luigi.Parameter(default="none")

    def run(self) -> None:
        found = [get_config().get("story", "hero", "nobody"), Asks(path="elsewhere").level]
        Path(self.path).write_text(" ".join(found))


class Around:
    """A plugin that a program passes as an object."""

    def __init__(self, path: str) -> None:
        self.path = path

    @luigi.hookimpl(wrapper=True)
    def luigi_run_task(self, task: Any, context: Any) -> Any:
        with open(self.path, "a") as log:
            log.write(f"run {os.getpid()}\n")
        return (yield)

    @luigi.hookimpl(wrapper=True)
    def luigi_is_complete(self, task: Any) -> Any:
        with open(self.path, "a") as log:
            log.write(f"check {os.getpid()}\n")
        return (yield)


class Needs(luigi.Task):
    """Requires one that is complete."""

    def requires(self) -> Any:
        return Complete()


class Complete(luigi.Task):
    """Is complete."""

    def complete(self) -> bool:
        return True


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_configuration_and_command_line_are_there(start: Any, ended: Any, tmp_path: Path, method: str) -> None:
    get_config().set("story", "hero", "Ada")
    try:
        with CmdlineParser.global_instance(["Asks", "--path", "x", "--Asks-level", "high"]):
            (outcome,) = ended(start(start_method=method), Asks(str(tmp_path / "found")))
    finally:
        get_config().remove_section("story")
    assert outcome.status == DONE, outcome.explanation
    assert (tmp_path / "found").read_text() == "Ada high"


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_plugins_that_a_program_passes_are_around_steps_there(
    start: Any, ended: Any, tmp_path: Path, method: str
) -> None:
    log = tmp_path / "log"
    plugins = PluginManager.with_installed([Around(str(log))])
    executor = start(
        start_method=method,
        run_task=plugins.step("luigi_run_task", luigi_run_task),
        is_complete=plugins.step("luigi_is_complete", luigi_is_complete),
    )
    (outcome,) = ended(executor, Needs())
    assert outcome.status == DONE, outcome.explanation
    (check, pid), (run, same) = [line.split() for line in log.read_text().splitlines()]
    assert (check, run) == ("check", "run")
    assert pid == same != str(os.getpid())


def test_what_cannot_be_sent_is_said_with_what_to_do(start: Any) -> None:
    executor = start(start_method="spawn", run_task=lambda task, context: None)
    with pytest.raises(CannotStart, match="cannot be sent to a process started by spawn") as told:
        executor.submit(Job(Complete(), 1))
    assert "start_method = fork" in told.value.hint


@pytest.mark.parametrize(
    ("chosen", "platform", "method"), [("", "linux", "fork"), ("spawn", "linux", "spawn"), ("fork", "darwin", "fork")]
)
def test_the_method_is_the_chosen_one_or_the_platform_s(chosen: str, platform: str, method: str) -> None:
    assert start_method(chosen, platform) == method


def test_elsewhere_it_is_what_python_holds_right() -> None:
    assert start_method("", "darwin") in {"fork", "forkserver", "spawn"}
