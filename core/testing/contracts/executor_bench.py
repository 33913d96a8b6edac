"""What the contract suite of executors works with: starting one, handing jobs to it, and reading what tasks did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.defaults import luigi_is_complete, luigi_run_task
from luigi.executors import ExecutorSetup
from luigi.interfaces import Executor, Job, Outcome, TaskSpec
from luigi.scheduler import Scheduler
from luigi.testing.contracts.contract import Contract
from luigi.worker.context import Rules

WORKER = "the worker"


class ExecutorBench(Contract):
    """An executor to be made, a scheduler that hands out, and a folder in which tasks leave their traces."""

    in_this_process = True
    """False where tasks run in other processes: these may die, and can be ended."""
    suspends = True
    """False where a run that yields what is not there ends there, and begins from the top when its turn comes."""

    def make_executor(self, setup: ExecutorSetup) -> Executor:
        """The executor to test."""
        raise NotImplementedError("give make_executor()")

    @pytest.fixture
    def scheduler(self) -> Scheduler:
        """The scheduler that hands out the suite's tasks."""
        return Scheduler(resources={"space": 3})

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

    def job(self, scheduler: Scheduler, task: luigi.Task, **facts: Any) -> Job:
        """An assignment of `task`, declared with these facts of a TaskSpec."""
        scheduler.declare(WORKER, [TaskSpec(task.task_id, task.task_family, **facts)])
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
