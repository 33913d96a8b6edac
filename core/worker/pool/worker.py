"""A worker of a pool: it has no run of its own, and takes what the scheduler has for its pool, from whomever."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property, partial
from math import inf
from typing import TYPE_CHECKING, Any

from luigi.clock import SYSTEM, Clock
from luigi.worker.batches import Batches
from luigi.worker.heartbeat import follow
from luigi.worker.line import ToScheduler, line_to
from luigi.worker.loop import Worker
from luigi.worker.pool.membership import Pool
from luigi.worker.pool.planning import PoolPlanning
from luigi.worker.pool.rounds import PoolRounds
from luigi.worker.pool.settling import PoolSettling
from luigi.worker.pool.signals import leaving_on_signals
from luigi.worker.pool.staying import PoolStaying

if TYPE_CHECKING:
    from luigi.interfaces import Executor, Scheduler
    from luigi.worker.identity import Facts


class PoolWorker(Worker):
    """Runs tasks of others until it is told to go. Nothing is added to it; keywords are as `Worker`'s.

    `until` is asked again and again, in this thread: when it is true no more work is taken, and the worker leaves when
    what runs has ended.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        pool: Pool,
        *,
        concurrency: int = 1,
        until: Callable[[], bool] | None = None,
        clock: Clock = SYSTEM,
        worker_id: str | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs |= {"cache_task_completion": False, "fail_fast": False}  # both are about one run, and this is none
        super().__init__(scheduler, worker_id, concurrency, assistant=True, clock=clock, **kwargs)
        self.pool = pool
        self.record.waits = True  # tasks of others may
        self._pool_staying = self._staying = PoolStaying(self._config, clock, until)
        self._pool_rounds: PoolRounds | None = None

    @property
    def done(self) -> int:
        """How many tasks were done here."""
        return 0 if self._pool_rounds is None else self._pool_rounds.done

    @property
    def failed(self) -> int:
        """How many attempts failed here, and tasks that could not be begun."""
        return 0 if self._pool_rounds is None else self._pool_rounds.failed

    def run(self) -> bool:
        """Take and run tasks until told to go. Gives True when every task that ran succeeded.

        Raises KeyboardInterrupt when it was told so twice: what ran is ended, and others may have it at once.
        """
        try:
            return super().run()
        finally:
            if self._pool_rounds is not None:
                self._pool_rounds.give_back()

    @property
    def _standing(self) -> Facts:
        return self.pool.facts()

    @cached_property
    def _line(self) -> ToScheduler:
        """To a scheduler that may be away for as long as it takes."""
        return line_to(self._scheduler, partial(follow, self), inf, self._clock)

    @cached_property
    def _planner(self) -> PoolPlanning:
        self._news.read_rules()
        return PoolPlanning(self._planning_to, self._id, self._line.declare_for)

    @cached_property
    def _settling(self) -> PoolSettling:
        return PoolSettling(
            self._id,
            self.record,
            self._planner,
            self._plugged.tell_watchers,
            self._news,
            max_reschedules=self._config.max_reschedules,
        )

    def _rounds_with(self, executor: Executor) -> PoolRounds:
        self._pool_rounds = PoolRounds(
            worker_id=self._id,
            line=self._line,
            executor=executor,
            record=self.record,
            planning=self._planner,
            settling=self._settling,
            batches=Batches(self.record),
            staying=self._pool_staying,
            timeout=self._config.timeout,
            tell_watchers=self._plugged.tell_watchers,
            make_poking=self._poking,
            pool=self.pool,
            clock=self._clock,
        )
        return self._pool_rounds

    def _ending_on_signals(self) -> AbstractContextManager[None]:
        return leaving_on_signals(self._pool_staying)
