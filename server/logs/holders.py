"""Whose attempts were: the worker that holds or held a token is the only one that may add to what it printed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final, NamedTuple

from luigi.output.kept.segments import Whose
from luigi.scheduler import Scheduler
from luigi.scheduler.events import Changed
from luigi.scheduler.records import ACTIVE, TaskRecord

MOST: Final = 20_000
"""So many attempts are remembered beside those that are the last of their tasks."""


class Last(NamedTuple):
    """The last attempt at a task."""

    whose: Whose
    runs: bool
    changed: float
    """When the task's status changed last."""


class Holders:
    """Watches schedulers hand out work."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._begun: dict[int, Whose] = {}

    @contextmanager
    def watching(self, scheduler: Scheduler) -> Iterator[None]:
        """Remember who runs what in a scheduler; what was handed out by another is forgotten."""
        self._begun = {}

        def changed(change: Changed, at: float) -> None:
            if change.after in ACTIVE:
                self._note(scheduler.machine.tasks.get(change.task_id))

        scheduler.watch(changed)
        try:
            yield
        finally:
            scheduler.unwatch(changed)

    def holder(self, scheduler: Scheduler, task_id: str, token: int) -> Whose | None:
        """The attempt of that token, and whose it is or was, as far as that is known."""
        task = scheduler.machine.tasks.get(task_id)
        found = _last_of(task) if task is not None else None
        if found is not None and found.token == token and found.worker:
            return found
        found = self._begun.get(token)
        return found if found is not None and found.task_id == task_id else None

    def _note(self, task: TaskRecord | None) -> None:
        whose = _last_of(task) if task is not None else None
        if whose is not None:
            with self._lock:
                self._begun[whose.token] = whose
                if len(self._begun) > MOST:
                    del self._begun[next(iter(self._begun))]


def _last_of(task: TaskRecord) -> Whose | None:
    """The attempt that runs, or ran last; without a worker when that was lost."""
    lease = task.lease
    return None if lease is None else Whose(task.task_id, lease.token, lease.worker or "", lease.started)


def last_attempt(scheduler: Scheduler, task_id: str) -> Last | None:
    """The last attempt at a task, as the scheduler knows it."""
    task = scheduler.machine.tasks.get(task_id)
    whose = None if task is None else _last_of(task)
    return None if task is None or whose is None else Last(whose, task.status in ACTIVE, task.updated)
