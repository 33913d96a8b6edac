"""What every executor must do, as a pytest class to subclass.

    class TestMyExecutor(ExecutorContract):
        def make_executor(self, setup):
            return MyExecutor(setup)

What the suite's tasks do is seen in files, since an executor may run them anywhere on this machine.
An executor that runs tasks in other processes says so by `in_this_process = False`, and has more to fulfil.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from luigi.interfaces import Executor, Job, Message, Order, Question
from luigi.scheduler import Scheduler
from luigi.task_status import DONE, FAILED, PENDING
from luigi.testing.contracts.contract import only_where
from luigi.testing.contracts.executor_bench import WORKER
from luigi.testing.contracts.executor_tasks import (
    Exits,
    Interrupted,
    Listens,
    Needs,
    Noting,
    Particular,
    Raises,
    Says,
    Writes,
    Yields,
    wrapped_run_task,
)
from luigi.testing.contracts.executors_elsewhere import ElsewhereContract
from luigi.worker.context import Rules


def _send(executor: Executor, task_id: str, message: Message) -> None:
    """From another thread than the one that polls, as soon as the task runs."""
    for _ in range(1000):
        if executor.send(task_id, message):
            return
        threading.Event().wait(0.01)


class ExecutorContract(ElsewhereContract):
    """Submitting, polling, suspending, cancelling and closing of a `luigi.interfaces.Executor`."""

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

    @only_where(suspends=True)
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

    @only_where(suspends=False)
    def test_a_task_that_waits_begins_from_the_top(
        self, start: Callable[..., Executor], scheduler: Scheduler, folder: str
    ) -> None:
        executor = start(run_task=wrapped_run_task)
        task = Yields(folder)
        for token, wanted in [(1, "first"), (2, "second")]:
            (outcome,) = self.ended(executor, Job(task, token))
            assert (outcome.token, outcome.status) == (token, PENDING)
            assert list(outcome.new_requirements) == [Writes(folder, wanted)]
            self.ended(executor, self.job(scheduler, Writes(folder, wanted)))
        (outcome,) = self.ended(executor, Job(task, 3))
        assert (outcome.token, outcome.status) == (3, DONE)
        log = self.log(folder)
        assert log[:4] == ["before", "entered", "after", "left"]
        assert log[-6:] == ["before", "entered", "got first", "got second", "left", "after"]

    @only_where(suspends=True)
    def test_a_task_that_comes_too_early_waits_on(self, start: Callable[..., Executor], folder: str) -> None:
        executor = start()
        for token in (1, 2):
            (outcome,) = self.ended(executor, Job(Yields(folder), token))
            assert (outcome.token, outcome.status) == (token, PENDING)
            assert list(outcome.new_requirements) == [Writes(folder, "first")]
        assert self.log(folder) == ["entered"]

    @only_where(suspends=True)
    def test_cancelling_ends_what_waits(self, start: Callable[..., Executor], folder: str) -> None:
        executor = start()
        task = Yields(folder)
        self.ended(executor, Job(task, 1))
        assert executor.cancel(task.task_id)
        assert self.log(folder) == ["entered", "left"]
        assert not executor.cancel(task.task_id)
        self.ended(executor, Job(task, 2))
        assert self.log(folder) == ["entered", "left", "entered"], "it begins anew"

    @only_where(suspends=True)
    def test_closing_ends_all_that_wait(self, start: Callable[..., Executor], folder: str, tmp_path: Path) -> None:
        executor = start()
        other = tmp_path / "other"
        other.mkdir()
        self.ended(executor, Job(Yields(folder), 1), Job(Yields(str(other)), 2))
        executor.close()
        assert self.log(folder) == self.log(str(other)) == ["entered", "left"]

    @only_where(suspends=True)
    def test_steps_are_around_each_stretch_of_a_run(
        self, start: Callable[..., Executor], scheduler: Scheduler, folder: str
    ) -> None:
        executor = start(run_task=wrapped_run_task)
        self.ended(executor, Job(Yields(folder), 1))
        assert self.log(folder) == ["before", "entered", "after"]
        self.ended(executor, self.job(scheduler, Writes(folder, "first")))
        self.ended(executor, Job(Yields(folder), 2))
        assert self.log(folder)[-3:] == ["before", "got first", "after"]

    @only_where(suspends=True)
    def test_a_process_context_is_around_each_stretch_of_a_run(
        self, start: Callable[..., Executor], scheduler: Scheduler, folder: str
    ) -> None:
        executor = start(Rules(WORKER, process_context=Noting))
        self.ended(executor, Job(Yields(folder), 1))
        assert self.log(folder) == [f"context for {WORKER}, here", "in", "entered", "out"]
        with Writes(folder, "first").output().open("w") as first:
            first.write("it")
        self.ended(executor, Job(Yields(folder), 2))
        assert self.log(folder)[4:] == [f"context for {WORKER}, here", "in", "got it", "out"]

    def test_what_a_task_says_of_itself_reaches_the_scheduler(
        self, start: Callable[..., Executor], scheduler: Scheduler, folder: str
    ) -> None:
        task = Says(folder)
        job = self.job(scheduler, task, resources={"space": 3})
        (outcome,) = self.ended(start(), job)
        assert outcome.status == DONE
        record = scheduler.view(Question("task", task.task_id))
        assert [record[name] for name in ("tracking_url", "status_message", "percentage")] == [
            "http://there",
            "half way",
            50,
        ]
        assert record["taken"] == {"space": 1}

    def test_a_message_reaches_the_running_task_and_its_answer_the_scheduler(
        self, start: Callable[..., Executor], scheduler: Scheduler, folder: str
    ) -> None:
        executor, task = start(), Listens(folder)
        job = self.job(scheduler, task)
        assert not executor.send(task.task_id, Message("dispatch_scheduler_message", {}))
        message_id = scheduler.control(Order("send_message", task.task_id, text="hello", worker=WORKER))
        (message,) = scheduler.exchange(WORKER, [], 0).messages
        sender = threading.Thread(target=_send, args=(executor, task.task_id, message))
        sender.start()
        (outcome,) = self.ended(executor, job)
        sender.join()
        assert (outcome.status, self.log(folder)) == (DONE, ["heard hello"])
        assert scheduler.view(Question("answer", task.task_id, {"message_id": message_id})) == "I heard hello"

    def test_who_takes_no_messages_gets_none(
        self, start: Callable[..., Executor], scheduler: Scheduler, folder: str
    ) -> None:
        executor, task = start(), Yields(folder)
        self.ended(executor, Job(task, 1))
        assert not executor.send(task.task_id, Message("dispatch_scheduler_message", {}))

    def test_only_errors_that_retry_on_names_are_worth_another_try(
        self, start: Callable[..., Executor], scheduler: Scheduler, folder: str
    ) -> None:
        outcomes = self.ended(start(), self.job(scheduler, Raises(folder)), self.job(scheduler, Particular(folder)))
        assert {type(outcome.task): outcome.retriable for outcome in outcomes} == {Raises: True, Particular: False}

    def test_a_task_that_cannot_be_pickled_runs_all_the_same(
        self, start: Callable[..., Executor], scheduler: Scheduler, folder: str
    ) -> None:
        class Local(Yields):
            def run(self) -> Generator[Any, Any, None]:
                yield LocalDependency(self.folder)
                yield from super().run()

        class LocalDependency(Writes):
            pass

        executor = start()
        (outcome,) = self.ended(executor, Job(Local(folder), 1))
        assert list(outcome.new_requirements) == [LocalDependency(folder)]
        (outcome,) = self.ended(executor, self.job(scheduler, LocalDependency(folder)))
        assert outcome.status == DONE
        (outcome,) = self.ended(executor, Job(Local(folder), 2))
        assert list(outcome.new_requirements) == [Writes(folder, "first")]

    @only_where(in_this_process=True)
    def test_ctrl_c_gets_through(self, start: Callable[..., Executor], folder: str) -> None:
        with pytest.raises(KeyboardInterrupt):
            self.ended(start(), Job(Interrupted(folder), 1))
