"""Workers whose class says itself how a task is run: by `_create_task_process`, by `_run_task`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, ClassVar

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.interface import _WorkerSchedulerFactory
from luigi.worker import TaskProcess, TaskStatusReporter, Worker, own_processes


class OwnWrites(luigi.Task):
    """Writes down what process it ran in."""

    folder = luigi.Parameter()
    n = luigi.IntParameter(default=0)

    def output(self) -> Any:
        return luigi.LocalTarget(f"{self.folder}/{self.n}")

    def run(self) -> None:
        with self.output().open("w") as file:
            file.write(str(os.getpid()))


class OwnYields(OwnWrites):
    """Needs others that it finds out about while it runs."""

    n = luigi.IntParameter(default=100)

    def run(self) -> Any:
        yield OwnWrites(self.folder, 1)
        yield [OwnWrites(self.folder, 2)]
        super().run()


class OwnFails(luigi.Task):
    """Raises an exception."""

    folder = luigi.Parameter()

    def complete(self) -> bool:
        return False

    def run(self) -> None:
        raise ValueError("not today")


class OwnDies(OwnFails):
    """Takes its process with it."""

    def run(self) -> None:
        os._exit(3)


class Elsewhere:
    """A process of a program: what it says is told when somebody asks whether it is alive."""

    use_multiprocessing = False
    exitcode = 0
    timeout_time: float | None = None

    def __init__(self, task: Any, told: Any, *, says: Any = "DONE", asked: int = 2) -> None:
        self.task, self.told, self.says, self.asked = task, told, says, asked
        self.ended = False

    def run(self) -> None:
        Path(self.task.folder, "began").touch()

    def is_alive(self) -> bool:
        self.asked -= 1
        if self.asked or self.says is None:
            return bool(self.asked) or self.timeout_time is not None
        self.told.put((self.task.task_id, self.says, "so it was", [], []))
        return False

    def terminate(self) -> None:
        self.ended = True


class OwnWorker(Worker):
    """Runs tasks in the way that its `make` says; where that gives None, as ever."""

    make: ClassVar[Any] = None
    begun: list[str]

    def _run_task(self, task_id: str) -> None:
        self.begun = [*getattr(self, "begun", []), task_id]
        super()._run_task(task_id)

    def _create_task_process(self, task: Any) -> Any:
        made = type(self).make(self, task)
        return super()._create_task_process(task) if made is None else made


def by_task_process(worker: Any, task: Any) -> TaskProcess:
    reporter = TaskStatusReporter(worker._scheduler, task.task_id, worker._id, None)
    several = worker.worker_processes > 1
    return TaskProcess(task, worker._id, worker._task_result_queue, reporter, use_multiprocessing=several)


def elsewhere(**how: Any) -> Any:
    return lambda worker, task: Elsewhere(task, worker._task_result_queue, **how)


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs tasks by a worker that makes its processes so."""

    class Factory(_WorkerSchedulerFactory):
        def create_worker(self, scheduler: Any, worker_processes: int, assistant: bool = False) -> Any:
            return OwnWorker(
                scheduler=scheduler, worker_processes=worker_processes, assistant=assistant, wait_interval=0.05
            )

    def build(make: Any, *tasks: Any, workers: int = 1) -> Any:
        monkeypatch.setattr(OwnWorker, "make", staticmethod(make))
        return luigi.build(
            tasks, Factory(), detailed_summary=True, local_scheduler=True, workers=workers, log_level="CRITICAL"
        )

    return build


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("make", [by_task_process, lambda worker, task: None], ids=["its own", "as ever"])
def test_tasks_run_in_what_the_worker_makes(build: Any, tmp_path: Path, make: Any, workers: int) -> None:
    folder = str(tmp_path)
    result = build(make, OwnYields(folder), OwnFails(folder), workers=workers)
    assert result.status == luigi.LuigiStatusCode.FAILED
    groups = luigi.execution_summary._summary_dict(result.worker)
    assert groups["failed"] == {OwnFails(folder)}
    assert groups["completed"] == {OwnYields(folder), OwnWrites(folder, 1), OwnWrites(folder, 2)}
    pids = {(tmp_path / name).read_text() for name in ("1", "2", "100")}
    assert (str(os.getpid()) in pids) is (workers == 1)
    assert {task.task_id for task in groups["completed"] | groups["failed"]} == set(result.worker.begun)


def test_a_process_that_dies_fails_its_task(build: Any, tmp_path: Path) -> None:
    died: list[str] = []
    OwnDies.event_handler(luigi.Event.PROCESS_FAILURE)(lambda task, said: died.append(said))
    assert build(by_task_process, OwnDies(str(tmp_path)), workers=2).status == luigi.LuigiStatusCode.FAILED
    assert died == [f"Task {OwnDies(str(tmp_path)).task_id} died unexpectedly with exit code 3"]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(("says", "group"), [("DONE", "completed"), ("FAILED", "failed")])
def test_what_is_no_process_at_all_is_asked(build: Any, tmp_path: Path, says: str, group: str, workers: int) -> None:
    task = OwnFails(str(tmp_path))
    result = build(elsewhere(says=says), task, workers=workers)
    assert (tmp_path / "began").exists()
    assert luigi.execution_summary._summary_dict(result.worker)[group] == {task}


def test_what_lasts_too_long_is_ended(build: Any, tmp_path: Path) -> None:
    late: list[Elsewhere] = []

    def make(worker: Any, task: Any) -> Elsewhere:
        made = Elsewhere(task, worker._task_result_queue, says=None)
        made.timeout_time = SYSTEM.now() - 1
        late.append(made)
        return made

    timeouts: list[Any] = []
    OwnFails.event_handler(luigi.Event.TIMEOUT)(lambda task, said: timeouts.append(task))
    assert build(make, OwnFails(str(tmp_path))).status == luigi.LuigiStatusCode.FAILED
    assert [made.ended for made in late] == [True]
    assert timeouts == [OwnFails(str(tmp_path))]


def test_what_ends_without_a_word_is_not_waited_for_for_ever(
    build: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_processes, "LATE", 0.0)
    result = build(elsewhere(says=None, asked=1), OwnFails(str(tmp_path)))
    assert result.status == luigi.LuigiStatusCode.FAILED


def test_what_cannot_be_made_is_the_failure_of_its_task(build: Any, tmp_path: Path) -> None:
    def make(worker: Any, task: Any) -> Any:
        if task.n == 0:
            raise NotImplementedError("no such batch system")

    result = build(make, OwnWrites(str(tmp_path), 0), OwnWrites(str(tmp_path), 1))
    groups = luigi.execution_summary._summary_dict(result.worker)
    assert groups["failed"] == {OwnWrites(str(tmp_path), 0)}
    assert groups["completed"] == {OwnWrites(str(tmp_path), 1)}


def test_methods_may_be_wrapped_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As libraries on Luigi do when they are imported: also the steps that nothing calls here."""
    seen: list[Any] = []
    as_it_was = Worker._run_task

    def _run_task(self: Any, task_id: str) -> None:
        seen.append((self._scheduled_tasks[task_id], self._first_task))
        as_it_was(self, task_id)

    monkeypatch.setattr(Worker, "_run_task", _run_task)
    for name in ("_add", "_add_task", "_get_work", "_create_task_process"):
        monkeypatch.setattr(Worker, name, getattr(Worker, name))
    task = OwnWrites(str(tmp_path))
    assert luigi.build([task], local_scheduler=True, log_level="CRITICAL")
    assert seen == [(task, task.task_id)]
