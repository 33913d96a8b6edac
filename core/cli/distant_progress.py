"""How a run goes whose scheduler is elsewhere: statuses change there; told here is what becomes of its own tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from luigi import hookimpl
from luigi.cli.progress import Progress
from luigi.event import Event
from luigi.task_status import DONE, FAILED, PENDING, RUNNING, UNKNOWN

if TYPE_CHECKING:
    from luigi.worker.record import RunRecord

AFTER: Final[Mapping[str, str]] = {
    Event.DEPENDENCY_MISSING: PENDING,
    Event.DEPENDENCY_PRESENT: DONE,
    Event.START: RUNNING,
    Event.SUCCESS: DONE,
    Event.FAILURE: FAILED,
}
"""What happened to a task → how it stands then, as its worker sees it."""


class DistantProgress(Progress):
    """The plugin for such a run. What it only waits for, or another worker has taken on, is counted at the end."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._stand: dict[str, str] = {}

    @hookimpl
    def luigi_task_event(self, task_id: str, family: str, event: str) -> None:
        """Count what became of a task. One that was checked before is not new."""
        before, after = self._stand.get(task_id, UNKNOWN), AFTER.get(event, UNKNOWN)
        if after in (before, UNKNOWN) or (after == PENDING and before != UNKNOWN):
            return
        self._stand[task_id] = after
        self.luigi_transition(task_id, family, before, after)

    @hookimpl
    def luigi_run_finished(self, run: RunRecord) -> None:
        """Count what was left, stop showing, and say how it went."""
        for task_id, seen in run.seen.items():
            if task_id not in self._stand:
                self.luigi_transition(task_id, seen.task.task_family, UNKNOWN, PENDING)
        super().luigi_run_finished(run)
