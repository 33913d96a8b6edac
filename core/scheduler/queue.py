"""The ready tasks of one worker: a heap of offers, and for each resource a lane of those that need it.

The rule of a hand-out, as if all ready tasks were looked at, best first: one that lacks nothing is handed out; one that
lacks something claims all it needs, and what is claimed is not there for worse ones. A lane is therefore looked at
only until all that is free of its resource is claimed, and only when something about it has changed: the cost of a
hand-out grows with the logarithm of the number of tasks.

Entries are not removed when a task stops being ready; they are recognised as stale when they come to the head.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush

from luigi.scheduler.batches import Groups
from luigi.scheduler.demands import Demand
from luigi.scheduler.records import FEW, Needs, TaskRecord
from luigi.scheduler.resources import Resources
from luigi.task_status import PENDING

Entry = tuple[float, int, TaskRecord, Needs]
"""Sorts best first: highest rank, then earliest known."""


Wanting = dict[str, "dict[Queue, None]"]
"""By resource, the queues in which something needs it."""

Rivals = Callable[[str], "Iterable[Queue]"]
"""Gives, for a resource, the queues whose claims on it count. The asker's own may be among them."""


def without_stale(entries: list[Entry]) -> list[Entry]:
    """The heap without what does not stand any more, and without what is there twice."""
    standing = list({entry: None for entry in entries if stands(entry)})
    heapify(standing)
    return standing


class Lane:
    """What needs one resource, best first: those that claim it, then those that were not looked at yet.

    Of what needs none, nothing claims.
    """

    __slots__ = ("_bound", "_entries", "claimants", "claimed", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.claimants: list[Entry] = []
        self.claimed = 0
        self._entries: list[Entry] = []
        self._bound = FEW

    def push(self, entry: Entry) -> None:
        """Take in a ready task. The lane is to be looked at anew then."""
        heappush(self._entries, entry)
        if len(self._entries) > self._bound:
            self._entries = without_stale(self._entries)
            self._bound = 2 * len(self._entries) + FEW

    def begin_anew(self) -> None:
        """Let nobody claim anything."""
        for entry in self.claimants:
            heappush(self._entries, entry)
        self.claimants.clear()
        self.claimed = 0

    def head(self) -> Entry | None:
        """The best of those that do not claim."""
        entries = self._entries
        while entries:
            entry = entries[0]
            if stands(entry) and not (self.claimants and self.claimants[-1] == entry):
                return entry
            heappop(entries)
        return None

    def pop(self) -> Entry:
        """Take the head out."""
        return heappop(self._entries)

    def claim(self) -> None:
        """Let the head claim what it needs."""
        entry = heappop(self._entries)
        self.claimants.append(entry)
        self.claimed += _amount(entry, self.name)

    def remove(self, task: TaskRecord) -> None:
        """Take a task out, wherever it stands near the front."""
        head = self.head()
        if head is not None and head[2] is task:
            self.pop()
        self.claimants = [entry for entry in self.claimants if entry[2] is not task]
        self.claimed = sum([_amount(entry, self.name) for entry in self.claimants])

    def claimed_before(self, entry: Entry) -> int:
        """How much is claimed by better tasks."""
        if not self.claimants:
            return 0
        return sum([_amount(other, self.name) for other in self.claimants if other[:2] < entry[:2]])

    def front(self) -> Iterator[Entry]:
        """Those that claim, and the next in line."""
        yield from filter(stands, self.claimants)
        head = self.head()
        if head is not None:
            yield head


class Queue:
    """The ready tasks of one worker; or those with one `demand`, for the workers of pools that meet it."""

    __slots__ = (
        *("_bound", "_impossible", "_outclaimed", "_wanting"),
        *("changed", "demand", "groups", "lanes", "offers", "patient", "worker"),
    )

    def __init__(self, worker: str, wanting: Wanting, demand: Demand | None = None) -> None:
        self.worker = worker
        self.demand = demand
        self._wanting = wanting
        self.offers: list[Entry] = []
        """What needs nothing, and of each lane the best that does not claim, unless all that is free is claimed."""
        self.patient = Lane("")
        """What only waits for something to be there, and needs nothing."""
        self.lanes: dict[str, Lane] = {}
        """By resource."""
        self.changed: dict[str, None] = {}
        """The lanes to be looked at anew. A dict for its order."""
        self.groups = Groups()
        self._bound = FEW
        self._impossible: list[tuple[str, Entry]] = []
        """What wants more than there is, out of its lane until a limit is set."""
        self._outclaimed: dict[str, None] = {}
        """The lanes in which only a waiting worker's better task stood against something, until the next look."""

    def holds(self, task: TaskRecord) -> bool:
        """Whether a task that is ready belongs here."""
        return self.worker in task.runners if self.demand is None else task.demand == self.demand

    @property
    def empty(self) -> bool:
        """Whether nothing is in it."""
        return not (self.offers or self.lanes or self._impossible) and self.peek_patient() is None

    def push(self, task: TaskRecord) -> None:
        """Take in a ready task."""
        entry = (-task.rank, task.age, task, task.needs)
        if task.waits:
            self.patient.push(entry)
            return
        if not task.needs:
            heappush(self.offers, entry)
            if len(self.offers) > self._bound:
                self.offers = without_stale(self.offers)
                self._bound = 2 * len(self.offers) + FEW
        for name, _ in task.needs:
            (self.lanes.get(name) or self._lane(name)).push(entry)
            self.changed[name] = None
        if task.batchable:
            self.groups.add(task)

    def _lane(self, name: str) -> Lane:
        lane = self.lanes[name] = Lane(name)
        self._wanting.setdefault(name, {})[self] = None
        return lane

    def _drop_lane(self, name: str) -> None:
        del self.lanes[name]
        del self._wanting[name][self]
        if not self._wanting[name]:
            del self._wanting[name]

    def drop(self) -> None:
        """Be in nobody's way any more."""
        for name in [*self.lanes]:
            self._drop_lane(name)

    def look_again(self, name: str) -> None:
        """Say that something about a resource, or one of those here that need it, is not as it was."""
        self.changed[name] = None

    def look_at_all_again(self) -> None:
        """Say that a limit was set: any task may have become possible, or impossible."""
        for name, entry in self._impossible:
            (self.lanes.get(name) or self._lane(name)).push(entry)
        self._impossible.clear()
        self.changed = dict.fromkeys(self.lanes)

    def peek(self, resources: Resources, rivals: Rivals | None) -> Entry | None:
        """The best task whose needs can be met, as far as it goes for this worker and for `rivals`."""
        if self.changed or self._outclaimed:
            self._look(resources)
        offers = self.offers
        while offers:
            entry = offers[0]
            if not stands(entry):
                heappop(offers)
            elif not entry[3] or self._fits(entry, resources, rivals):
                return entry
            else:
                heappop(offers)
                self._claim(entry, resources)
        return None

    def peek_patient(self) -> Entry | None:
        """The best of those that only wait."""
        patient = self.patient
        while (head := patient.head()) is not None and not (head[2].waits and self.holds(head[2])):
            patient.pop()
        return head

    def take_patient(self) -> TaskRecord:
        """Take out what `peek_patient` has just given."""
        return self.patient.pop()[2]

    def take(self, entry: Entry) -> None:
        """Take out what `peek` has just given."""
        heappop(self.offers)
        for name, _ in entry[3]:
            self.lanes[name].remove(entry[2])

    def front(self, name: str, resources: Resources) -> Iterator[Entry]:
        """Of those that need a resource and that could have it one day, the best ones."""
        lane = self.lanes.get(name)
        if lane is not None:
            for entry in lane.front():
                if not resources.impossible(entry[3]):
                    yield entry

    def _look(self, resources: Resources) -> None:
        for name in {**self.changed, **self._outclaimed}:
            lane = self.lanes.get(name)
            if lane is not None:
                lane.begin_anew()
                self._offer(lane, resources)
        self.changed = {}
        self._outclaimed = {}

    def _offer(self, lane: Lane, resources: Resources) -> None:
        """Offer the lane's head, if anything is left that it could have."""
        head = lane.head()
        while head is not None and resources.impossible(head[3]):
            self._impossible.append((lane.name, head))
            lane.pop()
            head = lane.head()
        if head is None:
            if not lane.claimants:
                self._drop_lane(lane.name)
        elif resources.free_of(lane.name) > lane.claimed:
            heappush(self.offers, head)

    def _fits(self, entry: Entry, resources: Resources, rivals: Rivals | None) -> bool:
        for name, amount in entry[3]:
            lane = self.lanes.get(name)
            free = resources.free_of(name) - (lane.claimed_before(entry) if lane else 0)
            if amount > free:
                return False
            if rivals is not None and amount > free - self._claimed_by(rivals(name), name, entry, resources):
                self._outclaimed[name] = None
                return False
        return True

    def _claimed_by(self, rivals: Iterable[Queue], name: str, entry: Entry, resources: Resources) -> int:
        """How much `rivals` claim for tasks better than `entry` that are not in this queue as well."""
        better = [other for rival in rivals if rival is not self for other in rival.claims(name, entry, resources)]
        return sum({other[2]: _amount(other, name) for other in better if not self.holds(other[2])}.values())

    def claims(self, name: str, entry: Entry, resources: Resources) -> Sequence[Entry]:
        """Those here that claim a resource and are better than `entry`."""
        lane = self.lanes.get(name)
        if lane is None:
            return ()
        self._claim_all(lane, entry, resources)
        better = [other for other in lane.claimants if other[:2] < entry[:2]]
        return [other for other in better if stands(other) and not resources.impossible(other[3])]

    def _claim_all(self, lane: Lane, entry: Entry, resources: Resources) -> None:
        """Let all that are better than `entry` claim what is free: more may be than at the last look."""
        better = [one for one in lane.claimants if one[:2] < entry[:2] and stands(one)]
        left = resources.free_of(lane.name) - sum([_amount(one, lane.name) for one in better])
        while left > 0 and (head := lane.head()) is not None and head[:2] < entry[:2]:
            if resources.impossible(head[3]):
                self._impossible.append((lane.name, head))
                lane.pop()
            else:
                left -= _amount(head, lane.name)
                lane.claim()
                self.changed[lane.name] = None

    def _claim(self, entry: Entry, resources: Resources) -> None:
        """Let a task that lacks something claim all it needs. Where all that is free is claimed, that says nothing."""
        for name, _ in entry[3]:
            lane = self.lanes.get(name)
            if lane is None or resources.free_of(name) <= lane.claimed:
                continue
            head = lane.head()
            if head is not None and head[2] is entry[2]:
                lane.claim()
                self._offer(lane, resources)


def stands(entry: Entry) -> bool:
    """Whether a task still stands where it was queued."""
    rank, _, task, needs = entry
    if task.status != PENDING or task.unmet or not task.runners:
        return False
    return -task.rank == rank and task.needs == needs


def _amount(entry: Entry, name: str) -> int:
    for needed, amount in entry[3]:
        if needed == name:
            return amount
    return 0
