"""How an attempt of a pool's worker ended: what was waited for in vain is known by what was waited for before."""

from __future__ import annotations

from typing import Any

from luigi.interfaces import Outcome
from luigi.worker.attempt import UnfulfilledDependencies
from luigi.worker.settling import Settling


class PoolSettling(Settling):
    """As `Settling`. Who ran what a task waits for is not known here: it may have been another worker of the pool."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waited: dict[str, set[str]] = {}

    def _refuse_waiting_in_vain(self, outcome: Outcome) -> None:
        """A task that wants what it has waited for already would wait for ever."""
        task_id = outcome.task.task_id
        wanted = {task.task_id for task in outcome.new_requirements}
        waited = self._waited.setdefault(task_id, set())
        if not wanted <= waited:
            waited |= wanted
            return
        self._in_vain[task_id] = self._in_vain.get(task_id, 0) + 1
        if self._in_vain[task_id] > self._max_reschedules:
            raise UnfulfilledDependencies(list(outcome.new_requirements))

    def forget(self, task_id: str) -> None:
        """The task has ended, or is not this worker's any more."""
        for kept in (self._waited, self._in_vain, self._reschedules):
            kept.pop(task_id, None)
