"""The queue of ready tasks: for each worker a heap of offers, and for each resource a lane of those that need it.

The rule of a hand-out: the best task that lacks nothing; a better one that lacks something claims all it needs. So a
task is handed out only while it is the best of every lane it stands in. Only the best of a lane is therefore offered,
once, and again after the lane or its resource changed; all behind it are left alone, so the cost of a hand-out grows
with the logarithm of the number of tasks.

Entries are not removed when a task stops being ready; they are recognised as stale when they come to the head.
"""

from __future__ import annotations

from heapq import heappop, heappush

from luigi.scheduler.records import Needs, TaskRecord
from luigi.scheduler.resources import Resources
from luigi.task_status import PENDING

Entry = tuple[float, int, TaskRecord, Needs]
"""Sorts best first: highest rank, then earliest known."""


class Lanes:
    """Ready tasks by worker and by what they need, best first."""

    def __init__(self) -> None:
        self._queues: dict[str, _Queue] = {}

    def push(self, task: TaskRecord) -> None:
        """Queue a ready task for every worker that can run it."""
        for worker in task.runners:
            self.push_for(worker, task)

    def push_for(self, worker: str, task: TaskRecord) -> None:
        """Queue a ready task for one worker."""
        queue = self._queues.get(worker)
        if queue is None:
            queue = self._queues[worker] = _Queue()
        entry = (-task.rank, task.age, task, task.needs)
        if task.needs:
            queue.enter_lanes(entry)
        else:
            heappush(queue.offers, entry)

    def pop(self, worker: str, resources: Resources) -> TaskRecord | None:
        """Take the best task of `worker` whose needs can be met, or None.

        A better task whose needs cannot be met now holds its claim: no worse task may take any of those resources,
        so that many small requests never starve a big one. One that wants more than there ever is claims nothing.
        """
        queue = self._queues.get(worker)
        return None if queue is None else queue.pop(resources)

    def look_again(self, needs: Needs) -> None:
        """Say that these resources were freed, or that a task which needs them may not be ready any more."""
        for queue in self._queues.values():
            for name, _ in needs:
                if name in queue.lanes:
                    queue.changed[name] = None

    def look_at_all_again(self) -> None:
        """Say that a limit was set: any task may have become possible, or impossible."""
        for queue in self._queues.values():
            queue.take_back_impossible()
            queue.changed = dict.fromkeys(queue.lanes)


class _Queue:
    """The ready tasks of one worker."""

    __slots__ = ("changed", "impossible", "lanes", "offers")

    def __init__(self) -> None:
        self.offers: list[Entry] = []
        """What needs nothing, and what was the best of a lane when that was last looked at."""
        self.lanes: dict[str, list[Entry]] = {}
        """By resource, what needs it."""
        self.changed: dict[str, None] = {}
        """The lanes whose best is to be offered anew. A dict for its order."""
        self.impossible: list[tuple[str, Entry]] = []
        """What wants more than there is, out of its lane until a limit is set."""

    def enter_lanes(self, entry: Entry) -> None:
        for name, _ in entry[3]:
            lane = self.lanes.get(name)
            if lane is None:
                lane = self.lanes[name] = []
            heappush(lane, entry)
            self.changed[name] = None

    def take_back_impossible(self) -> None:
        for name, entry in self.impossible:
            heappush(self.lanes.setdefault(name, []), entry)
        self.impossible.clear()

    def pop(self, resources: Resources) -> TaskRecord | None:
        if self.changed:
            self._offer_bests(resources)
        offers = self.offers
        while offers:
            entry = heappop(offers)
            task = entry[2]
            if _stands(entry) and (not task.needs or self._leave_lanes(task, resources)):
                return task
        return None

    def _offer_bests(self, resources: Resources) -> None:
        for name in self.changed:
            best = self._best(name, resources)
            if best is None:
                del self.lanes[name]
            else:
                heappush(self.offers, best)
        self.changed = {}

    def _best(self, name: str, resources: Resources) -> Entry | None:
        """The head of a lane, after all that is stale or impossible was taken out before it."""
        lane = self.lanes[name]
        while lane:
            entry = lane[0]
            if _stands(entry):
                if not resources.impossible(entry[3]):
                    return entry
                self.impossible.append((name, entry))
            heappop(lane)
        return None

    def _leave_lanes(self, task: TaskRecord, resources: Resources) -> bool:
        """Take a task out of its lanes, if it is the best of each and lacks nothing."""
        lanes = [self.lanes.get(name, []) for name, _ in task.needs]
        if resources.lacks(task.needs) or not all(lane and lane[0][2] is task for lane in lanes):
            return False
        for lane in lanes:
            heappop(lane)
        return True


def _stands(entry: Entry) -> bool:
    """Whether a task still stands where it was queued."""
    rank, _, task, needs = entry
    return task.status == PENDING and not task.unmet and -task.rank == rank and task.needs == needs
