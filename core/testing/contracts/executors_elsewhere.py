"""What executors must do that run tasks in other processes: these may die, and can be ended."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from luigi.interfaces import Executor, Job
from luigi.scheduler import Scheduler
from luigi.task_status import DONE, FAILED
from luigi.testing.contracts.contract import only_where
from luigi.testing.contracts.executor_bench import ExecutorBench
from luigi.testing.contracts.executor_tasks import Dies, Sleeps, Writes
from luigi.testing.processes import is_gone


class ElsewhereContract(ExecutorBench):
    """Part of `ExecutorContract`: as many at a time as there are workers, timeouts, deaths, and early ends."""

    @only_where(in_this_process=False)
    def test_as_many_run_as_there_are_workers(self, start: Callable[..., Executor], folder: str) -> None:
        executor = start()
        assert executor.capacity == 2
        executor.submit(Job(Sleeps(folder), 1))
        assert executor.capacity == 1
        assert list(executor.poll(0.01)) == []
        executor.resize(4)
        assert executor.capacity == 3
        executor.resize(1)
        assert executor.capacity == 0

    @only_where(in_this_process=False)
    def test_a_job_that_takes_too_long_is_ended(
        self, start: Callable[..., Executor], scheduler: Scheduler, folder: str
    ) -> None:
        late = Job(Sleeps(folder), 1_000_000, timeout=0.3)
        other = self.job(scheduler, Writes(folder, "a"))
        outcomes = {outcome.task: outcome for outcome in self.ended(start(), late, other)}
        assert outcomes[other.task].status == DONE
        assert outcomes[late.task].status == FAILED
        assert "timed out: it ran longer than 0.3 seconds" in (outcomes[late.task].explanation or "")
        assert outcomes[late.task].retriable

    @only_where(in_this_process=False)
    def test_a_running_job_can_be_cancelled(self, start: Callable[..., Executor], folder: str) -> None:
        executor, task = start(), Sleeps(folder)
        executor.submit(Job(task, 1))
        assert executor.cancel(task.task_id)
        assert not executor.cancel(task.task_id)
        (outcome,) = executor.poll()
        assert outcome.status == FAILED
        assert "cancelled" in (outcome.explanation or "")

    @only_where(in_this_process=False)
    @pytest.mark.parametrize(
        ("how", "said"), [("exit", "exit code 7"), ("SIGSEGV", "killed by SIGSEGV"), ("SIGKILL", "killed by SIGKILL")]
    )
    def test_a_process_that_dies_is_the_failure_of_its_job_alone(
        self, start: Callable[..., Executor], scheduler: Scheduler, folder: str, how: str, said: str
    ) -> None:
        executor = start()
        jobs = [self.job(scheduler, task) for task in (Dies(folder, how), Writes(folder, "a"), Writes(folder, "b"))]
        outcomes = {outcome.task: outcome for outcome in self.ended(executor, *jobs)}
        assert [outcomes[job.task].status for job in jobs] == [FAILED, DONE, DONE]
        assert said in (outcomes[jobs[0].task].explanation or "")
        assert executor.capacity == 2

    @only_where(in_this_process=False)
    def test_closing_ends_what_runs(self, start: Callable[..., Executor], folder: str) -> None:
        executor = start()
        executor.submit(Job(Sleeps(folder), 1))
        while not self.log(folder):
            executor.poll(0.01)
        executor.close()
        assert is_gone(int(self.log(folder)[0].split()[-1]))
