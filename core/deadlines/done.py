"""Whether a task that is wanted by some time is done: as the scheduler knows it, or as history tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from luigi.history_reading import TasksWanted
from luigi.task_status import DONE

if TYPE_CHECKING:
    from luigi.deadlines.deadline import Wanted
    from luigi.history_reading import HistoryReading
    from luigi.scheduler import Scheduler
    from luigi.scheduler.records import TaskRecord

History = Callable[[], "AbstractContextManager[HistoryReading]"]
"""Opens the history, for questions. Raises KernelError and OSError where there is none to be asked."""

PAGE: Final = 100


def is_done(wanted: Wanted, scheduler: Scheduler, history: History | None) -> bool:
    """Whether such a task is done. Tasks are looked at one by one, outside the scheduler's lock."""
    done = scheduler.look(lambda machine: [*machine.index.by_status[DONE]])
    if any(_meant(wanted, task) and (wanted.since is None or task.updated >= wanted.since) for task in done):
        return True
    return history is not None and _was_done(wanted, history)


def status_of(wanted: Wanted, scheduler: Scheduler) -> str:
    """How such a task stands that is not done; empty when the scheduler knows none."""
    found = scheduler.look(lambda machine: [*machine.tasks.values()])
    return next((task.status for task in found if _meant(wanted, task) and task.status != DONE), "")


def _meant(wanted: Wanted, task: TaskRecord) -> bool:
    return (
        fnmatchcase(task.family, wanted.family)
        and (not wanted.module or task.module == wanted.module)
        and _has(task.params, wanted.params)
    )


def _has(params: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(params.get(name) == value for name, value in wanted.items())


def _was_done(wanted: Wanted, history: History) -> bool:
    """History knows families by their whole names alone."""
    asked = TasksWanted(wanted.family, params=wanted.params)
    with history() as reading:
        page = reading.tasks(asked, PAGE)
    return any(
        task.status == DONE and (wanted.since is None or (task.at is not None and task.at >= wanted.since))
        for task in page.items
    )
