"""Who waits for whom: links between tasks, and what each task keeps count of because of them.

A task counts its unmet dependencies and its dead ends, and ranks at least as high as everything that depends on it;
so a change touches only the tasks next to it, or those above or below that it really changes.
"""

from __future__ import annotations

from collections.abc import Iterable

from luigi.scheduler.lanes import Lanes
from luigi.scheduler.left import Left
from luigi.scheduler.records import TaskRecord
from luigi.task_status import DONE


class Dependencies:
    """Links tasks. Queues those that became ready or rank higher, counts those in and out that a dead end stops."""

    def __init__(self, lanes: Lanes, left: Left) -> None:
        self._lanes = lanes
        self._left = left

    def set(self, task: TaskRecord, deps: Iterable[TaskRecord]) -> None:
        """Have `task` wait for `deps` and nothing else."""
        wanted = dict.fromkeys(deps)
        if not wanted and not task.deps:
            return
        if task.deps:
            for gone in task.deps:
                if gone not in wanted:
                    gone.drop_dependent(task)
        had = set(task.deps)
        for dep in wanted:
            if dep not in had:
                dep.add_dependent(task)
        task.deps = tuple(wanted)
        task.unmet = sum([dep.status != DONE for dep in wanted])
        was_dead_end = task.dead_end
        task.blocked = sum([dep.dead_end for dep in wanted])
        if task.dead_end != was_dead_end:
            self._spread(task)

    def add(self, task: TaskRecord, deps: Iterable[TaskRecord]) -> None:
        """Have `task` wait for `deps` too, without a look at the others: it may come back a thousand times."""
        was_dead_end = task.dead_end
        new = [dep for dep in deps if task.add_dep(dep)]
        for dep in new:
            dep.add_dependent(task)
            task.unmet += dep.status != DONE
            task.blocked += dep.dead_end
        if task.dead_end != was_dead_end:
            self._spread(task)
        self._lift(new, task.rank)

    def set_rank(self, task: TaskRecord, priority: float) -> None:
        """Rank `task` by its own priority and by what depends on it, and lift what it depends on."""
        dependents = task.dependents
        task.rank = max([priority, *[dependent.rank for dependent in dependents]]) if dependents else priority
        if task.deps:
            self._lift(task.deps, task.rank)

    def tell(self, task: TaskRecord, before: str, was_dead_end: bool) -> None:
        """Tell those that depend on `task` that its status was `before` and is another now."""
        if task.status == DONE:
            for dependent in task.dependents:
                dependent.unmet -= 1
                if not dependent.unmet and dependent.ready:
                    self._lanes.push(dependent)
        elif before == DONE:
            for dependent in task.dependents:
                dependent.unmet += 1
                self._lanes.ceased(dependent)
        if task.dead_end != was_dead_end:
            self._spread(task)

    def _lift(self, tasks: Iterable[TaskRecord], rank: float) -> None:
        """Raise tasks, and all they depend on, however far away, to at least `rank`."""
        stack = list(tasks)
        while stack:
            task = stack.pop()
            if task.rank < rank:
                task.rank = rank
                if task.ready:
                    self._lanes.push(task)
                stack.extend(task.deps)

    def _spread(self, task: TaskRecord) -> None:
        """Tell everything above a task that it became a dead end, or ceased to be one."""
        stack = [task]
        while stack:
            source = stack.pop()
            by = 1 if source.dead_end else -1
            for dependent in source.dependents:
                was_left, was_dead_end = dependent.left, dependent.dead_end
                dependent.blocked += by
                if dependent.left != was_left:
                    self._left.tally(dependent, -1 if was_left else 1)
                if dependent.dead_end != was_dead_end:
                    stack.append(dependent)
