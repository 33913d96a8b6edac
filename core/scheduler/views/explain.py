"""Why a task is where it is, for people: what it waits for, step by step, down to what they can do something about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING, Final

from luigi.scheduler.names import display_name
from luigi.scheduler.views.blockers import way_to_blocker
from luigi.scheduler.views.explain_pending import pending, will_not_run
from luigi.scheduler.views.steps import Step, ago, for_long, last_line, silence, step
from luigi.task_status import BATCH_RUNNING, DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN

if TYPE_CHECKING:
    from luigi.scheduler.machine import Machine
    from luigi.scheduler.records import TaskRecord

SHOWN: Final = 8
"""A way of more tasks is cut short in the middle."""


def explain(machine: Machine, task: TaskRecord, now: float) -> list[Step]:
    """Why `task` is not running, or how it came to be what it is. Times are told relative to `now`."""
    way = way_to_blocker(task, lambda candidate: will_not_run(machine, candidate))
    steps = [*_waits(way), *_EXPLAINERS[way[-1].status](machine, way[-1], now)]
    if task.status in (DONE, FAILED, DISABLED):
        steps += _story(machine, task, now)
    return steps


def _waits(way: Sequence[TaskRecord]) -> Iterator[Step]:
    """One step for each task on the way but the last; of a long way, those at its ends."""
    waiting = list(pairwise(way))
    cut = range(SHOWN // 2, len(waiting) - SHOWN // 2)
    for number, (task, dep) in enumerate(waiting):
        if number not in cut:
            others = f", and for {task.unmet - 1:,} more" if task.unmet > 1 else ""
            yield step(task, "waits", f"{display_name(task)} waits for {display_name(dep)}{others}.")
        elif number == cut.start:
            yield step(task, "and so on", f"… and so on, over {len(cut):,} more tasks …")


def _done(machine: Machine, task: TaskRecord, now: float) -> Iterator[Step]:
    yield step(task, "done", f"{display_name(task)} has been done for {for_long(now - task.updated)}.")


def _failed(machine: Machine, task: TaskRecord, now: float) -> Iterator[Step]:
    times = f", {len(task.failures)} times lately" if len(task.failures) > 1 else ""
    told = f"{display_name(task)} failed {ago(task.updated, now)}{times}{_why(machine, task)}."
    due = machine.retry.due(task)
    if due is None or due == inf:
        yield step(task, "failed", f"{told} It is not tried again by itself.", "Mend the cause, then forgive it.")
    else:
        when = f"in {for_long(due - now)}" if due > now else "any moment"
        yield step(task, "failed", f"{told} It is tried again {when}.", "To have it tried sooner, forgive it.")


def _disabled(machine: Machine, task: TaskRecord, now: float) -> Iterator[Step]:
    told = f"{display_name(task)} has been disabled for {for_long(now - task.updated)}"
    if not task.disabled_here:
        advice = "Set its `disabled` to False and run it again, or re-enable it here."
        yield step(task, "disabled", f"{told}, by its class or by a worker.", advice)
        return
    if task.cancelled:
        advice = "To have it run all the same, retry it."
        by = "".join(f" by {changed.by}" for _, changed in machine.story(task.task_id)[-1:] if changed.by)
        yield step(task, "cancelled", f"{display_name(task)} was cancelled{by} {ago(task.updated, now)}.", advice)
        return
    due = machine.retry.due(task)
    stays = "" if due is None or due == inf else f" It stays so for another {for_long(due - now)}."
    yield step(task, "disabled", f"{told}{_why(machine, task)}.{stays}", "Mend the cause, then re-enable it.")


def _why(machine: Machine, task: TaskRecord) -> str:
    """What is remembered of the last change, and what the task said."""
    told = [changed.why for _, changed in machine.story(task.task_id)[-1:] if changed.why != "failed"]
    explanation = last_line(task.explanation)
    return "".join([f": {why}" for why in [*told, explanation] if why])


def _unknown(machine: Machine, task: TaskRecord, now: float) -> Iterator[Step]:
    if task.family:
        why = last_line(task.explanation)
        told = f"Whether {display_name(task)} is complete could not be found out{': ' + why if why else ''}."
        yield step(task, "unknown", told, "See why its complete() raises, then run it again.")
    else:
        told = f"{display_name(task)} is known by its id alone: no worker has declared it."
        yield step(task, "unknown", told, "If its worker is not about to, run the task that requires it again.")


def _running(machine: Machine, task: TaskRecord, now: float) -> Iterator[Step]:
    lease = task.lease
    worker = machine.workers.get(lease.worker or "") if lease else None
    if lease is None or worker is None:
        yield step(task, "running", f"{display_name(task)} runs, but its worker is not known.")
        return
    far = [f"{lease.percentage:g} %"] if lease.percentage is not None else []
    progress = ": ".join([*far, *([lease.status_message] if lease.status_message else [])])
    together = f" {_batch(task)}" if task.batch else ""
    told = f"{display_name(task)} has run{together} on {worker.worker_id} for {for_long(now - lease.started)}"
    yield step(task, "running", f"{told} ({progress})." if progress else f"{told}.")
    if lease.cancelled_by is not None:
        yield step(task, "cancelled", f"It was cancelled by {lease.cancelled_by}: its worker is to end it.")
    yield from silence(task, [worker], now)


def _batch(task: TaskRecord) -> str:
    batch = task.batch
    assert batch is not None
    runner = f" as {display_name(batch.runner)}" if batch.runner and batch.runner is not task else ""
    return f"in a batch of {len(batch.members)}{runner}"


def _story(machine: Machine, task: TaskRecord, now: float) -> Iterator[Step]:
    for at, changed in machine.story(task.task_id):
        yield step(task, "story", f"From {changed.before} to {changed.after} {ago(at, now)}: {changed.why}.")


_EXPLAINERS: Final = {
    DONE: _done,
    FAILED: _failed,
    DISABLED: _disabled,
    UNKNOWN: _unknown,
    RUNNING: _running,
    BATCH_RUNNING: _running,
    PENDING: pending,
}
