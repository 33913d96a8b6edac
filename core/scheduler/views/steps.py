"""The steps of an explanation, and the words they are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from luigi.scheduler.lanes import PATIENCE

if TYPE_CHECKING:
    from luigi.scheduler.records import TaskRecord
    from luigi.scheduler.workers import WorkerRecord

LONGEST: Final = 200
"""Characters of a task's own words that a sentence quotes."""

_UNITS: Final = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


class Step(NamedTuple):
    """One sentence of an explanation."""

    task_id: str
    """The task it is about."""
    status: str
    reason: str
    """A word for programs: waits, and so on, done, failed, disabled, cancelled, unknown, running, paused, nobody can
    run it, held, too much, used up, claimed, silent, ready, circle, story."""
    sentence: str
    advice: str = ""
    """What one can do about it, where one can."""


def step(task: TaskRecord, reason: str, sentence: str, advice: str = "") -> Step:
    """A step about a task as it is now."""
    return Step(task.task_id, task.status, reason, sentence, advice)


def for_long(seconds: float) -> str:
    """A time for readers, in its greatest unit: `5 minutes`."""
    for size, unit in _UNITS:
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
    return "less than a second"


def ago(then: float, now: float) -> str:
    """How long since `then`: `5 minutes ago`."""
    return f"{for_long(now - then)} ago" if now - then >= 1 else "just now"


def last_line(said: str | None) -> str:
    """What a task's explanation ends with: of a traceback, the error."""
    lines = (said or "").strip().splitlines()
    line = lines[-1].strip() if lines else ""
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def silence(task: TaskRecord, workers: Sequence[WorkerRecord], now: float) -> Iterator[Step]:
    """A step if all of these workers, one of which has or may get the task, have been silent for a while."""
    if workers and all(worker.active + PATIENCE < now for worker in workers):
        last = max(workers, key=lambda worker: worker.active)
        told = f"{last.worker_id} was last heard of {ago(last.active, now)}."
        yield step(task, "silent", told, "See whether it still runs; if it stays silent it is given up.")
