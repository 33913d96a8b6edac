"""Attempts that the scheduler itself remembers, for where no history is kept."""

from __future__ import annotations

from typing import Any

from luigi.scheduler.views import lately
from luigi.server.v1 import fitting
from luigi.server.v1.known import the_task, the_worker
from luigi.server.v1.lately_shapes import RecentAttempts
from luigi.server.v1.operations import Call, Operation, looking


def of_task(call: Call) -> Any:
    """Those at one task."""
    the_task(call.scheduler, call.said["task_id"])
    return _told(lately.of_task(call.scheduler, call.said["task_id"]))


def of_worker(call: Call) -> Any:
    """Those of one worker, which may be gone."""
    found = lately.of_worker(call.scheduler, call.said["worker_id"])
    if not found.attempts:
        the_worker(call.scheduler, call.said["worker_id"])
    return _told(found)


def _told(found: lately.Lately) -> Any:
    page = fitting.page([attempt._asdict() for attempt in found.attempts], lately.MOST, "task_id")
    told = {"attempts": page.rows, "since": found.since}
    return {**told, "cut": ["attempts"]} if page.more else told


def operations() -> list[Operation]:
    """The two of them."""
    return [
        looking(
            "/tasks/{task_id}/lately",
            "listRecentAttemptsAtTask",
            "Attempts at a task, as the scheduler remembers them",
            of_task,
            RecentAttempts,
        ),
        looking(
            "/workers/{worker_id}/lately",
            "listRecentAttemptsOfWorker",
            "Attempts of a worker, as the scheduler remembers them",
            of_worker,
            RecentAttempts,
        ),
    ]
