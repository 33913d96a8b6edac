"""All that a machine knows, as texts: `restored(snapshot_of(machine))` does the same as `machine` for ever after.

Each text is a part, of about a thousand tasks, so that neither who writes nor who reads ever holds all as one text.
Tasks are called by their age there, and what repeats (families, names of parameters, workers) stands in a table of the
part. What follows from the rest is left out: queues, counts, deadlines, the other side of each link.

This module knows the insides of the machine, which itself knows nothing of being kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from luigi.scheduler.codec import effect_fields, written
from luigi.scheduler.records import SCHEDULERS_POLICY, TaskRecord

if TYPE_CHECKING:
    from luigi.scheduler.machine import Machine
    from luigi.scheduler.records import Batch
    from luigi.scheduler.submissions import Submission
    from luigi.scheduler.triggers import TriggerRecord
    from luigi.scheduler.workers import WorkerRecord

FORMAT: Final = 3
"""The version of what is written here. To be raised with every change to it."""

READABLE: Final = frozenset({1, 2, FORMAT})
"""The versions that can be read. Of the first, changes do not say by whom, and nothing is cancelled; of the second,
there are no submissions, pools and triggers, and nothing waits or is late."""

TASKS: Final = 1000
"""How many tasks make one part."""

ROWS: Final = 5000
"""How many small things make one part."""

PLAIN: Final = {
    field.name: field.default
    for field in fields(TaskRecord)
    if field.name
    in (
        *("unmet", "blocked", "priority", "rank", "needs", "batchable", "failures", "first_failure"),
        *("failed_too_often", "cancelled", "explanation", "accepts_messages", "answers", "hidden", "owners"),
        *("remove_at", "wish", "unplanned", "waits"),
    )
}
"""The fields of a task that are written as they are, unless they are empty, and what they are then."""


def snapshot_of(machine: Machine) -> Iterator[str]:
    """The parts. The machine must not change until the last is taken."""
    batches = _batches(machine)
    yield written(["state", FORMAT, _settings(machine)])
    yield from _in_parts("workers", (_worker(machine, worker) for worker in machine.workers))
    yield from _submissions(machine)
    yield from _in_parts("triggers", map(_trigger, machine.triggers.values()))
    yield from _tasks("tasks", machine.tasks.values(), batches)
    yield from _tasks("gone", _gone(machine, batches), batches)
    yield from _in_parts("batches", map(_batch_row, batches))
    yield from _in_parts("families", machine.index.families)
    yield from _in_parts("removed", machine.index.removed)
    yield from _in_parts("story", ((at, *changed) for at, changed in machine._story))


def _settings(machine: Machine) -> dict[str, Any]:
    return {
        "rules": machine.rules,
        "policy": machine.retry.common,
        "remove_delay": machine.remove_delay,
        "disconnect_delay": machine.workers.disconnect_delay,
        "cooldown": machine.cooldown,
        "configured": machine.resources.configured,
        "limits": machine.resources.limits,
        "paused": machine.paused,
        "tokens": machine._tokens,
        "ages": machine._ages,
        "version": machine.index.version,
        "tasks": len(machine.tasks),
        "waiting": machine._lanes.waiting,
        "pooled": machine._lanes.pooled,
        "windows": machine.resources.windows,
        "configured_windows": machine.resources.configured_windows,
        "begun": machine.resources.begun,
        "remembered": machine.remembered,
    }


def _in_parts(kind: str, rows: Iterable[Any]) -> Iterator[str]:
    remaining = iter(rows)
    while part := list(islice(remaining, ROWS)):
        yield written([kind, part])


def _worker(machine: Machine, worker: WorkerRecord) -> dict[str, Any]:
    return {
        "worker_id": worker.worker_id,
        "known_since": worker.known_since,
        "active": worker.active,
        "asked": worker.asked,
        "info": worker.info,
        "enabled": worker.enabled,
        "running": [task.age for task in worker.running],
        "messages": worker.messages,
        "call": worker.call,
        "answer": [effect_fields(effect) for effect in worker.answer],
        "batchers": list(machine.batchers(worker.worker_id)),
    }


def _trigger(trigger: TriggerRecord) -> Sequence[Any]:
    return [getattr(trigger, field.name) for field in fields(trigger)]


# --- submissions -------------------------------------------------------------------------------------------------


def _submissions(machine: Machine) -> Iterator[str]:
    """Each by itself, without its roots, which may be many: they follow."""
    known = [(name, worker.submission) for name, worker in machine.submissions.items() if worker.submission is not None]
    yield from _in_parts("submissions", ((name, _submission(submission)) for name, submission in known))
    yield from _in_parts("roots", ((name, root) for name, submission in known for root in submission.roots))
    yield from _in_parts("held", ((name, root) for name, submission in known for root in submission.held))
    yield from _in_parts("active", ((name, root) for name, submission in known for root in submission.active))


def _submission(submission: Submission) -> dict[str, Any]:
    return {
        "max_active": submission.max_active,
        "wish": submission.wish,
        "trigger": submission.trigger,
        "quiet": submission.quiet,
        "status": submission.status,
        "counts": submission.counts,
        "root_counts": submission.root_counts,
    }


# --- tasks -----------------------------------------------------------------------------------------------------


def _batches(machine: Machine) -> dict[Batch, int]:
    """Each batch there is, and its number."""
    found = dict.fromkeys(task.batch for task in machine.tasks.values() if task.batch is not None)
    return {batch: number for number, batch in enumerate(found) if batch is not None}


def _gone(machine: Machine, batches: Iterable[Batch]) -> Iterable[TaskRecord]:
    """Tasks that are forgotten, and that a batch still holds."""
    held = dict.fromkeys(task for batch in batches for task in (*batch.members, batch.runner) if task is not None)
    return [task for task in held if machine.tasks.get(task.task_id) is not task]


def _batch_row(batch: Batch) -> Sequence[Any]:
    return [task.age for task in batch.members], None if batch.runner is None else batch.runner.age


class _Table:
    """Gives each value a number, and keeps the values in the order of those."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}

    def number(self, value: Any) -> int:
        return self._numbers.setdefault(value, len(self._numbers))

    def values(self) -> list[Any]:
        return list(self._numbers)


def _tasks(kind: str, tasks: Iterable[TaskRecord], batches: dict[Batch, int]) -> Iterator[str]:
    remaining = iter(tasks)
    while part := list(islice(remaining, TASKS)):
        shapes, groups = _Table(), _Table()
        rows = [_task(task, shapes, groups, batches) for task in part]
        yield written([kind, shapes.values(), groups.values(), rows])


def _task(task: TaskRecord, shapes: _Table, groups: _Table, batches: dict[Batch, int]) -> Sequence[Any]:
    """One task; `luigi.scheduler.restoring` reads it."""
    return (
        task.age,
        task.task_id,
        shapes.number((task.family, task.module, tuple(task.params))),
        list(task.params.values()),
        task.status,
        task.known_since,
        task.updated,
        task.version,
        [dep.age for dep in task.deps],
        groups.number(task.runners),
        groups.number(task.stakeholders),
        _further(task, batches),
    )


def _further(task: TaskRecord, batches: dict[Batch, int]) -> dict[str, Any]:
    """What most tasks have not."""
    further = {name: value for name, empty in PLAIN.items() if (value := getattr(task, name)) != empty}
    ages = [dependent.age for dependent in task.dependents]
    if ages != sorted(ages):
        further["dependents"] = ages
    if task.policy is not SCHEDULERS_POLICY:
        further["policy"] = task.policy
    if task.terms is not None:
        further["terms"] = [getattr(task.terms, field.name) for field in fields(task.terms)]
    if task.lease is not None:
        lease = task.lease
        further["lease"] = [getattr(lease, field.name) for field in fields(lease)]
    if task.batch is not None:
        further["batch"] = batches[task.batch]
    return further
