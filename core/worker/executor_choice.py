"""Which executor runs a worker's tasks, where nobody has named one.

Several tasks at a time run in processes. One at a time runs right here, unless it may have to be killed: as in Luigi, a
timeout is kept with one worker too, and a task that has one gets a process.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from luigi.interfaces import Executor, Job, Outcome, WithinSubmit
from luigi.task_status import PENDING


def choose(make: Callable[[str], Executor], workers: int, force_processes: bool) -> Executor:
    """The executor for so many tasks at a time; `make` makes one by its name."""
    if workers > 1 or force_processes:
        return make("processes")
    return OneWorker(make("inline"), partial(make, "processes"))


class OneWorker:
    """Passes jobs on to one of two executors; the second is made when a job needs it."""

    __slots__ = ("_here", "_make_processes", "_processes", "_suspended_here", "_workers")

    def __init__(self, here: Executor, make_processes: Callable[[], Executor]) -> None:
        self._here = here
        self._make_processes = make_processes
        self._processes: Executor | None = None
        self._workers = 1
        self._suspended_here: set[str] = set()

    @property
    def capacity(self) -> int:
        """One when nothing runs, as long as nobody has asked for more."""
        if self._processes is None:
            return self._here.capacity
        return self._processes.capacity if self._here.capacity else 0

    def submit(self, job: Job) -> None:
        """Run the job here and now, or hand it to a process."""
        if (job.timeout or self._workers > 1) and job.task.task_id not in self._suspended_here:
            self._elsewhere().submit(job)
        else:
            self._here.submit(job)

    def poll(self, timeout: float | None = None) -> Sequence[Outcome]:
        """What ended. A job that ran here has ended already."""
        ended = self._here.poll(0)
        for outcome in ended:
            if outcome.status == PENDING:
                self._suspended_here.add(outcome.task.task_id)
            elif self._suspended_here:
                self._suspended_here.discard(outcome.task.task_id)
        return ended if ended or self._processes is None else self._processes.poll(timeout)

    def cancel(self, task_id: str) -> bool:
        """End the job, wherever it is."""
        self._suspended_here.discard(task_id)
        return self._here.cancel(task_id) or (self._processes is not None and self._processes.cancel(task_id))

    def send(self, task_id: str, message: Any) -> bool:
        """Pass a message to the task, wherever it is."""
        if self._here.send(task_id, message):
            return True
        return self._processes is not None and self._processes.send(task_id, message)

    def runs(self, task_id: str) -> bool:
        """Whether it runs right here, where nobody can end it."""
        return isinstance(self._here, WithinSubmit) and self._here.runs(task_id)

    def resize(self, workers: int) -> None:
        """With more than one, all tasks run in processes."""
        self._workers = workers
        if workers > 1 or self._processes is not None:
            self._elsewhere().resize(workers)

    def close(self) -> None:
        """Close both."""
        self._here.close()
        if self._processes is not None:
            self._processes.close()

    def _elsewhere(self) -> Executor:
        if self._processes is None:
            self._processes = self._make_processes()
        return self._processes
