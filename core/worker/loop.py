"""The worker: declares what is to be done, asks for work, runs it, reports.

`add` walks a graph and declares it; `run` goes round until nothing is left: one exchange with the scheduler for each
finished task, which hands in how it ended and brings the next.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from luigi import collector
from luigi.clock import SYSTEM, Clock
from luigi.errors import KernelError
from luigi.event import Event
from luigi.interfaces import Assignment, Counts, Job, Report
from luigi.task import Task
from luigi.task_register import load_task
from luigi.task_status import PENDING, RUNNING
from luigi.worker.config import worker as worker_config
from luigi.worker.context import Rules
from luigi.worker.heartbeat import Heartbeat, Listener
from luigi.worker.identity import worker_facts
from luigi.worker.identity import worker_id as id_of
from luigi.worker.inline import ExecutorSetup
from luigi.worker.planning import Planning
from luigi.worker.record import RunRecord, Seen
from luigi.worker.settling import Settling

if TYPE_CHECKING:
    from luigi.interfaces import Executor, Scheduler
    from luigi.plugin_manager import PluginManager

logger = logging.getLogger("luigi-interface")


class TaskException(KernelError):
    """Something that is not a task, or not a whole one, was to be scheduled."""


class Worker:
    """Runs tasks of one program. Keywords override single options of the `[worker]` section.

    Used as a context manager: `with Worker(scheduler) as worker: worker.add(task); worker.run()`.
    """

    def __init__(
        self,
        scheduler: Scheduler | None = None,
        worker_id: str | None = None,
        worker_processes: int = 1,
        assistant: bool = False,
        *,
        clock: Clock = SYSTEM,
        **kwargs: Any,
    ) -> None:
        self._config = worker_config(**kwargs)
        self.worker_processes = int(worker_processes)
        self._assistant = assistant
        self._clock = clock
        self._facts = worker_facts(self.worker_processes)
        self._id = worker_id or self._config.id or id_of(self._facts)
        self._scheduler = scheduler if scheduler is not None else _own_scheduler()
        self._plugins: PluginManager | None = None
        self._heartbeat: Heartbeat | None = None
        self._met: set[str] | None = set()  # while tasks are added: what was checked need not be checked again
        self.record = RunRecord()

    def use(self, plugins: PluginManager) -> None:
        """Take executors, steps and watchers from `plugins`; without this, from the installed ones."""
        self._plugins = plugins

    def __enter__(self) -> Self:
        if isinstance(self._scheduler, Listener):
            self._heartbeat = Heartbeat(self._scheduler, self._id, self._config.ping_interval)
            self._heartbeat.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._heartbeat is not None:
            self._heartbeat.stop()
        logger.info("Worker %s was stopped.", self._id)

    # --- adding ------------------------------------------------------------------------------------------------

    def add(self, task: Task, multiprocess: bool = False, processes: int = 0) -> bool:
        """Check a task and all it requires, and declare what is to be run.

        Gives True when every check went through. `multiprocess` and `processes` ask for checks in parallel.
        Raises TaskException for something that is not a task; BadRequirement, BadOutput and CircularRequirement for a
        graph that cannot be.
        """
        _refuse_what_is_no_task(task)
        self.record.roots.append(task)
        self._introduce()
        return self._planning.plan([task], self._met)

    def add_all(self, tasks: Iterable[Task], multiprocess: bool = False, processes: int = 0) -> bool:
        """`add` for many, in one walk and one declaration."""
        if type(self).add is not Worker.add:  # a program's own `add` is to see every task
            added = [self.add(task, multiprocess, processes) for task in tasks]
            return all(added)
        roots = list(tasks)
        for task in roots:
            _refuse_what_is_no_task(task)
        self.record.roots.extend(roots)
        self._introduce()
        return self._planning.plan(roots, self._met)

    def _introduce(self) -> None:
        """Tell a scheduler that keeps a list of its workers who this one is, once."""
        facts, self._facts = self._facts, []
        if facts and hasattr(self._scheduler, "add_worker"):
            first = [("first_task", root.task_id) for root in self.record.roots[:1]]
            self._scheduler.add_worker(self._id, [*facts, *first, *([("assistant", True)] if self._assistant else [])])

    @cached_property
    def _planning(self) -> Planning:
        return Planning(
            self._scheduler,
            self._id,
            self.record,
            self._is_complete,
            task_limit=self._config.task_limit,
            retry_external_tasks=self._config.retry_external_tasks,
            tell=self._tell_watchers,
        )

    @cached_property
    def _settling(self) -> Settling:
        return Settling(
            self._id,
            self.record,
            self._planning,
            self._tell_watchers,
            max_reschedules=self._config.max_reschedules,
        )

    @property
    def run_succeeded(self) -> bool:
        """Whether every task that ran succeeded."""
        return self._settling.succeeded

    @cached_property
    def _tell_watchers(self) -> Callable[..., None] | None:
        """What tells those who watch `luigi_task_event`; None when nobody does."""
        return self._loaded_plugins().watchers("luigi_task_event")

    @cached_property
    def _is_complete(self) -> Callable[[Task], bool]:
        """What checks one task: the task itself, what plugins put around it, and the memory of earlier answers."""
        from luigi.defaults import luigi_is_complete

        check = self._loaded_plugins().step("luigi_is_complete", luigi_is_complete)
        return _remembering(check, self.record) if self._config.cache_task_completion else check

    # --- running -----------------------------------------------------------------------------------------------

    def run(self) -> bool:
        """Run until nothing is left to do. Gives True when every task that ran succeeded."""
        logger.info("Running Worker with %d processes", self.worker_processes)
        self._introduce()
        self._met = None
        executor = self._executor()
        with collector.spared(), closing(executor):
            self._go_round(executor)
        return self.run_succeeded

    def _go_round(self, executor: Executor) -> None:
        reports: list[Report] = []
        idle_since: float | None = None
        exchange, worker_id, settling = self._scheduler.exchange, self._id, self._settling
        while True:
            want = 0 if settling.has_more else executor.capacity
            reply = exchange(worker_id, reports, want)
            if reply.counts.running_elsewhere:
                self._note_elsewhere(reply.counts)
            if reply.refused:
                self._note_refused(reply.refused)
            for assignment in reply.assignments:
                executor.submit(self._job(assignment))
            reports = [settling.settle(outcome, executor) for outcome in executor.poll()]
            if reports:
                idle_since = None
            elif settling.has_more:
                settling.schedule_again()
            else:
                idle_since = self._clock.monotonic() if idle_since is None else idle_since
                if not self._stays(reply.counts, idle_since):
                    return
                self._clock.sleep(self._config.wait_interval + self._jitter())

    def _job(self, assignment: Assignment) -> Job:
        seen = self.record.seen.get(assignment.task_id)
        if seen is None:
            task = load_task(assignment.module, assignment.family, assignment.params)
            seen = self.record.seen[assignment.task_id] = Seen(task, PENDING)
        seen.status = RUNNING
        if self._tell_watchers is not None and not seen.missing_dynamic:
            self._tell_watchers(task_id=assignment.task_id, family=assignment.family, event=Event.START, detail="")
        return Job(seen.task, assignment.token)

    def _note_refused(self, task_ids: Sequence[str]) -> None:
        """The scheduler had taken these from this worker before it reported on them: they are not its work any more."""
        for task_id in task_ids:
            logger.warning("The scheduler refused the report on   %s   : it is not assigned to this worker", task_id)
            self.record.seen[task_id].ran = False

    def _note_elsewhere(self, counts: Counts) -> None:
        for task_id, other in counts.running_elsewhere.items():
            if task_id in self.record.seen:
                self.record.seen[task_id].running_by = other

    # --- staying -----------------------------------------------------------------------------------------------

    def _stays(self, counts: Counts, idle_since: float) -> bool:
        """Whether to wait for work: with keep_alive, as long as tasks of the kind that counts are left."""
        config = self._config
        logger.debug("There are no more tasks to run at this time")
        if not config.keep_alive:
            return False
        longest = config.max_keep_alive_idle_duration.total_seconds()
        if longest and self._clock.monotonic() - idle_since > longest:
            return False
        if config.count_last_scheduled:
            return counts.last_declared > 0
        return (counts.unique if config.count_uniques else counts.pending) > 0

    def _jitter(self) -> float:
        """Up to wait_jitter seconds, by chance, so that workers do not ask in step."""
        return self._config.wait_jitter * int.from_bytes(os.urandom(2)) / 65536

    # --- plugins -----------------------------------------------------------------------------------------------

    def _loaded_plugins(self) -> PluginManager:
        if self._plugins is None:
            from luigi.plugin_manager import PluginManager

            self._plugins = PluginManager.with_installed()
        return self._plugins

    def _executor(self) -> Executor:
        from luigi.defaults import luigi_run_task

        plugins = self._loaded_plugins()
        setup = ExecutorSetup(
            Rules(self._id, self._config.check_unfulfilled_deps, self._config.check_complete_on_run),
            self._is_complete,
            plugins.step("luigi_run_task", luigi_run_task),
            self._scheduler,
            self.worker_processes,
        )
        return plugins.make("executors", "inline", setup)  # type: ignore[no-any-return]


def _own_scheduler() -> Scheduler:
    from luigi.scheduler.service import Scheduler as LocalScheduler

    return LocalScheduler()


def _remembering(check: Callable[[Task], bool], record: RunRecord) -> Callable[[Task], bool]:
    """`check`, not asked again about a task it has called complete or that ran to its end."""
    complete: set[str] = set()

    def is_complete(task: Task) -> bool:
        task_id = task.task_id
        if task_id in complete:
            return True
        seen = record.seen.get(task_id)
        if (seen is not None and seen.ran) or check(task):
            complete.add(task_id)
        return task_id in complete

    return is_complete


def _refuse_what_is_no_task(task: object) -> None:
    if not isinstance(task, Task):
        raise TaskException(
            f"can not schedule {task!r}, which is not a task",
            hint=f"make an instance of it: {task.__name__}(…)" if isinstance(task, type) else "",
        )
    if not task.initialized():
        raise TaskException(
            f"{type(task).__name__}: its __init__ does not call Task's",
            hint="begin __init__ with super().__init__(*args, **kwargs)",
        )
