"""Executors that are given a sink hand it what their jobs print, each its own; without one they take nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest

import luigi
from luigi.defaults import luigi_is_complete, luigi_run_task
from luigi.executors import ExecutorSetup
from luigi.executors.config import processes
from luigi.executors.inline import InlineExecutor
from luigi.executors.processes import ProcessExecutor
from luigi.interfaces import Executor, Job
from luigi.scheduler import Scheduler
from luigi.task_status import DONE, FAILED, PENDING
from luigi.worker.context import Rules

Make = Callable[[ExecutorSetup], Executor]

MAKE: dict[str, Make] = {
    "inline": InlineExecutor,
    "fork": lambda setup: ProcessExecutor(setup, processes(kill_grace=1.0)),
    "spawn": lambda setup: ProcessExecutor(setup, processes(kill_grace=1.0, start_method="spawn")),
}


class SaysItsNumber(luigi.Task):
    number = luigi.IntParameter()

    def complete(self) -> bool:
        return False

    def run(self) -> None:
        os.write(1, b"%d\n" % self.number)
        os.system(f"echo shell {self.number} >&2")


class SaysAndWaits(luigi.Task):
    def complete(self) -> bool:
        return False

    def run(self) -> Any:
        os.write(1, b"before\n")
        yield SaysItsNumber(1)
        os.write(1, b"after\n")


class SaysAndDies(luigi.Task):
    def run(self) -> None:
        os.write(1, b"x" * 50_000)
        os.kill(os.getpid(), signal.SIGKILL)


class SaysTooLong(luigi.Task):
    def run(self) -> None:
        os.write(1, b"stuck\n")
        os.system("sleep 100")


def outcomes_of(make: Make, heard: Any, *jobs: Job) -> list[str]:
    setup = ExecutorSetup(Rules("w"), luigi_is_complete, luigi_run_task, Scheduler(resources={}), 2, heard)
    executor = make(setup)
    waiting, statuses = list(jobs), []
    while len(statuses) < len(jobs):
        while waiting and executor.capacity:
            executor.submit(waiting.pop(0))
        for outcome in executor.poll():
            assert outcome.status == PENDING or outcome.token in heard.over  # nothing comes after that
            statuses.append(outcome.status)
    executor.close()
    return statuses


@pytest.mark.parametrize("name", MAKE)
def test_each_job_has_its_own(name: str, heard: Any) -> None:
    jobs = [Job(SaysItsNumber(number), number) for number in range(12)]
    assert outcomes_of(MAKE[name], heard, *jobs) == [DONE] * 12
    for number in range(12):
        assert heard.texts[number, "stdout"] == f"{number}\n"
        assert heard.texts[number, "stderr"] == f"shell {number}\n"


@pytest.mark.parametrize("name", MAKE)
def test_each_stretch_of_a_run_is_an_attempt(name: str, heard: Any) -> None:
    assert outcomes_of(MAKE[name], heard, Job(SaysAndWaits(), 1)) == [PENDING]
    assert heard.texts == {(1, "stdout"): "before\n"}
    assert heard.over == [1]


@pytest.mark.parametrize("name", ["fork", "spawn"])
def test_of_a_process_that_dies_nothing_is_lost(name: str, heard: Any) -> None:
    assert outcomes_of(MAKE[name], heard, Job(SaysAndDies(), 1), Job(SaysTooLong(), 2, timeout=5)) == [FAILED] * 2
    assert heard.texts == {(1, "stdout"): "x" * 50_000, (2, "stdout"): "stuck\n"}


@pytest.mark.parametrize("name", ["inline", "fork"])
def test_nothing_stays_open(name: str, heard: Any) -> None:
    def run() -> int:
        outcomes_of(MAKE[name], heard, Job(SaysItsNumber(1), 1))
        return len(os.listdir("/dev/fd"))

    assert run() == run()
