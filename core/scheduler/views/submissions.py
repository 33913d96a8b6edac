"""Runs that no process stands for, how far they are, and what triggers have fired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from luigi.task_status import DISABLED, DONE, FAILED

if TYPE_CHECKING:
    from luigi.scheduler.machine import Machine
    from luigi.scheduler.submissions import Submission
    from luigi.scheduler.triggers import TriggerRecord
    from luigi.scheduler.workers import WorkerRecord


def submissions(machine: Machine, subject: str, now: float, options: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All that there are, the newest first."""
    newest_first = sorted(machine.submissions.values(), key=lambda worker: (-worker.known_since, worker.worker_id))
    return [submission_row(worker, worker.submission) for worker in newest_first if worker.submission is not None]


def submission(machine: Machine, subject: str, now: float, options: Mapping[str, Any]) -> dict[str, Any] | None:
    """One of them; None when it is not known, or not any more."""
    worker = machine.submissions.get(subject)
    return None if worker is None or worker.submission is None else submission_row(worker, worker.submission)


def triggers(machine: Machine, subject: str, now: float, options: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is remembered of each trigger, by name."""
    return [_trigger(record) for _, record in sorted(machine.triggers.items())]


def trigger(machine: Machine, subject: str, now: float, options: Mapping[str, Any]) -> dict[str, Any] | None:
    """What is remembered of one; None for one that has not fired, nor been paused."""
    record = machine.triggers.get(subject)
    return None if record is None else _trigger(record)


def _trigger(record: TriggerRecord) -> dict[str, Any]:
    """Times are in seconds since the epoch."""
    told = {field.name: getattr(record, field.name) for field in fields(record)}
    return {**told, "waiting": [{"due": one.due, "submission": one.submission} for one in record.waiting]}


def submission_row(worker: WorkerRecord, submission: Submission) -> dict[str, Any]:
    """Times are in seconds since the epoch."""
    info, roots = worker.info, submission.root_counts
    return {
        "id": worker.worker_id,
        **{name: str(info.get(name) or "") for name in ("name", "kind", "by")},
        "since": worker.known_since,
        "settled": submission.quiet if submission.status else None,
        "status": submission.status,
        "max_active": submission.max_active,
        "counts": {status: number for status, number in submission.counts.items() if number},
        "roots": {
            "total": len(submission.roots),
            "done": roots[DONE],
            "failed": roots[FAILED] + roots[DISABLED],
            "held": len(submission.held),
            "active": len(submission.active),
        },
    }
