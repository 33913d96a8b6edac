"""Any sequence of calls, kept in a store that is away now and then, with restarts and compactions anywhere between.

A scheduler that is started on what is kept knows all that was answered: it is compared with the one that was there
before, and with that each call does in both what it would have done in one.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from luigi.errors import CallTooOld, KernelError, StoreAway
from luigi.interfaces import Answer, Batcher, Began, Order, Progress, Report, RetryPolicy, TaskSpec
from luigi.scheduler import Scheduler
from luigi.scheduler.compaction import compact
from luigi.scheduler.events import Ticked
from luigi.scheduler.records import ACTIVE
from luigi.scheduler.recovery import recovered
from luigi.scheduler.service import OF_TASKS
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN
from luigi.testing import FakeClock, MemoryStateStore, UnreliableStore

IDS = st.sampled_from("klmnop")
SOME = st.lists(IDS, min_size=1, max_size=3)
WORKERS = st.sampled_from("vw")
STATUSES = st.sampled_from([PENDING] * 9 + [DONE, FAILED, UNKNOWN, DISABLED, RUNNING, ""])
TEXTS = st.sampled_from(["", "plain", "é\u2028", "\ud800", "\x00"])
OWN = RetryPolicy(retry_count=2, retry_delay=30)


class Walk(RuleBasedStateMachine):
    """One scheduler after the other on one store."""

    known: Callable[[Any], Any]

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock(1000.0)
        self.place = MemoryStateStore().place
        self.calls = 0
        self.last: Callable[[], Any] = lambda: None
        self.start()

    # --- starting and stopping

    def start(self, **options: Any) -> None:
        self.store = MemoryStateStore(self.place)
        while True:
            try:
                self.scheduler = Scheduler(
                    resources={"a": 2},
                    clock=self.clock,
                    store=UnreliableStore(self.store, every=4),
                    worker_disconnect_delay=70,
                    remove_delay=300,
                    retry_count=3,
                    prune_on_get_work=True,
                    **{"retry_delay": 50, **options},
                )
                return
            except StoreAway:
                self.store.close()
                self.store = MemoryStateStore(self.place)

    def say(self, call: Callable[[], Any]) -> Any:
        """Make a call until it is answered."""
        self.last = call
        while True:
            try:
                return call()
            except StoreAway:
                continue
            except CallTooOld:
                return None

    def agree(self) -> None:
        """What is kept, and what will come with the next entry, is all that the scheduler knows."""
        while True:
            try:
                self.scheduler._journal.settle()
                break
            except StoreAway:
                continue
        machine = recovered(self.store.load()).machine
        heard = self.scheduler._journal.unkept([Ticked()], self.scheduler.machine)
        machine.handle(heard, self.clock.now())
        assert self.known(machine) == self.known(self.scheduler.machine)

    @rule(retry_delay=st.sampled_from([50, 50, 5]))
    def restart(self, retry_delay: int) -> None:
        self.agree()
        self.store.close()
        self.start(retry_delay=retry_delay)

    @rule()
    def stop_cleanly(self) -> None:
        self.agree()
        while True:
            try:
                self.scheduler.save()
                break
            except StoreAway:
                continue
        self.agree()
        self.store.close()
        self.start()

    @rule()
    def compact(self) -> None:
        self.scheduler.compacted(compact(MemoryStateStore(self.place)))
        self.agree()

    # --- what workers do

    def number(self, numbered: bool) -> int:
        self.calls += 1
        return self.calls if numbered else 0

    @rule(ids=SOME, worker=WORKERS, status=STATUSES, numbered=st.booleans(), text=TEXTS)
    def declare(self, ids: list[str], worker: str, status: str, numbered: bool, text: str) -> None:
        number = self.number(numbered)
        specs = [
            TaskSpec(
                *(one, "B" if one < "n" else "F", text or None, {"day": one, "x": text}, status),
                deps=tuple(other for other in ids if other > one),
                resources={"a": 1} if one in "ko" else {},
                retry_policy=OWN if one in "kl" else None,
                batchable=one < "n",
                owners=[text],
            )
            for one in ids
        ]
        self.say(lambda: self.scheduler.declare(worker, specs, [Batcher("B", ["day"], 3)], number))

    @rule(worker=WORKERS, want=st.integers(0, 2), numbered=st.booleans(), data=st.data())
    def exchange(self, worker: str, want: int, numbered: bool, data: Any) -> None:
        number = self.number(numbered)
        running = [task for task in self.scheduler.machine.tasks.values() if task.status in ACTIVE]
        said: list[Any] = []
        for task in running:
            lease = task.lease
            choices: list[Any] = [
                None,
                *[Report(task.task_id, lease.token, status) for status in (DONE, FAILED, PENDING)],
                Report(task.task_id, lease.token, PENDING, ["z"]),
                Progress(task.task_id, lease.token),
                Progress(task.task_id, lease.token, percentage=50, given_back={"a": 1}),
                Began(lease.token, TaskSpec("runner", "B", deps=None)),
                Answer(task.task_id, "m", "yes"),
            ]
            said.append(data.draw(st.sampled_from(choices)))
        said = [one for one in said if one is not None]
        self.say(lambda: self.scheduler.exchange(worker, said, want, number))

    @rule()
    def repeat_the_last_call(self) -> None:
        self.say(self.last)

    @rule(worker=WORKERS, holding=st.none() | st.lists(IDS, max_size=3), assistant=st.booleans())
    def get_work_as_luigis_workers_do(self, worker: str, holding: list[str] | None, assistant: bool) -> None:
        self.say(lambda: self.scheduler.get_work(worker=worker, current_tasks=holding, assistant=assistant))

    @rule(task_id=IDS, worker=WORKERS, status=st.sampled_from([PENDING, DONE, FAILED, RUNNING]))
    def add_task_as_luigis_workers_do(self, task_id: str, worker: str, status: str) -> None:
        self.say(lambda: self.scheduler.add_task(task_id=task_id, worker=worker, status=status, family="F"))

    @rule(worker=st.sampled_from("vwx"))
    def ping(self, worker: str) -> None:
        self.say(lambda: self.scheduler.ping(worker=worker))

    @rule(worker=WORKERS, text=TEXTS)
    def introduce(self, worker: str, text: str) -> None:
        self.say(lambda: self.scheduler.add_worker(worker, [("host", text), ("pid", 7)]))

    # --- what time and operators do

    @rule(seconds=st.sampled_from([1, 20, 60, 400]))
    def tick(self, seconds: int) -> None:
        self.clock.advance(seconds)
        self.say(self.scheduler.tick)

    @rule(verb=st.sampled_from([*OF_TASKS, "cancel", "pause", "unpause", "unpause"]), task_id=IDS, by=TEXTS)
    def order(self, verb: str, task_id: str, by: str) -> None:
        self.obey(Order(verb, task_id, by=by))

    @rule(verb=st.sampled_from([*OF_TASKS]), task_ids=SOME)
    def order_many(self, verb: str, task_ids: list[str]) -> None:
        self.say(lambda: self.scheduler.control_tasks(verb, task_ids, "anna"))

    @rule(verb=st.sampled_from(["disable_worker", "set_worker_processes", "send_message"]), worker=WORKERS)
    def order_about_a_worker(self, verb: str, worker: str) -> None:
        self.obey(Order(verb, "k" if verb == "send_message" else worker, 2, "hello", worker))

    @rule(amount=st.integers(0, 3))
    def limit(self, amount: int) -> None:
        self.obey(Order("set_limit", "a", amount))

    def obey(self, order: Order) -> None:
        def call() -> None:
            try:
                self.scheduler.control(order)
            except StoreAway:
                raise
            except KernelError:
                pass  # it does not apply

        self.say(call)

    def teardown(self) -> None:
        self.agree()


def test_what_is_kept_is_all_that_was_known(known: Callable[[Any], Any]) -> None:
    walks = int(os.environ.get("LUIGI_WALKS", "100"))
    walk = type("JournalWalk", (Walk,), {"known": staticmethod(known)})
    run_state_machine_as_test(walk, settings=settings(max_examples=walks, stateful_step_count=40, deadline=None))
