"""The queue of ready tasks, cut into lanes: one heap for each worker and set of needed resources.

A hand-out looks at the head of each lane of the asking worker, never at the tasks behind it, so its cost does not
grow with the number of tasks. Entries are not removed when a task stops being ready; they are recognised as stale
when they come to the head.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

from luigi.scheduler.records import TaskRecord
from luigi.task_status import PENDING

Needs = tuple[tuple[str, int], ...]
Entry = tuple[float, int, TaskRecord]
Lane = list[Entry]

NO_NEEDS: Needs = ()


class Lanes:
    """Ready tasks by worker and by what they need, best first: highest rank, then earliest known."""

    def __init__(self) -> None:
        self._by_worker: dict[str, dict[Needs, Lane]] = {}

    def push(self, task: TaskRecord) -> None:
        """Queue a ready task for every worker that can run it."""
        entry = (-task.rank, task.age, task)
        for worker in task.runners:
            self.push_for(worker, task, entry)

    def push_for(self, worker: str, task: TaskRecord, entry: Entry | None = None) -> None:
        """Queue a ready task for one worker."""
        lanes = self._by_worker.get(worker)
        if lanes is None:
            lanes = self._by_worker[worker] = {}
        lane = lanes.get(task.needs)
        if lane is None:
            lane = lanes[task.needs] = []
        heappush(lane, entry or (-task.rank, task.age, task))

    def pop(
        self, worker: str, lacks: Callable[[Needs], bool], impossible: Callable[[Needs], bool]
    ) -> TaskRecord | None:
        """Take the best task of `worker` whose needs can be met, or None.

        A better task whose needs cannot be met now holds its claim: no worse task may take any of those resources,
        so that many small requests never starve a big one. One that wants more than there ever is claims nothing.
        """
        lanes = self._by_worker.get(worker)
        if not lanes:
            return None
        if len(lanes) == 1 and NO_NEEDS in lanes:  # the usual case: nothing to compare, nothing to lack
            return _take(lanes[NO_NEEDS], NO_NEEDS)
        claimed: set[str] = set()
        for needs, lane in self._in_order(lanes):
            names = {name for name, _ in needs}
            if names & claimed or lacks(needs):
                if not impossible(needs):
                    claimed |= names
                continue
            return heappop(lane)[2]
        return None

    def _in_order(self, lanes: dict[Needs, Lane]) -> list[tuple[Needs, Lane]]:
        """The lanes that have a ready head, best head first; lanes that ran dry are forgotten."""
        live = []
        dry = []
        for needs, lane in lanes.items():
            if _skip_stale(lane, needs):
                live.append((needs, lane))
            else:
                dry.append(needs)
        for needs in dry:
            del lanes[needs]
        if len(live) > 1:
            live.sort(key=lambda item: item[1][0][:2])
        return live


def _take(lane: Lane, needs: Needs) -> TaskRecord | None:
    return heappop(lane)[2] if _skip_stale(lane, needs) else None


def _skip_stale(lane: Lane, needs: Needs) -> bool:
    """Drop entries of tasks that do not stand any more where they were queued; whether any entry is left."""
    while lane:
        rank, _, task = lane[0]
        if task.status == PENDING and not task.unmet and -task.rank == rank and task.needs == needs:
            return True
        heappop(lane)
    return False
