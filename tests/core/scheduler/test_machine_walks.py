"""Any sequence of events: the books balance after each, every hand-out is the one the reference says, and at the end
nothing that could run is left, and a replay brings the same effects and the same state.

Now and then the machine is made anew of a snapshot. The replay does without, so it shows that nobody can tell.

The bench checks all that by itself; here are the steps.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from luigi.interfaces import Answer, Batcher, Began, Progress, Report, TaskSpec
from luigi.scheduler import batches, deadlines, events, queue
from luigi.scheduler.records import ACTIVE
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN

IDS = st.sampled_from("klmnopqr")
WORKERS = st.sampled_from("vw")
DEPS = st.one_of(st.just([]), st.lists(IDS, max_size=2))
NEEDS = st.sampled_from(
    [{}, {}, {"a": 1}, {"a": 2}, {"b": 1}, {"a": 1, "b": 1}, {"b": 1, "c": 1}, {"a": 2, "c": 1}, {"b": 3}]
)
STATUSES = st.sampled_from([PENDING] * 12 + [DONE, FAILED, UNKNOWN, DISABLED, RUNNING, ""])
ORDERS = st.sampled_from(
    [events.Forgiven, events.MarkedDone, events.ReEnabled, events.Retried, events.Cancelled, events.Cancelled]
)
ANY = st.integers(0, 7)  # an index into what there is


def spec(task_id: str, **said: Any) -> TaskSpec:
    """What depends on the id alone: two families that are batched by day, and one that is not."""
    family = "B" if task_id < "o" else "C" if task_id < "q" else "F"
    params = {"day": task_id, "place": "here" if task_id in "kl" else "there"}
    return TaskSpec(task_id, family, params=params, batchable=family != "F", **said)


class Walk(RuleBasedStateMachine):
    """One machine, two workers that are there from the start and a third that joins, and eight tasks."""

    def __init__(self, bench: Any) -> None:
        super().__init__()
        self.bench = bench
        self.calls = 0

    def later(self, task_id: str, deps: list[str]) -> list[str]:
        return [dep for dep in deps if dep > task_id]  # no rings: the walk through a graph refuses them before

    def running(self, which: int) -> Any:
        """One of the tasks that somebody runs, if any."""
        active = [task for task in self.bench.machine.tasks.values() if task.status in ACTIVE]
        return active[which % len(active)] if active else None

    # --- what workers do

    @rule(task_id=IDS, deps=DEPS, worker=WORKERS, needs=NEEDS, priority=st.integers(0, 2), status=STATUSES)
    def declare(self, task_id: str, deps: list[str], worker: str, needs: Any, priority: int, status: str) -> None:
        said = spec(task_id, deps=self.later(task_id, deps), resources=needs, priority=priority, status=status)
        self.bench.do(events.Declared(worker, [said]))

    @rule(task_ids=st.lists(IDS, min_size=2, unique=True), worker=WORKERS, size=st.sampled_from([2, 3, 9]))
    def declare_many_to_be_batched(self, task_ids: list[str], worker: str, size: int) -> None:
        batchers = [Batcher(family, ["day"], size) for family in "BC"]
        self.bench.do(events.Declared(worker, [spec(one) for one in task_ids], batchers))

    @rule(task_id=IDS, worker=WORKERS)
    def declare_what_it_cannot_run(self, task_id: str, worker: str) -> None:
        self.bench.do(events.Declared(worker, [spec(task_id, deps=None, runnable=False)]))

    @rule(worker=st.sampled_from("vwx"), assistant=st.booleans())
    def introduce(self, worker: str, assistant: bool) -> None:
        self.bench.do(events.Introduced(worker, {"assistant": assistant}))

    @rule(worker=st.sampled_from("vwx"), want=st.sampled_from([1, 1, 1, 3]))
    def ask(self, worker: str, want: int) -> None:
        self.bench.do(events.Asked(worker, want))

    @rule(worker=WORKERS, want=st.integers(0, 2), holding=st.lists(IDS, max_size=3))
    def ask_again(self, worker: str, want: int, holding: list[str]) -> None:
        self.bench.do(events.Asked(worker, want, holding))

    @rule(which=ANY, status=st.sampled_from([DONE, FAILED, PENDING]), deps=DEPS, retriable=st.booleans())
    def report(self, which: int, status: str, deps: list[str], retriable: bool) -> None:
        task = self.running(which)
        if task is not None:
            new_deps = self.later(task.task_id, deps)
            said = Report(task.task_id, task.lease.token, status, new_deps, "why", retriable)
            self.bench.do(events.HandedIn(task.lease.worker, said))

    @rule(task_id=IDS, worker=WORKERS, token=st.integers(0, 9), status=st.sampled_from([DONE, FAILED, PENDING]))
    def report_what_may_be_stale(self, task_id: str, worker: str, token: int, status: str) -> None:
        self.bench.do(events.HandedIn(worker, Report(task_id, token, status)))

    @rule(which=ANY, amounts=NEEDS, percentage=st.none() | st.just(50))
    def progress(self, which: int, amounts: Any, percentage: float | None) -> None:
        task = self.running(which)
        if task is not None:
            said = Progress(task.task_id, task.lease.token, percentage=percentage, given_back=amounts)
            self.bench.do(events.HandedIn(task.lease.worker, said))

    @rule(which=ANY, runner=st.one_of(IDS, st.just("z")))
    def begin_a_batch(self, which: int, runner: str) -> None:
        task = self.running(which)
        if task is not None:
            began = Began(task.lease.token, spec(runner, deps=None)._replace(batchable=False))
            self.bench.do(events.HandedIn(task.lease.worker, began))

    @rule(task_id=IDS, worker=WORKERS)
    def answer(self, task_id: str, worker: str) -> None:
        self.bench.do(events.HandedIn(worker, Answer(task_id, "m", "yes")))

    @rule(worker=WORKERS, back=st.integers(0, 2))
    def call(self, worker: str, back: int) -> None:
        self.calls += 1
        self.bench.do(events.Called(worker, self.calls - back))

    @rule(worker=WORKERS)
    def give_a_sign_of_life(self, worker: str) -> None:
        self.bench.do(events.Seen(worker))

    # --- what time and operators do

    @rule(seconds=st.sampled_from([1, 5, 20, 60, 400]))
    def tick(self, seconds: int) -> None:
        self.bench.tick(seconds)
        machine = self.bench.machine
        for task in machine.tasks.values():
            due = machine.retry.due(task)
            assert due is None or due > self.bench.now, "time has brought that"
            wanted = task.stakeholders or task.dependents or task.status in ACTIVE
            assert wanted or task.remove_at > self.bench.now

    @rule(task_id=IDS, order=ORDERS)
    def order(self, task_id: str, order: Any) -> None:
        self.bench.do(order(task_id, "anna"))

    @rule(name=st.sampled_from("abc"), amount=st.integers(0, 3))
    def limit(self, name: str, amount: int) -> None:
        self.bench.do(events.LimitSet(name, amount))

    @rule(worker=WORKERS, what=st.sampled_from([events.Paused(), events.Unpaused(), events.Unpaused(), None]))
    def operate(self, worker: str, what: Any) -> None:
        self.bench.do(what or events.WorkerDisabled(worker))

    @rule(worker=WORKERS, task_id=IDS)
    def send_a_message(self, worker: str, task_id: str) -> None:
        self.bench.do(events.MessageSent(worker, task_id, "m", "hello"))
        self.bench.do(events.ProcessesSet(worker, 2))

    @rule()
    def restart(self) -> None:
        self.bench.restart()

    # --- what holds

    @invariant()
    def what_was_cancelled_is_not_run(self) -> None:
        for task in self.bench.machine.tasks.values():
            assert not task.cancelled or task.status == DISABLED

    @invariant()
    def a_token_is_for_one_task_or_one_batch(self) -> None:
        active = [task for task in self.bench.machine.tasks.values() if task.status in ACTIVE]
        for task in active:
            for other in active:
                if other is not task and other.lease.token == task.lease.token:
                    assert other.batch is task.batch is not None
        statuses = [task.status for task in active if task.batch is not None and task.batch.runner is None]
        assert statuses.count(RUNNING) == 0, "a batch that has no runner waits for it"

    def teardown(self) -> None:
        self.bench.do(events.Unpaused())
        self.finish_all()
        resources = self.bench.machine.resources
        for task in self.bench.machine.tasks.values():
            assert task.status not in ACTIVE
            assert not task.ready or resources.impossible(task.needs), f"{task.task_id} could run"
        self.bench.check_replay()

    def finish_all(self) -> None:
        """Have every run end well, and every worker ask in turn, until there is nothing more to do."""
        idle = 0
        while idle < 2:
            idle += 1
            while task := self.running(0):
                idle = 0
                self.bench.do(events.HandedIn(task.lease.worker, Report(task.task_id, task.lease.token, DONE)))
            for worker in list(self.bench.machine.workers):
                idle = 0 if self.bench.take(worker.worker_id, 9) else idle


def test_whatever_happens_the_books_balance(new_bench: Any, policy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (batches, deadlines, queue):
        monkeypatch.setattr(module, "FEW", 2)  # so that stale entries are dropped all the time

    def walk() -> Walk:
        quick = policy._replace(retry_count=3)
        return Walk(new_bench(quick, remove_delay=300, disconnect_delay=70, cooldown=3, a=2, b=2, c=1))

    walks = int(os.environ.get("LUIGI_WALKS", "200"))
    run_state_machine_as_test(walk, settings=settings(max_examples=walks, stateful_step_count=40, deadline=None))
