"""A place in the cluster, and what is to be done with places."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from luigi.executors.hosting.engine import Parcel
from luigi.plugins.executors.ray.shapes import Shape


class Place:
    """For one job at a time."""

    def __init__(self, shape: Shape, now: float) -> None:
        self.shape = shape
        self.since = now
        """When it was asked for, or became free."""
        self.is_open = False
        self.job: Parcel | None = None
        self.queued: deque[tuple[int, Parcel]] = deque()
        """Jobs that go on with runs suspended here."""
        self.suspended: set[str] = set()
        """Ids of tasks whose runs are."""

    @property
    def is_idle(self) -> bool:
        """Whether it waits for a job."""
        return self.is_open and self.job is None


class Give(NamedTuple):
    """Have a job run at a place."""

    place: Place
    job: Parcel


class Begin(NamedTuple):
    """Ask the cluster for a place."""

    place: Place


class Retire(NamedTuple):
    """Give a place back."""

    place: Place


class Refuse(NamedTuple):
    """No machine of the cluster can ever run this job."""

    job: Parcel
    why: str


Step = Give | Begin | Retire | Refuse
