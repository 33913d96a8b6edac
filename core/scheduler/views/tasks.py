"""Lists of tasks: page by page, and what changed since somebody looked last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from luigi.scheduler.names import display_name
from luigi.scheduler.records import NEXT
from luigi.scheduler.upstream import UPSTREAM_SEVERITY_ORDER, waiting_for
from luigi.scheduler.views.options import choice, number, text
from luigi.scheduler.views.task import row
from luigi.task_status import DISABLED, FAILED, PENDING

if TYPE_CHECKING:
    from luigi.scheduler.machine import Machine
    from luigi.scheduler.records import TaskRecord

LOOKED_AT: Final = 10_000
"""How many tasks one page looks at in vain: nobody waits long for the scheduler meanwhile."""


def page(machine: Machine, subject: str, now: float, options: Mapping[str, Any]) -> dict[str, Any]:
    """Rows of tasks, those that changed last first.

    `status`, `upstream` (of PENDING tasks) and `family` narrow it, and `search`: each of its words is in the display
    name, in any case. `limit` rows at most (100), from where the page before ended (`after` is its `next`).
    `next` is None on the last page; before it, a page may be short when few of many tasks match.
    `total` is the number of tasks on all pages; None when that takes a search.
    """
    limit = number(options, "limit", 100)
    after = number(options, "after", machine.index.version + 1, least=0)
    family, words = text(options, "family"), text(options, "search").casefold().split()
    found, total = _candidates(machine, options, family)
    rows: list[dict[str, Any]] = []
    last: TaskRecord | None = None
    for looked_at, task in enumerate(task for task in found if task.version < after):
        if len(rows) == limit or looked_at - len(rows) == LOOKED_AT:
            break
        last = task
        if (not family or task.family == family) and _matches(task, words):
            rows.append(row(task))
    else:
        last = None
    return {"rows": rows, "next": last.version if last else None, "total": None if words else total}


def _candidates(machine: Machine, options: Mapping[str, Any], family: str) -> tuple[Iterable[TaskRecord], int | None]:
    """The tasks of the status and the upstream asked for, newest change first, and how many are of the family."""
    status = choice(options, "status", tuple(NEXT), "")
    state = choice(options, "upstream", UPSTREAM_SEVERITY_ORDER[1:], "")
    index = machine.index
    if state:
        waiting = waiting_for(state, index.by_status) if status in ("", PENDING) else {}
        return sorted(waiting, key=_newest_first), None if family else len(waiting)
    statuses = [status] if status else list(NEXT)
    counts = index.families.get(family, {}) if family else {s: len(index.by_status[s]) for s in statuses}
    total = sum([counts.get(s, 0) for s in statuses])
    return (_newest(machine, statuses) if total else ()), total


def _newest(machine: Machine, statuses: Iterable[str]) -> Iterator[TaskRecord]:
    """The tasks of these statuses, newest change first, without a look at more than are taken."""
    return merge(*[reversed(machine.index.by_status[status]) for status in statuses], key=_newest_first)


def _newest_first(task: TaskRecord) -> int:
    return -task.version


def _matches(task: TaskRecord, words: list[str]) -> bool:
    if not words:
        return True
    name = display_name(task).casefold()
    return all(word in name for word in words)


def changes(machine: Machine, subject: str, now: float, options: Mapping[str, Any]) -> dict[str, Any]:
    """Rows of the tasks changed, and ids of those removed, after version `since`, and the version now.

    `reset` when that cannot be told: too many changed (`limit`, 1000), `since` is older than what is remembered of
    removals, or no version of this scheduler's. Then there are no rows, and lists are to be asked for anew.
    """
    since, limit = number(options, "since", 0, least=0), number(options, "limit", 1000)
    index = machine.index
    nothing = {"version": index.version, "reset": True, "rows": [], "removed": []}
    forgotten = len(index.removed) == index.removed.maxlen and index.removed[0][0] > since + 1
    if forgotten or not 0 < since <= index.version:
        return nothing
    changed = list(islice(index.changed_since(since), limit + 1))
    if len(changed) > limit:
        return nothing
    removed = []
    for version, task_id in reversed(index.removed):
        if version <= since:
            break
        if task_id not in machine.tasks:
            removed.append(task_id)
    rows = [row(task) for task in sorted(changed, key=_newest_first)]
    return {"version": index.version, "reset": False, "rows": rows, "removed": list(dict.fromkeys(removed))}


def errors(machine: Machine, subject: str, now: float, options: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The tasks that failed or were disabled last (`limit` of them, 20), each a row with its `explanation`."""
    newest = islice(_newest(machine, [FAILED, DISABLED]), number(options, "limit", 20))
    return [{**row(task), "explanation": task.explanation} for task in newest]
