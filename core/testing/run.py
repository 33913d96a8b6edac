"""`run_task` and `run_here`: one task and what it requires, run in this process, for tests of tasks and plugins."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from luigi.clock import Clock
from luigi.errors import KernelError
from luigi.event import Event
from luigi.task import Task
from luigi.task_status import DONE, UNKNOWN
from luigi.testing.clock import FakeClock

if TYPE_CHECKING:
    from luigi.testing.direct_plugins import DirectPlugins
    from luigi.worker import Worker
    from luigi.worker.record import RunRecord

T = TypeVar("T", bound=Task)


class NotRun(KernelError):
    """The task did not run, though nothing that did run failed."""


class Ended(NamedTuple):
    """How a run ended."""

    record: RunRecord
    """What the worker saw of each task."""
    failures: Sequence[BaseException]
    """What `run()` of tasks raised, in order."""
    from_plugins: Sequence[Exception]
    """What plugins raised in moments they watch, in order, each with a note that names plugin and hook."""


def run_task(task: T, *, plugins: Sequence[object] = (), clock: Clock | None = None, **worker_options: Any) -> T:
    """Run `task` and all it requires in this process, without a server and without a log, and give it back.

        assert run_task(Count(day=monday)).output().exists()

    `plugins` are objects with hook implementations: they are around every step, and are told every moment at once, in
    this thread. No notice, figure or history goes anywhere. `clock` is by default a FakeClock, so that waiting takes
    no time. `worker_options` are options of the `[worker]` section: `keep_alive=True`, `check_complete_on_run=True`, …

    Raises the first exception that a task raised, as it was raised; NotRun when the task could not be run, for
    example for missing external data; KernelError for a graph that cannot be; and, when all went well but for that,
    the first exception that a plugin raised in a moment it watches.
    """
    ended = run_here(task, plugins=plugins, clock=clock, **worker_options)
    _raise_what_went_wrong(task, ended)
    return task


def run_here(task: Task, *, plugins: Sequence[object] = (), clock: Clock | None = None, **worker_options: Any) -> Ended:
    """Run as `run_task` does, and say how it ended, whatever tasks and plugins raised. Ctrl-C gets through."""
    from luigi.configuration import get_config
    from luigi.observers import Observers
    from luigi.scheduler import Scheduler
    from luigi.testing.direct_plugins import DirectPlugins
    from luigi.worker import Worker

    clock = FakeClock() if clock is None else clock
    manager = DirectPlugins.with_installed(plugins)
    manager.configure(get_config())
    scheduler = Scheduler(clock=clock, prune_on_get_work=True)
    observers = Observers([], manager.watchers("luigi_transition"))
    worker = Worker(scheduler, clock=clock, **worker_options)
    worker.use(manager)
    with _quiet(), _failures() as failures, observers.attached(scheduler), worker:
        worker.add(task)
        _run(worker, manager, clock)
    return Ended(worker.record, failures, manager.raised)


def _run(worker: Worker, manager: DirectPlugins, clock: Clock) -> None:
    tell_started = manager.watchers("luigi_run_started")
    tell_finished = manager.watchers("luigi_run_finished")
    if tell_started is not None:
        tell_started(worker.record, clock.now())
    try:
        worker.run()
    finally:
        if tell_finished is not None:
            tell_finished(worker.record, clock.now())


def _raise_what_went_wrong(task: Task, ended: Ended) -> None:
    seen = ended.record.seen
    if seen[task.task_id].status != DONE:
        _raise_why_it_is_not_done(task, ended)
    if ended.from_plugins:
        raise ended.from_plugins[0]


def _raise_why_it_is_not_done(task: Task, ended: Ended) -> None:
    if ended.failures:
        raise ended.failures[0]
    for seen in ended.record.seen.values():
        if seen.declared == UNKNOWN:  # asked again, it raises its own exception here
            seen.task.complete()
            seen.task.deps()
    missing = [str(seen.task) for seen in ended.record.seen.values() if seen.external and seen.status != DONE]
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
