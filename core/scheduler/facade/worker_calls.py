"""What Luigi's workers call to be known, to get work and to show that they live."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from luigi.errors import KernelError
from luigi.scheduler import events
from luigi.scheduler.events import Assigned, Delivered
from luigi.scheduler.facade.luigi_records import WORKER_STATE_ACTIVE, WORKER_STATE_DISABLED, running_row
from luigi.scheduler.service import Service
from luigi.task_status import RUNNING


class WorkerCalls(Service):
    """Workers introduce themselves, ask for work, and are counted what is left."""

    def add_worker(self, worker: str, info: Iterable[Sequence[Any]], **kwargs: Any) -> None:
        """Introduce a worker: `info` is what it says of itself, as pairs (host, pid, first_task …)."""
        self._handle(events.Introduced(worker, {str(name): value for name, value in info}))

    def get_work(
        self,
        host: str | None = None,
        assistant: bool = False,
        current_tasks: Sequence[str] | None = None,
        worker: str | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """The next task, or batch, for a worker; and what is left for it, counted before.

        `current_tasks`: all that the worker runs. What it was given and does not name is given again.
        """
        if not worker:
            raise KernelError("get_work: there is no worker", hint="it is a text that is not empty")
        self._introduce_assistant(worker, assistant)
        if self._config.prune_on_get_work:
            self.tick()
        self._handle(events.Asked(worker, 0, current_tasks))  # what got lost of batches is pending again, and counts
        answer = self._counts_of(worker)
        if answer["worker_state"] == WORKER_STATE_DISABLED:
            return answer | {"task_id": None}
        effects = self._handle(events.Asked(worker, 1, current_tasks))
        assigned = [effect.assignment for effect in effects if type(effect) is Assigned]
        for assignment in assigned:
            answer |= {
                "task_id": assignment.task_id,
                "task_family": assignment.family,
                "task_module": assignment.module,
                "task_params": dict(assignment.params),
            }
            if assignment.batch:
                answer |= {
                    "task_id": None,
                    "batch_id": str(assignment.token),
                    "batch_task_ids": list(assignment.batch),
                }
        return answer if assigned else answer | {"task_id": None}

    def count_pending(self, worker: str) -> dict[str, Any]:
        """What is left for a worker, and which of its tasks run where."""
        if self._machine.workers.get(worker) is None:
            self._handle(events.Introduced(worker, {}))
        return {"n_pending_last_scheduled": 0} | self._counts_of(worker)

    def _counts_of(self, worker: str) -> dict[str, Any]:
        with self._lock:
            record = self._machine.workers.get(worker)
            if record is None or not record.enabled:
                return {
                    "n_pending_tasks": 0,
                    "n_unique_pending": 0,
                    "running_tasks": [],
                    "worker_state": WORKER_STATE_DISABLED,
                }
            counts = self._machine.left(worker)
            return {
                "n_pending_tasks": counts.pending,
                "n_unique_pending": counts.unique,
                "n_pending_last_scheduled": counts.last_declared,
                "running_tasks": [
                    running_row(task, self._machine.workers)
                    for task in self._machine.index.by_status[RUNNING]
                    if worker in task.runners
                ],
                "worker_state": WORKER_STATE_ACTIVE,
            }

    def ping(self, **kwargs: Any) -> dict[str, Any]:
        """Take in a sign of life of the `worker`, and give it the messages that wait for it, once."""
        effects = self._handle(events.Seen(kwargs["worker"]))
        messages = [effect.message for effect in effects if type(effect) is Delivered]
        return {"rpc_messages": [{"name": message.name, "kwargs": dict(message.kwargs)} for message in messages]}

    def _introduce_assistant(self, worker: str, assistant: bool) -> None:
        """A worker that calls itself an assistant is one from then on."""
        if assistant:
            record = self._machine.workers.get(worker)
            if record is None or not record.assistant:
                self._handle(events.Introduced(worker, {"assistant": True}))
