"""TaskProcess: one attempt at one task as a `multiprocessing.Process`, for programs that subclass or wrap it.

The kernel's executors do not start one for each task; they give one to what `[worker] task_process_context` names, so
that it finds the task and its worker there. Loaded only when used: multiprocessing costs more to import than a task.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from luigi.clock import SYSTEM
from luigi.defaults import luigi_run_task
from luigi.executors.groups import signal_group
from luigi.interfaces import Outcome
from luigi.worker.attempt import Attempt
from luigi.worker.checks.checks import check_complete_cached
from luigi.worker.context import Rules, process_context

if TYPE_CHECKING:
    from luigi.task import Task

Ended = tuple[str, str | None, str | None, list[str], list[tuple[str, str, dict[str, str]]] | None]
"""What `run()` puts into the result queue: id, status, explanation, missing ids, new requirements as texts."""

TERMINATION_GRACE = 1.0
"""Seconds between asking a process and its subprocesses to end, and ending them."""


class TaskProcess(multiprocessing.Process):
    """One attempt at `task`, made by `run()`: here, or by `start()` in a process of its own.

    `status_reporter` passes on what the task says of itself; how it ended goes into `result_queue`. `worker_timeout`
    is in seconds, 0 for none; a task's own goes before it.
    """

    forward_reporter_attributes: ClassVar[Mapping[str, str]] = {
        "update_tracking_url": "set_tracking_url",
        "update_status_message": "set_status_message",
        "update_progress_percentage": "set_progress_percentage",
        "decrease_running_resources": "decrease_running_resources",
        "scheduler_messages": "scheduler_messages",
    }
    """What the task finds of its reporter while it runs: the reporter's name → the task's."""

    def __init__(
        self,
        task: Task,
        worker_id: str,
        result_queue: Any,
        status_reporter: Any,
        use_multiprocessing: bool = False,
        worker_timeout: int = 0,
        check_unfulfilled_deps: bool = True,
        check_complete_on_run: bool = False,
        task_completion_cache: dict[str, bool] | None = None,
    ) -> None:
        super().__init__()
        self.task = task
        self.worker_id = worker_id
        self.result_queue = result_queue
        self.status_reporter = status_reporter
        self.use_multiprocessing = use_multiprocessing or worker_timeout > 0
        self.worker_timeout = worker_timeout if task.worker_timeout is None else task.worker_timeout
        self.timeout_time = SYSTEM.now() + self.worker_timeout if self.worker_timeout else None
        self.check_unfulfilled_deps = check_unfulfilled_deps
        self.check_complete_on_run = check_complete_on_run
        self.task_completion_cache = task_completion_cache

    def run(self) -> None:
        """Make the attempt, and put how it ended into the result queue. Only KeyboardInterrupt gets out."""
        if self.use_multiprocessing and multiprocessing.current_process() is self:
            os.setpgid(0, 0)  # so that terminate() reaches what the task starts
        ended: Ended = self.task.task_id, None, "", [], []
        try:
            with self._forwarded():
                ended = _told(self._attempt().go(0, self.status_reporter))
        finally:
            self.result_queue.put(ended)

    def terminate(self) -> None:
        """End this process and its subprocesses; those that do not listen within a second are killed."""
        if self.pid is None or self.pid == os.getpid() or not self.is_alive():
            return
        if not signal_group(self.pid, signal.SIGTERM):
            super().terminate()
        self.join(TERMINATION_GRACE)
        signal_group(self.pid, signal.SIGKILL)

    def check_complete(self, task: Task) -> bool:
        """Whether `task` is complete; one found complete is not asked again where there is a cache."""
        return bool(check_complete_cached(task, self.task_completion_cache))

    def _attempt(self) -> Attempt:
        rules = Rules(self.worker_id, self.check_unfulfilled_deps, self.check_complete_on_run)
        return Attempt(self.task, rules, self.check_complete, luigi_run_task)

    @contextmanager
    def _forwarded(self) -> Iterator[None]:
        """While this lasts the task has the reporter's attributes under its own names."""
        attributes = self.task.__dict__
        names = {
            name: getattr(self.status_reporter, of_reporter)
            for of_reporter, name in self.forward_reporter_attributes.items()
            if hasattr(self.status_reporter, of_reporter)
        }
        attributes.update(names)
        try:
            yield
        finally:
            for name in names:
                attributes.pop(name, None)


class ContextManagedTaskProcess(TaskProcess):
    """A TaskProcess whose `run()` is inside a context: `context` is the full name of a class, or None."""

    def __init__(self, context: str | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.context = context

    def run(self) -> None:
        """As TaskProcess's, in the context."""
        enter: Callable[[TaskProcess], Any] | None = process_context(self.context)
        if enter is None:
            super().run()
            return
        with enter(self):
            super().run()


class RunningHere(TaskProcess):
    """The TaskProcess that stands for a task which an executor runs in this very process."""

    def __init__(self, task: Task, rules: Rules, reporter: Any) -> None:
        from luigi.worker.messages import DequeQueue

        super().__init__(
            task,
            rules.worker_id,
            DequeQueue(),
            reporter,
            check_unfulfilled_deps=rules.check_unfulfilled_deps,
            check_complete_on_run=rules.check_complete_on_run,
        )

    @property
    def pid(self) -> int:
        """The process that runs the task."""
        return os.getpid()


def _told(outcome: Outcome) -> Ended:
    wanted = [(task.task_module, task.task_family, task.to_str_params()) for task in outcome.new_requirements]
    return outcome.task.task_id, outcome.status, outcome.explanation, list(outcome.missing), wanted
