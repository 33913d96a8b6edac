"""Which ready tasks a worker can run as one: those of a family that differ in batched parameters alone.

They need the same resources, so that what one of them needs is enough for all.

Each group keeps its tasks best first, as lanes do; entries that are stale are recognised when they come to the head.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import Any

from luigi.interfaces import Batcher
from luigi.scheduler.records import FEW, Needs, TaskRecord

Group = tuple[str, Needs, tuple[tuple[str, str], ...]]
"""A family, what its tasks need, and the values of the parameters that are not batched."""


class Groups:
    """The tasks one worker could batch."""

    __slots__ = ("_batchers", "_bound", "_count", "_groups")

    def __init__(self) -> None:
        self._batchers: dict[str, Batcher] = {}
        self._groups: dict[Group, list[tuple[float, int, TaskRecord]]] = {}
        self._count = 0  # of entries, those taken out since the last count included
        self._bound = FEW

    def set_batcher(self, batcher: Batcher, tasks: Iterable[TaskRecord]) -> None:
        """Batch a family as `batcher` says from now on; `tasks` are those of the worker that are known already."""
        batcher = batcher._replace(batched=tuple(batcher.batched))
        if self._batchers.get(batcher.family) == batcher:
            return
        self._batchers[batcher.family] = batcher
        for group in [group for group in self._groups if group[0] == batcher.family]:
            del self._groups[group]
        for task in tasks:
            if task.family == batcher.family and task.ready:
                self.add(task)

    def batchers(self) -> Iterable[Batcher]:
        """How each family is batched that is."""
        return self._batchers.values()

    def batcher(self, task: TaskRecord) -> Batcher | None:
        """How the task is batched, if it is."""
        return self._batchers.get(task.family) if task.batchable else None

    def add(self, task: TaskRecord) -> None:
        """Take in a ready task."""
        batcher = self.batcher(task)
        if batcher is not None:
            heappush(self._groups.setdefault(_group(task, batcher), []), (-task.rank, task.age, task))
            self._count += 1
            if self._count > self._bound:
                self._drop_stale()

    def _drop_stale(self) -> None:
        """Groups differ in parameters: a worker that lives long sees new ones for ever."""
        for group, entries in list(self._groups.items()):
            standing = list({entry: None for entry in entries if _stands(entry, group[1])})
            heapify(standing)
            if standing:
                self._groups[group] = standing
            else:
                del self._groups[group]
        self._count = sum(map(len, self._groups.values()))
        self._bound = 2 * self._count + FEW

    def companions(self, task: TaskRecord) -> Sequence[TaskRecord]:
        """The best of those that can be run together with `task`."""
        batcher = self.batcher(task)
        entries = None if batcher is None else self._groups.get(_group(task, batcher))
        if batcher is None or not entries:
            return ()
        chosen: dict[TaskRecord, None] = {}
        while entries and len(chosen) < batcher.max_size - 1:
            entry = heappop(entries)
            other = entry[2]
            if _stands(entry, task.needs) and not other.batch and other is not task:
                chosen[other] = None
        if not entries:
            del self._groups[_group(task, batcher)]
        return tuple(chosen)


def _stands(entry: tuple[float, int, TaskRecord], needs: Needs) -> bool:
    """Whether a task is still what it was when it was taken in."""
    rank, _, task = entry
    return task.ready and task.batchable and -task.rank == rank and task.needs == needs


def _group(task: TaskRecord, batcher: Batcher) -> Group:
    batched = batcher.batched
    return task.family, task.needs, tuple([(k, v) for k, v in task.params.items() if k not in batched])


def together(members: Sequence[TaskRecord], batched: Sequence[str]) -> Mapping[str, Any]:
    """The parameters of several tasks as those of one: of a batched one, all values."""
    first = members[0].params
    return {
        name: [member.params.get(name, "") for member in members] if name in batched else value
        for name, value in first.items()
    }
