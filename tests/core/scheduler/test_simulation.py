"""Fifty workers and twenty thousand tasks on a virtual clock, with all that goes wrong between them.

Workers die and are replaced, or fall silent and come back; calls get lost, answers get lost, copies of calls arrive
late, five in a hundred each; runs fail, yield, and go as batches. A client numbers its calls, and repeats one under its
number until it is answered. Whatever happens: every task ends once, limits hold, nothing is left running, and

**the bound on starvation**: while one of its workers waits for work, no worse task, whoever runs it, takes what a task
that needs much is short of; its own workers never let one do so. So from then on it waits for better tasks alone, and
for what ran already: one run, or, where the worker of that died, its disconnect delay and a tick. As long as all its
workers have something else to do, others may pass.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import suppress
from heapq import heappop, heappush
from typing import Any

from luigi.errors import CallTooOld
from luigi.interfaces import Batcher, Began, Report, TaskSpec
from luigi.scheduler import Scheduler
from luigi.scheduler.events import Changed
from luigi.scheduler.lanes import PATIENCE
from luigi.task_status import BATCH_RUNNING, DONE, FAILED, PENDING, RUNNING
from luigi.testing import FakeClock

TASKS = int(os.environ.get("LUIGI_SIMULATED_TASKS", "20000"))
WORKERS = 50
SLOTS = 4
SHARE = 3  # pipelines that a worker declares, and workers that declare a pipeline
LIMITS = {"db": 160, "gpu": 48}
BIG = {"db": 40, "gpu": 10}
GOES_WRONG = 0.05
LONGEST = 3600.0  # virtual seconds; with nothing going wrong it would be 550
BATCHERS = [Batcher("Batched", ["day"], 5)]


def made_tasks(rng: random.Random) -> list[list[TaskSpec]]:
    """A pipeline for each worker: ten layers, each task on three of the layer below, now and then on a neighbour's."""
    pipelines: list[list[TaskSpec]] = []
    wide = TASKS // WORKERS // 10
    for number in range(WORKERS):
        specs: list[TaskSpec] = []
        for i in range(wide * 10):
            below = range(max(0, (i // wide - 1) * wide), i // wide * wide)
            deps = {f"t{number}-{rng.choice(below)}" for _ in range(3 if below else 0)}
            if below and number and rng.random() < 0.05:
                deps.add(f"t{number - 1}-{rng.choice(below)}")
            batched = i // wide % 5 == 3
            needs = rng.choices([{}, {"db": 1}, {"db": 3}, {"gpu": 1}, BIG], [64, 20, 5, 10, 1])[0]
            said = {"resources": {} if batched else needs, "priority": rng.choice([0, 0, 0, 1, 2.5])}
            if batched:
                said |= {"params": {"day": str(i), "place": str(i % 3)}, "batchable": True}
            family = "Batched" if batched else "Single"
            specs.append(TaskSpec(f"t{number}-{i}", family, deps=tuple(sorted(deps)), **said))
        pipelines.append(specs)
    return pipelines


class World:
    """The clock, what is to happen when, and which outputs exist."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.clock = FakeClock()
        self.scheduler = Scheduler(
            resources=LIMITS, clock=self.clock, retry_delay=5, worker_disconnect_delay=10, stable_done_cooldown_secs=30
        )
        self.pipelines = made_tasks(self.rng)
        self.specs = {spec.task_id: spec for specs in self.pipelines for spec in specs}
        self.complete: set[str] = set()
        self.yielded: set[str] = set()
        self.clients: list[Client] = []
        self.judge = Judge(self)
        self._agenda: list[tuple[float, int, Any]] = []
        self._entries = 0
        self.seen: Counter[str] = Counter()

    def later(self, seconds: float, act: Any) -> None:
        self._entries += 1
        heappush(self._agenda, (self.clock.now() + seconds, self._entries, act))

    def run(self) -> None:
        for place in range(WORKERS):
            self.start(place)
        self.later(1, self.tick)
        self.later(10, self.kill_one)
        self.later(10, self.silence_one)
        while len(self.judge.done) < len(self.specs) or not all(client.idle for client in self.clients):
            self.step()
        ended = self.clock.now()
        while self._agenda[0][0] < ended + 9:  # the last copies arrive
            self.step()

    def step(self) -> None:
        when, _, act = heappop(self._agenda)
        assert when < LONGEST, "something never ends"
        self.clock.advance(max(0.0, when - self.clock.now()))
        act()

    def start(self, place: int) -> None:
        self.clients.append(Client(self, f"w{len(self.clients)}", place))

    def tick(self) -> None:
        self.scheduler.tick()
        self.later(1, self.tick)

    def kill_one(self) -> None:
        victim = self.rng.choice([client for client in self.clients if client.alive])
        victim.alive = False
        self.seen["died"] += 1
        self.later(self.rng.uniform(1, 20), lambda: self.start(victim.place))
        self.later(self.rng.uniform(5, 15), self.kill_one)

    def silence_one(self) -> None:
        victim = self.rng.choice([client for client in self.clients if client.alive])
        victim.silent_until = self.clock.now() + self.rng.uniform(5, 40)
        self.seen["fell silent"] += 1
        self.later(self.rng.uniform(5, 15), self.silence_one)


class Client:
    """One worker: it declares three pipelines, then asks, runs and reports."""

    def __init__(self, world: World, name: str, place: int) -> None:
        self.world, self.name, self.place = world, name, place
        self.alive = True
        self.silent_until = 0.0
        self.running: dict[str, list[str]] = {}
        self.said: list[Any] = []
        self.number = 0
        self.unanswered: Any = None
        self.to_declare = True
        self.turn_every_second()

    @property
    def idle(self) -> bool:
        return not self.alive or not (self.running or self.said or self.unanswered or self.to_declare)

    def turn_every_second(self) -> None:
        if self.alive:
            self.turn()
            self.world.later(1, self.turn_every_second)

    def turn(self) -> None:
        """Make the next call, or the last one again if it was not answered."""
        if self.world.clock.now() < self.silent_until:
            return
        if self.unanswered is None:
            self.number += 1
            self.unanswered = self.declaration() if self.to_declare else self.exchange()
        self.transmit(self.unanswered)

    def declaration(self) -> Any:
        world, number = self.world, self.number
        pipelines = [world.pipelines[(self.place + i) % WORKERS] for i in range(SHARE)]
        mine = [spec for pipeline in pipelines for spec in pipeline]
        specs = [spec._replace(status=DONE if spec.task_id in world.complete else PENDING) for spec in mine]
        self.to_declare = False
        return lambda: world.scheduler.declare(self.name, specs, BATCHERS, number)

    def exchange(self) -> Any:
        said, want, number = self.said, SLOTS - len(self.running), self.number
        self.said = []
        return lambda: self.world.judge.exchanged(self.name, said, want, number)

    def transmit(self, call: Any) -> None:
        world = self.world
        luck = world.rng.random()
        if luck < GOES_WRONG:
            world.seen["calls lost"] += 1
            return
        if world.rng.random() < GOES_WRONG:
            world.seen["copies late"] += 1
            world.later(world.rng.uniform(0.1, 9), lambda: self.arrive_late(call))
        reply = call()
        if luck < 2 * GOES_WRONG:
            world.seen["answers lost"] += 1
            return
        self.unanswered = None
        if reply is not None:
            self.to_declare = reply.stranger
            self.take_in(reply)

    def arrive_late(self, call: Any) -> None:
        """A copy of a call arrives when the worker may have made others."""
        with suppress(CallTooOld):
            call()

    def take_in(self, reply: Any) -> None:
        for task_id in reply.refused:
            self.world.seen["refused"] += 1
            self.running.pop(task_id, None)
        for one in reply.assignments:
            runner = f"{one.task_id} and {len(one.batch) - 1} more" if one.batch else one.task_id
            if one.batch:
                self.world.seen["batches"] += 1
                self.said.append(Began(one.token, TaskSpec(runner, one.family, deps=None)))
            self.running[runner] = list(one.batch) or [one.task_id]
            self.world.later(self.world.rng.uniform(1, 10), lambda run=(runner, one.token): self.end(*run))

    def end(self, task_id: str, token: int) -> None:
        """A run ends: what it wrote is there, whether or not somebody is ever told."""
        world, outputs = self.world, self.running.pop(task_id, None)
        if outputs is None or not self.alive:
            return
        luck = world.rng.random()
        if luck < 0.03:
            world.seen["failed"] += 1
            self.said.append(Report(task_id, token, FAILED))
        elif luck < 0.04 and task_id in world.specs and task_id not in world.yielded:
            world.seen["yielded"] += 1
            world.yielded.add(task_id)
            self.said.append(Report(task_id, token, PENDING, [f"t{self.place}-0"] if "-0" not in task_id else []))
        else:
            world.complete.update(outputs)
            self.said.append(Report(task_id, token, DONE))
        if self.unanswered is None:
            self.turn()


class Judge:
    """Sees all the scheduler says, and holds it against the rules."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.machine = world.scheduler._machine
        self.done: Counter[str] = Counter()
        self.runs_believed: Counter[str] = Counter()
        self.waiting: dict[str, float] = {}
        self.big = {task_id for task_id, spec in world.specs.items() if len(spec.resources) > 1}
        self.big_pending: set[str] = set()
        self.passed: Counter[str] = Counter()
        self.passed_while_waiting: list[tuple[str, str, str]] = []
        world.scheduler.watch(self.changed)

    def changed(self, change: Changed, at: float) -> None:
        task_id = change.task_id
        if change.after == DONE and task_id in self.world.specs:
            self.done[task_id] += 1
            self.runs_believed[task_id] += change.before in (RUNNING, BATCH_RUNNING)
        if task_id in self.big:
            (self.big_pending.add if change.after == PENDING else self.big_pending.discard)(task_id)

    def exchanged(self, worker: str, said: list[Any], want: int, number: int) -> Any:
        now = self.world.clock.now()
        waiting = [name for name, asked in self.waiting.items() if now <= asked + PATIENCE and name != worker]
        big = [self.machine.tasks[task_id] for task_id in self.big_pending]
        before = self.machine.workers.get(worker)
        repeated = before is not None and before.call >= number
        reply = self.world.scheduler.exchange(worker, said, want, number)
        assert all(amount <= LIMITS[name] for name, amount in self.machine.resources.used.items())
        if not repeated:
            for one in reply.assignments:
                self.judge(worker, self.machine.tasks[one.task_id], big, waiting)
            if want:
                self.waiting.pop(worker, None)
                if len(reply.assignments) < want:
                    self.waiting[worker] = now
        return reply

    def judge(self, worker: str, taken: Any, big: list[Any], waiting: list[str]) -> None:
        """Whether what was taken is now missing to a better task that is still there."""
        free = {name: LIMITS[name] - self.machine.resources.used.get(name, 0) for name, _ in taken.needs}
        for task in big if free else ():
            missing = any(free.get(name, amount) < amount for name, amount in task.needs)
            if missing and task.ready and (task.rank, -task.age) > (taken.rank, -taken.age):
                self.passed[task.task_id] += 1
                held_up = [name for name in task.runners if name == worker or name in waiting]
                self.passed_while_waiting += [(task.task_id, taken.task_id, name) for name in held_up]


def test_every_task_ends_once_whatever_goes_wrong(books: Any, record_property: Any) -> None:
    world = World(seed=2026)
    world.run()
    machine, judge = world.scheduler._machine, world.judge
    statuses = Counter(machine.tasks[task_id].status for task_id in world.specs)
    assert statuses == {DONE: len(world.specs)}
    assert set(judge.done.values()) == {1}
    assert set(judge.runs_believed.values()) <= {0, 1}, "0: a worker that came back found its output"
    assert not machine.index.by_status[RUNNING]
    assert not machine.index.by_status[BATCH_RUNNING]
    assert machine.resources.used == {}
    assert judge.passed_while_waiting == []
    books(machine)
    assert set(world.seen) == {
        *("calls lost", "answers lost", "copies late", "refused"),
        *("died", "fell silent", "failed", "yielded", "batches"),
    }, "each of these is to happen"
    record_property("seen", {**world.seen, "seconds": world.clock.now(), "passed": judge.passed.most_common(1)})
