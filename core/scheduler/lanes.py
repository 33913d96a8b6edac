"""The queues of all workers, and who gets what of them.

A better task whose needs cannot be met now holds its claim: no worse one may take what it needs, so that many small
requests never starve a big one. That goes for tasks of the same worker, and for those of other workers as long as
these wait for work.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import inf
from typing import Final

from luigi.interfaces import Batcher
from luigi.scheduler.queue import Queue
from luigi.scheduler.records import Needs, TaskRecord
from luigi.scheduler.resources import Resources

PATIENCE: Final = 15.0
"""Seconds for which a worker that asked in vain is believed to wait: it asks again within `[worker] wait_interval` and
`wait_jitter`, 6 by default, or has gone."""


class Lanes:
    """Ready tasks by worker and by what they need, best first."""

    def __init__(self) -> None:
        self._queues: dict[str, Queue] = {}
        self.waiting: dict[str, float] = {}
        """Workers that asked in vain, and when."""

    def push(self, task: TaskRecord) -> None:
        """Queue a ready task for every worker that can run it."""
        for worker in task.runners:
            self.push_for(worker, task)

    def push_for(self, worker: str, task: TaskRecord) -> None:
        """Queue a ready task for one worker."""
        (self._queues.get(worker) or self._queue(worker)).push(task)

    def pop(self, worker: str, resources: Resources, now: float, *, of_all: bool = False) -> TaskRecord | None:
        """Take the best task of `worker` (`of_all`: of all workers) whose needs can be met, or None.

        What a better task claims is not there for it. One that wants more than there ever is claims nothing, nor does
        the task of another worker that does not wait for work.
        """
        self.waiting.pop(worker, None)
        queues = list(self._queues.values()) if of_all else [queue] if (queue := self._queues.get(worker)) else []
        rivals = queues if of_all else self._rivals(now) if self.waiting else ()
        found = [(entry, queue) for queue in queues if (entry := queue.peek(resources, rivals)) is not None]
        if not found:
            self.waiting[worker] = now
            return None
        entry, queue = min(found, key=lambda pair: pair[0][:2]) if len(found) > 1 else found[0]
        queue.take(entry)
        return entry[2]

    def companions(self, worker: str, task: TaskRecord) -> Sequence[TaskRecord]:
        """The tasks that `worker` can run together with one it has just taken."""
        return self._queues[worker].groups.companions(task) if worker in self._queues else ()

    def batcher(self, worker: str, task: TaskRecord) -> Batcher | None:
        """How `worker` batches a task, if it does."""
        return self._queues[worker].groups.batcher(task) if worker in self._queues else None

    def batchers(self, worker: str) -> Iterable[Batcher]:
        """How `worker` batches what it batches."""
        return self._queues[worker].groups.batchers() if worker in self._queues else ()

    def set_batcher(self, worker: str, batcher: Batcher, tasks: Iterable[TaskRecord]) -> None:
        """Have a worker's family batched; `tasks` are those it has already, also what it may only wait for."""
        self._queue(worker).groups.set_batcher(batcher, (task for task in tasks if worker in task.runners))

    def look_again(self, needs: Needs) -> None:
        """Say that these resources were freed, or that a task which needs them may not be ready any more."""
        for queue in self._queues.values():
            for name, _ in needs:
                queue.look_again(name)

    def look_at_all_again(self) -> None:
        """Say that a limit was set: any task may have become possible, or impossible."""
        for queue in self._queues.values():
            queue.look_at_all_again()

    def claims(self, name: str, resources: Resources, now: float) -> Iterator[tuple[str, bool, TaskRecord]]:
        """Who is first in line for a resource: for each worker that has a ready task for it, in no special order, the
        worker, whether it waits for work, and its best such task."""
        for worker, queue in self._queues.items():
            best = next(queue.front(name, resources), None)
            if best is not None:
                yield worker, self.waiting.get(worker, -inf) + PATIENCE >= now, best[2]

    def drop(self, worker: str) -> None:
        """Forget a worker's queue: it gets nothing more."""
        self._queues.pop(worker, None)
        self.waiting.pop(worker, None)

    def _queue(self, worker: str) -> Queue:
        return self._queues.setdefault(worker, Queue(worker))

    def _rivals(self, now: float) -> list[Queue]:
        """The queues of workers that wait for work; those that asked too long ago wait no more."""
        for worker in [worker for worker, asked in self.waiting.items() if asked + PATIENCE < now]:
            del self.waiting[worker]
        return [self._queues[worker] for worker in self.waiting if worker in self._queues]
