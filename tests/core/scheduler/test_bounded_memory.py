"""A scheduler that has forgotten its tasks is as small as before it knew them, however long it goes on like that."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from itertools import pairwise
from typing import Any

import pytest

from luigi.interfaces import Batcher, Order, Report, TaskSpec
from luigi.rpc import records
from luigi.scheduler import Scheduler, batches, deadlines, queue
from luigi.testing import FakeClock, MemoryStateStore

TASKS = 200
ALWAYS = Batcher("Batched", ["day"], 3)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(1000.0)


@pytest.fixture
def store() -> MemoryStateStore:
    return MemoryStateStore()


@pytest.fixture
def scheduler(clock: FakeClock, store: MemoryStateStore, monkeypatch: pytest.MonkeyPatch) -> Scheduler:
    for module in (batches, deadlines, queue):
        monkeypatch.setattr(module, "FEW", 10)
    scheduler = Scheduler(resources={}, clock=clock, store=store, worker_disconnect_delay=60, retry_delay=10**9)
    scheduler.add_worker("assistant", [("assistant", True)])
    return scheduler


def one_run(scheduler: Scheduler, clock: FakeClock, number: int) -> None:
    """Two workers come with tasks of their own kind, run some, leave some, and go; an assistant is always there."""
    for name in "wv":
        scheduler.declare(f"{name}{number}", list(specs(number)), [ALWAYS], 1)
    scheduler.declare("assistant", list(specs(number)), [ALWAYS])
    for name in ("w", "v", "assistant"):
        worker = name if name == "assistant" else f"{name}{number}"
        for one in scheduler.exchange(worker, [], TASKS // 5).assignments:
            failed = "FAILED" if one.token % 3 else "DONE"
            scheduler.exchange(worker, [Report(one.task_id, one.token, failed, [f"new-{number}"])], 0)
    scheduler.control(Order("forgive", next(iter(failed_tasks(scheduler)))))
    for _ in range(30):
        clock.advance(50)
        scheduler.exchange("assistant", [], 0)
        scheduler.tick()
    scheduler.save()


def specs(number: int) -> Iterator[TaskSpec]:
    for i in range(TASKS):
        name, params = f"t-{number}-{i}", {"day": str(i), "run": f"{number}-{i % 9}"}
        family = "Batched" if i % 2 else f"Family{number}"
        deps = [f"t-{number}-{i + 10}"] if i % 10 == 0 and i < TASKS - 10 else []
        needs = {f"r-{number}-{i % 7}": 1} if i % 3 else {}
        yield TaskSpec(name, family, "m", params, deps=deps, resources=needs, batchable=family == "Batched")


def failed_tasks(scheduler: Scheduler) -> list[str]:
    return [task.task_id for task in scheduler.machine.index.by_status["FAILED"]]


def objects_below(root: object, but: list[object]) -> int:
    """How many objects hang on one, as far as records and collections go."""
    seen = {id(one) for one in but}
    stack = [root]
    count = 0
    while stack:
        one = stack.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        count += 1
        stack += parts_of(one)
    return count


def parts_of(one: Any) -> list[Any]:
    if isinstance(one, dict):
        return [*one.keys(), *one.values()]
    if isinstance(one, (list, tuple, set, deque)):
        return list(one)
    if is_dataclass(one):
        return [getattr(one, field.name) for field in fields(one)]
    if type(one).__module__.startswith("luigi.scheduler"):
        names = [name for kind in type(one).__mro__ for name in getattr(kind, "__slots__", ())]
        return [*getattr(one, "__dict__", {}).values(), *[getattr(one, name) for name in names]]
    return []


def test_what_was_forgotten_leaves_nothing(scheduler: Scheduler, clock: FakeClock) -> None:
    machine, sizes = scheduler.machine, []
    for number in range(16):
        one_run(scheduler, clock, number)
        assert list(machine.tasks) == []
        assert [worker.worker_id for worker in machine.workers] == ["assistant"]
        sizes.append(objects_below(machine, [machine._story, machine.index.removed, machine.texts]))
    assert max(sizes[8:]) <= 1.05 * max(sizes[:8]), "it goes up and down: stale entries are dropped now and then"
    assert machine.index.families == {}
    assert machine.resources.used == {}


def test_who_declares_what_others_run_has_no_queue_that_grows(scheduler: Scheduler) -> None:
    sizes = []
    for number in range(16):
        specs = [TaskSpec(f"t-{number}-{i}", "F", resources={"r": 1} if i % 2 else {}) for i in range(30)]
        for worker in ("lister", "runner"):
            scheduler.declare(worker, specs)
        while assignments := scheduler.exchange("runner", [], 30).assignments:
            scheduler.exchange("runner", [Report(one.task_id, one.token, "DONE") for one in assignments], 0)
        queue = scheduler.machine._lanes._queues["lister"]
        sizes.append(objects_below(queue, list(scheduler.machine.tasks.values())))
    assert len(scheduler.machine.tasks) == 16 * 30
    assert max(sizes[8:]) <= 1.05 * max(sizes[:8]), sizes


def test_who_wants_no_waiting_tasks_has_no_queue_of_them_that_grows(scheduler: Scheduler) -> None:
    sizes = []
    for number in range(16):
        specs = [TaskSpec(f"t-{number}-{i}", "F", waits=True) for i in range(30)]
        scheduler.declare("lister", specs)
        scheduler.declare("other", [spec._replace(status="DONE") for spec in specs])
        sizes.append(objects_below(scheduler.machine._lanes._queues["lister"], list(scheduler.machine.tasks.values())))
    assert len(scheduler.machine.tasks) == 16 * 30
    assert max(sizes[8:]) <= 1.05 * max(sizes[:8]), sizes


def test_pools_that_went_and_what_was_demanded_of_them_leave_nothing(new_bench: Any) -> None:
    bench, sizes = new_bench(checked=False, disconnect_delay=60), []
    for number in range(16):
        bench.submit(f"t-{number}", submission=f"run-{number}", queue=f"queue-{number}", labels=[f"label-{number}"])
        bench.join("stays", queues=["*"], labels=["*"])
        bench.join("goes", queues=[f"queue-{number}"])
        bench.report(*bench.take("stays"), "DONE", "stays")
        for _ in range(30):
            bench.take("stays")
            bench.tick(50)
        machine = bench.machine
        assert ([*machine.tasks], [*machine.submissions]) == ([], [])
        sizes.append(objects_below(machine, [machine._story, machine.index.removed]))
    assert max(sizes[8:]) <= 1.05 * max(sizes[:8]), sizes


def test_a_task_that_came_over_a_wire_takes_a_kilobyte_and_a_half(
    scheduler: Scheduler, store: MemoryStateStore
) -> None:
    import tracemalloc

    def body(first: int) -> str:
        ids = [f"ProcessPartition_2024_01_01_{number}_0123456789" for number in range(first, first + 501)]
        params = {"date": "2024-01-01", "mode": "full", "partition": "x"}
        return json.dumps(
            [
                records.written(
                    TaskSpec(one, "Process", "pipelines.daily", params, deps=[after], resources={"db": 1}, owners=["a"])
                )
                for one, after in pairwise(ids)
            ]
        )

    for text in (body(10**6), body(10**6)):  # what is made once
        scheduler.declare("worker", [records.read(TaskSpec, one) for one in json.loads(text)])
    known = len(scheduler.machine.tasks)
    bodies = [body(first) for first in range(0, 2000, 500)]
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for text in bodies:
            scheduler.declare("worker", [records.read(TaskSpec, one) for one in json.loads(text)])
            store.place.entries.clear()  # they are on a disk
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (after - before) / (len(scheduler.machine.tasks) - known) <= 1536
