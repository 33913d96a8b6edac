"""Whether a task that is wanted by some time is done: as the scheduler knows it, or as history tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from fnmatch import fnmatchcase
from itertools import takewhile
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

_GLOB: Final = re.compile(r"[*?[]")


def is_done(wanted: Wanted, scheduler: Scheduler, history: History | None, version: int = 0) -> bool:
    """Whether such a task is done. Tasks are looked at one by one, outside the scheduler's lock.

    `version`: of the state that was looked at before, of which nothing need be looked at again.
    """
    done = scheduler.look(lambda machine: _changed(machine.index.by_status[DONE], version))
    if any(_meant(wanted, task) and (wanted.since is None or task.updated >= wanted.since) for task in done):
        return True
    return history is not None and _was_done(wanted, history)


def _changed(tasks: dict[TaskRecord, None], version: int) -> list[TaskRecord]:
    """Those of `tasks`, which are in the order of their last change, that changed later."""
    return list(takewhile(lambda task: task.version > version, reversed(tasks)))


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
    with history() as reading:
        return any(_was_done_as(family, wanted, reading) for family in _families(wanted.family, reading))


def _families(pattern: str, reading: HistoryReading) -> Iterator[str]:
    """Those that the history has, and that are meant: it looks for whole names alone."""
    if not _GLOB.search(pattern):
        yield pattern
        return
    after = ""
    while True:
        page = reading.families(PAGE, after)
        yield from (one.name for one in page.items if fnmatchcase(one.name, pattern))
        if not page.next:
            return
        after = page.next


def _was_done_as(family: str, wanted: Wanted, reading: HistoryReading) -> bool:
    page = reading.tasks(TasksWanted(family, params=wanted.params), PAGE)
    return any(
        task.status == DONE and (wanted.since is None or (task.at is not None and task.at >= wanted.since))
        for task in page.items
    )
