"""`run_task`: one task and what it requires, run right here, for tests of tasks."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from luigi.clock import Clock
from luigi.errors import KernelError
from luigi.event import Event
from luigi.task import Task
from luigi.task_status import DONE, UNKNOWN
from luigi.testing.clock import FakeClock

if TYPE_CHECKING:
    from luigi.worker.record import RunRecord

T = TypeVar("T", bound=Task)


class NotRun(KernelError):
    """The task did not run, though nothing that did run failed."""


def run_task(task: T, *, plugins: Sequence[object] = (), clock: Clock | None = None, **worker_options: Any) -> T:
    """Run `task` and all it requires in this process, without a server and without a log, and give it back.

        assert run_task(Count(day=monday)).output().exists()

    `plugins` are objects with hook implementations. `clock` is by default a FakeClock, so that waiting takes no time.
    `worker_options` are options of the `[worker]` section: `keep_alive=True`, `check_complete_on_run=True`, …

    Raises the first exception that a task raised, as it was raised; NotRun when the task could not be run, for
    example for missing external data; KernelError for a graph that cannot be.
    """
    from luigi.configuration import get_config
    from luigi.plugin_manager import PluginManager
    from luigi.scheduler import Scheduler
    from luigi.worker import Worker

    clock = FakeClock() if clock is None else clock
    manager = PluginManager.with_installed(plugins)
    manager.configure(get_config())
    worker = Worker(Scheduler(clock=clock, prune_on_get_work=True), clock=clock, **worker_options)
    worker.use(manager)
    with _quiet(), _failures() as failures, worker:
        worker.add(task)
        worker.run()
    _raise_what_went_wrong(task, worker.record, failures)
    return task


def _raise_what_went_wrong(task: Task, record: RunRecord, failures: Sequence[BaseException]) -> None:
    if record.seen[task.task_id].status == DONE:
        return
    if failures:
        raise failures[0]
    for seen in record.seen.values():
        if seen.declared == UNKNOWN:  # asked again, it raises its own exception here
            seen.task.complete()
            seen.task.deps()
    missing = [str(seen.task) for seen in record.seen.values() if seen.external and seen.status != DONE]
    raise NotRun(f"{task} was not run", hint=f"missing external data: {', '.join(missing)}" if missing else "")


@contextlib.contextmanager
def _failures() -> Iterator[list[BaseException]]:
    """What tasks raise, as long as this lasts."""
    raised: list[BaseException] = []

    def note(task: Task, error: BaseException) -> None:
        raised.append(error)

    Task.event_handler(Event.FAILURE)(note)
    try:
        yield raised
    finally:
        Task.remove_event_handler(Event.FAILURE, note)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    logger = logging.getLogger("luigi-interface")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before
