"""Which places there are to be in a cluster, and which job goes to which: decisions alone, for an engine to carry out.

A place is held by one host, and is of the shape of the jobs it takes. It stays, warm, for the next ones of that shape,
unless others of another shape have waited longer for what it holds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Final

from luigi.executors.hosting.engine import Parcel
from luigi.plugins.executors.ray.places import Begin, Give, Place, Refuse, Retire, Step
from luigi.plugins.executors.ray.shapes import Resources, Shape, is_too_much, room_for, shape_of

PATIENCE: Final = 10.0
"""Seconds for which jobs wait for a place to come about, before idle ones of others go where runs are suspended."""

TRIES: Final = 3
"""Places in a row that cannot be, after which that is no accident of one machine."""


class Crew:
    """All places of a run, and the jobs that wait for one. Times are readings of a monotonic clock, in seconds."""

    def __init__(self, cpus: float, idle_time: float) -> None:
        self._cpus = cpus
        self._idle_time = idle_time
        self.nodes: Sequence[Resources] = ()
        """What each machine of the cluster has."""
        self._waiting: dict[Shape, deque[tuple[int, Parcel]]] = {}
        self._numbers = count()
        self._places: dict[Shape, list[Place]] = {}
        self._running: dict[int, Place] = {}
        """By token."""
        self._homes: dict[str, Place] = {}
        """Where runs are suspended, by the task's id."""
        self._failures = 0
        """How many places in a row could not be."""

    def __iter__(self) -> Iterator[Place]:
        return (place for places in list(self._places.values()) for place in list(places))

    @property
    def room(self) -> int:
        """How many jobs without wishes of their own the cluster runs at a time."""
        return room_for(self._shape({}), self.nodes)

    # --- what happens ------------------------------------------------------------------------------------------

    def take_in(self, job: Parcel) -> None:
        """A job is to be run: at the place where it is suspended, else at any of its shape."""
        home = self._homes.pop(job.task_id, None)
        if home is not None:
            home.suspended.discard(job.task_id)
            home.queued.append((next(self._numbers), job))
        else:
            self._waiting.setdefault(self._shape(job.needs), deque()).append((next(self._numbers), job))

    def opened(self, place: Place, now: float) -> None:
        """A place that was asked for is there."""
        self._failures = 0
        place.is_open = True
        place.since = now

    def ended(self, place: Place, now: float, *, is_suspended: bool = False) -> None:
        """The job of a place has ended, or waits there."""
        job = place.job
        if job is None:
            return
        place.job = None
        place.since = now
        self._running.pop(job.token, None)
        if is_suspended:
            place.suspended.add(job.task_id)
            self._homes[job.task_id] = place

    def gone(self, place: Place) -> Parcel | None:
        """A place is no more; gives the job that it was running. Those that were suspended there begin anew."""
        self._remove(place)
        while place.queued:
            number, job = place.queued.pop()
            self._waiting.setdefault(self._shape(job.needs), deque()).appendleft((number, job))
        if place.job is not None:
            self._running.pop(place.job.token, None)
        return place.job

    def failed_to_open(self, place: Place) -> Parcel | None:
        """The place cannot be. When that happens again and again, gives a job that has waited for it: it has failed."""
        self.gone(place)
        self._failures += 1
        waiting = self._waiting.get(place.shape)
        return waiting.popleft()[1] if waiting and self._failures >= TRIES else None

    def withdraw(self, token: int) -> bool:
        """A job that waits is not to be run. False when it does not wait."""
        lines = [*self._waiting.values(), *(place.queued for place in self)]
        for line in lines:
            for one in line:
                if one[1].token == token:
                    line.remove(one)
                    return True
        return False

    def running(self, token: int) -> Place | None:
        """Where a job runs."""
        return self._running.get(token)

    def forget(self, task_id: str) -> Place | None:
        """A suspended run is given up; where it is."""
        home = self._homes.pop(task_id, None)
        if home is not None:
            home.suspended.discard(task_id)
        return home

    # --- what is to be done ------------------------------------------------------------------------------------

    def steps(self, now: float) -> list[Step]:
        """What is to be done after something has happened. It is taken to be done."""
        return [*self._refused(), *self._wanted(now), *self._room_made(), *self._given()]

    def cleared(self, now: float) -> list[Step]:
        """What is to be given back for having been idle, or because others wait; and what follows from that."""
        steps: list[Step] = [self._retired(place) for place in self if self._is_worn(place, now)]
        for shape in self._blocked():
            if any(not place.is_open and now - place.since >= PATIENCE for place in self._places[shape]):
                steps += [self._retired(place) for place in self._idle_beside(shape, even_homes=True)[:1]]
        return steps + self.steps(now)

    def _refused(self) -> Iterator[Step]:
        if not self.nodes:
            return
        for shape, waiting in self._waiting.items():
            if waiting and not room_for(shape, self.nodes):
                while waiting:
                    yield Refuse(waiting.popleft()[1], f"no machine of the cluster has what it takes: {shape}")

    def _wanted(self, now: float) -> Iterator[Step]:
        """Places to be asked for: one for each job that waits, and no more than the machines can have."""
        for shape, waiting in self._waiting.items():
            places = self._places.setdefault(shape, [])
            free = sum(place.job is None for place in places)
            most = max(1, room_for(shape, self.nodes)) if len(waiting) > free else 0
            for _ in range(min(len(waiting) - free, most - len(places))):
                places.append(Place(shape, now))
                yield Begin(places[-1])

    def _room_made(self) -> Iterator[Step]:
        """Idle places go when they hold what jobs of another shape have waited for longer than any of theirs."""
        for shape in self._blocked():
            oldest = self._waiting[shape][0][0]
            for place in self._idle_beside(shape):
                if not is_too_much((one.shape for one in self), self.nodes):
                    return
                own = self._waiting.get(place.shape)
                if not own or own[0][0] > oldest:
                    yield self._retired(place)

    def _blocked(self) -> list[Shape]:
        """Shapes of jobs that wait for a place which is not there yet."""
        return [
            shape
            for shape, waiting in self._waiting.items()
            if waiting and any(not place.is_open for place in self._places.get(shape, ()))
        ]

    def _idle_beside(self, shape: Shape, *, even_homes: bool = False) -> list[Place]:
        """Those of other shapes that nobody needs, the longest idle first; last, those with suspended runs."""
        idle = [place for place in self if place.is_idle and place.shape != shape and not place.queued]
        idle = [place for place in idle if even_homes or not place.suspended]
        return sorted(idle, key=lambda place: (bool(place.suspended), place.since))

    def _given(self) -> Iterator[Step]:
        for place in self:
            if place.is_idle and place.queued:
                yield self._occupied(place, place.queued.popleft()[1])
        for shape, waiting in self._waiting.items():
            if waiting:
                free = [place for place in self._places.get(shape, ()) if place.is_idle]
                for place in sorted(free, key=lambda place: len(place.suspended))[: len(waiting)]:
                    yield self._occupied(place, waiting.popleft()[1])

    def _occupied(self, place: Place, job: Parcel) -> Give:
        place.job = job
        self._running[job.token] = place
        return Give(place, job)

    def _retired(self, place: Place) -> Retire:
        self._remove(place)
        return Retire(place)

    def _remove(self, place: Place) -> None:
        if place in self._places.get(place.shape, ()):
            self._places[place.shape].remove(place)
        for task_id in place.suspended:
            self._homes.pop(task_id, None)

    def _is_worn(self, place: Place, now: float) -> bool:
        is_free = place.is_idle and not place.suspended and not place.queued
        return is_free and now - place.since >= self._idle_time

    def _shape(self, needs: Mapping[str, int]) -> Shape:
        return shape_of(needs, self.nodes, self._cpus)
