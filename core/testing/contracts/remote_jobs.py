"""What every task whose work is another system's job must do, as a pytest class to subclass.

class TestMyJobs(RemoteJobContract):
    last_words = "the disk is full"

    def succeeding(self): return Train(program="true")
    def failing(self): return Train(program="echo the disk is full; exit 3")
    def endless(self): return Train(program="sleep 600")
    def is_running(self, task): return my_client.is_running(task.job_name)
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkProcess
from typing import ClassVar

import pytest

from luigi.clock import SYSTEM
from luigi.running_now import running_now
from luigi.task import Task
from luigi.testing.contracts.contract import Contract, only_where
from luigi.testing.run import run_task

LOOK_EVERY = 0.1


class RemoteJobContract(Contract):
    """Subclass it, and say what the tasks are."""

    last_words: ClassVar[str]
    """What the job of `failing` prints last."""
    says_where: ClassVar[bool] = False
    """Whether there is a place where a job can be followed."""
    patience: ClassVar[float] = 30.0
    """Seconds in which a job begins, or ends."""

    @abstractmethod
    def succeeding(self) -> Task:
        """A task whose job succeeds."""

    @abstractmethod
    def failing(self) -> Task:
        """One whose job fails, and prints `last_words` before."""

    @abstractmethod
    def endless(self) -> Task:
        """One whose job would go on for minutes."""

    @abstractmethod
    def is_running(self, task: Task) -> bool:
        """Whether the system runs the job of this task."""

    def test_a_job_that_succeeds_completes_its_task(self) -> None:
        task = run_task(self.succeeding())
        assert task.complete()

    def test_a_job_that_fails_fails_its_task_with_the_last_that_it_printed(self) -> None:
        with pytest.raises(Exception, match=".") as failure:
            run_task(self.failing())
        assert self.last_words in str(failure.value)

    def test_a_task_that_is_ended_takes_its_job_with_it(self) -> None:
        task = self.endless()
        with _running(task) as process:
            assert self._comes_to(task, running=True), "the job does not begin"
            assert process.pid is not None
            os.killpg(process.pid, signal.SIGTERM)  # as executors do for a time-out and a cancel
            process.join(self.patience)
            assert process.exitcode == -signal.SIGTERM
        assert self._comes_to(task, running=False), "the job goes on without its task"

    @only_where(says_where=True)
    def test_where_the_job_can_be_followed_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        task, said = self.succeeding(), list[str]()
        # Of the class: some tasks are pickled to get where they run.
        monkeypatch.setattr(type(task), "set_tracking_url", lambda self, tracking_url: said.append(tracking_url))
        before = running_now.set((task, 1, ""))  # also of one that is complete, which a run would leave out
        task.run()
        running_now.reset(before)
        assert said

    def _comes_to(self, task: Task, *, running: bool) -> bool:
        until = SYSTEM.monotonic() + self.patience
        while SYSTEM.monotonic() < until:
            if self.is_running(task) == running:
                return True
            SYSTEM.sleep(LOOK_EVERY)
        return False


@contextmanager
def _running(task: Task) -> Iterator[ForkProcess]:
    """The task, running in a process that leads a group, as under an executor."""
    process = multiprocessing.get_context("fork").Process(target=_run, args=(task,))
    process.start()
    try:
        yield process
    finally:
        if process.is_alive():
            process.kill()
        process.join()


def _run(task: Task) -> None:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    task.run()
