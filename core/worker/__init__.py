"""The worker: it walks the graph, asks the scheduler for work, runs it and reports.

Luigi keeps all of this in one module, so its names are found here, each loaded when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from luigi.worker.config import worker
from luigi.worker.loop import Worker
from luigi.worker.refusals import TaskException

if TYPE_CHECKING:
    from luigi.executors.forking import fork_lock
    from luigi.scheduler.facade.luigi_records import WORKER_STATE_ACTIVE, WORKER_STATE_DISABLED
    from luigi.task_status import DISABLED, DONE, FAILED, PENDING, SUSPENDED, UNKNOWN
    from luigi.worker.checks.checks import (
        AsyncCompletionException,
        SingleProcessPool,
        TracebackWrapper,
        check_complete,
        check_complete_cached,
    )
    from luigi.worker.heartbeat import KeepAliveThread, rpc_message_callback
    from luigi.worker.messages import DequeQueue, SchedulerMessage, TaskStatusReporter
    from luigi.worker.task_process import ContextManagedTaskProcess, TaskProcess
    from luigi.worker.work import GetWorkResponse

__all__ = [
    "DISABLED",
    "DONE",
    "FAILED",
    "PENDING",
    "SUSPENDED",
    "UNKNOWN",
    "WORKER_STATE_ACTIVE",
    "WORKER_STATE_DISABLED",
    "AsyncCompletionException",
    "ContextManagedTaskProcess",
    "DequeQueue",
    "GetWorkResponse",
    "KeepAliveThread",
    "SchedulerMessage",
    "SingleProcessPool",
    "TaskException",
    "TaskProcess",
    "TaskStatusReporter",
    "TracebackWrapper",
    "Worker",
    "check_complete",
    "check_complete_cached",
    "fork_lock",
    "rpc_message_callback",
    "worker",
]

_PLACES = {
    "luigi.executors.forking": ("fork_lock",),
    "luigi.scheduler.facade.luigi_records": ("WORKER_STATE_ACTIVE", "WORKER_STATE_DISABLED"),
    "luigi.task_status": ("DISABLED", "DONE", "FAILED", "PENDING", "SUSPENDED", "UNKNOWN"),
    "luigi.worker.checks.checks": (
        "AsyncCompletionException",
        "SingleProcessPool",
        "TracebackWrapper",
        "check_complete",
        "check_complete_cached",
    ),
    "luigi.worker.heartbeat": ("KeepAliveThread", "rpc_message_callback"),
    "luigi.worker.messages": ("DequeQueue", "SchedulerMessage", "TaskStatusReporter"),
    "luigi.worker.task_process": ("ContextManagedTaskProcess", "TaskProcess"),
    "luigi.worker.work": ("GetWorkResponse",),
}
"""Where the names are that a run may never need."""


def __getattr__(name: str) -> Any:
    from importlib import import_module

    for module, names in _PLACES.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
