"""Sort the tasks of a run into the groups that its summary and its return code speak of.

One pass over the tasks and one over the edges between those still waiting; nothing recurses, so a chain of requirements
may be of any length.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from luigi.task_status import DONE, PENDING, UNKNOWN

if TYPE_CHECKING:
    from luigi.worker.record import RunRecord, Seen

Groups = dict[str, list[Any]]
"""Tasks by the name of their group. A task can be in several."""

NAMES: Final = (
    "completed",
    "already_done",
    "ever_failed",
    "failed",
    "scheduling_error",
    "still_pending_ext",
    "still_pending_not_ext",
    "run_by_other_worker",
    "upstream_failure",
    "upstream_missing_dependency",
    "upstream_run_by_other_worker",
    "upstream_scheduling_error",
    "not_run",
)

UPSTREAM: Final = {
    "upstream_failure": "ever_failed",
    "upstream_missing_dependency": "still_pending_ext",
    "upstream_run_by_other_worker": "run_by_other_worker",
    "upstream_scheduling_error": "scheduling_error",
}
"""Groups of tasks that wait for a task of another group: theirs → the other."""


def sort_out(record: RunRecord) -> Groups:
    """The groups of a run, all of them, empty ones too."""
    groups: Groups = {name: [] for name in NAMES}
    waiting: list[Seen] = []
    for seen in record.seen.values():
        if seen.failures:
            groups["ever_failed"].append(seen.task)
        group = _group(seen)
        if group:
            groups[group].append(seen.task)
        if group == "still_pending_not_ext":
            waiting.append(seen)
    if waiting:
        _sort_out_waiting(groups, waiting)
    return groups


def _group(seen: Seen) -> str:
    """The one group that says how it ended, or an empty string for a disabled task, which is not counted."""
    if seen.ran:
        return "completed"
    if seen.failures:
        return "failed"
    if seen.declared == DONE:
        return "already_done"
    if seen.declared == UNKNOWN:
        return "scheduling_error"
    if seen.declared != PENDING:
        return ""
    return "still_pending_ext" if seen.external else "still_pending_not_ext"


def _sort_out_waiting(groups: Groups, waiting: list[Seen]) -> None:
    """Find out what each waiting task waits for; those that wait for nothing known were not granted permission."""
    groups["still_pending_ext"] += [seen.task for seen in waiting if seen.missing_dynamic]
    groups["run_by_other_worker"] += [seen.task for seen in waiting if seen.running_by]
    explained = {task.task_id for task in groups["run_by_other_worker"]}
    dependents = _dependents(waiting)
    for name, cause in UPSTREAM.items():
        # Of a failed check Luigi tells the next task only; those behind that one count as "not granted".
        reached = _reached([task.task_id for task in groups[cause]], dependents, onwards=cause != "scheduling_error")
        groups[name] = list(reached.values())
        explained |= reached.keys()
    groups["not_run"] = [seen.task for seen in waiting if seen.task.task_id not in explained]


def _dependents(waiting: list[Seen]) -> dict[str, list[Any]]:
    """Who waits for a task: its id → waiting tasks that require it.

    A suspended task is not asked what it waits for: as in Luigi, it counts as missing something itself.
    """
    dependents: dict[str, list[Any]] = {}
    for seen in waiting:
        if not seen.missing_dynamic:
            for dep in seen.deps:
                dependents.setdefault(dep, []).append(seen.task)
    return dependents


def _reached(causes: list[str], dependents: dict[str, list[Any]], onwards: bool) -> dict[str, Any]:
    """All tasks that wait for one of `causes`, by id; with `onwards`, those that wait for these too."""
    reached: dict[str, Any] = {}
    ahead = causes
    while ahead:
        for task in dependents.get(ahead.pop(), ()):
            if task.task_id not in reached:
                reached[task.task_id] = task
                if onwards:
                    ahead.append(task.task_id)
    return reached
