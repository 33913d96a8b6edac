"""A bench for the machine: it keeps the clock, and holds every answer against books and a reference of its own.

Whatever a test does on it, after each event the machine's books are counted anew from its tasks, and each hand-out is
compared with what a look at all tasks would have chosen. So any test of any rule also watches the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from luigi.interfaces import NOTHING, Assignment, Batcher, Report, RetryPolicy, TaskSpec
from luigi.scheduler import events
from luigi.scheduler.events import Assigned, WorkerLost
from luigi.scheduler.lanes import PATIENCE
from luigi.scheduler.machine import Machine
from luigi.scheduler.records import ACTIVE, LEFT, NEXT, TaskRecord
from luigi.scheduler.restoring import restored
from luigi.scheduler.snapshot import snapshot_of
from luigi.task_status import BATCH_RUNNING, DISABLED, DONE, PENDING, RUNNING

POLICY = RetryPolicy(
    retry_count=10**9, disable_hard_timeout=10**9, disable_window=100, disable_persist=1000, retry_delay=50
)


class Bench:
    """A machine with one hand on its clock. Keywords beside those named are the limits of resources."""

    def __init__(
        self,
        retry: RetryPolicy = POLICY,
        *,
        remove_delay: float = 600,
        disconnect_delay: float = 10**9,
        cooldown: float = 0,
        checked: bool = True,
        windows: Mapping[str, float] = NOTHING,
        **limits: int,
    ) -> None:
        self._new: Callable[[], Machine] = lambda: Machine(
            retry,
            limits=limits,
            windows=windows,
            remove_delay=remove_delay,
            worker_disconnect_delay=disconnect_delay,
            stable_done_cooldown=cooldown,
        )
        self.machine = self._new()
        self.now = 0.0
        self.history: list[tuple[events.Event, float, list[Any]]] = []
        self._reference = Reference(self.machine)
        self._checked = checked

    def do(self, event: events.Event) -> list[Any]:
        """Have an event happen now; what follows from it."""
        if not self._checked:
            return self.machine.handle(event, self.now)
        expected, used = self._reference.expects(event, self.now), dict(self.machine.resources.used)
        effects = self.machine.handle(event, self.now)
        self.history.append((event, self.now, list(effects)))
        self._reference.compare(event, effects, expected, self.now)
        check_books(self.machine)
        if not takes_without_asking(event):
            check_limits(self.machine, used)
        return effects

    def declare(self, task_id: str, *deps: str, worker: str = "w", family: str = "F", **said: Any) -> list[Any]:
        return self.do(events.Declared(worker, [TaskSpec(task_id, family, deps=deps, **said)]))

    def submit(self, *task_ids: str, submission: str = "run-1", max_active: int = 0, **said: Any) -> list[Any]:
        """Submit tasks, all of them roots."""
        info = {"submission": True, "roots": list(task_ids), "max_active": max_active}
        specs = [TaskSpec(one, "F", **{"module": "m", **said}) for one in task_ids]
        return [*self.do(events.Introduced(submission, info)), *self.do(events.Declared(submission, specs))]

    def join(self, worker: str = "p", *modules: str, queues: Sequence[str] = (), labels: Sequence[str] = ()) -> None:
        """Have a worker of a pool come."""
        pool = {"modules": modules, "queues": queues, "labels": labels}
        self.do(events.Introduced(worker, {"assistant": True, "pool": pool}))

    def submission(self, name: str = "run-1") -> Any:
        worker = self.machine.workers.get(name)
        return worker and worker.submission

    def declare_batch(self, *task_ids: str, worker: str = "w", max_size: float = 10, **said: Any) -> None:
        """Tasks of the family B that differ in the parameter `day` alone."""
        specs = [TaskSpec(one, "B", params={"day": one}, batchable=True, **said) for one in task_ids]
        self.do(events.Declared(worker, specs, [Batcher("B", ["day"], max_size)]))

    def assign(self, worker: str = "w", want: int = 1) -> list[Assignment]:
        return [effect.assignment for effect in self.do(events.Asked(worker, want)) if isinstance(effect, Assigned)]

    def take(self, worker: str = "w", want: int = 1) -> list[str]:
        return [assignment.task_id for assignment in self.assign(worker, want)]

    def token(self, task_id: str) -> int:
        lease = self.machine.tasks[task_id].lease
        return lease.token if lease else 0

    def report(self, task_id: str, status: str, worker: str = "w", **said: Any) -> list[Any]:
        return self.do(events.HandedIn(worker, Report(task_id, self.token(task_id), status, **said)))

    def run(self, task_id: str, status: str, worker: str = "w", **said: Any) -> list[Any]:
        """Declare a task, take it and end it so."""
        self.declare(task_id, worker=worker, **said)
        assert self.take(worker) == [task_id]
        return self.report(task_id, status, worker)

    def tick(self, seconds: float = 0) -> list[Any]:
        self.now += seconds
        return self.do(events.Ticked())

    def status(self, task_id: str) -> str:
        return self.machine.tasks[task_id].status

    def statuses(self, task_ids: Iterable[str]) -> list[str]:
        return [self.status(task_id) for task_id in task_ids]

    def lease(self, task_id: str) -> Any:
        return self.machine.tasks[task_id].lease

    def restart(self) -> None:
        """Go on with a machine made of a snapshot of this one: nobody must be able to tell."""
        machine = restored(list(snapshot_of(self.machine)))
        assert machine is not None
        assert state_of(machine) == state_of(self.machine)
        self.machine = self._reference.machine = machine

    def check_replay(self) -> None:
        """The same events on a new machine bring the same effects, and end in the same state."""
        machine = self._new()
        for event, now, effects in self.history:
            assert machine.handle(event, now) == effects
        assert state_of(machine) == state_of(self.machine)


# --- which task a worker is to get ---------------------------------------------------------------------------------


class Reference:
    """The rule of a hand-out, by a look at all tasks, and the little it has to remember for that."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._waiting: dict[str, float] = {}
        self._batchers: dict[tuple[str, str], Batcher] = {}

    def expects(self, event: events.Event, now: float) -> list[str] | None:
        """The ids of the first task, or batch, an asking worker is to get; None where it is not for us to say."""
        if not isinstance(event, events.Asked) or event.holding is not None:
            return None
        worker = self.machine.workers.get(event.worker)
        if worker is None or self.machine.paused or not worker.enabled or event.want < 1:
            return []
        ready = [task for task in self.machine.tasks.values() if task.ready and not task.waits]
        waiting = [name for name, asked in self._waiting.items() if now <= asked + PATIENCE]
        waiting_workers = [one for name in waiting if (one := self.machine.workers.get(name))]
        first = self._best(ready, worker, waiting_workers, now)
        return [] if first is None else [first.task_id, *self._companions(first, ready, event.worker)]

    def _may_have(self, worker: Any, task: TaskRecord) -> bool:
        """Whether a worker may be given a task: its own; of a pool, what that takes."""
        return worker.worker_id in task.runners or (worker.pool is not None and worker.pool.takes(task.demand))

    def compare(self, event: events.Event, effects: Sequence[Any], expected: list[str] | None, now: float) -> None:
        assigned = [effect.assignment for effect in effects if isinstance(effect, Assigned)]
        if expected is not None:
            first = [list(one.batch or (one.task_id,)) for one in assigned[:1] if one.waited is None]
            assert first == ([expected] if expected else [])
        self._note(event, effects, len(assigned), now)

    def _note(self, event: events.Event, effects: Sequence[Any], assigned: int, now: float) -> None:
        gone = [effect.worker for effect in effects if isinstance(effect, WorkerLost)]
        if isinstance(event, events.Declared):
            self._batchers.update({(event.worker, batcher.family): batcher for batcher in event.batchers})
        elif isinstance(event, events.WorkerDisabled):
            gone.append(event.worker)
        elif isinstance(event, events.Asked) and event.want > 0 and not self.machine.paused:
            self._waiting.pop(event.worker, None)
            worker = self.machine.workers.get(event.worker)
            if assigned < event.want and worker is not None and worker.enabled:
                self._waiting[event.worker] = now
        for name in gone:
            self._waiting.pop(name, None)
            self._batchers = {key: batcher for key, batcher in self._batchers.items() if key[0] != name}

    def _best(self, ready: list[TaskRecord], worker: Any, waiting: Sequence[Any], now: float) -> TaskRecord | None:
        """Walk down all that is ready; what has to wait, of any worker that claims, claims what it needs."""
        resources, of_all = self.machine.resources, worker.assistant and worker.pool is None
        gone = Counter({name: resources.used_at(name, now) for name in resources.used})
        for task in sorted(ready, key=order):
            if any(amount > resources.limit(name) for name, amount in task.needs):
                continue
            mine = of_all or self._may_have(worker, task)
            if mine and all(gone[name] + amount <= resources.limit(name) for name, amount in task.needs):
                return task
            if mine or any(self._may_have(one, task) for one in waiting):
                gone.update(dict(task.needs))
        return None

    def _companions(self, first: TaskRecord, ready: list[TaskRecord], worker: str) -> list[str]:
        batcher = self._batchers.get((worker, first.family))
        if batcher is None or not first.batchable or first.batch is not None:
            return []

        def group(task: TaskRecord) -> Any:
            same = [value for value in task.params.items() if value[0] not in batcher.batched]
            return task.family, task.needs, same

        others = [task for task in ready if task is not first and task.batchable and task.batch is None]
        others = [task for task in others if group(task) == group(first) and worker in task.runners]
        return [task.task_id for task in sorted(others, key=order)][: int(min(batcher.max_size - 1, len(others)))]


def order(task: TaskRecord) -> tuple[float, int]:
    return -task.rank, task.age


# --- the books, counted anew ---------------------------------------------------------------------------------------


def takes_without_asking(event: events.Event) -> bool:
    return isinstance(event, events.Declared) and any(spec.status == RUNNING for spec in event.tasks)


def check_limits(machine: Machine, before: dict[str, int]) -> None:
    """No more is used than there is, but for what was used before a limit was lowered."""
    for name, amount in machine.resources.used.items():
        assert amount <= max(machine.resources.limit(name), before.get(name, 0)), name


def check_books(machine: Machine) -> None:
    held: Counter[str] = Counter()
    stopped = dead_ends(machine)
    for task in machine.tasks.values():
        check_links(machine, task, stopped)
        check_lease(machine, task)
        check_wanted(machine, task)
        held.update(dict(task.lease.held) if task.lease else {})
    for name, begun in machine.resources.begun.items():
        held.update({name: sum(amount for _, amount in begun)})
        assert machine.resources.windows[name]
    assert machine.resources.used == {name: amount for name, amount in held.items() if amount}
    check_workers(machine, stopped)
    check_submissions(machine)
    check_index(machine)


def dead_ends(machine: Machine) -> set[TaskRecord]:
    """What is disabled, and all that waits for it, as far up as something is not done."""
    found = {task for task in machine.tasks.values() if task.status == DISABLED}
    stack = list(found)
    while stack:
        above = {task for task in stack.pop().dependents if task.status != DONE} - found
        found |= above
        stack += above
    return found


def check_links(machine: Machine, task: TaskRecord, stopped: set[TaskRecord]) -> None:
    assert task.unmet == sum(dep.status != DONE for dep in task.deps)
    assert task.blocked == sum(dep in stopped for dep in task.deps)
    assert all(machine.tasks.get(dep.task_id) is dep and task in dep.dependents for dep in task.deps)
    assert all(machine.tasks.get(one.task_id) is one and task in one.deps for one in task.dependents)
    assert task.rank >= max([task.priority, *[dependent.rank for dependent in task.dependents]])


def check_lease(machine: Machine, task: TaskRecord) -> None:
    """Who runs has a lease, his worker knows; who does not holds nothing. A batch knows its members and they it."""
    lease, batch = task.lease, task.batch
    if task.status in ACTIVE:
        worker = machine.workers.get(lease.worker) if lease else None
        assert worker is not None
        assert task in worker.running
    else:
        assert lease is None or not lease.held
    assert (task.status == BATCH_RUNNING) <= (batch is not None)
    if batch is not None:
        assert batch.runner is task or (task in batch.members and task.status == BATCH_RUNNING)
        assert batch.runner is None or (batch.runner.batch is batch and batch.runner.status in (RUNNING, PENDING))


def check_wanted(machine: Machine, task: TaskRecord) -> None:
    assert not (task.stakeholders and task.remove_at is not None)
    kept = task.stakeholders or task.dependents or task.status in ACTIVE
    assert kept or task.remove_at is not None, "it would never be forgotten"
    for name in {*task.runners, *task.stakeholders}:
        worker = machine.workers.get(name)
        assert worker is not None
        assert task in worker.tasks


def check_workers(machine: Machine, stopped: set[TaskRecord]) -> None:
    for worker in machine.workers:
        name = worker.worker_id
        assert all(task.status in ACTIVE and task.lease.worker == name for task in worker.running)  # type: ignore[union-attr]
        assert all(machine.tasks.get(task.task_id) is task for task in [*worker.tasks, *worker.running])
        assert all(name in (*task.runners, *task.stakeholders) for task in worker.tasks)
        mine = [task for task in machine.tasks.values() if name in task.runners and task.status in LEFT]
        mine = [task for task in mine if not any(dep in stopped for dep in task.deps)]
        unique = sum(task.runners == (name,) for task in mine)
        assert machine.left(name)[:3] == (len(mine), unique, sum(task.runners[-1] == name for task in mine))


def check_submissions(machine: Machine) -> None:
    assert list(machine.submissions.values()) == [one for one in machine.workers if one.submission is not None]
    for name, worker in machine.submissions.items():
        wanted = [task for task in machine.tasks.values() if name in task.stakeholders]
        if worker.enabled:
            check_submission(worker.submission, name, wanted)
        else:
            assert worker.submission is not None
            assert (wanted, worker.submission.status) == ([], "CANCELLED")
    for trigger in machine.triggers.values():
        last = machine.submissions.get(trigger.last_submission)
        assert last is None or last.submission is None or last.submission.status == trigger.last_status
        assert last is not None or trigger.last_status or not trigger.last_submission
        assert trigger.goes_on or trigger.paused or not trigger.waiting


def check_submission(submission: Any, name: str, wanted: Sequence[TaskRecord]) -> None:
    roots = [task for task in wanted if task.task_id in submission.roots]
    assert +submission.counts == Counter(task.status for task in wanted)
    assert +submission.root_counts == Counter(task.status for task in roots)
    held = [task for task in roots if task.task_id in submission.held]
    assert len(held) == len(submission.held)
    assert all(name not in task.runners for task in held)
    stirs = any(task.ready or task.status in ACTIVE for task in wanted)
    assert stirs or not held, "it would never go on"
    assert not held or len(submission.active) >= submission.max_active
    settled = not stirs and submission.whole
    assert submission.status == (submission.outcome() if settled else "")
    assert (submission.quiet is not None) == (not stirs)


def check_index(machine: Machine) -> None:
    index = machine.index
    for status in NEXT:
        tasks = [task for task in machine.tasks.values() if task.status == status]
        assert list(index.by_status[status]) == sorted(tasks, key=lambda task: task.version)
    counted = Counter((task.family, task.status) for task in machine.tasks.values())
    kept = {(family, status): n for family, by in index.families.items() for status, n in by.items() if n}
    assert kept == counted
    assert len({task.version for task in machine.tasks.values()}) == len(machine.tasks)


def state_of(machine: Machine) -> Any:
    """All that a machine knows, in a form that can be compared."""
    return {
        "tasks": [task_state(task) for task in machine.tasks.values()],
        "workers": [(worker_state(worker), machine.left(worker.worker_id)) for worker in machine.workers],
        "resources": [machine.resources.limits, machine.resources.configured, machine.resources.used],
        "index": [plain(machine.index.by_status), machine.index.families, list(machine.index.families)],
        "changes": [machine.index.version, list(machine.index.removed), list(machine._story)],
        "counters": [machine._tokens, machine._ages, machine._lanes.waiting],
        "batchers": [set(map(str, machine.batchers(worker.worker_id))) for worker in machine.workers],
        "submissions": [(name, submission_state(one)) for name, one in machine.submissions.items()],
        "triggers": [plain(trigger) for trigger in machine.triggers.values()],
        "settings": [
            machine._lanes.pooled,
            machine.paused,
            machine.retry.common,
            machine.remove_delay,
            machine.cooldown,
        ],
    }


def task_state(task: TaskRecord) -> dict[str, Any]:
    links = {"deps": plain(tuple(task.deps)), "dependents": plain(tuple(task.dependents))}
    return plain(task, whole=True) | links  # type: ignore[no-any-return]


def submission_state(worker: Any) -> dict[str, Any]:
    """All but what is found again: `stirring` is only looked at where it may be out of date."""
    known = worker.submission
    return {field.name: plain(getattr(known, field.name)) for field in fields(known) if field.name != "stirring"}


def worker_state(worker: Any) -> dict[str, Any]:
    tasks = sorted(task.age for task in worker.tasks)
    return plain(worker) | {"tasks": tasks, "submission": None}  # type: ignore[no-any-return]


def plain(value: Any, *, whole: bool = False) -> Any:
    if isinstance(value, TaskRecord) and not whole:
        return value.task_id
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return [(plain(key), plain(one)) for key, one in value.items()]
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value


@pytest.fixture(scope="session")
def new_bench() -> type[Bench]:
    """Makes benches with settings of their own."""
    return Bench


@pytest.fixture(scope="session")
def books() -> Callable[[Machine], None]:
    """Counts a machine's books anew."""
    return check_books


@pytest.fixture(scope="session")
def known() -> Callable[[Machine], Any]:
    """All that a machine knows, in a form that can be compared."""
    return state_of


@pytest.fixture(scope="session")
def policy() -> RetryPolicy:
    """That of a bench where a test gives none: failures never disable, a retry after 50 s, 1000 s disabled."""
    return POLICY


@pytest.fixture
def bench() -> Bench:
    """A machine where a failed task is tried again after 50 s, and no worker is ever lost."""
    return Bench()
