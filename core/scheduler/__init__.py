"""The scheduler: which task runs where and when. `machine` is the algorithm, `service` the shell around it.

`Scheduler` is the service with Luigi's method names. Names are loaded when first used: a local run needs few of them.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from luigi.interfaces import RetryPolicy as RetryPolicy
    from luigi.scheduler.config import scheduler as scheduler
    from luigi.scheduler.facade.api import RPC_METHODS as RPC_METHODS
    from luigi.scheduler.facade.api import Scheduler as Scheduler
    from luigi.scheduler.facade.api import rpc_method as rpc_method
    from luigi.scheduler.facade.luigi_records import WORKER_STATE_ACTIVE as WORKER_STATE_ACTIVE
    from luigi.scheduler.facade.luigi_records import WORKER_STATE_DISABLED as WORKER_STATE_DISABLED
    from luigi.scheduler.facade.ordered_set import OrderedSet as OrderedSet
    from luigi.scheduler.facade.state import SimpleTaskState as SimpleTaskState
    from luigi.scheduler.facade.task_view import Task as Task
    from luigi.scheduler.facade.worker_view import Worker as Worker
    from luigi.scheduler.names import TASK_FAMILY_RE as TASK_FAMILY_RE
    from luigi.scheduler.upstream import STATUS_TO_UPSTREAM_MAP as STATUS_TO_UPSTREAM_MAP
    from luigi.scheduler.upstream import UPSTREAM_DISABLED as UPSTREAM_DISABLED
    from luigi.scheduler.upstream import UPSTREAM_FAILED as UPSTREAM_FAILED
    from luigi.scheduler.upstream import UPSTREAM_MISSING_INPUT as UPSTREAM_MISSING_INPUT
    from luigi.scheduler.upstream import UPSTREAM_RUNNING as UPSTREAM_RUNNING
    from luigi.scheduler.upstream import UPSTREAM_SEVERITY_KEY as UPSTREAM_SEVERITY_KEY
    from luigi.scheduler.upstream import UPSTREAM_SEVERITY_ORDER as UPSTREAM_SEVERITY_ORDER
    from luigi.task_status import BATCH_RUNNING as BATCH_RUNNING
    from luigi.task_status import DISABLED as DISABLED
    from luigi.task_status import DONE as DONE
    from luigi.task_status import FAILED as FAILED
    from luigi.task_status import PENDING as PENDING
    from luigi.task_status import RUNNING as RUNNING
    from luigi.task_status import SUSPENDED as SUSPENDED
    from luigi.task_status import UNKNOWN as UNKNOWN

ON_DEMAND: Final = {
    "Scheduler": "luigi.scheduler.facade.api",
    "RPC_METHODS": "luigi.scheduler.facade.api",
    "rpc_method": "luigi.scheduler.facade.api",
    "scheduler": "luigi.scheduler.config",
    "OrderedSet": "luigi.scheduler.facade.ordered_set",
    "SimpleTaskState": "luigi.scheduler.facade.state",
    "Task": "luigi.scheduler.facade.task_view",
    "Worker": "luigi.scheduler.facade.worker_view",
    "RetryPolicy": "luigi.interfaces",
    "TASK_FAMILY_RE": "luigi.scheduler.names",
    "WORKER_STATE_ACTIVE": "luigi.scheduler.facade.luigi_records",
    "WORKER_STATE_DISABLED": "luigi.scheduler.facade.luigi_records",
    **dict.fromkeys(
        (
            "STATUS_TO_UPSTREAM_MAP",
            "UPSTREAM_DISABLED",
            "UPSTREAM_FAILED",
            "UPSTREAM_MISSING_INPUT",
            "UPSTREAM_RUNNING",
            "UPSTREAM_SEVERITY_KEY",
            "UPSTREAM_SEVERITY_ORDER",
        ),
        "luigi.scheduler.upstream",
    ),
    **dict.fromkeys(
        ("BATCH_RUNNING", "DISABLED", "DONE", "FAILED", "PENDING", "RUNNING", "SUSPENDED", "UNKNOWN"),
        "luigi.task_status",
    ),
}
"""Name → the module it is loaded from when first asked for."""


def is_here(scheduler: object) -> bool:
    """Whether it is a scheduler in this process: none is as long as nobody has loaded the class."""
    loaded = sys.modules.get(ON_DEMAND["Scheduler"])
    return loaded is not None and isinstance(scheduler, loaded.Scheduler)


def __getattr__(name: str) -> Any:
    if name not in ON_DEMAND:
        raise AttributeError(f"module 'luigi.scheduler' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(ON_DEMAND[name]), name)
    return value
