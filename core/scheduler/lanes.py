"""The queues of all workers, and who gets what of them.

A better task whose needs cannot be met now holds its claim: no worse one may take what it needs, so that many small
requests never starve a big one. That goes for tasks of the same worker, and for those of other workers as long as
these wait for work.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from math import inf
from typing import Final

from luigi.interfaces import Batcher
from luigi.scheduler.demands import Demand, Pool
from luigi.scheduler.queue import Entry, Queue, Rivals, Wanting
from luigi.scheduler.records import TaskRecord
from luigi.scheduler.resources import Resources

POOLS: Final = "a pool's worker"
"""For whom a queue is that is no single worker's."""

PATIENCE: Final = 15.0
"""Seconds for which a worker that asked in vain is believed to wait: it asks again within `[worker] wait_interval` and
`wait_jitter`, 6 by default, or has gone."""


class Lanes:
    """Ready tasks by worker and by what they need, best first; and by what they demand, for the workers of pools.

    `stir` is told of every task that is queued, or may not be ready any more, and says whether it is a submission's: it
    gets a place among those for pools then.
    """

    def __init__(self, stir: Callable[[TaskRecord], bool] = lambda task: False) -> None:
        self._stir = stir
        self.submissions: Collection[str] = ()
        """The ids of those that run nothing themselves, and have no queue."""
        self._queues: dict[str | Demand, Queue] = {}
        self._wanting: Wanting = {}
        self._pools: dict[str, Pool] = {}
        self._open: dict[Pool, dict[Queue, None]] = {}
        """What the workers of each pool are given of."""
        self.pooled = False
        """Whether tasks of programs' runs are there for workers of pools too: since there is one."""
        self.waiting: dict[str, float] = {}
        """Workers that asked in vain, and when."""

    def push(self, task: TaskRecord) -> None:
        """Queue a ready task for every worker that can run it."""
        if self.pooled or self.submissions:
            self.push_for_pools(task)
        for worker in task.runners:
            if worker not in self.submissions:
                (self._queues.get(worker) or self._queue(worker)).push(task)

    def push_for(self, worker: str, task: TaskRecord) -> None:
        """Queue a ready task for one worker."""
        if self.pooled or self.submissions:
            self.push_for_pools(task)
        if worker not in self.submissions:
            (self._queues.get(worker) or self._queue(worker)).push(task)

    def push_for_pools(self, task: TaskRecord) -> None:
        """Queue a ready task for the workers of pools, if it is for them."""
        if self._stir(task) or self.pooled:
            demand = task.demand
            (self._queues.get(demand) or self._open_queue(demand)).push(task)

    def ceased(self, task: TaskRecord) -> None:
        """Say that a task is not ready any more though it is PENDING."""
        if task.needs:
            self.look_again(task.needs)
        if self.submissions:
            self._stir(task)

    def _open_queue(self, demand: Demand) -> Queue:
        queue = self._queues[demand] = Queue(POOLS, self._wanting, demand)
        for pool, queues in self._open.items():
            if pool.takes(demand):
                queues[queue] = None
        return queue

    def set_pool(self, worker: str, pool: Pool) -> None:
        """Let a worker be one of a pool, that is given what the pool takes."""
        before, self._pools[worker] = self._pools.get(worker), pool
        self._forget_pool(before)
        if pool not in self._open:
            demanding = [queue for queue in self._queues.values() if queue.demand is not None]
            self._open[pool] = {queue: None for queue in demanding if queue.demand and pool.takes(queue.demand)}

    def pop(self, worker: str, resources: Resources, now: float, *, of_all: bool = False) -> TaskRecord | None:
        """Take the best task of `worker` (`of_all`: of all workers) whose needs can be met, or None.

        What a better task claims is not there for it. One that wants more than there ever is claims nothing, nor does
        the task of another worker that does not wait for work.
        """
        self.waiting.pop(worker, None)
        if not (of_all or self.waiting or self._pools) and (own := self._queues.get(worker)) is not None:
            found = own.peek(resources, None)  # nobody else's claims count, as in a run on its own
            if found is not None:
                own.take(found)
                return found[2]
        queues = list(self._queues.values()) if of_all else self._queues_of(worker)
        rivals = self._rivals(queues, now, of_all=of_all)
        offers = [(entry, queue) for queue in queues if (entry := self._peek(queue, resources, rivals)) is not None]
        if not offers:
            self.waiting[worker] = now
            return None
        entry, queue = min(offers, key=lambda pair: pair[0][:2]) if len(offers) > 1 else offers[0]
        queue.take(entry)
        return entry[2]

    def pop_patient(self, worker: str, *, of_all: bool = False) -> TaskRecord | None:
        """Take the best task of `worker` (`of_all`: of all workers) that only waits for something, or None."""
        queues = list(self._queues.values()) if of_all else self._queues_of(worker)
        found = [(entry, queue) for queue in queues if (entry := queue.peek_patient()) is not None]
        return min(found, key=lambda pair: pair[0][:2])[1].take_patient() if found else None

    def _peek(self, queue: Queue, resources: Resources, rivals: Rivals | None) -> Entry | None:
        """What a queue has to give. A task that demands something else by now is in another one."""
        entry = queue.peek(resources, rivals)
        while queue.demand is not None and entry is not None and not queue.holds(entry[2]):
            queue.take(entry)
            entry = queue.peek(resources, rivals)
        if queue.demand is not None and entry is None and queue.empty:
            self._close_queue(queue.demand)
        return entry

    def _close_queue(self, demand: Demand) -> None:
        """Tasks may demand new things for ever."""
        queue = self._queues.pop(demand)
        queue.drop()
        for queues in self._open.values():
            queues.pop(queue, None)

    def _queues_of(self, worker: str) -> list[Queue]:
        """Those that a worker is given of: its own, and if it is one of a pool, what that takes."""
        own = self._queues.get(worker)
        queues = [] if own is None else [own]
        return [*queues, *self._open[self._pools[worker]]] if worker in self._pools else queues

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

    def look_again(self, needs: Iterable[tuple[str, int]]) -> None:
        """Say that these resources were freed, or that a task which needs them may not be ready any more."""
        for name, _ in needs:
            for queue in self._wanting.get(name, ()):
                queue.look_again(name)

    def look_at_all_again(self) -> None:
        """Say that a limit was set: any task may have become possible, or impossible."""
        for queue in self._queues.values():
            queue.look_at_all_again()

    def claims(self, name: str, resources: Resources, now: float) -> Iterator[tuple[str, bool, TaskRecord]]:
        """Who is first in line for a resource: for each worker that has a ready task for it, in no special order, the
        worker, whether it waits for work, and its best such task."""
        waited_for = {*self._claiming(name, (), now)}
        for queue in self._wanting.get(name, ()):
            best = next(queue.front(name, resources), None)
            if best is not None:
                yield queue.worker, queue in waited_for, best[2]

    def soonest(self, worker: str, resources: Resources) -> float | None:
        """When a rate lets a ready task begin that `worker` is given and could not be so far. Seconds since the epoch;
        None where no rate stands in the way of any."""
        if not resources.begun:
            return None
        queues = self._queues_of(worker)
        return resources.soonest([name for name in resources.begun if self._in_line(name, queues, resources)])

    def _in_line(self, name: str, queues: Iterable[Queue], resources: Resources) -> bool:
        """Whether anything in these queues that is possible needs a resource."""
        return any(queue.holds(entry[2]) for queue in queues for entry in islice(queue.front(name, resources), 1))

    def drop(self, worker: str) -> None:
        """Forget a worker's queue: it gets nothing more."""
        queue = self._queues.pop(worker, None)
        if queue is not None:
            queue.drop()
        self.waiting.pop(worker, None)
        self._forget_pool(self._pools.pop(worker, None))

    def _forget_pool(self, pool: Pool | None) -> None:
        if pool is not None and pool not in self._pools.values():
            del self._open[pool]

    def _queue(self, worker: str) -> Queue:
        return self._queues.setdefault(worker, Queue(worker, self._wanting))

    # --- whose claims count --------------------------------------------------------------------------------------

    def _rivals(self, own: Sequence[Queue], now: float, *, of_all: bool) -> Rivals | None:
        """Whose claims count for one who is given of the queues `own`: None where nobody's does."""
        if of_all:
            return lambda name: self._wanting.get(name, ())
        while self.waiting and next(iter(self.waiting.values())) + PATIENCE < now:
            del self.waiting[next(iter(self.waiting))]
        if self.waiting or len(own) > 1:
            return lambda name: self._claiming(name, own, now)
        return None

    def _claiming(self, name: str, own: Sequence[Queue], now: float) -> Iterator[Queue]:
        """Of the queues in which a resource is needed, the asker's own, and those of workers that wait for work."""
        pools = self._waiting_pools(now) if self._pools else ()
        for queue in self._wanting.get(name, ()):
            if queue.demand is None:
                counts = self.waiting.get(queue.worker, -inf) + PATIENCE >= now
            else:
                counts = any(queue in self._open[pool] for pool in pools)
            if counts or queue in own:
                yield queue

    def _waiting_pools(self, now: float) -> Iterable[Pool]:
        waiting = [worker for worker, asked in self.waiting.items() if asked + PATIENCE >= now]
        return {self._pools[worker]: None for worker in waiting if worker in self._pools}
