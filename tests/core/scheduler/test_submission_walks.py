"""Any sequence of events about submissions, pools and triggers: after each the books balance, a submission that has
roots held has something going on, and every hand-out is the one that a look at all tasks would have chosen.

The bench checks all that by itself; here are the steps. What it takes for a walk of workers is in test_machine_walks.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from luigi.interfaces import Report, TaskSpec
from luigi.scheduler import deadlines, events, queue
from luigi.scheduler.records import ACTIVE
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, UNKNOWN

IDS = st.sampled_from("klmnop")
SOME = st.lists(IDS, max_size=2)
SUBMISSIONS = st.sampled_from(["s1", "s2", "s3"])
POOL = st.sampled_from("pq")
NEEDS = st.sampled_from([{}, {}, {"a": 1}, {"a": 2}, {"a": 1, "b": 1}])
QUEUES = st.sampled_from(["", "", "heavy"])
LABELS = st.sampled_from([(), (), ("gpu",)])
STATUSES = st.sampled_from([PENDING] * 8 + [DONE, FAILED, UNKNOWN, DISABLED])
OVERLAPS = st.sampled_from(["skip", "queue", "replace"])
ORDERS = st.sampled_from([events.Retried, events.Cancelled, events.MarkedDone, events.ReEnabled])
ANY = st.integers(0, 5)


def spec(task_id: str, **said: Any) -> TaskSpec:
    return TaskSpec(task_id, "F", "m.x" if task_id < "n" else "m2", **said)


class Walk(RuleBasedStateMachine):
    """One machine, three submissions, two workers of pools, one worker with a run of its own, six tasks."""

    def __init__(self, bench: Any) -> None:
        super().__init__()
        self.bench = bench
        self.fired = 0

    def later(self, task_id: str, deps: list[str]) -> list[str]:
        return [dep for dep in deps if dep > task_id]

    def running(self, which: int) -> Any:
        active = [task for task in self.bench.machine.tasks.values() if task.status in ACTIVE]
        return active[which % len(active)] if active else None

    # --- submissions and pools

    @rule(name=SUBMISSIONS, roots=st.lists(IDS, unique=True), most=st.integers(0, 2), queue=QUEUES)
    def introduce(self, name: str, roots: list[str], most: int, queue: str) -> None:
        info = {"submission": True, "roots": roots, "max_active": most, "queue": queue}
        self.bench.do(events.Introduced(name, info))

    @rule(name=SUBMISSIONS, ids=st.lists(IDS, min_size=1, unique=True), deps=SOME, needs=NEEDS, unplanned=st.booleans())
    def submit(self, name: str, ids: list[str], deps: list[str], needs: Any, unplanned: bool) -> None:
        known = self.bench.machine.submissions
        if name not in known:
            self.bench.do(events.Introduced(name, {"submission": True, "roots": ids, "max_active": 1}))
        told = None if unplanned else deps
        said = [
            spec(
                one,
                deps=told and self.later(one, told),
                resources=needs,
                unplanned=unplanned,
                labels=("gpu",) * (one == "k"),
            )
            for one in ids
        ]
        self.bench.do(events.Declared(name, said))

    @rule(
        worker=POOL,
        modules=st.sampled_from([(), ("m",), ("m2",)]),
        queues=st.sampled_from([(), ("heavy", "")]),
        labels=LABELS,
    )
    def join(self, worker: str, modules: Any, queues: Any, labels: Any) -> None:
        self.bench.join(worker, *modules, queues=queues, labels=labels)

    @rule(worker=st.sampled_from("ppqw"), want=st.integers(1, 3))
    def ask(self, worker: str, want: int) -> None:
        self.bench.do(events.Asked(worker, want))

    @rule(which=ANY, deps=SOME)
    def plan(self, which: int, deps: list[str]) -> None:
        """Find out what a running task requires, declare it and give the task back."""
        task = self.running(which)
        if task is not None:
            new = self.later(task.task_id, deps)
            submission = next((name for name in task.stakeholders if name in self.bench.machine.submissions), "")
            self.bench.do(events.Declared(task.lease.worker, [spec(one) for one in new], submission=submission))
            if task.status in ACTIVE and task.lease is not None:
                said = Report(task.task_id, task.lease.token, PENDING, new)
                self.bench.do(events.HandedIn(task.lease.worker, said))

    @rule(which=ANY, status=st.sampled_from([DONE, DONE, FAILED, PENDING]), retriable=st.booleans())
    def report(self, which: int, status: str, retriable: bool) -> None:
        task = self.running(which)
        if task is not None:
            said = Report(task.task_id, task.lease.token, status, retriable=retriable)
            self.bench.do(events.HandedIn(task.lease.worker, said))

    # --- a run of a program's own

    @rule(task_id=IDS, deps=SOME, needs=NEEDS, status=STATUSES, queue=QUEUES)
    def declare(self, task_id: str, deps: list[str], needs: Any, status: str, queue: str) -> None:
        said = spec(task_id, deps=self.later(task_id, deps), resources=needs, status=status, queue=queue)
        self.bench.do(events.Declared("w", [said]))

    @rule(task_id=IDS)
    def declare_what_it_cannot_run(self, task_id: str) -> None:
        self.bench.do(events.Declared("w", [spec(task_id, deps=None, runnable=False)]))

    # --- triggers

    @rule(task_id=IDS, overlap=OVERLAPS, timely=st.booleans(), most=st.integers(0, 1), name=st.sampled_from("gh"))
    def fire(self, task_id: str, overlap: str, timely: bool, most: int, name: str) -> None:
        self.fired += 1
        said = [spec(task_id, deps=None, unplanned=True)]
        due, submission = float(self.fired - most), f"{name}-{self.fired}"
        self.bench.do(events.Fired(name, due, submission, said, overlap, {"max_active": most}, timely))

    @rule(
        name=st.sampled_from("gh"),
        what=st.sampled_from([events.TriggerPaused, events.TriggerUnpaused] * 2 + [events.TriggerForgotten]),
    )
    def operate_a_trigger(self, name: str, what: Any) -> None:
        self.bench.do(what(name))

    # --- what time and operators do

    @rule(seconds=st.sampled_from([1, 5, 20, 60, 400, 90_000]))
    def tick(self, seconds: int) -> None:
        self.bench.tick(seconds)

    @rule(which=ANY, worker=st.sampled_from(["w", "p"]))
    def operate(self, which: int, worker: str) -> None:
        names = [*self.bench.machine.submissions]
        if names and which % 2:
            self.bench.do(events.SubmissionCancelled(names[which % len(names)]))
        elif which == 2:
            self.bench.do(events.WorkerDisabled(names[0] if names else worker))
        else:
            self.bench.do(events.Seen(worker))

    @rule(task_id=IDS, order=ORDERS)
    def order(self, task_id: str, order: Any) -> None:
        self.bench.do(order(task_id, "anna"))

    @rule()
    def restart(self) -> None:
        self.bench.restart()

    def teardown(self) -> None:
        """Workers that can run anything end all there is: then every submission is settled, and in time forgotten."""
        for name in "gh":
            self.bench.do(events.TriggerUnpaused(name))
        self.finish_all()
        machine = self.bench.machine
        assert all(worker.submission.quiet is not None for worker in machine.submissions.values())
        assert not any(trigger.waiting for trigger in machine.triggers.values())
        for _ in range(3):
            self.bench.tick(90_000)
            self.finish_all()
        self.bench.tick(601)
        assert not any(worker.submission.counts[FAILED] == 0 for worker in machine.submissions.values())
        self.bench.check_replay()

    def finish_all(self) -> None:
        self.bench.join("any", queues=["*"], labels=["*"])
        idle = 0
        while idle < 2:
            idle += 1
            while task := self.running(0):
                idle = 0
                self.bench.do(events.HandedIn(task.lease.worker, Report(task.task_id, task.lease.token, DONE)))
            for worker in list(self.bench.machine.workers):
                if worker.submission is None:
                    idle = 0 if self.bench.take(worker.worker_id, 9) else idle


def test_whatever_happens_to_submissions_the_books_balance(
    new_bench: Any, policy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (deadlines, queue):
        monkeypatch.setattr(module, "FEW", 2)

    def walk() -> Walk:
        return Walk(
            new_bench(policy._replace(retry_count=3), remove_delay=300, disconnect_delay=70, cooldown=3, a=2, b=1)
        )

    walks = int(os.environ.get("LUIGI_WALKS", "200"))
    run_state_machine_as_test(walk, settings=settings(max_examples=walks, stateful_step_count=40, deadline=None))
