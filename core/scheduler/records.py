"""What the machine remembers of tasks, and which status may follow which.

The table is the law: `Machine._move` refuses an edge that is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from luigi.errors import KernelError
from luigi.interfaces import RetryPolicy
from luigi.scheduler.demands import NO_WISH, Demand, Wish
from luigi.scheduler.events import Changed
from luigi.task_status import BATCH_RUNNING, DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN

NEXT: Final[Mapping[str, frozenset[str]]] = {
    # known only as somebody's dependency, or its check raised
    UNKNOWN: frozenset({PENDING, RUNNING, DONE, FAILED, DISABLED}),
    # declared, waiting for its dependencies, for resources, or for a worker
    PENDING: frozenset({RUNNING, BATCH_RUNNING, DONE, FAILED, DISABLED, UNKNOWN}),
    # assigned; back to PENDING when it yielded new dependencies
    RUNNING: frozenset({DONE, FAILED, PENDING, DISABLED, UNKNOWN}),
    # assigned together with others; RUNNING when the worker made it the one that runs for all
    BATCH_RUNNING: frozenset({RUNNING, DONE, FAILED, PENDING, DISABLED, UNKNOWN}),
    # a worker that checks again may find it undone; a batch may be run by it
    DONE: frozenset({PENDING, RUNNING, FAILED, DISABLED, UNKNOWN}),
    # tried and failed; PENDING again after the retry delay, when forgiven, or when declared again
    FAILED: frozenset({PENDING, RUNNING, DONE, DISABLED, UNKNOWN}),
    # failed too often, was cancelled, or its class says so; FAILED again when re-enabled or after disable_persist,
    # PENDING when retried
    DISABLED: frozenset({FAILED, PENDING, RUNNING, DONE, UNKNOWN}),
}

LEFT: Final = frozenset({PENDING, FAILED})
"""The statuses from which a task may still come to run."""

ACTIVE: Final = frozenset({RUNNING, BATCH_RUNNING})
"""The statuses of a task that somebody has a lease on."""

Needs = tuple[tuple[str, int], ...]
"""How much of which resources, sorted by name."""

SCHEDULERS_POLICY = RetryPolicy()
"""That of a task without one of its own."""

FEW: Final = 1000
"""So many stale entries of a heap hurt nobody: beyond that they are dropped whenever it has doubled."""

MANY = 16
"""From so many dependents on they are kept in a dict: to drop one then takes no look at the others."""


@dataclass(slots=True, eq=False)
class Lease:
    """A worker's right to run a task, and what is known of the run. Kept after its end, until the next one."""

    token: int
    worker: str | None
    """None once the worker was lost."""
    started: float
    """Seconds since the epoch."""
    held: Needs = ()
    """The resources it holds now."""
    taken: Needs = ()
    """The resources it took when it began; less what it gave back since."""
    tracking_url: str | None = None
    status_message: str | None = None
    percentage: float | None = None
    cancelled_by: str | None = None
    """Who wants the run ended, if anybody does."""


@dataclass(slots=True, eq=False)
class Batch:
    """Tasks that one worker runs as one."""

    members: tuple[TaskRecord, ...]
    runner: TaskRecord | None = None
    """The task that runs for all: a member, or one that the worker made of them. None until the worker says."""


@dataclass(slots=True, eq=False)
class Terms:
    """What time means to a task beyond its retries; most tasks have nothing of it. Seconds since the epoch."""

    since: float | None = None
    """Of one that only waits: when it began to."""
    deadline: float | None = None
    """By when it is to be done; None once it is, or nobody said."""
    late: bool = False
    """Whether people were told that it is not done in time."""


@dataclass(slots=True, eq=False)
class TaskRecord:
    """One task as the scheduler knows it."""

    task_id: str
    age: int
    """Its place in the order tasks became known."""
    params: Mapping[str, str]
    known_since: float
    """Seconds since the epoch."""
    family: str = ""
    module: str | None = None
    status: str = UNKNOWN
    deps: tuple[TaskRecord, ...] | dict[TaskRecord, None] = ()
    """A dict, for its keys, once it waited for more while it ran: adding to that takes no look at the others."""
    dependents: list[TaskRecord] | dict[TaskRecord, None] | tuple[()] = ()
    """A list once there are any, a dict once there are many: most tasks have none, and an empty list is not free."""
    unmet: int = 0
    """How many of `deps` are not DONE."""
    blocked: int = 0
    """How many of `deps` are dead ends: disabled, or waiting for one that is."""
    priority: float = 0
    rank: float = 0
    """The priority it is handed out by: at least that of everything that depends on it."""
    needs: Needs = ()
    """The resources it asks for."""
    runners: tuple[str, ...] = ()
    """Workers that can run it, the one that said so last at the end."""
    stakeholders: tuple[str, ...] = ()
    """Workers that want it done. Without any it is forgotten after a while."""
    lease: Lease | None = None
    """Of the attempt that runs, or ran last."""
    batch: Batch | None = None
    """The batch it is in, or runs for."""
    batchable: bool = False
    policy: RetryPolicy = SCHEDULERS_POLICY
    failures: tuple[float, ...] = ()
    """When it failed, as far as the disable window reaches back. Seconds since the epoch."""
    first_failure: float | None = None
    failed_too_often: bool = False
    """Whether that is why it is DISABLED."""
    cancelled: bool = False
    """Whether it is DISABLED because an operator does not want it run: until an operator does again."""
    explanation: str | None = None
    accepts_messages: bool = False
    answers: dict[str, str] | None = None
    """What it answered to messages, by message id."""
    hidden: Sequence[str] = ()
    owners: Sequence[str] = ()
    updated: float = 0.0
    """When its status changed last. Seconds since the epoch."""
    version: int = 0
    """The number of its last change, among all changes of all tasks."""
    remove_at: float | None = None
    """When it is forgotten, while nobody wants it. Seconds since the epoch."""
    terms: Terms | None = None
    """What time means to it beyond that."""
    wish: Wish = NO_WISH
    """The queue it is in and the labels it wants, as far as workers of pools go."""
    unplanned: bool = False
    """Whether what it requires is not known yet."""
    waits: bool = False
    """Whether it only waits for something to be there: a lease on it takes no worker's place."""

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
        dependents = self.dependents
        if isinstance(dependents, list):
            dependents.append(task)
            if len(dependents) > MANY:
                self.dependents = dict.fromkeys(dependents)
        elif isinstance(dependents, dict):
            dependents[task] = None
        else:
            self.dependents = [task]

    def drop_dependent(self, task: TaskRecord) -> None:
        """Note that `task` does not depend on this one any more."""
        if isinstance(self.dependents, list):
            self.dependents.remove(task)
        elif isinstance(self.dependents, dict):
            del self.dependents[task]

    @property
    def demand(self) -> Demand:
        """What it demands of a pool's worker."""
        return (*self.wish, self.module or "")

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

    @property
    def disabled_here(self) -> bool:
        """Whether the scheduler disabled it, for its failures or an operator; otherwise its class says so."""
        return self.status == DISABLED and (self.failed_too_often or self.cancelled)


class ImpossibleMove(KernelError):
    """A status was to follow another that the table does not allow: a fault in the kernel, not in a program."""

    def __init__(self, task: TaskRecord, after: str, why: str, story: Sequence[tuple[float, Changed]]) -> None:
        super().__init__(f"{task.task_id} cannot go from {task.status} to {after} ({why})")
        lines = [f"at {at:.3f} from {change.before} to {change.after}: {change.why}" for at, change in story]
        self.hint = "; ".join(["what happened to it before", *lines]) if lines else "nothing is remembered of it"
