"""What a host and the executor at home do beside the contract: versions, output, lost hosts, missing modules."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from luigi.clock import SYSTEM
from luigi.defaults import luigi_is_complete, luigi_run_task
from luigi.event import Event
from luigi.executors import ExecutorSetup
from luigi.executors.config import processes
from luigi.executors.hosting import luggage
from luigi.executors.hosting.executor import HostedExecutor
from luigi.executors.hosting.luggage import CannotPack, WrongMachine
from luigi.interfaces import Job, Outcome
from luigi.output.sink import Speaker
from luigi.scheduler import Scheduler
from luigi.task_status import DONE, FAILED
from luigi.testing.hosting import EngineHere
from luigi.worker.context import Rules

SOURCE = """
import luigi, os, sys
from pathlib import Path

class {name}(luigi.Task):
    folder = luigi.Parameter()

    def run(self):
        print("printed", self.folder == os.getcwd())
        print("and said", file=sys.stderr)
        Path(self.folder, "pid").write_text(str(os.getpid()))
        while not Path(self.folder, "go").exists():
            import threading; threading.Event().wait(0.02)

    def complete(self):
        return Path(self.folder, "go").exists()
"""


class Kept:
    """A sink."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.ends: list[Speaker] = []

    def printed(self, speaker: Speaker, at: float, stream: str, text: str) -> None:
        self.texts[stream] = self.texts.get(stream, "") + text

    def missed(self, speaker: Speaker, at: float, size: int) -> None:
        raise AssertionError

    def ended(self, speaker: Speaker, at: float) -> None:
        self.ends.append(speaker)


def setup_for(output: Any = None, run_task: Any = luigi_run_task) -> ExecutorSetup:
    return ExecutorSetup(Rules("w"), luigi_is_complete, run_task, Scheduler(), 2, output)


@pytest.fixture
def start() -> Iterator[Callable[..., Any]]:
    started: list[HostedExecutor] = []

    def start(setup: ExecutorSetup, engine: Any = EngineHere) -> HostedExecutor:
        started.append(HostedExecutor(setup, engine))
        return started[-1]

    yield start
    for executor in started:
        executor.close()


@pytest.fixture
def task_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """A task of a module that only this process can import."""

    def task_of(name: str) -> Any:
        (tmp_path / f"hosted_{name}.py").write_text(SOURCE.format(name=name))
        with monkeypatch.context() as patch:
            patch.syspath_prepend(str(tmp_path))
            made = import_module(f"hosted_{name}")
        return getattr(made, name)(str(tmp_path))

    return task_of


def ended(executor: HostedExecutor) -> Outcome:
    until = SYSTEM.monotonic() + 60
    while SYSTEM.monotonic() < until:
        for outcome in executor.poll(1):
            return outcome
    pytest.fail("nothing ended")


def wait_for(path: Path, executor: HostedExecutor) -> None:
    until = SYSTEM.monotonic() + 60
    while not path.exists() and SYSTEM.monotonic() < until:
        executor.poll(0.05)


def test_a_module_that_is_not_there_is_sent_and_output_comes_back(
    start: Callable[..., Any], task_of: Callable[[str], Any], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    kept, task = Kept(), task_of("SentToHosts")
    executor = start(setup_for(kept))
    (tmp_path / "go").touch()
    executor.submit(Job(task, 1))
    assert ended(executor).status == DONE
    assert (kept.texts["stdout"], kept.texts["stderr"]) == ("printed False\n", "and said\n")
    assert kept.ends == [Speaker(task.task_id, 1)]
    assert "printed False\n" in capfd.readouterr().out, "once, as if it ran here"


def test_a_host_that_is_lost_is_a_failed_attempt(
    start: Callable[..., Any], task_of: Callable[[str], Any], tmp_path: Path
) -> None:
    engines: list[EngineHere] = []

    def engine(*facts: Any) -> EngineHere:
        engines.append(EngineHere(*facts))
        return engines[-1]

    executor, task, told = start(setup_for(), engine), task_of("LostWithHost"), []
    type(task).event_handler(Event.PROCESS_FAILURE)(lambda task, error: told.append(error))
    executor.submit(Job(task, 1))
    wait_for(tmp_path / "pid", executor)
    engines[0].kill(engines[0]._jobs[1][0])
    outcome = ended(executor)
    assert (outcome.status, outcome.retriable) == (FAILED, True)
    assert outcome.explanation == f"Task {task.task_id} was lost: host 0 is gone"
    assert told == [outcome.explanation]
    (tmp_path / "go").touch()
    executor.submit(Job(task, 2))
    assert ended(executor).status == DONE, "the other host goes on"


def test_another_python_or_kernel_is_refused_with_both_named(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = luggage.packed(setup_for(), processes())
    assert luggage.opened(packed).worker_id == "w"
    versions, inside = pickle.loads(packed)
    other = pickle.dumps((versions | {"Python": "2.7"}, inside))
    with pytest.raises(WrongMachine, match=rf"has Python {sys.version_info[0]}\.\d+, and the run .* Python 2.7"):
        luggage.opened(other)


def test_what_cannot_be_packed_is_named() -> None:
    stream = sys.stdout.buffer
    with pytest.raises(CannotPack, match="what is put around steps cannot be sent to another machine"):
        luggage.packed(setup_for(run_task=lambda task, context: stream), processes())


def test_steps_without_a_name_travel(start: Callable[..., Any], task_of: Callable[[str], Any], tmp_path: Path) -> None:
    mark = str(tmp_path / "stepped")

    def step(task: Any, context: Any) -> Any:
        Path(mark).touch()
        return luigi_run_task(task, context)

    executor = start(setup_for(run_task=step))
    (tmp_path / "go").touch()
    executor.submit(Job(task_of("SteppedAtHosts"), 1))
    assert ended(executor).status == DONE
    assert Path(mark).exists()
