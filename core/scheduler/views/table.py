"""Tasks in the order of one of their columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any, Final, NamedTuple

from luigi.scheduler.names import known_family
from luigi.scheduler.records import ACTIVE, TaskRecord
from luigi.scheduler.views.folded_names import FoldedNames
from luigi.task_status import BATCH_RUNNING, DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN

ORDERS: Final = ("asc", "desc")

BY_TIME: Final = "duration"
"""The one column that changes while nothing happens."""

_STATUSES: Final = (RUNNING, BATCH_RUNNING, PENDING, FAILED, DISABLED, UNKNOWN, DONE)
"""In the order in which they are told."""


class Column(NamedTuple):
    """What tasks can be ordered by."""

    key: Callable[[TaskRecord, FoldedNames, float], Any]
    """Takes the task, what gives names, and the time. None for a task that has no such thing: it comes last."""
    usual: str
    """The order, where none is asked for."""


def arranged(tasks: Iterable[TaskRecord], sort: str, order: str, names: FoldedNames, now: float) -> list[TaskRecord]:
    """Tasks by the column `sort`, in the order `order` or, if that is empty, in the usual one.

    Among equals that which changed last is the first. What has nothing in that column comes last in either order.
    """
    newest_first = sorted(tasks, key=attrgetter("version"), reverse=True)
    key, usual = COLUMNS[sort]
    keys = [key(task, names, now) for task in newest_first]
    last = [task for task, value in zip(newest_first, keys, strict=True) if value is None]
    places = [place for place, value in enumerate(keys) if value is not None]
    places.sort(key=keys.__getitem__, reverse=(order or usual) == "desc")
    return [newest_first[place] for place in places] + last


def _family(task: TaskRecord, names: FoldedNames, now: float) -> Any:
    return known_family(task).casefold()


def _started(task: TaskRecord, names: FoldedNames, now: float) -> Any:
    return task.lease.started if task.lease else None


def _duration(task: TaskRecord, names: FoldedNames, now: float) -> Any:
    """How long the attempt has taken; unknown for a task that was given back since."""
    lease = task.lease
    if lease is None or task.status in (PENDING, UNKNOWN):
        return None
    return (now if task.status in ACTIVE else task.updated) - lease.started


def _worker(task: TaskRecord, names: FoldedNames, now: float) -> Any:
    return task.lease.worker if task.lease else None


def _progress(task: TaskRecord, names: FoldedNames, now: float) -> Any:
    return task.lease.percentage if task.lease else None


COLUMNS: Final[Mapping[str, Column]] = {
    "changed": Column(lambda task, names, now: task.version, "desc"),
    "name": Column(lambda task, names, now: names(task), "asc"),
    "family": Column(_family, "asc"),
    "status": Column(lambda task, names, now: _STATUSES.index(task.status), "asc"),
    "priority": Column(lambda task, names, now: task.priority, "desc"),
    "started": Column(_started, "desc"),
    BY_TIME: Column(_duration, "desc"),
    "worker": Column(_worker, "asc"),
    "progress": Column(_progress, "desc"),
    "failures": Column(lambda task, names, now: len(task.failures), "desc"),
}
