"""Reads what `snapshot` writes: first every task by itself, then what ties them, then what follows from all that."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from luigi.errors import StoreError
from luigi.interfaces import Batcher, Message, RetryPolicy
from luigi.scheduler.codec import read_effect, read_spec
from luigi.scheduler.demands import pool_of, wish_of
from luigi.scheduler.events import Changed
from luigi.scheduler.machine import Machine
from luigi.scheduler.records import ACTIVE, MANY, Batch, Lease, TaskRecord, Terms
from luigi.scheduler.snapshot import READABLE
from luigi.scheduler.submissions import Submission
from luigi.scheduler.texts import Texts
from luigi.scheduler.triggers import TriggerRecord, Waiting
from luigi.task_status import DISABLED, FAILED


def restored(parts: Iterable[str]) -> Machine | None:
    """The machine that the parts of a snapshot are; None for no parts. Raises StoreError for anything else."""
    restoring, read = None, 0
    try:
        for text in parts:
            kind, *content = json.loads(text)
            if restoring is None:
                restoring = Restoring(*_settings(kind, *content))
            else:
                restoring.read[kind](*content)
            read += 1
        return None if restoring is None else restoring.machine_made()
    except StoreError:
        raise
    except Exception as error:
        raise StoreError(f"part {read} of the snapshot cannot be read: {error!r}", hint=_DAMAGED) from error


_DAMAGED: Final = "restore the state store from a backup, or begin with a new one: workers declare their tasks again"


def _settings(kind: str, version: int, settings: dict[str, Any]) -> tuple[Machine, dict[str, Any]]:
    if kind != "state" or version not in READABLE:
        raise StoreError(
            f"this is not a snapshot that can be read here: {kind!r}, version {version}",
            hint=f"this version of the kernel reads version {' and '.join(map(str, sorted(READABLE)))}",
        )
    machine = Machine(
        RetryPolicy(*settings["policy"]),
        limits=settings["configured"],
        windows=settings.get("configured_windows", settings.get("windows", {})),
        remove_delay=settings["remove_delay"],
        worker_disconnect_delay=settings["disconnect_delay"],
        stable_done_cooldown=settings["cooldown"],
    )
    machine.resources.limits, machine.resources.windows = settings["limits"], settings.get("windows", {})
    machine.paused, machine.rules = settings["paused"], settings["rules"]
    machine._tokens, machine._ages = settings["tokens"], settings["ages"]
    machine.index.version = settings["version"]
    machine._lanes.pooled = settings.get("pooled", False)
    machine.remembered = settings.get("remembered", {})
    for name, begun in settings.get("begun", {}).items():
        machine.resources.restore(name, begun)
    return machine, settings


class Restoring:
    """A machine in the making."""

    def __init__(self, machine: Machine, settings: Mapping[str, Any]) -> None:
        self._machine = machine
        machine.texts = self._texts = Texts()
        self._waiting = settings["waiting"]
        self._expected: int = settings["tasks"]
        self._by_age: dict[int, TaskRecord] = {}
        self._running: list[tuple[str, Sequence[int]]] = []
        self._batches: list[Batch] = []
        self._families: list[str] = []
        self._further: list[tuple[TaskRecord, dict[str, Any]]] = []
        self.read: Mapping[str, Callable[..., None]] = {
            "workers": self._read_workers,
            "tasks": self._read_tasks,
            "gone": self._read_gone,
            "batches": self._read_batches,
            "submissions": self._read_submissions,
            "roots": lambda rows: self._read_roots(rows, lambda submission: submission.roots),
            "held": lambda rows: self._read_roots(rows, lambda submission: submission.held),
            "active": lambda rows: self._read_roots(rows, lambda submission: submission.active),
            "triggers": self._read_triggers,
            "families": self._families.extend,
            "removed": lambda rows: machine.index.removed.extend(map(tuple, rows)),
            "story": lambda rows: machine._story.extend([(at, Changed(*changed)) for at, *changed in rows]),
        }
        """What reads a part, by its kind."""

    # --- the parts ---------------------------------------------------------------------------------------------

    def _read_workers(self, rows: Iterable[dict[str, Any]]) -> None:
        for row in rows:
            worker = self._machine.workers.welcome(row["worker_id"], row["known_since"])
            worker.active, worker.asked, worker.info = row["active"], row["asked"], row["info"]
            worker.pool = pool_of(worker.info)
            if worker.pool is not None:
                self._machine._lanes.set_pool(worker.worker_id, worker.pool)
            worker.enabled, worker.call = row["enabled"], row["call"]
            worker.messages = [Message(*message) for message in row["messages"]]
            worker.answer = [read_effect(*effect) for effect in row["answer"]]
            self._running.append((worker.worker_id, row["running"]))
            for family, batched, size in row["batchers"]:
                self._machine._lanes.set_batcher(worker.worker_id, Batcher(family, tuple(batched), size), ())

    def _read_submissions(self, rows: Iterable[tuple[str, dict[str, Any]]]) -> None:
        for name, row in rows:
            worker = self._machine.workers.get(name)
            assert worker is not None
            queue, labels = row.pop("wish")
            counts, root_counts = Counter(row.pop("counts")), Counter(row.pop("root_counts"))
            wish = wish_of(queue, labels)
            worker.submission = Submission({}, **row, wish=wish, counts=counts, root_counts=root_counts)
            self._machine.submissions[name] = worker

    def _read_roots(self, rows: Iterable[tuple[str, str]], place: Callable[[Submission], dict[str, None]]) -> None:
        for name, root in rows:
            submission = self._machine.submissions[name].submission
            assert submission is not None
            place(submission)[root] = None

    def _read_triggers(self, rows: Iterable[Sequence[Any]]) -> None:
        for name, *plain, waiting in rows:
            trigger = TriggerRecord(name, *plain)
            trigger.waiting = [_waiting(*one) for one in waiting]
            self._machine.triggers[trigger.name] = trigger

    def _read_tasks(self, *content: Any) -> None:
        for task in self._tasks(*content):
            self._machine.tasks[task.task_id] = task

    def _read_gone(self, *content: Any) -> None:
        for _ in self._tasks(*content):
            pass

    def _tasks(
        self, shapes: Sequence[Any], groups: Sequence[Sequence[str]], rows: Iterable[Any]
    ) -> Iterable[TaskRecord]:
        """The records of one part. Their `deps` are ages until all tasks are there."""
        text = self._texts.one
        known_shapes = [
            (text(family), text(module), [text(name) for name in names]) for family, module, names in shapes
        ]
        known_groups = [self._group(group) for group in groups]
        for age, task_id, shape, values, status, known_since, updated, version, deps, runners, wanting, further in rows:
            family, module, names = known_shapes[shape]
            params = dict(zip(names, map(text, values), strict=True))
            task = TaskRecord(task_id, age, params, known_since, family, module, text(status), deps)
            task.updated, task.version = updated, version
            task.runners, task.stakeholders = known_groups[runners], known_groups[wanting]
            self._by_age[age] = task
            if further:
                self._further.append((task, further))
            yield task

    def _group(self, names: Sequence[str]) -> tuple[str, ...]:
        if len(names) == 1 and (worker := self._machine.workers.get(names[0])) is not None:
            return worker.alone
        return tuple([self._texts.one(name) for name in names])

    def _read_batches(self, rows: Iterable[Any]) -> None:
        for members, runner in rows:
            tasks = tuple([self._by_age[age] for age in members])
            self._batches.append(Batch(tasks, None if runner is None else self._by_age[runner]))

    # --- what ties them ----------------------------------------------------------------------------------------

    def machine_made(self) -> Machine:
        """The machine, once every part was read."""
        found = len(self._machine.tasks)
        if found != self._expected:
            raise StoreError(f"the snapshot is cut off: of {self._expected} tasks it has {found}", hint=_DAMAGED)
        for task in self._by_age.values():
            self._link(task)
        for task, further in self._further:
            self._describe(task, **further)
        self._index()
        for name, ages in self._running:
            worker = self._machine.workers.get(name)
            if worker is not None:
                worker.running = dict.fromkeys([self._by_age[age] for age in ages])
        for task in self._machine.tasks.values():
            self._involve(task)
        self._machine._stirred.clear()
        self._machine._lanes.waiting.update(self._waiting)
        return self._machine

    def _link(self, task: TaskRecord) -> None:
        task.deps = deps = tuple([self._by_age[age] for age in task.deps])  # type: ignore[index]
        for dep in deps:
            dep.add_dependent(task)

    def _describe(
        self,
        task: TaskRecord,
        dependents: Sequence[int] = (),
        policy: Sequence[Any] | None = None,
        lease: Sequence[Any] | None = None,
        batch: int | None = None,
        **plain: Any,
    ) -> None:
        if dependents:
            in_order = [self._by_age[age] for age in dependents]
            task.dependents = dict.fromkeys(in_order) if len(in_order) > MANY else in_order
        if policy is not None:
            task.policy = RetryPolicy(*policy)
        if lease is not None:
            task.lease = self._lease(*lease)
        if batch is not None:
            task.batch = self._batches[batch]
        for name, value in plain.items():
            setattr(task, name, _REMADE[name](value) if name in _REMADE else value)

    def _lease(self, token: int, worker: str | None, started: float, held: Any, taken: Any, *shown: Any) -> Lease:
        return Lease(token, worker, started, _needs(held), _needs(taken), *shown)

    # --- what follows ------------------------------------------------------------------------------------------

    def _index(self) -> None:
        """By status, the tasks stand in the order of their last changes."""
        index, tasks = self._machine.index, self._machine.tasks.values()
        for family in self._families:
            index.families[family] = dict.fromkeys(index.by_status, 0)
        for task in sorted(tasks, key=lambda task: task.version):
            index.take_in(task)

    def _involve(self, task: TaskRecord) -> None:
        """Have everybody know of a task who would."""
        machine = self._machine
        for name in {**dict.fromkeys(task.runners), **dict.fromkeys(task.stakeholders)}:
            worker = machine.workers.get(name)
            if worker is not None:
                worker.tasks[task] = None
        if task.lease is not None and task.lease.held:
            machine.resources.take(task.lease.held)
        if task.left:
            machine._left.tally(task, 1)
        if task.ready:
            machine._lanes.push(task)
        elif task.status in ACTIVE:
            machine._stir(task)
        if task.status in (FAILED, DISABLED):
            machine._deadlines.add(machine.retry.due(task), task)
        machine._deadlines.add(task.remove_at, task)
        if task.terms is not None and not task.terms.late:
            machine._deadlines.add(task.terms.deadline, task)


def _waiting(due: float, submission: str, specs: Iterable[Sequence[Any]], facts: Mapping[str, Any]) -> Waiting:
    return Waiting(due, submission, [read_spec(fields) for fields in specs], facts)


def _needs(rows: Iterable[Sequence[Any]]) -> tuple[tuple[str, int], ...]:
    return tuple([(name, amount) for name, amount in rows])


_REMADE: Final[Mapping[str, Callable[[Any], Any]]] = {
    "needs": _needs,
    "failures": tuple,
    "hidden": tuple,
    "owners": tuple,
    "wish": lambda wish: wish_of(*wish),
    "terms": lambda terms: Terms(*terms),
}
"""Fields that are not what JSON makes of them."""
