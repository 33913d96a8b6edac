"""`luigi.scheduler.SimpleTaskState`: what a scheduler knows, as Luigi's programs look at it.

A view: it keeps nothing. What acts on tasks and workers goes to the scheduler, as an operator's order would.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from luigi.errors import KernelError
from luigi.interfaces import Order
from luigi.scheduler.config import scheduler as scheduler_config
from luigi.scheduler.facade.api import Scheduler
from luigi.scheduler.facade.dump import machine_of
from luigi.scheduler.facade.task_facts import facts_of_view
from luigi.scheduler.facade.task_view import Task
from luigi.scheduler.facade.worker_view import Worker
from luigi.scheduler.machine import Machine
from luigi.task_status import BATCH_RUNNING, DONE, FAILED, PENDING, RUNNING

Default = TypeVar("Default")


class SimpleTaskState:
    """The tasks and workers of a scheduler; of a new one that keeps its state in `state_path`, if none is given.

    Reading is live. A task's status, and which tasks and workers there are, follow from what workers and operators
    say: methods that would set them otherwise raise KernelError.
    """

    def __init__(self, state_path: str, scheduler: Scheduler | None = None) -> None:
        self._scheduler = scheduler or Scheduler(state_path=state_path, resources={})

    @property
    def _machine(self) -> Machine:
        return self._scheduler.machine

    # --- tasks -------------------------------------------------------------------------------------------------

    def get_active_tasks(self) -> list[Task]:
        """All tasks."""
        return [Task.of(task, self._machine.retry) for task in list(self._machine.tasks.values())]

    def get_active_tasks_by_status(self, *statuses: str) -> list[Task]:
        """The tasks that have one of the statuses."""
        by_status = self._machine.index.by_status
        return [Task.of(task, self._machine.retry) for status in statuses for task in list(by_status.get(status, ()))]

    def get_active_task_count_for_status(self, status: str) -> int:
        """How many tasks have a status; how many there are, for an empty one."""
        return len(self._machine.index.by_status.get(status, ()) if status else self._machine.tasks)

    def get_batch_running_tasks(self, batch_id: str) -> list[Task]:
        """The members of a batch that another task is run for."""
        return [task for task in self.get_active_tasks_by_status(BATCH_RUNNING) if task.batch_id == batch_id]

    def num_pending_tasks(self) -> int:
        """How many tasks wait or run."""
        return sum(map(self.get_active_task_count_for_status, (PENDING, RUNNING)))

    def get_task(self, task_id: str, default: Default | None = None, setdefault: Task | None = None) -> Any:
        """The task, or `default`. Raises KernelError for an unknown one with `setdefault`."""
        record = self._machine.tasks.get(task_id)
        if record is not None:
            return Task.of(record, self._machine.retry)
        if setdefault is not None:
            raise _theirs(f"make {task_id} known", "Scheduler.add_task")
        return default

    def has_task(self, task_id: str) -> bool:
        """Whether the task is known."""
        return task_id in self._machine.tasks

    def may_prune(self, task: Task) -> bool:
        """Whether nobody has wanted a task for so long that it is about to be forgotten."""
        return task.remove is not None and task.remove <= self._scheduler.clock.now()

    def set_status(self, task: Task, new_status: str, config: scheduler_config | None = None) -> None:
        """Have a task be what an operator may make it: DONE, PENDING (forgiven), FAILED (re-enabled).

        Raises KernelError when that does not apply.
        """
        verbs = {DONE: "mark_done", PENDING: "forgive", FAILED: "re_enable"}
        if new_status not in verbs:
            raise _theirs(f"make {task.id} {new_status}", "Scheduler.add_task")
        if task.status != new_status:
            self._scheduler.control(Order(verbs[new_status], task.id))

    def re_enable(self, task: Task, config: scheduler_config | None = None) -> None:
        """Give a disabled task back to the workers. Raises KernelError for one that is not disabled."""
        self._scheduler.control(Order("re_enable", task.id))

    def update_status(self, task: Task, config: scheduler_config) -> None:
        """Do what time has brought, for this task and all others."""
        self._scheduler.tick()

    def fail_dead_worker_task(self, task: Task, config: scheduler_config, assistants: Iterable[str]) -> None:
        """Fail what lost workers ran, this task among it."""
        self._scheduler.tick()

    def inactivate_tasks(self, delete_tasks: Iterable[str]) -> None:
        """Raises KernelError: a task is forgotten when nobody has wanted it for `remove_delay`."""
        raise _theirs("forget tasks", "[scheduler] remove_delay")

    def set_batch_running(self, task: Task, batch_id: str, worker_id: str) -> None:
        """Raises KernelError: a batch comes about when a worker asks for work."""
        raise _theirs(f"put {task.id} into a batch", "Scheduler.get_work")

    def update_metrics(self, task: Task, config: scheduler_config) -> None:
        """Count a task once more as what it is, if that is done, failed or disabled: the scheduler counts each end."""
        if self._scheduler.measuring is not None:
            self._scheduler.measuring.stands(facts_of_view(task))

    # --- workers -----------------------------------------------------------------------------------------------

    def get_active_workers(
        self, last_active_lt: float | None = None, last_get_work_gt: float | None = None
    ) -> Iterator[Worker]:
        """The workers, with bounds in seconds since the epoch: heard of last before, having asked for work after."""
        for record in list(self._machine.workers):
            silent = last_active_lt is None or record.active < last_active_lt
            asked = last_get_work_gt is None or (record.asked is not None and record.asked > last_get_work_gt)
            if silent and asked:
                yield Worker.of(record)

    def get_assistants(self, last_active_lt: float | None = None) -> Iterator[Worker]:
        """The assistants among them."""
        return filter(lambda worker: worker.assistant, self.get_active_workers(last_active_lt))

    def get_worker_ids(self) -> list[str]:
        """The ids of all workers."""
        return [record.worker_id for record in self._machine.workers]

    def get_worker(self, worker_id: str) -> Worker:
        """The worker, which is known from now on."""
        self._scheduler.add_worker(worker_id, ())
        record = self._machine.workers.get(worker_id)
        assert record is not None
        return Worker.of(record)

    def disable_workers(self, worker_ids: Iterable[str]) -> None:
        """Give these workers nothing more."""
        for worker_id in worker_ids:
            self._scheduler.disable_worker(worker_id)

    def inactivate_workers(self, delete_workers: Iterable[str]) -> None:
        """Raises KernelError: a worker is lost when it was not heard of for `worker_disconnect_delay`."""
        raise _theirs("forget workers", "[scheduler] worker_disconnect_delay")

    def get_batcher(self, worker_id: str, family: str) -> tuple[Sequence[str] | None, float]:
        """How a worker batches a family: the parameters combined, and how many tasks at most. (None, 1): not at all."""
        for batcher in self._machine.batchers(worker_id):
            if batcher.family == family:
                return list(batcher.batched), batcher.max_size
        return None, 1

    def set_batcher(self, worker_id: str, family: str, batcher_args: Sequence[str], max_batch_size: float) -> None:
        """Have a worker batch a family."""
        self._scheduler.add_task_batcher(worker_id, family, batcher_args, max_batch_size)

    # --- the whole ---------------------------------------------------------------------------------------------

    def get_state(self) -> dict[str, Any]:
        """All there is to remember, as `dump` writes it."""
        return self._scheduler.state()

    def set_state(self, state: dict[str, Any]) -> None:
        """Have a new scheduler remember what `get_state` gave. Raises KernelError for anything else."""
        self._scheduler.go_on_from(machine_of(state))

    def dump(self) -> None:
        """Write all there is to remember to the state path."""
        self._scheduler.dump()

    def load(self) -> None:
        """Take in what `dump` wrote."""
        self._scheduler.load()


def _theirs(what: str, hint: str) -> KernelError:
    return KernelError(f"nobody but the scheduler can {what}", hint=f"see {hint}")
