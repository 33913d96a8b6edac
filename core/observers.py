"""Who hears of what a scheduler does: people by notices, monitors by figures, history, and plugins that watch.

The scheduler's shell calls `Observers` after every call of a worker, outside its lock. Every listener only hands on
what it hears to a courier, so that a call takes no longer for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from luigi.measuring import Measuring
    from luigi.plugin_manager import PluginManager
    from luigi.runs import Runs
    from luigi.scheduler import Scheduler
    from luigi.scheduler.config import scheduler as scheduler_config
    from luigi.scheduler.events import Changed, Late
    from luigi.scheduler.shell import Observer
    from luigi.telling import RunBegan, RunEnded, TaskFacts
    from luigi.watchers import Telling


class Listener:
    """Hears of changes. Nothing it does may raise or wait."""

    heeds: frozenset[str] | None = None
    """The statuses whose coming it wants to hear of; None for all."""

    def changed(self, change: Changed, task: TaskFacts, at: float) -> None:
        """A task's status changed at `at`, seconds since the epoch; `task` is as it was then."""

    def late(self, late: Late, task: TaskFacts, at: float) -> None:
        """A task is not done by its deadline, or is at last."""

    def scheduling_failed(self, task: TaskFacts, at: float) -> None:
        """A worker said that a task's check raised: `task.expl` says what."""

    def run_began(self, run: RunBegan) -> None:
        """A worker begins."""

    def run_ended(self, run: RunEnded) -> None:
        """A worker has nothing left to do."""

    def flush(self) -> None:
        """Wait until what was heard has been delivered, but for receivers that hang; say what was not."""


class Observers:
    """All that hears of one scheduler: listeners, among them `measuring`, and plugins that watch (`tell`).

    `of_workers`: whether a run is what the scheduler hears of a worker; otherwise whoever runs it tells of it.
    """

    def __init__(
        self,
        listeners: Iterable[Listener],
        tell: Telling | None = None,
        measuring: Measuring | None = None,
        *,
        of_workers: bool = False,
    ) -> None:
        self._listeners = [*listeners, measuring] if measuring is not None else list(listeners)
        self._tell = tell
        self.measuring = measuring
        """What passes figures on to the metrics collectors; None when there are none."""
        self._of_workers = of_workers
        self._runs: Runs | None = None

    @property
    def heeds(self) -> frozenset[str] | None:
        """The statuses that any listener heeds."""
        found: set[str] = set()
        for listener in self._listeners:
            if listener.heeds is None:
                return None
            found |= listener.heeds
        return frozenset(found)

    @property
    def hears_of_runs(self) -> bool:
        """Whether anybody wants to know when a run begins."""
        return any(type(one).run_began is not Listener.run_began for one in self._listeners)

    def attach(self, scheduler: Scheduler) -> Callable[[], None]:
        """Hear of what `scheduler` does, in place of whoever heard of it before; gives what ends that."""
        before, of_before = scheduler.observers, scheduler.observe(*self._wanted)
        scheduler.observers = self
        if self._tell is not None:
            scheduler.watch(self._watched)
        end_of_runs = self._hear_of_runs(scheduler)

        def detach() -> None:
            end_of_runs()
            scheduler.observe(*of_before)
            scheduler.observers = before
            if self._tell is not None:
                scheduler.unwatch(self._watched)

        return detach

    def _hear_of_runs(self, scheduler: Scheduler) -> Callable[[], None]:
        """Take the runs of the workers that the scheduler knows for begun; gives what ends it."""
        if not (self._of_workers and self.hears_of_runs):
            return lambda: None
        from luigi.runs import Runs, going_on

        runs = self._runs = Runs(self._run_began, self._run_ended, going_on(scheduler.machine))
        scheduler.watch_workers(runs.heard)
        return lambda: scheduler.unwatch_workers(runs.heard)

    @contextmanager
    def attached(self, scheduler: Scheduler) -> Iterator[Self]:
        """Hear of what `scheduler` does as long as this lasts."""
        detach = self.attach(scheduler)
        try:
            yield self
        finally:
            detach()
            self.flush()

    @property
    def _wanted(self) -> tuple[Observer | None, frozenset[str] | None]:
        return (self._changed, self.heeds) if self._listeners else (None, None)

    def _changed(self, changes: Sequence[tuple[Changed | Late, TaskFacts]], at: float) -> None:
        from luigi.scheduler.events import Late

        for change, task in changes:
            for listener in self._listeners:
                if isinstance(change, Late):
                    listener.late(change, task, at)
                elif listener.heeds is None or change.after in listener.heeds:
                    listener.changed(change, task, at)

    def _watched(self, change: Changed, at: float) -> None:
        if self._tell is not None and self._tell.hears():
            self._tell(*change, at)

    def scheduling_failed(self, task: TaskFacts, at: float) -> None:
        """A worker said that a task's check raised."""
        for listener in self._listeners:
            listener.scheduling_failed(task, at)

    def late(self, late: Late, task: TaskFacts, at: float) -> None:
        """A task is not done by a deadline that others look after, or is at last."""
        for listener in self._listeners:
            listener.late(late, task, at)

    def run_began(self, run: RunBegan) -> None:
        """A worker begins."""
        self._run_began(run)

    def run_ended(self, run: RunEnded) -> None:
        """A worker has nothing left to do."""
        if self._runs is None:
            self._run_ended(run)
        else:
            self._runs.ended(run)

    def _run_began(self, run: RunBegan) -> None:
        for listener in self._listeners:
            listener.run_began(run)

    def _run_ended(self, run: RunEnded) -> None:
        for listener in self._listeners:
            listener.run_ended(run)

    def flush(self) -> None:
        """Wait until everybody has been told, but for those who hang."""
        for listener in self._listeners:
            listener.flush()


def observers(
    plugins: PluginManager, config: scheduler_config, *, local: bool = False, history: Any = None
) -> Observers:
    """Those whom configuration and plugins name, for a scheduler with this `[scheduler]` section.

    `local`: it lives as long as one run. `history`: a history of the program's own, in Luigi's shape or ours.
    Raises ConfigurationError and PluginError for what is asked for and cannot be had.
    """
    from luigi.notifying.of_scheduler import notices_of_scheduler

    listeners = notices_of_scheduler(plugins, config), keeping(plugins, config, local=local, history=history)
    watchers = plugins.watchers("luigi_transition")
    heard = [one for one in listeners if one is not None]
    return Observers(heard, watchers, _counting(plugins, config), of_workers=not local)


def keeping(plugins: PluginManager, config: scheduler_config, *, local: bool, history: Any = None) -> Listener | None:
    """What keeps history, where that is asked for. A run without it loads nothing of it."""
    if history is None and not config.record_task_history and not (local and local_runs_are_kept()):
        return None
    from luigi.recording import recording

    return recording(plugins, history)


def local_runs_are_kept() -> bool:
    """Whether the configuration says that runs on their own have a history."""
    from luigi.configuration import get_config

    return bool(get_config().getboolean("task_history", "local_runs", False))


def _counting(plugins: PluginManager, config: scheduler_config) -> Measuring | None:
    from luigi.metrics import MetricsCollectors

    if config.metrics_collector is MetricsCollectors.default:
        return None
    from luigi.measuring import measuring

    return measuring(plugins, config)
