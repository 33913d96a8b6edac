"""The rounds: what comes beside the work, work while the graph is still walked, and work that cannot begin."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.errors import CircularRequirement
from luigi.interfaces import Order, Question
from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.worker import Worker

# --- while the graph is walked --------------------------------------------------------------------------------------


@pytest.fixture
def wide(kept: Any) -> Any:
    """A task class that requires as many tasks as its number says, `known()` telling how many are known by then."""

    class Wide(kept):
        def requires(self) -> Any:
            return [kept(n) for n in range(self.n)]

    return Wide


def run_all(bench: Any, *tasks: Any, **worker: Any) -> bool:
    """Add all in one walk, and run."""
    bench.scheduler = Scheduler(resources={}, clock=bench.clock)
    bench.worker = Worker(bench.scheduler, worker_id="w", clock=bench.clock, **worker)
    with bench.worker:
        bench.worker.add_all(tasks)
        return bench.worker.run()


def test_the_first_tasks_run_before_the_last_are_found(bench: Any, kept: Any, wide: Any) -> None:
    known: list[int] = []

    class Counting(kept):
        def run(self) -> None:
            known.append(len(bench.worker.record.seen))
            self.finish()

    assert run_all(bench, Counting(), wide(3000))
    assert known[0] < 1500
    assert len(bench.worker.record.seen) == 3002
    assert len(kept.ran) == 3002


def test_a_small_graph_is_known_whole_before_anything_runs(bench: Any, kept: Any, wide: Any) -> None:
    class Wrong(kept):
        def requires(self) -> Any:
            return self

    with pytest.raises(CircularRequirement):
        run_all(bench, wide(500), Wrong())
    assert kept.ran == []


def test_what_is_wrong_with_the_rest_of_a_graph_ends_the_run(bench: Any, kept: Any, wide: Any) -> None:
    class Chain(kept):
        """Leads, one by one, to the end of the walk."""

        def requires(self) -> Any:
            return Chain((self.n + 1) % 1000)

    with pytest.raises(CircularRequirement):
        run_all(bench, wide(1500), Chain(), keep_alive=True)
    assert 0 < len(kept.ran) < 1501


def test_a_check_that_raises_late_counts(bench: Any, kept: Any, wide: Any) -> None:
    class Broken(kept):
        def complete(self) -> bool:
            if self.n == 5:
                raise ValueError
            return super().complete()

        def requires(self) -> Any:
            return Broken(self.n + 1) if self.n < 5 else []

    factory_made: list[Worker] = []

    class Factory:
        def create_local_scheduler(self) -> Any:
            return Scheduler(resources={})

        def create_worker(self, **facts: Any) -> Worker:
            factory_made.append(Worker(**facts))
            return factory_made[0]

    assert luigi.build([wide(1500), Broken()], worker_scheduler_factory=Factory(), local_scheduler=True) is False
    assert len(kept.ran) == 1501
    assert not factory_made[0].record.scheduling_succeeded


# --- standing -------------------------------------------------------------------------------------------------------


def test_a_worker_that_was_given_up_begins_anew(bench: Any, kept: Any, caplog: Any) -> None:
    class Slow(kept):
        def run(self) -> None:
            if not self.ran:
                bench.clock.advance(3600)
                bench.scheduler.exchange("somebody", [], 1)
            self.finish()
            if len(self.ran) == 1:
                self.done.clear()

    assert bench.run(Slow(), kept(1))
    assert sorted(kept.ran) == ["Kept1", "Slow0", "Slow0"]
    assert "refused the report on   Slow_0" in caplog.text
    assert bench.seen(Slow()).ran


def test_what_runs_is_ended_when_the_lease_is_lost(bench: Any, tmp_path: Path) -> None:
    class Endless(luigi.Task):
        """Runs until it is killed, the first time."""

        def output(self) -> Any:
            return luigi.LocalTarget(str(tmp_path / "done"))

        def run(self) -> None:
            first = not (tmp_path / "started").exists()
            (tmp_path / "started").touch()
            if first:
                SYSTEM.sleep(600)
            self.output().open("w").close()

    def lose_the_worker() -> None:
        while not (tmp_path / "started").exists():
            SYSTEM.sleep(0.01)
        bench.clock.advance(3600)
        bench.scheduler.exchange("somebody", [], 1)

    loser = threading.Thread(target=lose_the_worker)
    loser.start()
    assert bench.run(Endless(), wait_interval=0.01, force_multiprocessing=True)
    loser.join()
    assert bench.seen(Endless()).ran


def test_a_disabled_worker_finishes_and_leaves(bench: Any, kept: Any) -> None:
    class Disabling(kept):
        def run(self) -> None:
            bench.scheduler.control(Order("disable_worker", "w"))
            self.finish()

    assert bench.run(Disabling(), kept(1), keep_alive=True)
    assert kept.ran == ["Disabling0"]
    assert bench.clock.slept == []


def test_what_another_worker_runs_is_noted(bench: Any, kept: Any) -> None:
    from luigi.interfaces import TaskSpec

    class First(kept):
        def run(self) -> None:
            bench.scheduler.declare("other", [TaskSpec(kept(1).task_id, "Kept")])
            bench.scheduler.exchange("other", [], 1)
            self.finish()

    bench.run(First(), kept(1))
    assert kept.ran == ["First0"]
    assert bench.seen(kept(1)).running_by == "other"


# --- messages -------------------------------------------------------------------------------------------------------


def test_a_message_reaches_the_task_and_its_answer_the_scheduler(bench: Any, kept: Any) -> None:
    sent: list[str] = []

    class Listening(kept):
        accepts_messages = True

        def run(self) -> None:
            sent.append(bench.scheduler.control(Order("send_message", self.task_id, text="ping", worker="w")))
            self.set_status_message("listening")
            message = self.scheduler_messages.get()
            message.respond(f"{message.content} pong")
            self.finish()

    assert bench.run(Listening())
    question = Question("answer", Listening().task_id, {"message_id": sent[0]})
    assert bench.scheduler.view(question) == "ping pong"


@pytest.mark.parametrize("running", [True, False])
def test_a_message_for_a_task_that_takes_none_is_dropped(bench: Any, kept: Any, running: bool) -> None:
    class Deaf(kept):
        def run(self) -> None:
            to = self.task_id if running else "nowhere"
            bench.worker.dispatch_scheduler_message(task_id=to, message_id="1", content="x", extra=2)
            self.ran.append(self.scheduler_messages)
            self.finish()

    assert bench.run(Deaf())
    assert kept.ran == [None, "Deaf0"]


def test_more_processes_when_an_operator_says_so(bench: Any, tmp_path: Path) -> None:
    class Where(luigi.Task):
        n = luigi.IntParameter()

        def output(self) -> Any:
            return luigi.LocalTarget(str(tmp_path / str(self.n)))

        def run(self) -> None:
            if self.n == 0:
                bench.scheduler.control(Order("set_worker_processes", "w", 2))
            with self.output().open("w") as out:
                out.write(str(os.getpid()))

    assert bench.run(*[Where(n) for n in range(5)])
    assert bench.worker.worker_processes == 2
    ran_in = [int((tmp_path / str(n)).read_text()) for n in range(5)]
    assert ran_in[0] == os.getpid()
    assert os.getpid() not in ran_in[1:]


# --- work that cannot begin -----------------------------------------------------------------------------------------


def test_an_assistant_says_that_it_cannot_load_a_task(bench: Any, caplog: Any) -> None:
    from luigi.interfaces import TaskSpec

    scheduler = Scheduler(resources={}, clock=bench.clock)
    scheduler.declare("boss", [TaskSpec("Unheard_of", "Unheard", "no.such.module")])
    with Worker(scheduler, worker_id="w", assistant=True, clock=bench.clock) as worker:
        assert not worker.run()
    told = scheduler.view(Question("task", "Unheard_of"))
    assert told["status"] == "FAILED"
    assert "ModuleNotFoundError" in told["explanation"]
    assert "cannot begin Unheard_of" in caplog.text


def test_an_assistant_does_not_run_another_task_in_its_place(bench: Any, kept: Any) -> None:
    class Vague(luigi.Parameter):
        def serialize(self, x: Any) -> str:
            return f"about {x}"

    class Lossy(kept):
        what = Vague(default="")

    scheduler = Scheduler(resources={}, clock=bench.clock)
    boss = Worker(scheduler, worker_id="boss", clock=bench.clock)
    task = Lossy(1, what="ten")
    boss.add(task)
    with Worker(scheduler, worker_id="w", assistant=True, clock=bench.clock) as worker:
        assert not worker.run()
    assert kept.ran == []
    assert f"{task.task_id} is Lossy_1_about_about_ten" in scheduler.view(Question("task", task.task_id))["explanation"]


def test_a_batch_given_away_is_not_run(bench: Any, kept: Any) -> None:
    lost: list[bool] = []

    class Losing(kept):
        @staticmethod
        def combine(values: Any) -> int:
            if not lost:
                lost.append(True)
                bench.clock.advance(3600)
                bench.scheduler.exchange("somebody", [], 1)
            return sum(values)

        m = luigi.IntParameter(batch_method=combine)

    assert bench.run(Losing(m=1), Losing(m=2), kept(5))
    assert sorted(kept.ran) == ["Kept5", "Losing0"]


def test_an_assistant_runs_what_others_declared(bench: Any, kept: Any) -> None:
    scheduler = Scheduler(resources={}, clock=bench.clock)
    boss = Worker(scheduler, worker_id="boss", clock=bench.clock)
    boss.add(kept(1))
    with Worker(scheduler, worker_id="w", assistant=True, clock=bench.clock) as worker:
        assert worker.run()
    assert kept.ran == ["Kept1"]
    assert worker.record.seen[kept(1).task_id].foreign


# --- batches --------------------------------------------------------------------------------------------------------


@pytest.fixture
def summed(kept: Any) -> Any:
    """A task class that is run as one task with the sum of the numbers."""

    class Summed(kept):
        m = luigi.IntParameter(batch_method=sum)

        def finish(self) -> None:
            self.ran.append(self.m)
            self.done.add(self.task_id)

    return Summed


def test_an_assistant_runs_a_batch_of_another_worker(bench: Any, kept: Any, summed: Any) -> None:
    scheduler = Scheduler(resources={}, clock=bench.clock)
    boss = Worker(scheduler, worker_id="boss", clock=bench.clock)
    boss.add_all([summed(m=m) for m in (1, 2, 4)])
    with Worker(scheduler, worker_id="w", assistant=True, clock=bench.clock) as worker:
        assert worker.run()
    assert sum(kept.ran) == 7
    assert scheduler.view(Question("counts")).get("PENDING", 0) == 0


def test_the_scheduler_is_told_what_was_made_of_a_batch(bench: Any, summed: Any) -> None:
    told: list[Any] = []

    class Looking(summed):
        def run(self) -> None:
            told.append(bench.scheduler.view(Question("counts")))
            self.finish()

    assert bench.run(*[Looking(m=m) for m in (1, 2, 4)])
    assert told == [{"RUNNING": 1, "BATCH_RUNNING": 3}]
    assert [bench.seen(Looking(m=m)).ran for m in (1, 2, 4, 7)] == [True, True, True, False]


def test_a_batch_that_failed_is_tried_again(bench: Any, kept: Any, summed: Any) -> None:
    class Flaky(summed):
        def run(self) -> None:
            self.ran.append("try")
            if len(self.ran) == 1:
                raise ValueError
            self.finish()

    assert not bench.run(Flaky(m=1), Flaky(m=2), keep_alive=True, retry_delay=10, wait_interval=5)
    assert kept.ran == ["try", "try", 3]
    assert [bench.seen(Flaky(m=m)).failures for m in (1, 2)] == [1, 1]
    assert all(bench.seen(Flaky(m=m)).ran for m in (1, 2))


def test_a_batch_whose_runner_yields_goes_on(bench: Any, kept: Any, summed: Any) -> None:
    class Yields(summed):
        def run(self) -> Any:
            self.ran.append("entered")
            yield kept(self.m)
            self.finish()

    assert bench.run(Yields(m=1), Yields(m=2))
    assert kept.ran == ["entered", "Kept3", 3]
    assert all(bench.seen(Yields(m=m)).ran for m in (1, 2))


# --- executors ------------------------------------------------------------------------------------------------------


def test_the_executor_can_be_chosen(bench: Any, kept: Any) -> None:
    made: list[int] = []

    class Own:
        @luigi.hookimpl
        def luigi_executors(self) -> Any:
            from luigi.executors.inline import InlineExecutor

            def make(setup: Any) -> Any:
                made.append(setup.workers)
                return InlineExecutor(setup)

            yield luigi.hookspecs.Provider("own", make, "for the test")

    assert luigi.build([kept(1)], local_scheduler=True, workers=3, executor="own", plugins=[Own()])
    assert (made, kept.ran) == ([3], ["Kept1"])


def test_a_worker_used_by_hand_takes_the_installed_executors(kept: Any) -> None:
    worker = Worker()
    worker.use(PluginManager.with_installed(), executor="inline")
    worker.add(kept(1))
    assert worker.run()
    assert kept.ran == ["Kept1"]
