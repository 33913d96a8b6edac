"""`serve`: a pool's worker in this process, until it is told to go."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from luigi.clock import SYSTEM, Clock
from luigi.worker.pool.membership import Pool

if TYPE_CHECKING:
    from luigi.interfaces import Scheduler
    from luigi.plugin_manager import PluginManager


class Served(NamedTuple):
    """What a worker did while it was there."""

    done: int
    """Tasks that were done."""
    failed: int
    """Attempts that failed, and tasks that could not be begun."""


def serve(
    scheduler: Scheduler,
    pool: Pool | None = None,
    *,
    concurrency: int = 1,
    until: Callable[[], bool] | None = None,
    plugins: PluginManager | None = None,
    executor: str = "",
    clock: Clock = SYSTEM,
    worker_id: str | None = None,
    **worker_options: Any,
) -> Served:
    """Run what `scheduler` has for `pool` (by default tasks of any module, without a queue) in this process.

    Up to `concurrency` tasks run at a time, by `executor` if that is named. `until` is asked again and again, in
    this thread: when it is true, what runs is finished, and that is the end. So it is at SIGTERM, Ctrl-C, and when the
    scheduler has the worker disabled. `worker_options` are options of the `[worker]` section; by default the
    configuration's count.

    Raises RPCError when the scheduler is away at the beginning; KeyboardInterrupt at the second signal: what ran is
    ended then, and given back.
    """
    from luigi.worker.pool.worker import PoolWorker

    worker = PoolWorker(
        scheduler,
        pool or Pool(),
        concurrency=concurrency,
        until=until,
        clock=clock,
        worker_id=worker_id,
        **worker_options,
    )
    if plugins is not None or executor:
        worker.use(plugins if plugins is not None else _installed(), executor)
    with worker:
        worker.run()
    return Served(worker.done, worker.failed)


def _installed() -> PluginManager:
    from luigi.plugin_manager import PluginManager

    return PluginManager.with_installed()
