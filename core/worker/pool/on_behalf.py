"""Declares what a pool's worker has planned in the name of the submission that wants it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from luigi.task_status import DONE
from luigi.worker.pool.travelling import Travelling

if TYPE_CHECKING:
    from luigi.interfaces import Batcher, TaskSpec
    from luigi.worker.record import RunRecord


class OnBehalf:
    """Declares for `submission`, by a line's `declare_for`; for nobody but the worker itself if that is empty.

    `record`: the walk's own, by which the tasks are known that are declared.
    """

    def __init__(self, declare_for: Callable[..., None], submission: str, record: RunRecord) -> None:
        self._declare_for = declare_for
        self._submission = submission
        self._record = record
        self._travelling = Travelling()
        self.explanations: dict[str, str] = {}
        """Why tasks could not be planned, by id."""
        self.waiting: set[str] = set()
        """Ids of tasks that only wait for something to be there."""

    def declare(self, worker: str, tasks: Sequence[TaskSpec], batchers: Sequence[Batcher] = ()) -> None:
        """Make tasks known. Raises CannotTravel for one that other workers could not make; then none is declared."""
        for spec in tasks:
            if spec.status != DONE:
                self._travelling.refuse(self._record.seen[spec.task_id].task)
            if spec.explanation:
                self.explanations[spec.task_id] = spec.explanation
            if spec.waits:
                self.waiting.add(spec.task_id)
        self._declare_for(self._submission, worker, tasks, batchers)
