"""The text of the execution summary, in Luigi's words, which people search their logs for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from luigi.execution_summary.families import family_lines
from luigi.execution_summary.status import LuigiStatusCode

if TYPE_CHECKING:
    from luigi.execution_summary.groups import Groups
    from luigi.worker.record import RunRecord

ENDED: Final = {
    "already_done": "complete ones were encountered",
    "completed": "ran successfully",
    "failed": "failed",
    "scheduling_error": "failed scheduling",
}
LEFT: Final = {
    "still_pending_ext": "were missing external dependencies",
    "run_by_other_worker": "were being run by another worker",
    "upstream_failure": "had failed dependencies",
    "upstream_missing_dependency": "had missing dependencies",
    "upstream_run_by_other_worker": "had dependencies that were being run by other worker",
    "upstream_scheduling_error": "had dependencies whose scheduling failed",
    "not_run": "was not granted run permission by the scheduler",
}
"""Why tasks were left pending. A task can have several reasons."""

WORKERS_NAMED: Final = 5
REASONS: Final = 5
"""Of how many it is said why they are missing."""
RULER: Final = "===== Luigi Execution Summary ====="


def summary_text(groups: Groups, record: RunRecord, status: LuigiStatusCode, limit: int) -> str:
    """The whole summary, with its rulers. `limit` families are shown of each group; 0 for all."""
    return f"\n{RULER}\n\n{_body(groups, record, status, limit)}\n\n{RULER}\n"


def one_line(status: LuigiStatusCode) -> str:
    """The sentence that ends every summary."""
    face, reason = status.value
    return f"This progress looks {face} because {reason}"


def _body(groups: Groups, record: RunRecord, status: LuigiStatusCode, limit: int) -> str:
    # A suspended task counts twice, as in Luigi: it is missing something and was not granted permission to go on.
    left = len(groups["still_pending_ext"]) + len(groups["still_pending_not_ext"])
    scheduled = left + sum(len(groups[name]) for name in ENDED)
    if not scheduled:
        return "Did not schedule any tasks"
    lines = [f"Scheduled {scheduled} tasks of which:"]
    lines += _group_lines(groups, ENDED, limit)
    if left:
        lines.append(f"* {left} were left pending, among these:")
        lines += [f"    {line}" for line in _group_lines(groups, LEFT, limit)]
        lines += _reasons(groups["still_pending_ext"], record)
    lines.append("")
    others = _other_workers(groups["run_by_other_worker"], record)
    lines += others
    if not groups["completed"] and not groups["failed"]:
        lines.append("Did not run any tasks")
    elif others:
        lines.append("")
    lines.append(one_line(status))
    return "\n".join(lines)


def _group_lines(groups: Groups, wordings: dict[str, str], limit: int) -> Iterable[str]:
    for name, wording in wordings.items():
        tasks = groups[name]
        if tasks:
            yield f"* {len(tasks)} {wording}:"
            yield from (f"    {line}" for line in family_lines(tasks, limit))


def _reasons(tasks: list[Any], record: RunRecord) -> list[str]:
    """Why some of those are missing that were waited for."""
    told = [f"{task} {reason}" for task in tasks if (reason := record.seen[task.task_id].reason)]
    more = [f"and {len(told) - REASONS} more that did not come in time"] if len(told) > REASONS else []
    return [f"    * {line}" for line in (*told[:REASONS], *more)]


def _other_workers(tasks: list[Any], record: RunRecord) -> list[str]:
    """Who ran the tasks that other workers ran."""
    if not tasks:
        return []
    counts: dict[str, int] = {}
    for task in tasks:
        worker = record.seen[task.task_id].running_by or ""
        counts[worker] = counts.get(worker, 0) + 1
    named = list(counts.items()) if len(counts) <= WORKERS_NAMED else list(counts.items())[: WORKERS_NAMED - 1]
    lines = ["The other workers were:", *(f"    - {worker} ran {count} tasks" for worker, count in named)]
    unnamed = len(counts) - len(named)
    return [*lines, f"    and {unnamed} other workers" if unnamed else ""]
