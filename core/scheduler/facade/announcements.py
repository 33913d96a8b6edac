"""What workers announce of tasks that they cannot schedule: told to whoever observes the scheduler."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from luigi.interfaces import Batcher, TaskSpec
from luigi.scheduler.facade.worker_calls import WorkerCalls
from luigi.task_status import UNKNOWN

if TYPE_CHECKING:
    from luigi.telling import TaskFacts


class Announcements(WorkerCalls):
    """Passes on that a task's check raised, as often as a worker says so."""

    def declare(
        self,
        worker: str,
        tasks: Sequence[TaskSpec],
        batchers: Sequence[Batcher] = (),
        call: int = 0,
        submission: str = "",
    ) -> None:
        """Make tasks known and say how they stand."""
        super().declare(worker, tasks, batchers, call, submission)
        if self.observers is not None and self._config.batch_emails:
            for spec in tasks:
                if spec.status == UNKNOWN:
                    self._announce(_facts_of(spec))

    def _announce(self, task: TaskFacts) -> None:
        if self.observers is not None:
            self.observers.scheduling_failed(task, self._clock.now())


def _facts_of(spec: TaskSpec) -> TaskFacts:
    from luigi.telling import TaskFacts

    return TaskFacts(
        spec.task_id,
        spec.family,
        spec.params,
        tuple(spec.hidden),
        spec.status,
        owners=tuple(spec.owners),
        expl=spec.explanation or "",
    )
