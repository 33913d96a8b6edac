"""What a worker did, also of one that a program has written from scratch: read from the history that it keeps.

Such workers keep what Luigi's do: a list of each task that they told their scheduler of, with its status.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from luigi.task_status import DONE, FAILED, PENDING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from luigi.worker.record import RunRecord, Seen

History = list[tuple[Any, str, bool | None]]
"""Task, status, and whether the worker could run it: None in what it told after it had declared the task."""


def record_of(worker: Any) -> RunRecord:
    """What `worker` saw. Raises AttributeError for one that keeps neither a record nor a history."""
    record: RunRecord | None = getattr(worker, "record", None)
    return _record_from(worker) if record is None else record


def history_of(record: RunRecord) -> History:
    """What a worker with such a record has told its scheduler: first what it declared, then how tasks ended."""
    declared: History = [
        (seen.task, seen.declared, seen.declared not in (DONE, "UNKNOWN") and not seen.external)
        for seen in record.seen.values()
        if not seen.foreign
    ]
    return declared + [(seen.task, status, None) for seen in record.seen.values() for status in _told_of(seen)]


def _told_of(seen: Seen) -> Iterator[str]:
    yield from [FAILED] * seen.failures
    if seen.missing_dynamic:
        yield PENDING
    if seen.ran:
        yield DONE


def _record_from(worker: Any) -> RunRecord:
    from luigi.worker.record import RunRecord, Seen

    record = RunRecord()
    for task, status, runnable in worker._add_task_history:
        seen = record.seen.get(task.task_id)
        if seen is None:
            record.seen[task.task_id] = Seen(
                task, status, external=status == PENDING and not runnable, deps=_deps_of(task), status=status
            )
            continue
        seen.status = status
        seen.failures += status == FAILED
        seen.ran = status == DONE
        seen.missing_dynamic = status == PENDING and runnable is None
    record.roots = [seen.task for seen in record.seen.values()][:1]
    for answer in getattr(worker, "_get_work_response_history", ()):
        for running in answer["running_tasks"]:
            if running["task_id"] in record.seen:
                record.seen[running["task_id"]].running_by = running["worker"]
    return record


def _deps_of(task: Any) -> list[str]:
    try:
        return [dep.task_id for dep in task.deps()]
    except Exception:  # a program's own requires(), which the worker has told of when it raised
        return []
