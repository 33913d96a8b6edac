"""An operator cancels what a worker runs: it is ended, with all it has started; what cannot be ended says so."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.interfaces import Order, Outcome, Question
from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING
from luigi.testing import Recorder
from luigi.worker import Worker
from luigi.worker.cancelling import IN_OWN_PROCESS, NOT_BY_ITS_EXECUTOR, Cancelling

PATIENCE = 30.0
"""Seconds until what should happen counts as missing."""


def until(holds: Callable[[], Any]) -> None:
    end = SYSTEM.monotonic() + PATIENCE
    while not holds():
        assert SYSTEM.monotonic() < end
        SYSTEM.sleep(0.02)


def there(pid: int) -> bool:
    """Whether the process exists and is not defunct."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


class CancelledSleeper(luigi.Task):
    """Sleeps until it is ended, beside a process of its own that does so too."""

    folder = luigi.Parameter()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"{self.folder}/done")

    def run(self) -> None:
        grandchild = subprocess.Popen(["sleep", "100"])
        Path(self.folder, "pids").write_text(f"{os.getpid()} {grandchild.pid} .")
        grandchild.wait()


class CancelledWaiter(CancelledSleeper):
    """Waits for a file, then is done."""

    def run(self) -> None:
        Path(self.folder, "runs").touch()
        until(Path(self.folder, "go").exists)
        with self.output().open("w"):
            pass


class CancelledYielder(CancelledSleeper):
    """Yields what sleeps; leaves a file where it is given up."""

    def run(self) -> Any:
        try:
            yield CancelledSleeper(self.folder)
        finally:
            Path(self.folder, "given up").touch()


class Run:
    """A worker that runs in a thread of its own, and its scheduler."""

    def __init__(self, task: luigi.Task, processes: int) -> None:
        self.task = task
        self.recorder = Recorder()
        self.scheduler = Scheduler(resources={})
        self.worker = Worker(self.scheduler, worker_id="w", worker_processes=processes, ping_interval=0.05)
        self.worker.use(PluginManager.with_installed([self.recorder]))
        self._thread = threading.Thread(target=self._run)
        self.succeeded: bool | None = None
        self._thread.start()

    def _run(self) -> None:
        with self.worker:
            self.worker.add(self.task)
            self.succeeded = self.worker.run()

    def cancel(self, task: luigi.Task | None = None) -> None:
        self.scheduler.control(Order("cancel", (task or self.task).task_id, by="anna"))

    def told(self, task: luigi.Task | None = None) -> dict[str, Any]:
        told: dict[str, Any] = self.scheduler.view(Question("task", (task or self.task).task_id))
        return told

    def end(self) -> None:
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@pytest.fixture
def start() -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def begin(task: luigi.Task, processes: int = 2) -> Run:
        runs.append(Run(task, processes))
        return runs[-1]

    yield begin
    for run in runs:
        run.end()


def test_a_task_is_ended_with_all_it_has_started(start: Callable[..., Run], tmp_path: Path) -> None:
    run = start(CancelledSleeper(str(tmp_path)))
    pids = tmp_path / "pids"
    until(lambda: pids.exists() and pids.read_text().endswith("."))
    run.cancel()
    run.end()
    assert [pid for pid in pids.read_text().split()[:2] if there(int(pid))] == []
    assert run.succeeded is False
    assert (run.told()["status"], run.told()["explanation"]) == (DISABLED, "Cancelled by anna.")
    assert run.worker.record.seen[run.task.task_id].status == FAILED
    assert run.recorder.notices == []  # nobody has to be told of what somebody wanted


def test_a_suspended_task_is_given_up(start: Callable[..., Run], tmp_path: Path) -> None:
    run = start(CancelledYielder(str(tmp_path)))
    sleeper = CancelledSleeper(str(tmp_path))
    until((tmp_path / "pids").exists)
    run.cancel()
    until((tmp_path / "given up").exists)
    assert run.told(sleeper)["status"] == RUNNING
    run.cancel(sleeper)
    run.end()
    assert run.told()["status"] == run.told(sleeper)["status"] == DISABLED


def test_what_runs_in_the_workers_own_process_goes_on_and_says_so(start: Callable[..., Run], tmp_path: Path) -> None:
    run = start(CancelledWaiter(str(tmp_path)), processes=1)
    until((tmp_path / "runs").exists)
    run.cancel()
    until(lambda: run.told()["status_message"] == IN_OWN_PROCESS)
    assert run.told()["status"] == RUNNING
    (tmp_path / "go").touch()
    run.end()
    assert run.told()["status"] == DONE


def test_what_is_assigned_and_cancelled_at_once_does_not_begin(bench: Any, kept: Any) -> None:
    class Hasty(Scheduler):
        """An operator is there first."""

        def exchange(self, *told: Any) -> Any:
            reply = super().exchange(*told)
            for assignment in reply.assignments:
                self.control(Order("cancel", assignment.task_id, by="anna"))
            return reply._replace(messages=super().exchange("w", (), 0).messages) if reply.assignments else reply

    scheduler = Hasty(resources={}, clock=bench.clock)
    with Worker(scheduler, worker_id="w", clock=bench.clock) as worker:
        worker.add(kept())
        assert not worker.run()
    assert kept.ran == []
    assert scheduler.view(Question("task", kept().task_id))["explanation"] == "Cancelled by anna."


# --- what is noted, and what comes of it ----------------------------------------------------------------------------


class Ending:
    """An executor that can end what is in it; and a line."""

    def __init__(self, *tasks: str) -> None:
        self.tasks = tasks
        self.asked: list[str] = []
        self.said: list[Any] = []

    def cancel(self, task_id: str) -> bool:
        self.asked.append(task_id)
        return task_id in self.tasks

    def exchange(self, worker: str, said: Any, want: int) -> None:
        self.said += said


def cancelling(executor: Any) -> Cancelling:
    return Cancelling("w", executor, executor)


def test_a_run_is_known_by_its_token_and_is_not_tried_again() -> None:
    executor = Ending("made")
    made = cancelling(executor)
    made.note("member", 7)
    assert (made.concerns(7), made.concerns(8)) == (True, False)
    made.end({"made": 7, "other": 8})
    assert executor.asked == ["made"]
    task = CancelledSleeper("x")
    assert [made.settled(Outcome(task, token, FAILED)).retriable for token in (7, 8)] == [False, True]


def test_one_that_is_on_its_way_is_looked_for_once_more() -> None:
    executor = Ending()
    made = cancelling(executor)
    made.note("a", 7)
    made.end({})
    assert made.concerns(7)
    made.end({})
    assert not made.concerns(7)
    assert executor.asked == ["a", "a"]


def test_the_next_run_of_the_task_is_left_alone() -> None:
    executor = Ending("a")
    made = cancelling(executor)
    made.note("a", 7)
    made.end({"a": 8})
    assert executor.asked == []


def test_an_executor_that_cannot_end_a_run() -> None:
    executor = Ending()
    made = cancelling(executor)
    made.note("a", 7)
    made.end({"a": 7})
    assert [(said.task_id, said.token, said.status_message) for said in executor.said] == [
        ("a", 7, NOT_BY_ITS_EXECUTOR)
    ]
    assert made.settled(Outcome(CancelledSleeper("x"), 7, DONE)).status == DONE


def test_an_attempt_that_ended_otherwise_is_what_it_was() -> None:
    made = cancelling(Ending("a"))
    made.note("a", 7)
    made.end({"a": 7})
    assert made.settled(Outcome(CancelledSleeper("x"), 7, PENDING)).retriable
