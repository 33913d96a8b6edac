"""Tasks as a table: any window of a list that is filtered and in the order of one of its columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from luigi.clock import Clock
from luigi.scheduler.machine import Machine
from luigi.scheduler.records import TaskRecord
from luigi.scheduler.views.folded_names import FoldedNames
from luigi.scheduler.views.selection import selected
from luigi.scheduler.views.table import BY_TIME, arranged
from luigi.scheduler.views.task import row
from luigi.server.v1 import fitting, queries
from luigi.server.v1 import task_shapes as shapes
from luigi.server.v1.idleness import Idleness
from luigi.server.v1.operations import Call, Operation, looking
from luigi.server.v1.reuse import HOLDS, Made, Reused
from luigi.server.v1.versions import Versions

AT_ONCE: Final = 20
"""Rows that are made while the scheduler waits."""


class Listing(NamedTuple):
    """All tasks of a table, and the version from which on changes may be missing in it."""

    tasks: list[TaskRecord]
    version: str


class Table:
    """Keeps the listings that were asked for last, and the names by which it searches and sorts."""

    def __init__(self, versions: Versions, clock: Clock) -> None:
        self._versions, self._clock = versions, clock
        self._names = FoldedNames()
        self._listings: Reused[Listing] = Reused(clock)
        self._idleness = Idleness(clock, self._forget)

    def tag(self, call: Call) -> str:
        """What tells one state of the listing from the next."""
        return self._listing(call).state

    def window(self, call: Call) -> Any:
        """A window: rows as the tasks are now, in the order in which they were when it was listed."""
        listing = self._listing(call).value
        offset = call.said["offset"]
        tasks = listing.tasks[offset : offset + call.said["limit"]]
        page = fitting.page(_rows(call, tasks), len(tasks), "task_id")
        window = {"tasks": page.rows, "offset": offset, "total": len(listing.tasks), "version": listing.version}
        return {**window, "cut": ["tasks"]} if page.more else window

    def _listing(self, call: Call) -> Made[Listing]:
        self._idleness.asked()
        version, state = self._versions.of(call.scheduler), self._versions.of_all(call.scheduler)
        asked = queries.selection_of(call.said), call.said["sort"], call.said["order"]
        if call.said["sort"] == BY_TIME:
            state = f"{state}.{self._clock.now() // HOLDS:.0f}"
        key = self._versions.epoch(call.scheduler), asked
        return self._listings.get(key, state, lambda: Listing(self._tasks(call), version))

    def _tasks(self, call: Call) -> list[TaskRecord]:
        tasks = selected(call.scheduler, queries.selection_of(call.said), self._names)
        return arranged(tasks, call.said["sort"], call.said["order"], self._names, self._clock.now())

    def _forget(self) -> None:
        self._listings.forget()
        self._names.forget()


def _rows(call: Call, tasks: Sequence[TaskRecord]) -> Iterator[dict[str, Any]]:
    """A few at a time: each of them takes a while, and the scheduler waits."""
    for first in range(0, len(tasks), AT_ONCE):
        yield from call.scheduler.look(partial(_few_rows, tasks[first : first + AT_ONCE]))


def _few_rows(tasks: Sequence[TaskRecord], machine: Machine) -> list[dict[str, Any]]:
    return [row(task) for task in tasks]


def operations(versions: Versions, clock: Clock) -> list[Operation]:
    """The table."""
    table = Table(versions, clock)
    return [
        looking(
            "/table",
            "getTable",
            "A window of the tasks that match, in the order of a column",
            table.window,
            shapes.TableWindow,
            queries.TableQuery,
            table.tag,
        )
    ]
