"""The manual on running from Python (8.5.2, 8.5.3): build, its keywords, its answers, a factory of one's own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.scheduler import Scheduler
from luigi.worker import Worker


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Sum(luigi.Task):
    x = luigi.IntParameter()
    y = luigi.IntParameter(default=0)

    def run(self) -> None:
        print("sum", self.x + self.y)


class Product(luigi.Task):
    x = luigi.IntParameter()
    y = luigi.IntParameter(default=1)
    z = luigi.IntParameter(default=2)

    def run(self) -> None:
        print("product", self.x * self.y * self.z)


class Fails(luigi.Task):
    def run(self) -> None:
        raise ValueError("on purpose")


class CannotSay(luigi.Task):
    def complete(self) -> bool:
        raise ValueError("on purpose")


class Absent(luigi.ExternalTask):
    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget("never")


def build(*tasks: luigi.Task, **settings: Any) -> Any:
    return luigi.build(list(tasks), **({"local_scheduler": True, "log_level": "CRITICAL"} | settings))


def test_several_tasks_with_parameters_from_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert build(Sum(x=10), Product(x=15, z=3)) is True
    assert capsys.readouterr().out == "sum 10\nproduct 45\n"


def test_further_keywords(capfd: pytest.CaptureFixture[str]) -> None:
    assert build(Sum(x=1), Sum(x=2), workers=5, no_lock=True) is True
    assert sorted(capfd.readouterr().out.splitlines()) == ["sum 1", "sum 2"]


def test_an_unknown_keyword_is_refused() -> None:
    with pytest.raises(luigi.parameter.UnknownParameterException, match="wrkers"):
        build(Sum(x=1), wrkers=5)


# --- 8.5.3 answers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("task", "went_well", "status"),
    [
        (Sum(x=3), True, luigi.LuigiStatusCode.SUCCESS),
        (Absent(), True, luigi.LuigiStatusCode.MISSING_EXT),
        (CannotSay(), False, luigi.LuigiStatusCode.SCHEDULING_FAILED),
        # The manual says True unless scheduling failed; the released package says False of a failed task too.
        (Fails(), False, luigi.LuigiStatusCode.FAILED),
    ],
)
def test_short_and_detailed_answer(task: luigi.Task, went_well: bool, status: luigi.LuigiStatusCode) -> None:
    assert build(task) is went_well
    detailed = build(task, detailed_summary=True)
    assert detailed.status is status
    assert detailed.scheduling_succeeded is went_well
    assert detailed.summary_text.startswith("\n===== Luigi Execution Summary =====\n")


def test_run_takes_a_command_line() -> None:
    arguments = ["--local-scheduler", "--no-lock", "--log-level", "CRITICAL"]
    assert luigi.run(["--x", "1", *arguments], main_task_cls=Sum) is True
    detailed = luigi.run(["Fails", *arguments], detailed_summary=True)
    assert detailed.status is luigi.LuigiStatusCode.FAILED


# --- a factory of one's own ------------------------------------------------------------------------------------


class CountingWorker(Worker):
    """Counts the tasks that are handed to it."""

    added: int = 0

    def add(self, task: luigi.Task, *args: Any, **kwargs: Any) -> bool:
        self.added += 1
        return super().add(task, *args, **kwargs)


class Factory:
    """Makes a counting worker, and remembers what it made."""

    worker: CountingWorker
    scheduler: Scheduler

    def create_local_scheduler(self) -> Scheduler:
        self.scheduler = Scheduler(prune_on_get_work=True, record_task_history=False)
        return self.scheduler

    def create_remote_scheduler(self, url: str) -> Any:
        return luigi.rpc.RemoteScheduler(url)

    def create_worker(self, scheduler: Any, worker_processes: int, assistant: bool = False) -> CountingWorker:
        self.worker = CountingWorker(scheduler=scheduler, worker_processes=worker_processes, assistant=assistant)
        return self.worker


def test_worker_and_scheduler_of_the_programs_own(capsys: pytest.CaptureFixture[str]) -> None:
    factory = Factory()
    result = build(Sum(x=1), Sum(x=2), worker_scheduler_factory=factory, detailed_summary=True)
    assert result.status is luigi.LuigiStatusCode.SUCCESS
    assert result.worker is factory.worker
    assert factory.worker.added == 2
    assert len(capsys.readouterr().out.splitlines()) == 2


class OwnRules(Scheduler):
    """Sees every task before it is scheduled."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def declare(self, worker: str, tasks: Any) -> None:
        self.seen += [task.task_id for task in tasks]
        super().declare(worker, tasks)


def test_a_scheduler_that_looks_on() -> None:
    factory = Factory()
    factory.create_local_scheduler = OwnRules  # type: ignore[assignment,method-assign]
    result = build(Sum(x=8), worker_scheduler_factory=factory, detailed_summary=True)
    assert result.worker._scheduler.seen == [Sum(x=8).task_id]


# --- as a program ----------------------------------------------------------------------------------------------

PROGRAM = """
import luigi


class Hello(luigi.Task):
    name = luigi.Parameter(default="world")

    def run(self):
        print("hello", self.name)


if __name__ == "__main__":
    result = luigi.build([Hello(), Hello(name="moon")], local_scheduler=True, detailed_summary=True)
    print(result.summary_text)
"""


def test_a_file_that_builds_when_it_is_run(place: Path) -> None:
    (place / "hello.py").write_text(PROGRAM)
    done = subprocess.run([sys.executable, "hello.py"], cwd=place, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "hello world\nhello moon\n" in done.stdout
    assert "* 2 ran successfully:\n    - 2 Hello(name=moon,world)" in done.stdout
