"""`luigi.scheduler.Worker`: a worker as Luigi's programs look at it, over the machine's own record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from luigi.clock import SYSTEM
from luigi.errors import KernelError
from luigi.interfaces import Message
from luigi.scheduler.facade.luigi_records import WORKER_STATE_ACTIVE, WORKER_STATE_DISABLED
from luigi.scheduler.workers import WorkerRecord
from luigi.task_status import PENDING

if TYPE_CHECKING:
    from luigi.scheduler.config import scheduler
    from luigi.scheduler.facade.state import SimpleTaskState
    from luigi.scheduler.facade.task_view import Task


class Worker:
    """A worker of a scheduler, always as it is now; or one of the caller's own making, known to no scheduler.
    Only the latter can be changed from here.

    `last_active`: seconds since the epoch, as all times here.
    """

    def __init__(self, worker_id: str, last_active: float | None = None) -> None:
        now = SYSTEM.now()
        self._record = WorkerRecord(worker_id, now, now if last_active is None else last_active)
        self._is_own = True

    @classmethod
    def of(cls, record: WorkerRecord) -> Worker:
        """The view of a scheduler's worker."""
        view = cls.__new__(cls)
        view._record, view._is_own = record, False
        return view

    @property
    def id(self) -> str:
        """The worker's id."""
        return self._record.worker_id

    @property
    def info(self) -> Mapping[str, Any]:
        """What it said of itself."""
        return self._record.info

    @property
    def last_active(self) -> float:
        """When it was heard of last."""
        return self._record.active

    @property
    def last_get_work(self) -> float | None:
        """When it asked for work last."""
        return self._record.asked

    @property
    def started(self) -> float:
        """When it became known."""
        return self._record.known_since

    @property
    def tasks(self) -> set[str]:
        """Ids of what it wants done or can run."""
        return {task.task_id for task in self._record.tasks}

    @property
    def rpc_messages(self) -> list[dict[str, Any]]:
        """The messages that wait for it."""
        return [{"name": message.name, "kwargs": dict(message.kwargs)} for message in self._record.messages]

    @property
    def assistant(self) -> bool:
        """Whether it runs what others want, and wants nothing itself."""
        return self._record.assistant

    @property
    def enabled(self) -> bool:
        """Whether it gets work."""
        return self._record.enabled

    @property
    def state(self) -> str:
        """`active` or `disabled`."""
        return WORKER_STATE_ACTIVE if self.enabled else WORKER_STATE_DISABLED

    def get_tasks(self, state: SimpleTaskState, *statuses: str) -> list[Task]:
        """Those of its tasks that have one of the statuses."""
        return [task for task in state.get_active_tasks_by_status(*statuses) if task.id in self.tasks]

    def is_trivial_worker(self, state: SimpleTaskState) -> bool:
        """Whether none of its own pending tasks needs a resource, so that it need not care for what others do."""
        return not self.assistant and not any(task.resources for task in self.get_tasks(state, PENDING))

    # --- one of the caller's own -------------------------------------------------------------------------------

    def add_info(self, info: Mapping[str, Any]) -> None:
        """Note what it says of itself."""
        self._own().info = {**self.info, **info}

    def update(self, worker_reference: Any, get_work: bool = False) -> None:
        """Note that it was heard of now, and with `get_work` that it asked for work. Who it was is of no matter."""
        record = self._own()
        record.active = SYSTEM.now()
        if get_work:
            record.asked = record.active

    def prune(self, config: scheduler) -> bool:
        """Whether it was not heard of for longer than `worker_disconnect_delay`."""
        return self._record.active + config.worker_disconnect_delay < SYSTEM.now()

    def add_rpc_message(self, name: str, **kwargs: Any) -> None:
        """Leave a message for it."""
        self._own().messages.append(Message(name, kwargs))

    def fetch_rpc_messages(self) -> list[dict[str, Any]]:
        """Its messages, once."""
        messages, self._own().messages = self.rpc_messages, []
        return messages

    def _own(self) -> WorkerRecord:
        if not self._is_own:
            raise KernelError(
                f"{self.id} belongs to a scheduler, which alone changes it",
                hint="say it with Scheduler.add_worker, ping or send_scheduler_message",
            )
        return self._record

    def __repr__(self) -> str:
        return f"Worker({self.id!r})"
