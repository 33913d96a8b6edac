"""What every executor must do, as a pytest class to subclass.

    class TestMyExecutor(ExecutorContract):
        def make_executor(self, setup):
            return MyExecutor(setup)

What the suite's tasks do is seen in files, since an executor may run them anywhere on this machine.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.defaults import luigi_is_complete, luigi_run_task
from luigi.hookspecs import Ran
from luigi.interfaces import Executor, Job, Outcome, Question, TaskSpec
from luigi.scheduler import Scheduler
from luigi.task_status import DONE, FAILED, PENDING
from luigi.worker.context import Context, Rules
from luigi.worker.inline import ExecutorSetup

WORKER = "the worker"


class _InFolder(luigi.Task):
    task_namespace = "luigi.testing"
    folder = luigi.Parameter()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"{self.folder}/{self.task_id.rpartition('.')[2]}")

    def log(self, line: str) -> None:
        with open(f"{self.folder}/log", "a") as log:
            log.write(f"{line}\n")


class Writes(_InFolder):
    """Writes its output."""

    name = luigi.Parameter(default="")

    def run(self) -> None:
        self.log(f"ran {self.name}")
        self.set_status_message(f"wrote {self.name}")
        with self.output().open("w") as out:
            out.write(self.name)


class Needs(Writes):
    """Requires something."""

    def requires(self) -> Any:
        return Writes(self.folder, "needed")


class Raises(_InFolder):
    """Fails."""

    def run(self) -> None:
        raise ZeroDivisionError("on purpose")


class Exits(_InFolder):
    """Ends the interpreter, or tries to."""

    def run(self) -> None:
        sys.exit(3)


class Interrupted(_InFolder):
    """Is ended by Ctrl-C."""

    def run(self) -> None:
        raise KeyboardInterrupt


class Yields(_InFolder):
    """Wants one more thing, and then another."""

    def run(self) -> Generator[Any, Any, None]:
        self.log("entered")
        try:
            first = yield Writes(self.folder, "first")
            self.log(f"got {Path(first.path).read_text()}")
            second = yield {"key": [Writes(self.folder, "second")]}
            self.log(f"got {Path(second['key'][0].path).read_text()}")
            with self.output().open("w") as out:
                out.write("done")
        finally:
            self.log("left")


def wrapped_run_task(task: luigi.Task, context: Context) -> Ran:
    """A step around every run, as a plugin would put it there."""
    log = getattr(task, "log", lambda line: None)
    log("before")
    try:
        return luigi_run_task(task, context)
    finally:
        log("after")


class ExecutorContract:
    """Submitting, polling, suspending, cancelling and closing of a `luigi.interfaces.Executor`."""

    in_this_process = True  # False where tasks run in other processes, so that Ctrl-C there is not one here

    def make_executor(self, setup: ExecutorSetup) -> Executor:
        """The executor to test."""
        raise NotImplementedError("give make_executor()")

    @pytest.fixture
    def scheduler(self) -> Scheduler:
        """The scheduler that hands out the suite's tasks."""
        return Scheduler(resources={})

    @pytest.fixture
    def start(self, scheduler: Scheduler) -> Iterator[Callable[..., Executor]]:
        """A function that starts an executor, ended with the test."""
        started: list[Executor] = []

        def start(rules: Rules = Rules(WORKER), run_task: Any = luigi_run_task) -> Executor:  # noqa: B008 - frozen
            started.append(self.make_executor(ExecutorSetup(rules, luigi_is_complete, run_task, scheduler, 2)))
            return started[-1]

        yield start
        for executor in started:
            executor.close()

    @pytest.fixture
    def folder(self, tmp_path: Path) -> str:
        """Where the suite's tasks write."""
        return str(tmp_path)

    def log(self, folder: str) -> list[str]:
        """What tasks have logged."""
        log = Path(folder, "log")
        return log.read_text().splitlines() if log.exists() else []

    def job(self, scheduler: Scheduler, task: luigi.Task) -> Job:
        """An assignment of `task`."""
        scheduler.declare(WORKER, [TaskSpec(task.task_id, task.task_family)])
        (assignment,) = scheduler.exchange(WORKER, [], 1).assignments
        return Job(task, assignment.token)

    def ended(self, executor: Executor, *jobs: Job) -> list[Outcome]:
        """The outcomes of `jobs`, each submitted as soon as there is room."""
        waiting = list(jobs)
        outcomes: list[Outcome] = []
        while len(outcomes) < len(jobs):
            while waiting and executor.capacity:
                executor.submit(waiting.pop(0))
            outcomes.extend(executor.poll())
        return outcomes

    def test_there_is_room_at_first_and_nothing_to_poll(self, start: Callable[..., Executor]) -> None:
        executor = start()
        assert executor.capacity >= 1
        assert list(executor.poll()) == []

    def test_what_ended_well_is_done(self, start: Callable[..., Executor], scheduler: Scheduler, folder: str) -> None:
        job = self.job(scheduler, Writes(folder, "a"))
        (outcome,) = self.ended(start(), job)
        assert (outcome.task, outcome.token, outcome.status) == (job.task, job.token, DONE)
        assert outcome.seconds >= 0
        assert job.task.complete()

    def test_each_job_comes_out_once(self, start: Callable[..., Executor], scheduler: Scheduler, folder: str) -> None:
        executor = start()
        jobs = [self.job(scheduler, Writes(folder, str(n))) for n in range(10)]
        outcomes = self.ended(executor, *jobs)
        assert sorted(outcome.token for outcome in outcomes) == sorted(job.token for job in jobs)
        assert list(executor.poll()) == []
        assert sorted(self.log(folder)) == [f"ran {n}" for n in range(10)]

    @pytest.mark.parametrize(("cls", "name"), [(Raises, "ZeroDivisionError"), (Exits, "SystemExit")])
    def test_what_a_task_raises_is_its_failure(
        self, start: Callable[..., Executor], scheduler: Scheduler, folder: str, cls: Any, name: str
    ) -> None:
        executor = start()
        (outcome,) = self.ended(executor, self.job(scheduler, cls(folder)))
        assert outcome.status == FAILED
        assert name in (outcome.explanation or "")
        (after,) = self.ended(executor, self.job(scheduler, Writes(folder, "after")))
        assert after.status == DONE

    def test_missing_requirements_are_named(
        self, start: Callable[..., Executor], scheduler: Scheduler, folder: str
    ) -> None:
        task = Needs(folder)
        (outcome,) = self.ended(start(), self.job(scheduler, task))
        assert (outcome.status, list(outcome.missing)) == (FAILED, [task.requires().task_id])
        (outcome,) = self.ended(
            start(Rules(WORKER, check_unfulfilled_deps=False)), self.job(scheduler, Needs(folder, "b"))
        )
        assert outcome.status == DONE

    def test_a_task_that_waits_goes_on_where_it_was(
        self, start: Callable[..., Executor], scheduler: Scheduler, folder: str
    ) -> None:
        executor = start()
        task = Yields(folder)
        for token, wanted in [(1, "first"), (2, "second")]:
            (outcome,) = self.ended(executor, Job(task, token))
            assert (outcome.token, outcome.status) == (token, PENDING)
            assert list(outcome.new_requirements) == [Writes(folder, wanted)]
            self.ended(executor, self.job(scheduler, Writes(folder, wanted)))
        (outcome,) = self.ended(executor, Job(task, 3))
        assert (outcome.token, outcome.status) == (3, DONE)
        assert self.log(folder) == ["entered", "ran first", "got first", "ran second", "got second", "left"]

    def test_a_task_that_comes_too_early_waits_on(self, start: Callable[..., Executor], folder: str) -> None:
        executor = start()
        for token in (1, 2):
            (outcome,) = self.ended(executor, Job(Yields(folder), token))
            assert (outcome.token, outcome.status) == (token, PENDING)
            assert list(outcome.new_requirements) == [Writes(folder, "first")]
        assert self.log(folder) == ["entered"]

    def test_cancelling_ends_what_waits(self, start: Callable[..., Executor], folder: str) -> None:
        executor = start()
        task = Yields(folder)
        self.ended(executor, Job(task, 1))
        assert executor.cancel(task.task_id)
        assert self.log(folder) == ["entered", "left"]
        assert not executor.cancel(task.task_id)
        self.ended(executor, Job(task, 2))
        assert self.log(folder) == ["entered", "left", "entered"], "it begins anew"

    def test_closing_ends_all_that_wait(self, start: Callable[..., Executor], folder: str, tmp_path: Path) -> None:
        executor = start()
        other = tmp_path / "other"
        other.mkdir()
        self.ended(executor, Job(Yields(folder), 1), Job(Yields(str(other)), 2))
        executor.close()
        assert self.log(folder) == self.log(str(other)) == ["entered", "left"]

    def test_steps_are_around_each_stretch_of_a_run(
        self, start: Callable[..., Executor], scheduler: Scheduler, folder: str
    ) -> None:
        executor = start(run_task=wrapped_run_task)
        self.ended(executor, Job(Yields(folder), 1))
        assert self.log(folder) == ["before", "entered", "after"]
        self.ended(executor, self.job(scheduler, Writes(folder, "first")))
        self.ended(executor, Job(Yields(folder), 2))
        assert self.log(folder)[-3:] == ["before", "got first", "after"]

    def test_what_a_task_says_of_itself_reaches_the_scheduler(
        self, start: Callable[..., Executor], scheduler: Scheduler, folder: str
    ) -> None:
        task = Writes(folder, "a")
        self.ended(start(), self.job(scheduler, task))
        assert scheduler.view(Question("task", task.task_id))["status_message"] == "wrote a"

    def test_ctrl_c_gets_through(self, start: Callable[..., Executor], folder: str) -> None:
        if not self.in_this_process:
            pytest.skip("its tasks run in other processes")
        with pytest.raises(KeyboardInterrupt):
            self.ended(start(), Job(Interrupted(folder), 1))
