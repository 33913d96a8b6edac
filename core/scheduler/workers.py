"""Who the workers are: what each said of itself, what it runs, what it wants, and when it was heard of last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from luigi.interfaces import Message
from luigi.scheduler.demands import Pool, pool_of
from luigi.scheduler.events import Effect
from luigi.scheduler.records import TaskRecord
from luigi.scheduler.submissions import Submission, submission_of
from luigi.telling import MOST_ROOTS

SIGNS: Final = 250.0
"""Calls a second of all workers together that say nothing new: they take a tenth of a server's time."""

SLOWEST: Final = 9.0
"""Seconds between two of one worker's at most, with which who waits for work still asks within `lanes.PATIENCE`."""


@dataclass(slots=True, eq=False)
class WorkerRecord:
    """One worker as the scheduler knows it. Times are in seconds since the epoch."""

    worker_id: str
    known_since: float
    active: float
    """When it was heard of last."""
    asked: float | None = None
    """When it asked for work last."""
    info: Mapping[str, Any] = field(default_factory=dict)
    enabled: bool = True
    """False once an operator has disabled it."""
    tasks: dict[TaskRecord, None] = field(default_factory=dict)
    """Those it wants done or can run. A dict, as an ordered set."""
    running: dict[TaskRecord, None] = field(default_factory=dict)
    """Those it has a lease on."""
    messages: list[Message] = field(default_factory=list)
    """Those it has not been given yet."""
    alone: tuple[str, ...] = field(init=False)
    """Its id as all of a group: most tasks have one worker, and share this."""
    call: int = 0
    """The number of its last call; 0 when it does not number them."""
    answer: list[Effect] = field(default_factory=list)
    """What that call was answered."""

    pool: Pool | None = None
    """What it offers as a pool's worker, if it is one."""
    submission: Submission | None = None
    """What is known besides, if it is a submission."""

    def __post_init__(self) -> None:
        self.alone = (self.worker_id,)

    def introduce(self, info: Mapping[str, Any]) -> None:
        """Take in what it says of itself. What it once was, a submission or a worker, it stays."""
        if not self.info and self.submission is None:
            self.submission = submission_of(info)
        if self.submission is not None:
            info = {**info, "roots": list(self.submission.roots)[:MOST_ROOTS]}
        self.info = {**self.info, **info}
        self.pool = pool_of(self.info)

    @property
    def assistant(self) -> bool:
        """Whether it runs what others want, and wants nothing itself."""
        return bool(self.info.get("assistant", False))


class Workers:
    """All workers, by id."""

    def __init__(self, disconnect_delay: float) -> None:
        self.disconnect_delay = disconnect_delay
        """Seconds of silence after which a worker is lost."""
        self._workers: dict[str, WorkerRecord] = {}

    @property
    def pace(self) -> float:
        """Seconds between two calls of one worker that say nothing new; 0 where there are too few workers to matter.

        Three of them may get lost before the worker is.
        """
        seconds = min(len(self._workers) / SIGNS, self.disconnect_delay / 4, SLOWEST)
        return round(seconds, 1) if seconds > 1 else 0.0

    def __iter__(self) -> Iterator[WorkerRecord]:
        return iter(self._workers.values())

    def get(self, worker_id: str) -> WorkerRecord | None:
        """The worker, if it is known."""
        return self._workers.get(worker_id)

    def welcome(self, worker_id: str, now: float) -> WorkerRecord:
        """Make a worker known."""
        worker = self._workers[worker_id] = WorkerRecord(worker_id, now, now)
        return worker

    def forget(self, worker: WorkerRecord) -> None:
        """Know it no more."""
        del self._workers[worker.worker_id]

    def silent(self, now: float) -> list[WorkerRecord]:
        """Those not heard of for longer than the disconnect delay. Of submissions nothing is to be heard."""
        heard_before = now - self.disconnect_delay
        return [worker for worker in self if worker.active < heard_before and worker.submission is None]
