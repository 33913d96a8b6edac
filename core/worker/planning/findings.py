"""Tells of what a walk found: the handlers of the tasks' events, those who watch, and the log."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from luigi.clock import SYSTEM
from luigi.event import Event
from luigi.graph import Found
from luigi.interfaces import TaskSpec
from luigi.task import Task
from luigi.task_status import DONE, PENDING, UNKNOWN

if TYPE_CHECKING:
    from luigi.notifying.of_worker import WorkerNotices

logger = logging.getLogger("luigi-interface")


_OF_WALKS = frozenset(
    {Event.DEPENDENCY_DISCOVERED, Event.DEPENDENCY_MISSING, Event.DEPENDENCY_PRESENT, Event.BROKEN_TASK}
)


class Findings:
    """Where findings are told: `tell` reaches those who watch `luigi_task_event`, `notices` people. None: nobody."""

    def __init__(self, tell: Callable[..., None] | None, notices: Callable[[], WorkerNotices] | None = None) -> None:
        self._tell_watchers = tell
        self._notices = notices

    def tell(self, found: Found, external: bool) -> None:
        """What was found of one task."""
        status = found.status
        if Task._event_callbacks or self._tell_watchers or (status != DONE and (external or status == UNKNOWN)):
            self._tell(found, external)

    @property
    def heard(self) -> bool:
        """Whether a program has handlers for what a walk finds: they hear of a task as often as it is asked for."""
        return any(not _OF_WALKS.isdisjoint(handlers) for handlers in Task._event_callbacks.values())

    def _tell(self, found: Found, external: bool) -> None:
        task = found.task
        if found.status == DONE:
            self._happened(Event.DEPENDENCY_PRESENT, task)
        elif found.status == UNKNOWN:
            self._tell_broken(found)
        elif external and found.status == PENDING:
            self._happened(Event.DEPENDENCY_MISSING, task)
            logger.warning(
                "Data for %s does not exist (yet?). The task is an external data dependency, so it cannot be run "
                "from this luigi process.",
                task,
            )
        for dep in found.deps:
            self._happened(Event.DEPENDENCY_DISCOVERED, task, dep, detail=dep.task_id)

    def _tell_broken(self, found: Found) -> None:
        from luigi.private_values import masked_error

        task = found.task
        logger.warning(
            "Will not run %s or any dependencies due to error in %s() method:\n%s",
            task,
            found.broken,
            found.explanation,
        )
        if found.broken == "complete":
            self._happened(Event.DEPENDENCY_MISSING, task, detail=masked_error(task, found.error, str(found.error)))
        else:
            self._happened(
                Event.BROKEN_TASK, task, found.error, detail=masked_error(task, found.error, str(found.error))
            )
        if self._notices is not None:
            self._notices().scheduling_failed(task, found.broken, found.explanation)

    def _happened(self, event: str, task: Task, *more: object, detail: str = "") -> None:
        task.trigger_event(event, task, *more)
        if self._tell_watchers is not None:
            self._tell_watchers(task.task_id, task.task_family, event, detail, 0, SYSTEM.now())


def log_declared(specs: Sequence[TaskSpec]) -> None:
    """A line for each task that the scheduler was told of."""
    if logger.isEnabledFor(logging.INFO):
        for spec in specs:
            logger.info("Informed scheduler that task   %s   has status   %s", spec.task_id, spec.status)
