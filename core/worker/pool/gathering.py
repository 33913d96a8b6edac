"""Plans a graph for a pool: what is to be declared of it, gathered before anything is, so that all or nothing is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from luigi.interfaces import Batcher, TaskSpec
from luigi.task import Task
from luigi.task_status import DONE
from luigi.worker.config import worker as worker_config
from luigi.worker.planning.planning import Planning
from luigi.worker.pool.travelling import Travelling
from luigi.worker.record import RunRecord


class Gathered(NamedTuple):
    """A graph as it is to be declared."""

    specs: Sequence[TaskSpec]
    """All its tasks, complete ones too, the roots first."""
    whole: bool
    """Whether every `complete()` and `requires()` has answered."""

    @property
    def left(self) -> int:
        """How many are not complete."""
        return sum(spec.status != DONE for spec in self.specs)


def gather(roots: Sequence[Task], is_complete: Callable[[Task], bool]) -> Gathered:
    """Walk the graph of `roots`; `is_complete` checks one task.

    Raises CannotTravel for a task that workers elsewhere could not make; BadRequirement, BadOutput and
    CircularRequirement for a graph that cannot be.
    """
    config, record = worker_config(), RunRecord()
    gathering = _Gathering(record)
    planning = Planning(
        gathering,
        "",
        record,
        is_complete,
        task_limit=config.task_limit,
        retry_external_tasks=config.retry_external_tasks,
    )
    whole = planning.plan(roots)
    return Gathered(gathering.specs, whole)


class _Gathering:
    """Hears of tasks as a scheduler would, and keeps what it hears."""

    def __init__(self, record: RunRecord) -> None:
        self.specs: list[TaskSpec] = []
        self._record = record
        self._travelling = Travelling()

    def declare(self, worker: str, tasks: Sequence[TaskSpec], batchers: Sequence[Batcher] = ()) -> None:
        for spec in tasks:
            if spec.status != DONE:
                self._travelling.refuse(self._record.seen[spec.task_id].task)
        self.specs += tasks
