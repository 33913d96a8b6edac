"""The progress of a run whose scheduler is elsewhere: what its worker sees of its own tasks is counted."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from luigi.cli.distant_progress import DistantProgress
from luigi.cli.run_defaults import is_scheduled_here
from luigi.configuration import get_config
from luigi.event import Event
from luigi.worker.record import RunRecord

PROGRAM = """
import luigi


class FarBase(luigi.ExternalTask):
    def output(self):
        return luigi.LocalTarget("luigi.cfg")


class FarLeaf(luigi.Task):
    n = luigi.IntParameter()

    def requires(self):
        return FarBase()

    def output(self):
        return luigi.LocalTarget(f"out/{self.n}")

    def run(self):
        if self.n == 2:
            raise RuntimeError("two")
        with self.output().open("w"):
            pass


class FarRoot(luigi.WrapperTask):
    def requires(self):
        return [FarLeaf(n) for n in range(3)]
"""


def said(*events: tuple[str, str]) -> str:
    """What is said at the end of a run in which this happened to tasks."""
    stream = io.StringIO()
    progress = DistantProgress(stream=stream)
    progress.luigi_run_started()
    for task_id, event in events:
        progress.luigi_task_event(task_id, "Family", event)
    progress.luigi_run_finished(RunRecord())
    return stream.getvalue()


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ([], "0 of 0 tasks: nothing to do"),
        ([("a", Event.DEPENDENCY_PRESENT)], "1 of 1 tasks: 1 done"),
        ([("a", Event.DEPENDENCY_MISSING)], "0 of 1 tasks: 1 pending"),
        ([("a", Event.DEPENDENCY_MISSING), ("a", Event.START)], "0 of 1 tasks: 1 running"),
        ([("a", Event.START), ("a", Event.PROCESSING_TIME), ("a", Event.SUCCESS)], "1 of 1 tasks: 1 done"),
        ([("a", Event.START), ("a", Event.FAILURE)], "1 of 1 tasks: 1 failed"),
        ([("a", Event.START), ("a", Event.FAILURE), ("a", Event.START), ("a", Event.SUCCESS)], "1 of 1 tasks: 1 done"),
        ([("a", Event.DEPENDENCY_MISSING), ("b", Event.DEPENDENCY_PRESENT)], "1 of 2 tasks: 1 done, 1 pending"),
        ([("a", Event.START), ("a", Event.DEPENDENCY_MISSING)], "0 of 1 tasks: 1 running"),
        ([("a", Event.DEPENDENCY_DISCOVERED), ("a", "an event of its own")], "0 of 0 tasks: nothing to do"),
    ],
)
def test_what_happened_is_counted(events: list[tuple[str, str]], told: str) -> None:
    assert said(*events).startswith(f"{told} (")


@pytest.mark.parametrize(
    ("args", "here"),
    [
        (["m:Task"], True),
        (["m:Task", "--local-scheduler"], True),
        (["m:Task", "--scheduler-url", "http://localhost:8082/"], False),
        (["m:Task", "--scheduler-host=far"], False),
        (["m:Task", "--scheduler-host=far", "--local_scheduler"], True),
        (["m:Task", "--local-scheduler=false"], False),
        (["m:Task", "--local-scheduler=False", "--local-scheduler=true"], True),
    ],
)
def test_where_a_run_is_scheduled(args: list[str], here: bool) -> None:
    assert is_scheduled_here(args) is here


@pytest.fixture
def core() -> Iterator[Callable[..., None]]:
    """Sets options of [core], for a while."""
    config, options = get_config(), list[str]()

    def configure(**values: str) -> None:
        for option, value in values.items():
            config.set("core", option, value)
            options.append(option)

    yield configure
    for option in options:
        config.remove_option("core", option)


@pytest.mark.parametrize(
    ("options", "args", "here"),
    [
        ({"local_scheduler": "false"}, [], False),
        ({"local_scheduler": "true"}, [], True),
        ({"local_scheduler": "true", "scheduler_url": "http://far/"}, [], True),
        ({"local_scheduler": "false", "scheduler_url": "http://far/"}, [], False),
        ({"local_scheduler": "true"}, ["--scheduler-url", "http://far/"], False),
        ({"local_scheduler": "true"}, ["--scheduler-port=1", "--local-scheduler"], True),
        ({"local_scheduler": "true"}, ["--local-scheduler=false"], False),
        ({"local_scheduler": "false"}, ["--local-scheduler"], True),
        ({"default_scheduler_host": "far"}, [], False),
    ],
)
def test_the_configuration_says_where_a_run_is_scheduled(
    core: Callable[..., None], options: dict[str, str], args: list[str], here: bool
) -> None:
    core(**options)
    assert is_scheduled_here(args) is here


def test_a_run_on_a_server_says_how_far_it_came(server_process: Any, tmp_path: Path) -> None:
    (tmp_path / "faraway.py").write_text(PROGRAM)
    (tmp_path / "luigi.cfg").write_text("[worker]\nkeep_alive = false\n")
    command = [Path(sys.executable).parent / "kernel", "run", "faraway:FarRoot", "--scheduler-url", server_process.url]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 30, done.stderr
    assert "4 of 5 tasks: 3 done, 1 pending, 1 failed (" in done.stderr
