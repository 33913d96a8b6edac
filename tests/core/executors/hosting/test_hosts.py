"""What a host and the executor at home do beside the contract: versions, output, lost hosts, missing modules."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from luigi.clock import SYSTEM
from luigi.defaults import luigi_is_complete, luigi_run_task
from luigi.event import Event
from luigi.executors import ExecutorSetup
from luigi.executors.config import processes
from luigi.executors.hosting import luggage
from luigi.executors.hosting.engine import Ended, Lost, News, Parcel, Post, Printed
from luigi.executors.hosting.executor import SOME, HostedExecutor
from luigi.executors.hosting.host import Host
from luigi.executors.hosting.luggage import CannotPack, WrongMachine
from luigi.executors.hosting.travel import Packing
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


PROGRAM = """
import threading
import luigi
from luigi.executors.hosting.executor import HostedExecutor
from luigi.hookspecs import Provider
from luigi.testing.hosting import EngineHere

class Elsewhere:
    @luigi.hookimpl
    def luigi_executors(self):
        yield Provider("elsewhere", lambda setup: HostedExecutor(setup, EngineHere), "on two hosts of this process")

class HandledElsewhere(luigi.Task):
    name = luigi.Parameter()

    def run(self):
        if self.name == "bad":
            raise ValueError("on purpose")
        self.output().open("w").close()

    def output(self):
        return luigi.LocalTarget(self.name)

def note(line):
    with open("events", "a") as file:
        file.write(line + "\\n")

@luigi.Task.event_handler(luigi.Event.SUCCESS)
def succeeded(task):
    note(f"succeeded: {task.name}")

@HandledElsewhere.event_handler(luigi.Event.FAILURE)
def failed(task, error):
    note(f"failed: {error!r}")

def holding(lock):
    return lambda task: lock

luigi.Task.event_handler(luigi.Event.START)(holding(threading.Lock()))

if __name__ == "__main__":
    tasks = [HandledElsewhere(name) for name in ("bad", "good", "too")]
    luigi.build(tasks, local_scheduler=True, executor="elsewhere", workers=2, plugins=[Elsewhere()])
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


class TalksAtOnce:
    """An engine whose jobs have printed many lines and ended before anybody listens."""

    places = 1
    lines = tuple(f"line {number}\n" for number in range(3 * SOME))

    def __init__(self, luggage: bytes, post: Post) -> None:
        self._post = post

    def start(self, parcel: Parcel) -> None:
        for line in self.lines:
            self._post(Printed(parcel.token, 0.0, "stdout", line))
        self._post(Ended(parcel.token, DONE))

    def cancel(self, token: int) -> None: ...

    def send(self, token: int, message: Any) -> bool:
        return False

    def drop(self, task_id: str) -> None: ...

    def close(self) -> None: ...


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


def test_what_was_printed_is_heard_in_order_and_before_the_end(
    start: Callable[..., Any], task_of: Callable[[str], Any]
) -> None:
    kept = Kept()
    executor = start(setup_for(kept), TalksAtOnce)
    executor.submit(Job(task_of("PrintsAtOnce"), 1))
    assert ended(executor).status == DONE
    assert kept.texts["stdout"] == "".join(TalksAtOnce.lines)


def test_of_each_job_the_end_is_told_also_by_a_host_that_is_closed(
    task_of: Callable[[str], Any], tmp_path: Path
) -> None:
    task, told = task_of("EndedWithHost"), SimpleQueue[News]()
    host = Host(luggage.packed(setup_for(), processes()), 2, told.put)

    def parcel(token: int) -> Parcel:
        return Parcel(f"{task.task_id}-{token}", token, "EndedWithHost", 0.0, False, {}, Packing().pack(task), False)

    for token in (1, 2):
        host.start(parcel(token))
    host.close()
    host.start(parcel(3))
    assert {told.get(timeout=30).token for _ in range(3)} == {1, 2, 3}
    assert told.empty()
    host.start(parcel(4))
    assert told.get(timeout=30) == Lost(4, "was ended with its worker")


def test_handlers_of_events_that_the_program_sets_are_called_where_its_tasks_run(tmp_path: Path) -> None:
    (tmp_path / "handled_elsewhere.py").write_text(PROGRAM)
    command = [sys.executable, "handled_elsewhere.py"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True)
    events = sorted((tmp_path / "events").read_text().splitlines())
    assert events == ["failed: ValueError('on purpose')", "succeeded: good", "succeeded: too"]
    assert "START is not called for tasks that run on other machines" in ran.stderr.replace("event.core.start", "START")


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
