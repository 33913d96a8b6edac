"""What a worker writes down of the tasks it finds, and how it says it to the scheduler."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from luigi.graph import Found, is_external
from luigi.interfaces import NOTHING, TaskSpec
from luigi.task import Task
from luigi.task.poke import poke_of
from luigi.task_status import DISABLED, DONE, PENDING, UNKNOWN
from luigi.worker.planning.findings import Findings
from luigi.worker.planning.specs import Specs
from luigi.worker.record import RunRecord, Seen

logger = logging.getLogger("luigi-interface")


class Notes:
    """Keeps one worker's record of the tasks it finds."""

    def __init__(
        self, record: RunRecord, specs: Specs, findings: Findings, *, task_limit: int | None, retry_external_tasks: bool
    ) -> None:
        self._record = record
        self._seen = record.seen
        self._specs = specs
        self._findings = findings
        self._limit = task_limit
        self._retry_external = retry_external_tasks
        self._known_deps: dict[str, set[str]] = {}  # what `Seen.deps` holds, for tasks that are met more than once

    def is_beyond_limit(self, task: Task) -> bool:
        """Whether the task is one more than may be scheduled; it is noted as not looked at, and warned of, then."""
        if self._limit is None or len(self._seen) < self._limit or task.task_id in self._seen:
            return False
        logger.warning("Will not run %s or any dependencies due to exceeded task-limit of %d", task, self._limit)
        self._seen[task.task_id] = Seen(task, UNKNOWN, status=UNKNOWN)
        return True

    def note(self, found: Found) -> TaskSpec:
        """Write down what the walk found, tell of it, and say it as the scheduler wants it."""
        task, status = found.task, found.status
        task_id = task.task_id
        external = is_external(task)
        deps: Sequence[str] = [dep.task_id for dep in found.deps] if found.deps else ()
        seen = self._seen.get(task_id)
        if seen is None:
            self._seen[task_id] = Seen(task, status, external, list(deps), status)
        else:
            self.add_deps(task_id, deps)
            seen.status = status
            if seen.missing_dynamic:  # somebody else requires a task that waits in its run: it waits on
                deps = list(seen.deps)
        waits = external and status == PENDING and poke_of(task) is not None
        self._findings.tell(found, external and not waits)
        if waits:
            return self._waiting(task)
        spec = self._specs.of(task, status, deps, self._is_runnable(status, external), found.explanation)
        return spec if self._record.deadline is None and spec.deadline is None else self._with_deadline(spec)

    def again(self, seen: Seen) -> TaskSpec:
        """Say once more of a task that is not done what was found of it. One that runs or failed is to be run."""
        status = seen.status if seen.status in {UNKNOWN, DISABLED} else PENDING
        if seen.external and status == PENDING and poke_of(seen.task) is not None:
            return self._waiting(seen.task)
        spec = self._specs.of(seen.task, status, list(seen.deps), self._is_runnable(status, seen.external))
        return spec if self._record.deadline is None and spec.deadline is None else self._with_deadline(spec)

    def _waiting(self, task: Task) -> TaskSpec:
        """An external task that is looked for until it is there. While nothing runs, no resources are held."""
        self._record.waits = True
        spec = self._specs.of(task, PENDING, ())
        return self._with_deadline(spec._replace(waits=True, resources=NOTHING, batchable=False))

    def _with_deadline(self, spec: TaskSpec) -> TaskSpec:
        """With that of the run, if it is one of those that were asked for."""
        of_run = self._record.deadline
        self._record.timed = True
        if of_run is None or spec.status == DONE or all(spec.task_id != root.task_id for root in self._record.roots):
            return spec
        return spec._replace(deadline=of_run if spec.deadline is None else min(of_run, spec.deadline))

    def deps_of(self, task_id: str) -> set[str]:
        """The ids of what a task requires, with what it yielded so far."""
        known = self._known_deps.get(task_id)
        if known is None:
            known = self._known_deps[task_id] = set(self._seen[task_id].deps)
        return known

    def add_deps(self, task_id: str, deps: Sequence[str]) -> None:
        """A task requires these too."""
        if deps:
            known = self.deps_of(task_id)
            self._seen[task_id].deps.extend([dep for dep in deps if dep not in known])
            known.update(deps)

    def _is_runnable(self, status: str, external: bool) -> bool:
        return status == DISABLED or (status == PENDING and (self._retry_external or not external))
