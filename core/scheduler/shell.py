"""What stands around the machine: the lock, the clock, the journal, and those who are told.

lock → handle → note → unlock → have it kept → tell → answer. Nothing is answered, and nobody told, before it is kept.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Container, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from luigi.clock import Clock
from luigi.errors import CallTooOld, KernelError, NotLeading
from luigi.interfaces import StateStore
from luigi.scheduler.config import scheduler as scheduler_config
from luigi.scheduler.events import (
    Called,
    Changed,
    Configured,
    Effect,
    Event,
    Introduced,
    Late,
    OfASubmission,
    Repeated,
    WorkerLost,
)
from luigi.scheduler.machine import Machine

if TYPE_CHECKING:
    from luigi.observers import Observers
    from luigi.scheduler.journal import Journal
    from luigi.telling import TaskFacts

Found = TypeVar("Found")

Watcher = Callable[[Changed, float], None]
"""Takes one change of a task's status, and when it was, in seconds since the epoch."""

OfARun = Introduced | WorkerLost | OfASubmission
"""What becomes of workers and submissions."""

WorkerWatcher = Callable[[OfARun, float], None]
"""Takes what became of a worker or a submission, and when that was."""

Observer = Callable[["Sequence[tuple[Changed | Late, TaskFacts]]", float], None]
"""Takes the changes of one call, and what is late, each with its task as it was right then, and when that was."""


class _Told(NamedTuple):
    """What those who watch are to be told of one call."""

    happened: Sequence[Event]
    effects: Sequence[Effect]
    changes: Sequence[tuple[Changed | Late, TaskFacts]]
    observer: Observer | None
    at: float
    number: int
    """The entry that has to be kept before; 0 where nothing is kept."""


class Shell:
    """A machine that several threads may call, that may be kept in a store, and watched."""

    def __init__(self, config: scheduler_config, machine: Machine, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._machine = machine
        self._lock = threading.Lock()
        self._journal: Journal | None = None
        self._watchers: list[Watcher] = []
        self._worker_watchers: list[WorkerWatcher] = []
        self.observers: Observers | None = None
        """Who hears of what it does, where that is somebody."""
        self._observer: Observer | None = None
        self._heeded: Container[str] | None = None
        self._changes: list[tuple[Changed | Late, TaskFacts]] = []
        self._untold: deque[_Told] = deque()

    @property
    def machine(self) -> Machine:
        """The state, to look at."""
        return self._machine

    @property
    def config(self) -> scheduler_config:
        """The `[scheduler]` section it goes by."""
        return self._config

    @property
    def clock(self) -> Clock:
        """What tells the time."""
        return self._clock

    def look(self, read: Callable[[Machine], Found]) -> Found:
        """What `read` makes of the state. That stands still meanwhile, and all calls wait: `read` has to be quick."""
        with self._lock:
            return read(self._machine)

    # --- where the state is kept -------------------------------------------------------------------------------

    def keep_in(self, store: StateStore) -> None:
        """Take in what `store` holds, and keep all that happens in it from here on. Before any call.

        Raises NotLeading while another process writes there, StoreError for a content that cannot be read here.
        """
        if not store.durable:
            return
        from luigi.scheduler.journal import Journal
        from luigi.scheduler.recovery import RULES, recovered

        self._refuse_if_begun()
        if not store.claim():
            raise NotLeading("another process writes to this state store")
        kept = store.load()
        machine, last = recovered(kept)
        self._journal = Journal(store, last, kept.upto)
        self._go_on(machine, RULES)

    def go_on_from(self, machine: Machine) -> None:
        """Have a new scheduler go on where that of this machine stopped, by its own settings."""
        self._refuse_if_begun()
        self._go_on(machine)

    def _refuse_if_begun(self) -> None:
        if self._machine.tasks or self._journal is not None:
            raise KernelError("the scheduler has begun already: it cannot take in the state of another")

    def _go_on(self, machine: Machine, rules: int = 0) -> None:
        config, resources = self._config, self._machine.resources
        delays = config.remove_delay, config.worker_disconnect_delay, config.stable_done_cooldown_secs
        self._machine = machine
        settings = Configured(config.retry_policy(), resources.limits, *delays, rules, resources.windows)
        Shell._handle(self, settings)  # nobody watches yet

    def save(self) -> None:
        """Keep all there is as a snapshot, in the place of the entries: for a clean end, when no calls come any more.

        Calls that come nevertheless wait. Raises StoreAway, NotLeading and StoreError.
        """
        journal = self._journal
        if journal is not None:
            from luigi.scheduler.snapshot import snapshot_of

            journal.settle()
            self._tell_late(journal)
            with self._lock:
                journal.settle()
                journal.store.save(snapshot_of(self._machine), journal.last)
                journal.compacted = journal.last

    def grown(self) -> bool:
        """Whether so much was kept since the last snapshot that a new one is worth it."""
        from luigi.scheduler.journal import MANY

        journal = self._journal
        return journal is not None and journal.beyond > max(MANY, 2 * len(self._machine.tasks))

    def compacted(self, upto: int) -> None:
        """Take note that there is a new snapshot, which takes the place of the entries up to number `upto`."""
        if self._journal is not None:
            self._journal.compacted = upto

    # --- who is told -------------------------------------------------------------------------------------------

    def watch(self, watcher: Watcher) -> None:
        """Have `watcher` called with every change of a task's status, outside the lock."""
        self._watchers.append(watcher)

    def unwatch(self, watcher: Watcher) -> None:
        """End what `watch` began."""
        self._watchers.remove(watcher)

    def watch_workers(self, watcher: WorkerWatcher) -> None:
        """Have `watcher` called when a worker introduces itself or is lost, and with what becomes of submissions.

        Outside the lock.
        """
        self._worker_watchers.append(watcher)

    def unwatch_workers(self, watcher: WorkerWatcher) -> None:
        """End what `watch_workers` began."""
        self._worker_watchers.remove(watcher)

    def observe(
        self, observer: Observer | None, heeded: Container[str] | None = None
    ) -> tuple[Observer | None, Container[str] | None]:
        """Have `observer` called with changes to a status that is `heeded`, None for any; outside the lock.

        Gives what it takes the place of.
        """
        before = self._observer, self._heeded
        self._observer, self._heeded = observer, heeded
        return before

    # --- one call ----------------------------------------------------------------------------------------------

    def _handle(self, *happened: Event, call: tuple[str, int] = ("", 0)) -> list[Effect]:
        """Have the machine take in what happened in one call. A call that was made before brings what it brought.

        Raises CallTooOld, and what `Journal` raises.
        """
        if call[1]:
            happened = (Called(*call), *happened)
        journal = self._journal
        pending = None if journal is None else journal.begin(happened)
        with self._lock:
            now = self._clock.now()
            if call[1]:
                self._refuse_if_too_old(*call)
            if pending is None:
                effects = self._go_through(happened, now)
            else:
                pending.look(self._machine)
                effects = self._go_through(happened, now, pending.broke)
                pending.ended(effects, now)
            observer, changes, self._changes = self._observer, self._changes, []
            number = 0 if journal is None else journal.last
        told = _Told(happened, effects, changes, observer, now, number)
        if journal is not None:
            self._settle(journal, told)
        self._tell(told)
        return effects

    def _refuse_if_too_old(self, worker: str, number: int) -> None:
        record = self._machine.workers.get(worker)
        if record is not None and number < record.call:
            raise CallTooOld(worker, number, record.call)

    def _go_through(
        self, happened: Sequence[Event], at: float, broke: Callable[[int, float], None] | None = None
    ) -> list[Effect]:
        """Have the machine take in the events of one call; of a repeated one, only that it was made."""
        effects: list[Effect] = []
        for number, event in enumerate(happened, 1):
            try:
                brought = self._machine.handle(event, at)
            except Exception:
                if broke is not None:
                    broke(number, at)
                raise
            effects += brought
            if self._observer is not None:
                self._note(brought)
            if effects and type(effects[-1]) is Repeated:
                break
        return effects

    def _note(self, effects: Sequence[Effect]) -> None:
        """Keep what the observer heeds, each change with its task as it is now: the next event may change it again."""
        for effect in effects:
            kind = type(effect)
            if kind is Late or (kind is Changed and (self._heeded is None or effect.after in self._heeded)):  # type: ignore[union-attr]
                from luigi.scheduler.facts import facts_of  # most schedulers are observed by nobody

                self._changes.append((effect, facts_of(self._machine, effect.task_id)))  # type: ignore[union-attr,arg-type]

    def _settle(self, journal: Journal, told: _Told) -> None:
        """Have it kept. What is only kept later is told later."""
        try:
            journal.settle()
        except Exception:
            self._untold.append(told)
            raise
        self._tell_late(journal)

    def _tell_late(self, journal: Journal) -> None:
        """Tell what was kept late, as far as it is. Another thread may do the same."""
        while self._untold and self._untold[0].number <= journal.kept:
            try:
                told = self._untold.popleft()
            except IndexError:
                return
            self._tell(told)

    def _tell(self, told: _Told) -> None:
        if self._watchers:
            for effect in told.effects:
                if type(effect) is Changed:
                    for watcher in self._watchers:
                        watcher(effect, told.at)
        for one in (*told.happened, *told.effects) if self._worker_watchers else ():
            if isinstance(one, OfARun):
                for worker_watcher in self._worker_watchers:
                    worker_watcher(one, told.at)
        if told.changes and told.observer is not None:
            told.observer(told.changes, told.at)
