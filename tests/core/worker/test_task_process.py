"""TaskProcess: an attempt as a process of multiprocessing's, as programs of Luigi's know it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.errors import ConfigurationError
from luigi.worker.messages import DequeQueue, TaskStatusReporter
from luigi.worker.task_process import ContextManagedTaskProcess, TaskProcess


class Silent:
    """A scheduler that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []

    def set_task_status_message(self, task_id: str, message: str) -> None:
        self.told.append((task_id, message))


class Talks(luigi.Task):
    """Says what process it is in."""

    folder = luigi.Parameter(default="")

    def run(self) -> None:
        self.set_status_message("hi")
        if self.folder:
            Path(self.folder, "pid").write_text(str(os.getpid()))

    def complete(self) -> bool:
        return False


class Starts(Talks):
    """Starts a subprocess, and waits for it."""

    def run(self) -> None:
        sleep = subprocess.Popen(["sleep", "60"])
        Path(self.folder, "new").write_text(str(sleep.pid))
        Path(self.folder, "new").rename(Path(self.folder, "pid"))
        sleep.wait()


class FailsAloud(Talks):
    def run(self) -> None:
        raise ValueError("bad")


class Yields(Talks):
    def run(self) -> Any:
        yield Talks("x")


class Needs(Talks):
    def requires(self) -> Any:
        return Talks("x")


class Interrupted(Talks):
    def run(self) -> None:
        raise KeyboardInterrupt


class Around:
    """A context that is told of one process."""

    told: list[Any] = []

    def __init__(self, process: Any) -> None:
        self.told[:] = [process]

    def __enter__(self) -> None:
        self.told.append("in")

    def __exit__(self, *exc_info: object) -> None:
        self.told.append("out")


def _made(task: Any, cls: Any = TaskProcess, *before: Any, **options: Any) -> Any:
    reporter = TaskStatusReporter(Silent(), task.task_id, "w", DequeQueue())
    return cls(*before, task, "w", options.pop("queue", DequeQueue()), reporter, **options)


@pytest.mark.parametrize(
    ("task", "status", "missing", "wanted"),
    [
        (Talks(), "DONE", [], []),
        (FailsAloud(), "FAILED", [], []),
        (Yields(), "PENDING", [], [(__name__, "Talks", {"folder": "x"})]),
        (Needs(), "FAILED", [Talks("x").task_id], []),
    ],
)
def test_how_it_ended_goes_into_the_queue(task: Any, status: str, missing: list[str], wanted: Any) -> None:
    process = _made(task)
    process.run()
    (ended,) = process.result_queue
    assert (ended[0], ended[1], ended[3], ended[4]) == (task.task_id, status, missing, wanted)


def test_an_interrupt_gets_out_and_is_told_all_the_same() -> None:
    process = _made(Interrupted())
    with pytest.raises(KeyboardInterrupt):
        process.run()
    assert process.result_queue.get() == (Interrupted().task_id, None, "", [], [])


def test_the_task_has_what_its_reporter_has_while_it_runs() -> None:
    class More(TaskProcess):
        forward_reporter_attributes = {**TaskProcess.forward_reporter_attributes, "extra": "more"}

    class Uses(Talks):
        def run(self) -> None:
            super().run()
            self.more("said")
            self.queue = self.scheduler_messages

    process, said = _made(Uses(), More), []
    process.status_reporter.extra = said.append
    process.run()
    assert process.result_queue.get()[1] == "DONE"
    assert said == ["said"]
    assert process.status_reporter._scheduler.told == [(Uses().task_id, "hi")]
    assert Uses().queue is process.status_reporter.scheduler_messages
    assert not {"more", "set_status_message", "_reporter"} & set(vars(Uses()))


def test_started_it_runs_elsewhere(tmp_path: Path) -> None:
    queue = multiprocessing.get_context("fork").Queue()
    process = _made(Talks(str(tmp_path)), queue=queue, use_multiprocessing=True)
    process.start()
    assert queue.get(timeout=10)[1] == "DONE"
    process.join(10)
    assert (tmp_path / "pid").read_text() == str(process.pid) != str(os.getpid())


def test_terminated_it_takes_its_subprocesses_with_it(tmp_path: Path) -> None:
    process = _made(Starts(str(tmp_path)), use_multiprocessing=True)
    process.start()
    until = SYSTEM.monotonic() + 10
    while not (tmp_path / "pid").exists():
        assert SYSTEM.monotonic() < until
        threading.Event().wait(0.01)
    process.terminate()
    process.join(10)
    assert process.exitcode == -signal.SIGTERM
    sleep = int((tmp_path / "pid").read_text())
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(sleep)], capture_output=True, text=True, check=False).stdout
    assert state.strip()[:1] in {"", "Z"}


def test_terminating_what_does_not_run_does_nothing() -> None:
    _made(Talks()).terminate()


def test_a_timeout_sets_when_its_time_is_over() -> None:
    class Patient(Talks):
        worker_timeout = 100

    assert _made(Talks()).timeout_time is None
    assert 5 < _made(Talks(), worker_timeout=10).timeout_time - SYSTEM.now() <= 10
    assert 50 < _made(Patient(), worker_timeout=10).timeout_time - SYSTEM.now() <= 100


def test_the_cache_is_asked_first() -> None:
    process = _made(Needs(), task_completion_cache={Talks("x").task_id: True})
    process.run()
    assert process.result_queue.get()[1] == "DONE"


class TestContextManaged:
    """A TaskProcess in a context."""

    def test_the_context_is_given_the_process_and_is_around_the_run(self) -> None:
        process = _made(FailsAloud(), ContextManagedTaskProcess, f"{__name__}.Around")
        process.run()
        assert Around.told == [process, "in", "out"]
        assert process.result_queue.get()[1] == "FAILED"

    def test_none_is_none(self) -> None:
        process = _made(Talks(), ContextManagedTaskProcess, None)
        process.run()
        assert process.result_queue.get()[1] == "DONE"

    def test_one_that_is_not_there_is_named(self) -> None:
        with pytest.raises(ConfigurationError, match="there is no 'luigi.nowhere.Context'"):
            _made(Talks(), ContextManagedTaskProcess, "luigi.nowhere.Context").run()
