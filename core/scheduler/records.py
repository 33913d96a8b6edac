"""What the machine remembers: tasks, and which status may follow which.

The table is the law: `Machine._move` refuses an edge that is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from luigi.interfaces import RetryPolicy
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN

NEXT: Final[Mapping[str, frozenset[str]]] = {
    # known only as somebody's dependency, or its check raised
    UNKNOWN: frozenset({PENDING, DONE, DISABLED}),
    # declared, waiting for its dependencies, for resources, or for a worker
    PENDING: frozenset({RUNNING, DONE, UNKNOWN, DISABLED}),
    # assigned; back to PENDING when it yielded new dependencies
    RUNNING: frozenset({DONE, FAILED, PENDING, DISABLED}),
    # a worker that checks again may find it undone
    DONE: frozenset({PENDING, UNKNOWN, DISABLED}),
    # tried and failed; PENDING again after the retry delay, when forgiven, or when declared again
    FAILED: frozenset({PENDING, DONE, DISABLED, UNKNOWN}),
    # failed too often, or its class says so; FAILED again when re-enabled or after disable_persist
    DISABLED: frozenset({FAILED, DONE, PENDING, UNKNOWN}),
}

LEFT: Final = frozenset({PENDING, FAILED})
"""The statuses from which a task may still come to run."""

Needs = tuple[tuple[str, int], ...]
"""How much of which resources, sorted by name."""

SCHEDULERS_POLICY = RetryPolicy()
"""That of a task without one of its own."""


@dataclass(slots=True, eq=False)
class TaskRecord:
    """One task as the scheduler knows it."""

    task_id: str
    age: int
    """Its place in the order tasks became known."""
    params: Mapping[str, str]
    family: str = ""
    module: str | None = None
    status: str = UNKNOWN
    deps: tuple[TaskRecord, ...] | dict[TaskRecord, None] = ()
    """A dict, for its keys, once it waited for more while it ran: adding to that takes no look at the others."""
    dependents: list[TaskRecord] | tuple[()] = ()
    """A list once there are any: most tasks of a wide graph have none, and an empty list is not free."""
    unmet: int = 0
    """How many of `deps` are not DONE."""
    blocked: int = 0
    """How many of `deps` are dead ends: disabled, or waiting for one that is."""
    priority: float = 0
    rank: float = 0
    """The priority it is handed out by: at least that of everything that depends on it."""
    needs: Needs = ()
    """The resources it asks for."""
    held: Needs = ()
    """The resources it holds while it runs."""
    runners: tuple[str, ...] = ()
    """Workers that can run it."""
    declared_by: str = ""
    """The worker that declared it last."""
    worker: str | None = None
    """The worker that runs it, while RUNNING."""
    token: int = 0
    """Its current or last assignment."""
    policy: RetryPolicy = SCHEDULERS_POLICY
    failures: tuple[float, ...] = ()
    """When it failed, as far as the disable window reaches back. Seconds since the epoch."""
    first_failure: float | None = None
    explanation: str | None = None
    tracking_url: str | None = None
    status_message: str | None = None
    percentage: float | None = None
    updated: float = 0.0
    """When its status changed last. Seconds since the epoch."""

    def add_dep(self, dep: TaskRecord) -> bool:
        """Note that this task depends on `dep` too; whether that is new."""
        if not isinstance(self.deps, dict):
            self.deps = dict.fromkeys(self.deps)
        if dep in self.deps:
            return False
        self.deps[dep] = None
        return True

    def add_dependent(self, task: TaskRecord) -> None:
        """Note that `task` depends on this one."""
        if isinstance(self.dependents, list):
            self.dependents.append(task)
        else:
            self.dependents = [task]

    def drop_dependent(self, task: TaskRecord) -> None:
        """Note that `task` does not depend on this one any more."""
        if isinstance(self.dependents, list):
            self.dependents.remove(task)

    @property
    def dead_end(self) -> bool:
        """Whether nothing that depends on it can run before somebody acts."""
        return self.status == DISABLED or (self.blocked > 0 and self.status != DONE)

    @property
    def left(self) -> bool:
        """Whether a worker may hope to run it yet."""
        return not self.blocked and self.status in LEFT

    @property
    def ready(self) -> bool:
        """Whether it could run now, as far as dependencies and workers go."""
        return self.status == PENDING and not self.unmet and bool(self.runners)
