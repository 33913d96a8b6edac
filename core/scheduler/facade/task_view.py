"""`luigi.scheduler.Task`: a task as Luigi's programs look at it, over the machine's own record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from luigi.clock import SYSTEM
from luigi.errors import KernelError
from luigi.interfaces import RetryPolicy
from luigi.scheduler.facade.ordered_set import OrderedSet
from luigi.scheduler.names import shown_params
from luigi.scheduler.records import TaskRecord
from luigi.scheduler.resources import needs_of
from luigi.scheduler.retry import Retry
from luigi.task_status import DISABLED

LENIENT = RetryPolicy(retry_count=999999999, disable_hard_timeout=999999999, disable_window=3600)
"""What a task made here, without a scheduler, goes by where its own policy says nothing."""


class Task:
    """A task of a scheduler, always as it is now; or one of the caller's own making, known to no scheduler.

    Only the latter can be changed from here: in a scheduler, statuses, failures and parameters are the scheduler's.
    """

    DEFAULT_PRIORITY = 0

    def __init__(
        self,
        task_id: str,
        status: str,
        deps: Iterable[str],
        resources: Mapping[str, int] | None = None,
        priority: float = DEFAULT_PRIORITY,
        family: str = "",
        module: str | None = None,
        params: Mapping[str, str] | None = None,
        param_visibilities: Mapping[str, int] | None = None,
        accepts_messages: bool = False,
        tracking_url: str | None = None,
        status_message: str | None = None,
        progress_percentage: float | None = None,
        retry_policy: RetryPolicy | None = None,
    ) -> None:
        hidden = [name for name, level in (param_visibilities or {}).items() if level]
        record = TaskRecord(task_id, 0, params or {}, SYSTEM.now(), family, module, status, hidden=hidden)
        record.priority = record.rank = priority
        record.needs = needs_of(resources or {})
        record.accepts_messages = accepts_messages
        self._progress = (tracking_url, status_message, progress_percentage)
        self._record = record
        self._own_deps: set[str] | None = set(deps)
        self._retry = Retry(LENIENT if retry_policy is None else _completed(retry_policy))

    @classmethod
    def of(cls, record: TaskRecord, retry: Retry) -> Task:
        """The view of a scheduler's task."""
        view = cls.__new__(cls)
        view._record, view._retry, view._own_deps = record, retry, None
        return view

    # --- what it is --------------------------------------------------------------------------------------------

    @property
    def id(self) -> str:
        """The task's id."""
        return self._record.task_id

    @property
    def status(self) -> str:
        """One of `luigi.task_status`."""
        return self._record.status

    @property
    def family(self) -> str:
        """Its family; empty while it is known by its id alone."""
        return self._record.family

    @property
    def module(self) -> str | None:
        """Where its class is."""
        return self._record.module

    @property
    def params(self) -> Mapping[str, str]:
        """Values as texts, by name."""
        return self._record.params

    @property
    def public_params(self) -> Mapping[str, str]:
        """Those that pages show."""
        return shown_params(self._record)

    @property
    def hidden_params(self) -> Mapping[str, str]:
        """Those that pages do not show."""
        return {name: value for name, value in self.params.items() if name in self._record.hidden}

    @property
    def pretty_id(self) -> str:
        """`Family(a=1, b=2)`."""
        return f"{self.family}({', '.join(f'{name}={value}' for name, value in self.public_params.items())})"

    @property
    def deps(self) -> set[str]:
        """Ids of what it depends on."""
        return {dep.task_id for dep in self._record.deps} if self._own_deps is None else self._own_deps

    @property
    def priority(self) -> float:
        """What it is handed out by: at least that of everything that depends on it."""
        return self._record.rank

    @property
    def resources(self) -> dict[str, int]:
        """How much of what it needs to run."""
        return dict(self._record.needs)

    @property
    def resources_running(self) -> dict[str, int] | None:
        """What it took when it ran last, less what it gave back."""
        return dict(self._record.lease.taken) if self._record.lease else None

    @property
    def accepts_messages(self) -> bool:
        """Whether it takes messages while it runs."""
        return self._record.accepts_messages

    @property
    def batchable(self) -> bool:
        """Whether it may be run together with others."""
        return self._record.batchable

    @property
    def batch_id(self) -> str | None:
        """The batch it is in or runs for."""
        return str(self._record.lease.token) if self._record.batch and self._record.lease else None

    @property
    def expl(self) -> str | None:
        """What was said of it last."""
        return self._record.explanation

    @property
    def retry_policy(self) -> RetryPolicy:
        """What applies to it."""
        return self._retry.policy(self._record)

    # --- who and when ------------------------------------------------------------------------------------------

    @property
    def workers(self) -> OrderedSet[str]:
        """Ids of those that can run it."""
        return OrderedSet(self._record.runners)

    @property
    def stakeholders(self) -> set[str]:
        """Ids of those that want it done."""
        return set(self._record.stakeholders)

    @property
    def worker_running(self) -> str | None:
        """Who runs it, or ran it last."""
        return self._record.lease.worker if self._record.lease else None

    @property
    def time(self) -> float:
        """When it became known. Seconds since the epoch, as all times."""
        return self._record.known_since

    @property
    def updated(self) -> float:
        """When its status changed last."""
        return max(self._record.updated, self._record.known_since)

    @property
    def time_running(self) -> float | None:
        """When it was handed out last."""
        return self._record.lease.started if self._record.lease else None

    @property
    def retry(self) -> float | None:
        """When it is tried again, or enabled again."""
        return self._retry.due(self._record)

    @property
    def remove(self) -> float | None:
        """When it is forgotten, as long as nobody wants it."""
        return self._record.remove_at

    @property
    def scheduler_disable_time(self) -> float | None:
        """When the scheduler disabled it for its failures."""
        return self._record.updated if self._record.disabled_here else None

    @property
    def tracking_url(self) -> str | None:
        """Where its run can be followed."""
        return self._said()[0]

    @property
    def status_message(self) -> str | None:
        """What it said it is at."""
        return self._said()[1]

    @property
    def progress_percentage(self) -> float | None:
        """How far it said it is: 0 to 100."""
        return self._said()[2]

    def _said(self) -> tuple[str | None, str | None, float | None]:
        if self._own_deps is not None:
            return self._progress
        lease = self._record.lease
        return (lease.tracking_url, lease.status_message, lease.percentage) if lease else (None, None, None)

    # --- failures ----------------------------------------------------------------------------------------------

    @property
    def failures(self) -> list[float]:
        """When it failed, as far as the disable window reaches back."""
        return list(self._record.failures)

    @property
    def first_failure_time(self) -> float | None:
        """When it failed first."""
        return self._record.first_failure

    def num_failures(self) -> int:
        """How often it failed within its disable window, seen from now."""
        since = SYSTEM.now() - float(self.retry_policy.disable_window or 0)
        return sum(at >= since for at in self._record.failures)

    def has_excessive_failures(self) -> bool:
        """Whether it failed too often, or too late."""
        return self.status == DISABLED or self._retry.excess(self._record, SYSTEM.now()) is not None

    def is_batchable(self) -> bool:
        """Whether it may be run together with others."""
        return self.batchable

    def add_failure(self) -> None:
        """Note that it failed now."""
        self._retry.count_failure(self._own(), SYSTEM.now())

    def clear_failures(self) -> None:
        """Start with a clean slate."""
        self._retry.forget_failures(self._own())

    def set_params(self, params: Mapping[str, str]) -> None:
        """Give it other parameters."""
        self._own().params = params

    def _own(self) -> TaskRecord:
        if self._own_deps is None:
            raise KernelError(
                f"{self.id} belongs to a scheduler, which alone changes it", hint="say it with Scheduler.add_task"
            )
        return self._record

    def __repr__(self) -> str:
        return f"Task({self.id!r}, {self.status!r})"


def _completed(policy: RetryPolicy) -> RetryPolicy:
    """With what LENIENT says where it says nothing itself."""
    given = {name: value for name, value in policy._asdict().items() if value is not None}
    return LENIENT._replace(**given)
