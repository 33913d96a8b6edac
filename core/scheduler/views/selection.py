"""Some of all tasks, by what they have in common. Under the scheduler's lock references are copied, and no more: the
tasks are looked at outside it, one by one, as each is just then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from luigi.scheduler.records import NEXT, TaskRecord
from luigi.scheduler.upstream import UPSTREAM_DISABLED, UPSTREAM_FAILED, waiting_for
from luigi.scheduler.views.folded_names import FoldedNames
from luigi.scheduler.views.matching import matcher
from luigi.task_status import DISABLED, FAILED

if TYPE_CHECKING:
    from luigi.scheduler.machine import Machine
    from luigi.scheduler.shell import Shell

STOPPED: Final = (UPSTREAM_FAILED, UPSTREAM_DISABLED)
"""What a PENDING task may wait for, in Luigi's words, that only an operator can help."""

STATUSES: Final = (*NEXT, *STOPPED)
"""What can be selected by."""


class Selection(NamedTuple):
    """Which tasks: those for which all of it holds."""

    statuses: frozenset[str] = frozenset()
    """Any one of these, among STATUSES; all tasks, if there is none."""
    family: str = ""
    """Exactly this family; with a dot at its end, all families that begin so. All families, if empty."""
    search: str = ""
    """As `matching.matcher` reads it."""
    run: str = ""
    """A worker's id: what it wants or can run. All tasks, if empty."""
    resource: str = ""
    """Asks for some of this, or holds some. All tasks, if empty."""


class Copy(NamedTuple):
    """What is taken along for looking at it without the lock."""

    by_status: Mapping[str, Sequence[TaskRecord]]
    of_run: Sequence[TaskRecord]


def selected(scheduler: Shell, selection: Selection, names: FoldedNames) -> list[TaskRecord]:
    """The tasks of a selection, in no order, and at no one moment: their statuses may change meanwhile."""
    copy = scheduler.look(lambda machine: copied(machine, selection))
    return narrowed(copy, selection, names)


def copied(machine: Machine, selection: Selection) -> Copy:
    """What has to be looked at for a selection."""
    wanted = set(selection.statuses or NEXT)
    read = {FAILED, DISABLED} if wanted.intersection(STOPPED) else set()
    if not selection.run:
        read |= wanted.intersection(NEXT)
    worker = machine.workers.get(selection.run)
    return Copy({status: [*machine.index.by_status[status]] for status in read}, [*worker.tasks] if worker else [])


def narrowed(copy: Copy, selection: Selection, names: FoldedNames) -> list[TaskRecord]:
    """Those of a copy that are meant."""
    tasks = _of_run(copy, selection) if selection.run else _of_status(copy, selection)
    family = selection.family
    if family.endswith("."):
        tasks = [task for task in tasks if task.family.startswith(family)]
    elif family:
        tasks = [task for task in tasks if task.family == family]
    if selection.resource:
        tasks = [task for task in tasks if _uses(task, selection.resource)]
    if selection.search.strip():
        tasks = filter(matcher(selection.search, names), tasks)
    return list(tasks)


def _uses(task: TaskRecord, resource: str) -> bool:
    held = task.lease.held if task.lease else ()
    return any(name == resource and amount for name, amount in (*task.needs, *held))


def _of_status(copy: Copy, selection: Selection) -> Iterable[TaskRecord]:
    found = _stopped(copy, selection)
    for status in selection.statuses.intersection(NEXT) if selection.statuses else NEXT:
        found.update(dict.fromkeys(copy.by_status[status]))
    return found


def _of_run(copy: Copy, selection: Selection) -> Iterable[TaskRecord]:
    statuses, stopped = selection.statuses or NEXT, _stopped(copy, selection)
    return [task for task in copy.of_run if task.status in statuses or task in stopped]


def _stopped(copy: Copy, selection: Selection) -> dict[TaskRecord, None]:
    found: dict[TaskRecord, None] = {}
    for state in selection.statuses.intersection(STOPPED):
        found.update(waiting_for(state, copy.by_status))
    return found
