"""What programs that derive from Luigi's worker, or wrap its methods, find and change in ours.

`_create_task_process` and `_run_task` are honoured: a worker whose class has its own runs its tasks through them
(`own_processes`). The attributes are views of the worker's record.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from luigi.execution_summary.histories import History, history_of

if TYPE_CHECKING:
    from luigi.interfaces import Executor, Scheduler
    from luigi.task import Task
    from luigi.worker.config import worker as worker_config
    from luigi.worker.own_processes import OwnProcesses
    from luigi.worker.record import RunRecord


class LuigisNames:
    """Luigi's private names that programs use. Part of Worker."""

    record: RunRecord
    worker_processes: int
    _id: str
    _config: worker_config
    _scheduler: Scheduler
    _own_processes: OwnProcesses | None = None
    """What runs tasks the program's way; None for a worker that has no way of its own."""

    @property
    def _scheduled_tasks(self) -> dict[str, Task]:
        """Every task that was met, by id."""
        return {task_id: seen.task for task_id, seen in self.record.seen.items()}

    @property
    def _add_task_history(self) -> History:
        """What the scheduler was told of each task."""
        return history_of(self.record)

    @cached_property
    def _first_task(self) -> str | None:
        """The id of the task that was asked for first."""
        return self.record.roots[0].task_id if self.record.roots else None

    @cached_property
    def _task_result_queue(self) -> Any:
        """Where processes of a program put how their task ended: id, status, explanation, missing ids, new tasks."""
        from luigi.worker.own_processes import result_queue

        return result_queue(self.worker_processes > 1 or self._config.force_multiprocessing)

    def _create_task_process(self, task: Task) -> Any:
        """What is to run `task`: by default, the executor of this worker.

        A program's own gives an object with Luigi's methods of a process: `run` or `start`, `is_alive`, `terminate`.
        """
        from luigi.worker.own_processes import ByTheExecutor

        return ByTheExecutor(task, self._id, self._task_result_queue, None)

    def _run_task(self, task_id: str) -> None:
        """Begin with a task that was assigned to this worker. A program's own calls this one."""
        assert self._own_processes is not None
        self._own_processes.begin(task_id)

    def _running_its_way(self, executor: Executor) -> Executor:
        """`executor`, or what stands before it in a worker whose class runs tasks in a way of its own."""
        cls = type(self)
        if cls._create_task_process is _CREATE and cls._run_task is _RUN:
            return executor
        from luigi.worker.own_processes import OwnProcesses

        self._own_processes = OwnProcesses(self, executor)
        return self._own_processes

    # Steps of Luigi's for one task, that are taken for many at once here. Programs wrap them when they are imported;
    # nothing calls them.

    def _add(self, task: Task, is_complete: bool) -> Any:
        return iter(())

    def _add_task(self, *args: Any, **kwargs: Any) -> None:
        return None

    def _get_work(self) -> Any:
        return None


_CREATE, _RUN = LuigisNames._create_task_process, LuigisNames._run_task
"""As they are unless a program derives from the worker's class, or puts something else there."""
