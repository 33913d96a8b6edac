"""What operators call by way of Luigi's page: forgive, re-enable, pause, limits, messages."""

from __future__ import annotations

from typing import Any

from luigi.errors import KernelError, StoreError
from luigi.interfaces import Order
from luigi.scheduler import events
from luigi.scheduler.facade.luigi_records import task_row
from luigi.scheduler.service import Service


class OperatorCalls(Service):
    """Operators act on tasks, workers and resources. What does not apply changes nothing."""

    def forgive_failures(self, task_id: str | None = None) -> dict[str, Any]:
        """Have a failed task tried again at once. Gives its status, None for an unknown one."""
        return self._ordered("forgive", task_id)

    def mark_as_done(self, task_id: str | None = None) -> dict[str, Any]:
        """Say that a running, failed or disabled task is done. Gives its status, None for an unknown one."""
        return self._ordered("mark_done", task_id)

    def re_enable_task(self, task_id: str) -> dict[str, Any]:
        """Give a task that the scheduler disabled back to the workers: its row, or nothing if it is not such a one."""
        task = self._machine.tasks.get(task_id)
        if task is None or not task.disabled_here or not self._applied("re_enable", task_id):
            return {}
        with self._lock:
            return task_row(task, deps=[dep.task_id for dep in task.deps])

    def disable_worker(self, worker: str) -> None:
        """Give a worker nothing more; what it runs it may finish."""
        if self._machine.workers.get(worker) is None:
            self._handle(events.Introduced(worker, {}))
        self.control(Order("disable_worker", worker))

    def set_worker_processes(self, worker: str, n: int) -> None:
        """Have a worker run `n` tasks at a time from now on."""
        self.control(Order("set_worker_processes", worker, n))

    def send_scheduler_message(self, worker: str, task: str, content: str) -> dict[str, str | None]:
        """Send text to a running task by way of its worker. Gives the message's id, None where that is not allowed."""
        if not self._config.send_messages:
            return {"message_id": None}
        return {"message_id": self.control(Order("send_message", task, text=content, worker=worker))}

    def get_scheduler_message_response(self, task_id: str, message_id: str) -> dict[str, str | None]:
        """What a task answered to a message; None as long as it has not."""
        task = self._machine.tasks.get(task_id)
        return {"response": None if task is None else (task.answers or {}).get(message_id)}

    # --- pausing -----------------------------------------------------------------------------------------------

    def is_pause_enabled(self) -> dict[str, bool]:
        """Whether operators may pause."""
        return {"enabled": self._config.pause_enabled}

    def is_paused(self) -> dict[str, bool]:
        """Whether no task is handed out at the moment."""
        return {"paused": self._machine.paused}

    def pause(self) -> None:
        """Hand out no task until `unpause`. Without effect where that is not allowed."""
        if self._config.pause_enabled:
            self.control(Order("pause"))

    def unpause(self) -> None:
        """Hand out tasks again."""
        if self._config.pause_enabled:
            self.control(Order("unpause"))

    # --- resources ---------------------------------------------------------------------------------------------

    def update_resource(self, resource: str, amount: int) -> bool:
        """Set how much there is of a resource. False, and without effect, for anything but a whole number from 0."""
        if not isinstance(amount, int) or amount < 0:
            return False
        self.control(Order("set_limit", resource, amount))
        return True

    def update_resources(self, **resources: int) -> None:
        """Set how much there is of several resources. Raises KernelError, before any is set, for a wrong amount."""
        for name, amount in resources.items():
            if not isinstance(amount, int) or amount < 0:
                raise KernelError(
                    f"update_resources: there cannot be {amount!r} of {name}", hint="it is a whole number from 0"
                )
        for name, amount in resources.items():
            self.control(Order("set_limit", name, amount))

    def _ordered(self, verb: str, task_id: str | None) -> dict[str, Any]:
        self._applied(verb, task_id or "")
        task = self._machine.tasks.get(task_id or "")
        return {"task_id": task_id, "status": None if task is None else task.status}

    def _applied(self, verb: str, task_id: str) -> bool:
        try:
            self.control(Order(verb, task_id))
        except StoreError:
            raise
        except KernelError:
            return False
        return True
