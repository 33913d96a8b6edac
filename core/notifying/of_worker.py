"""Notices of what goes wrong where tasks run: failures, tasks that cannot be scheduled, runs that end early."""

from __future__ import annotations

import logging
import platform
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from luigi import notices, private_values
from luigi.errors import BadOutput, BadRequirement, CircularRequirement
from luigi.masking import masked
from luigi.notices import Place, named
from luigi.notifying.announcer import Announcer
from luigi.notifying.rules import Topic
from luigi.parameter.base import ParameterVisibility
from luigi.telling import Notice, TaskFacts
from luigi.worker.refusals import explain

if TYPE_CHECKING:
    from luigi.interfaces import Assignment
    from luigi.plugin_manager import PluginManager
    from luigi.task import Task

GRAPH_ERRORS = BadRequirement, BadOutput, CircularRequirement

logger = logging.getLogger("luigi-interface")


class WorkerNotices:
    """What one worker has to say to people. Nothing here raises, and nothing waits but `flush`.

    `failures_mailed`: whether Luigi's mail rule is about failures of tasks too. Raises as `Announcer` does.
    """

    def __init__(self, plugins: PluginManager, *, failures_mailed: bool) -> None:
        failures = ("task_failed", "scheduling_failed") if failures_mailed else ()
        self._announcer = Announcer(plugins, ("framework_error", *failures))

    def flush(self) -> None:
        """Wait until all is told, but for notifiers that hang: these have until the end of the process."""
        self._announcer.flush()

    def task_failed(self, task: Task, explanation: str | None, failures: int) -> None:
        """An attempt failed, the `failures`th in this run."""

        def word() -> Notice:
            return notices.task_failed(facts_of(task, explanation, failures), name_of(task), _place(task))

        self._tell(task, word, "task_failed", failures=failures)

    def recovered(self, task: Task, failures: int) -> None:
        """An attempt succeeded, after so many failures in this run."""

        def word() -> Notice:
            return notices.recovered(facts_of(task, "", failures), name_of(task), _place(task))

        self._tell(task, word, "recovered", "info", failures)

    def scheduling_failed(self, task: Task, method: str, explanation: str | None) -> None:
        """The task's `method`, complete or deps, raised."""

        def word() -> Notice:
            return notices.scheduling_failed(facts_of(task, explanation), name_of(task), method, _place(task))

        self._tell(task, word, "scheduling_failed")

    def cannot_begin(self, assignment: Assignment, explanation: str) -> None:
        """What was assigned cannot be made a task here. Which of its parameters may be shown is not known."""
        facts = TaskFacts(assignment.task_id, assignment.family, expl=explanation, failures=1)
        topic = Topic("task_failed", assignment.family, failures=1)
        self._announcer.announce(topic, lambda: notices.task_failed(facts, assignment.task_id, _place()))

    def framework_error(self, roots: Sequence[Task], error: Exception, doing: str) -> None:
        """The run of `roots` ends with `error`, raised while `doing` (scheduling, running) them. To be called where
        it was caught."""
        if not roots:
            return
        explanation = explain(error)
        doing = "scheduling" if isinstance(error, GRAPH_ERRORS) else doing

        def word() -> Notice:
            more = f" and {len(roots) - 1} more" if len(roots) > 1 else ""
            return notices.framework_error(
                facts_of(roots[0], explanation), name_of(roots[0]) + more, doing, _place(*roots)
            )

        self._tell(roots[0], word, "framework_error")

    def _tell(
        self, task: Task, word: Callable[[], Notice], kind: str, severity: str = "error", failures: int = 0
    ) -> None:
        try:
            topic = Topic(kind, task.task_family, owners_of(task), severity, failures)
        except Exception:  # `owner_email` may be a property
            logger.exception("%s: nobody can be told that it is %s: its owners are not known", task.task_id, kind)
            return
        self._announcer.announce(topic, word)


def facts_of(task: Task, explanation: str | None, failures: int = 0) -> TaskFacts:
    """The task as others may see it, and what its failure said."""
    hidden = [name for name, param in task.get_params() if param.visibility == ParameterVisibility.HIDDEN]
    shown = private_values.masked(task, explanation or "")
    return TaskFacts(
        task.task_id,
        task.task_family,
        task.to_str_params(),
        hidden,
        owners=owners_of(task),
        failures=failures,
        expl=shown,
    )


def name_of(task: Task) -> str:
    """The task with those parameters that tell it from others, as far as they may be shown."""
    return named(task.task_family, task.to_str_params(only_significant=True, only_public=True))


def owners_of(task: Task) -> tuple[str, ...]:
    """The addresses of those whom the task belongs to."""
    return tuple(owner.strip() for owner in task._owner_list() if owner.strip())


def _place(*tasks: Task) -> Place:
    return Place(platform.node(), masked(sys.argv, tasks))
