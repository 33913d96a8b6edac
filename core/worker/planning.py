"""The half of a worker that comes before running: walk the graph, write down what is found, declare it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from luigi import collector
from luigi.event import Event
from luigi.graph import Found, discover, is_external, refuse_circles, refuse_ring_through
from luigi.interfaces import NOTHING, RetryPolicy, TaskSpec
from luigi.task import Task
from luigi.task_status import DISABLED, DONE, PENDING, UNKNOWN
from luigi.worker.record import RunRecord, Seen

if TYPE_CHECKING:
    from luigi.interfaces import Scheduler

logger = logging.getLogger("luigi-interface")

_SCHEDULERS_POLICY = RetryPolicy()


class Planning:
    """Declares tasks for one worker, and keeps its record of them."""

    def __init__(
        self,
        scheduler: Scheduler,
        worker_id: str,
        record: RunRecord,
        is_complete: Callable[[Task], bool],
        *,
        task_limit: int | None,
        retry_external_tasks: bool,
        tell: Callable[..., None] | None = None,
    ) -> None:
        self._scheduler = scheduler
        self._worker_id = worker_id
        self._record = record
        self._seen = record.seen
        self._is_complete = is_complete
        self._limit = task_limit
        self._retry_external = retry_external_tasks
        self._tell_watchers = tell

    def plan(self, tasks: Iterable[Task], met: set[str] | None = None) -> bool:
        """Declare what `tasks` need, leaving out ids in `met`; False when some check raised.

        Beyond the task limit nothing is looked at; what was found before it is run all the same.

        Raises BadRequirement, BadOutput and CircularRequirement for a graph that cannot be: then nothing is declared.
        """
        with collector.paused():
            return self._plan(tasks, met)

    def _plan(self, tasks: Iterable[Task], met: set[str] | None) -> bool:
        specs: list[TaskSpec] = []
        whole = True
        for found in discover(tasks, self._is_complete, met):
            if self._limit is not None and self._beyond_limit(found.task):
                break
            specs.append(self._note(found))
            whole = whole and found.status != UNKNOWN
        self._refuse_circles(specs)
        self._scheduler.declare(self._worker_id, specs)
        if logger.isEnabledFor(logging.INFO):
            for spec in specs:
                logger.info("Informed scheduler that task   %s   has status   %s", spec.task_id, spec.status)
        if not whole:
            self._record.scheduling_succeeded = False
        return whole

    def plan_for(self, task: Task, wanted: Sequence[Task]) -> list[str]:
        """Declare what a running `task` turned out to want; gives the ids. Raises as `plan` does.

        Then a task behind `wanted` may be declared that waits for `task`, which has to fail.
        """
        self.plan(wanted)
        new_deps = list(dict.fromkeys([one.task_id for one in wanted]))
        refuse_ring_through(task.task_id, new_deps, self._waits_for, lambda task_id: self._seen[task_id].task)
        deps = self._seen[task.task_id].deps
        known = set(deps)
        deps.extend([dep for dep in new_deps if dep not in known])
        return new_deps

    def _waits_for(self, task_id: str) -> Sequence[str]:
        seen = self._seen.get(task_id)
        return () if seen is None or seen.status == DONE else seen.deps

    def _beyond_limit(self, task: Task) -> bool:
        if len(self._seen) < (self._limit or 0) or task.task_id in self._seen:
            return False
        logger.warning("Will not run %s or any dependencies due to exceeded task-limit of %d", task, self._limit)
        self._seen[task.task_id] = Seen(task, UNKNOWN, status=UNKNOWN)
        return True

    def _refuse_circles(self, specs: list[TaskSpec]) -> None:
        """Only tasks still to be run can close a ring, and only those this walk met can have changed."""
        waiting = {spec.task_id: spec.deps for spec in specs if spec.deps}
        if waiting:
            refuse_circles(waiting, lambda task_id: self._seen[task_id].task)

    def _note(self, found: Found) -> TaskSpec:
        """Write down what the walk found, tell the task's event handlers, and say it as the scheduler wants it."""
        task, status = found.task, found.status
        task_id = task.task_id
        external = is_external(task)
        deps = [dep.task_id for dep in found.deps]
        seen = self._seen.get(task_id)
        if seen is None:
            self._seen[task_id] = Seen(task, status, external, deps, status)
        else:
            known = set(seen.deps)
            seen.deps.extend([dep for dep in deps if dep not in known])
            seen.status = status
            if seen.missing_dynamic:  # somebody else requires a task that waits in its run: it waits on
                deps = seen.deps
        if Task._event_callbacks or self._tell_watchers or (status != DONE and (external or status == UNKNOWN)):
            self._tell(found, external)
        if status == DONE:
            return TaskSpec(task_id, task.task_family, task.task_module, task.to_str_params(), DONE, (), False)
        policy = RetryPolicy(task.retry_count, task.disable_hard_timeout, task.disable_window)
        return TaskSpec(
            task_id,
            task.task_family,
            task.task_module,
            task.to_str_params(),
            status,
            deps,
            status == DISABLED or (status == PENDING and (self._retry_external or not external)),
            task.priority,
            task.process_resources() or NOTHING,
            None if policy == _SCHEDULERS_POLICY else policy,
            found.explanation,
        )

    def _tell(self, found: Found, external: bool) -> None:
        """The events of a walk, and a line in the log for what is missing or broken."""
        task = found.task
        if found.status == DONE:
            self._happened(Event.DEPENDENCY_PRESENT, task)
        elif found.status == UNKNOWN:
            logger.warning(
                "Will not run %s or any dependencies due to error in %s() method:\n%s",
                task,
                found.broken,
                found.explanation,
            )
            if found.broken == "complete":
                self._happened(Event.DEPENDENCY_MISSING, task, detail=str(found.error))
            else:
                self._happened(Event.BROKEN_TASK, task, found.error, detail=str(found.error))
        elif external and found.status == PENDING:
            self._happened(Event.DEPENDENCY_MISSING, task)
            logger.warning(
                "Data for %s does not exist (yet?). The task is an external data dependency, so it cannot be run "
                "from this luigi process.",
                task,
            )
        for dep in found.deps:
            self._happened(Event.DEPENDENCY_DISCOVERED, task, dep, detail=dep.task_id)

    def _happened(self, event: str, task: Task, *more: object, detail: str = "") -> None:
        task.trigger_event(event, task, *more)
        if self._tell_watchers is not None:
            self._tell_watchers(task_id=task.task_id, family=task.task_family, event=event, detail=detail)
