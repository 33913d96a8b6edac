"""The shell around the machine: what locks, asks the clock, keeps events and tells those who watch.

lock → handle → append to the store → unlock → tell. Everything a worker or an operator wants goes through the four
verbs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from luigi.clock import SYSTEM, Clock
from luigi.errors import KernelError
from luigi.interfaces import Assignment, Batcher, Message, Order, Question, Reply, Said, StateStore, TaskSpec
from luigi.scheduler import events
from luigi.scheduler.config import scheduler as scheduler_config
from luigi.scheduler.events import Assigned, Changed, Delivered, Effect, Event, Refused, Repeated, Welcomed
from luigi.scheduler.machine import Machine

if TYPE_CHECKING:
    from luigi.observers import Observers
    from luigi.telling import TaskFacts

Watcher = Callable[[Changed, float], None]
"""Takes one change of a task's status, and when it was, in seconds since the epoch."""

Observer = Callable[["Sequence[tuple[Changed, TaskFacts]]", float], None]
"""Takes the changes of one call, each with its task as it was right then, and when that was."""


class Service:
    """Decides which task runs where. One of these lives in the process of a local run, or behind the server.

    `config` is the `[scheduler]` section, `resources` the limits by name (by default the `[resources]` section);
    keywords override single options of `[scheduler]`.
    """

    def __init__(
        self,
        config: scheduler_config | None = None,
        resources: Mapping[str, int] | None = None,
        task_history_impl: Any = None,
        *,
        store: StateStore | None = None,
        clock: Clock = SYSTEM,
        **kwargs: Any,
    ) -> None:
        self._config = config = scheduler_config(**kwargs) if config is None else config
        if resources is None:
            from luigi.configuration import get_config

            resources = get_config().getintdict("resources")
        self._clock = clock
        self.history = task_history_impl
        """Where a program wants the history kept, if it brings a place of its own."""
        self._store: StateStore | None = None
        self._lock = threading.Lock()
        self._watchers: list[Watcher] = []
        self.observers: Observers | None = None
        """Who hears of what it does, where that is somebody."""
        self._observer: Observer | None = None
        self._heeded: Container[str] | None = None
        self._changes: list[tuple[Changed, TaskFacts]] = []
        self._machine = Machine(
            config.retry_policy(),
            limits=resources,
            remove_delay=config.remove_delay,
            worker_disconnect_delay=config.worker_disconnect_delay,
            stable_done_cooldown=config.stable_done_cooldown_secs,
        )
        if store is not None:
            self.keep_in(store)

    def keep_in(self, store: StateStore) -> None:
        """Take in what `store` holds, and keep every event in it from here on."""
        _, calls = store.load()
        with self._lock:
            for at, happened in calls:
                self._go_through(happened, at)
            self._store = store

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

    def take_in(self, story: Iterable[tuple[float, Event]]) -> None:
        """Have a new machine go through what happened at other times (seconds since the epoch)."""
        with self._lock:
            for at, event in story:
                self._go_through((event,), at)

    def watch(self, watcher: Watcher) -> None:
        """Have `watcher` called with every change of a task's status, outside the lock."""
        self._watchers.append(watcher)

    def unwatch(self, watcher: Watcher) -> None:
        """End what `watch` began."""
        self._watchers.remove(watcher)

    def observe(
        self, observer: Observer | None, heeded: Container[str] | None = None
    ) -> tuple[Observer | None, Container[str] | None]:
        """Have `observer` called with changes to a status that is `heeded`, None for any; outside the lock.

        Gives what it takes the place of.
        """
        before = self._observer, self._heeded
        self._observer, self._heeded = observer, heeded
        return before

    # --- the four verbs ----------------------------------------------------------------------------------------

    def declare(self, worker: str, tasks: Sequence[TaskSpec], batchers: Sequence[Batcher] = (), call: int = 0) -> None:
        """Make tasks known and say how they stand."""
        self._handle(events.Declared(worker, tasks, batchers), call=(worker, call))

    def exchange(self, worker: str, said: Sequence[Said], want: int, call: int = 0) -> Reply:
        """Hand in outcomes and progress, take up to `want` new assignments. With neither: a sign of life."""
        happened: list[Event] = [events.HandedIn(worker, one) for one in said]
        if want:
            if self._config.prune_on_get_work and self._due():
                happened.append(events.Ticked())
            happened.append(events.Asked(worker, want))
        if not happened or self._machine.has_messages(worker):
            happened.append(events.Seen(worker))
        return self._reply(worker, self._handle(*happened, call=(worker, call)), want)

    def control(self, order: Order) -> Any:
        """Carry out an operator's order. Raises KernelError when it does not apply, saying why.

        Gives the message's id for `send_message`, nothing otherwise.
        """
        if order.verb not in _ORDERS:
            raise KernelError(f"no order {order.verb!r}", hint=f"there are: {', '.join(_ORDERS)}")
        self._refuse_what_is_not_allowed(order)
        event = _ORDERS[order.verb](order)
        for effect in self._handle(event):
            if isinstance(effect, Refused):
                raise KernelError(f"{order.verb} {effect.task_id}: {effect.why}")
        return event.message_id if isinstance(event, events.MessageSent) else None

    def view(self, question: Question) -> Any:
        """Answer a question; `luigi.scheduler.views` says which there are."""
        from luigi.scheduler.views import answer

        with self._lock:
            return answer(self._machine, question, self._clock.now())

    def tick(self) -> None:
        """Do what time has brought: retries, lost workers, tasks that nobody wants any more."""
        if self._due():
            self._handle(events.Ticked())

    def _due(self) -> bool:
        with self._lock:
            return self._machine.due(self._clock.now())

    def _refuse_what_is_not_allowed(self, order: Order) -> None:
        if order.verb in ("pause", "unpause") and not self._config.pause_enabled:
            raise KernelError(f"{order.verb}: not allowed here", hint="see [scheduler] pause_enabled")
        if order.verb == "send_message" and not self._config.send_messages:
            raise KernelError(f"{order.verb}: not allowed here", hint="see [scheduler] send_messages")

    def _reply(self, worker: str, effects: Sequence[Effect], want: int) -> Reply:
        assignments: list[Assignment] = []
        refused: list[str] = []
        messages: list[Message] = []
        stranger = False
        for effect in effects:
            kind = type(effect)
            if kind is Assigned:
                assignments.append(effect.assignment)  # type: ignore[union-attr]  # its type was looked at
            elif kind is Refused:
                refused.append(effect.task_id)  # type: ignore[union-attr]
            elif kind is Delivered:
                messages.append(effect.message)  # type: ignore[union-attr]
            elif kind is Welcomed:
                stranger = True
        counts = self._machine.left(worker)
        if want and not assignments:
            with self._lock:
                counts = counts._replace(running_elsewhere=self._machine.running_elsewhere(worker))
        record = self._machine.workers.get(worker)
        return Reply(assignments, counts, refused, messages, stranger, record is None or record.enabled)

    # --- lock, handle, keep, tell ------------------------------------------------------------------------------

    def _handle(self, *happened: Event, call: tuple[str, int] = ("", 0)) -> list[Effect]:
        """Have the machine take in what happened in one call. A call that was made before brings what it brought."""
        now = self._clock.now()
        if call[1]:
            happened = (events.Called(*call), *happened)
        with self._lock:
            effects = self._go_through(happened, now)
            observer, changes, self._changes = self._observer, self._changes, []
        if self._watchers:
            self._tell(effects, now)
        if changes and observer is not None:
            observer(changes, now)
        return effects

    def _go_through(self, happened: Sequence[Event], at: float) -> list[Effect]:
        """Have the machine take in the events of one call, and keep it; of a repeated one, that it was made."""
        effects: list[Effect] = []
        for event in happened:
            brought = self._machine.handle(event, at)
            effects += brought
            if self._observer is not None:
                self._note(brought)
            if effects and type(effects[-1]) is Repeated:
                happened = happened[:1]
                break
        if self._store is not None:
            self._store.append((at, happened))
        return effects

    def _note(self, effects: Sequence[Effect]) -> None:
        """Keep what the observer heeds, each change with its task as it is now: the next event may change it again."""
        for effect in effects:
            if type(effect) is Changed and (self._heeded is None or effect.after in self._heeded):
                from luigi.scheduler.facts import facts_of  # most schedulers are observed by nobody

                self._changes.append((effect, facts_of(self._machine, effect.task_id)))

    def _tell(self, effects: list[Effect], now: float) -> None:
        for effect in effects:
            if type(effect) is Changed:
                for watcher in self._watchers:
                    watcher(effect, now)


def _message_sent(order: Order) -> Event:
    from uuid import uuid4

    return events.MessageSent(order.worker, order.subject, str(uuid4()), order.text)


_ORDERS: Mapping[str, Callable[[Order], Event]] = {
    "forgive": lambda order: events.Forgiven(order.subject),
    "mark_done": lambda order: events.MarkedDone(order.subject),
    "re_enable": lambda order: events.ReEnabled(order.subject),
    "set_limit": lambda order: events.LimitSet(order.subject, int(order.amount or 0)),
    "pause": lambda order: events.Paused(),
    "unpause": lambda order: events.Unpaused(),
    "disable_worker": lambda order: events.WorkerDisabled(order.subject),
    "set_worker_processes": lambda order: events.ProcessesSet(order.subject, int(order.amount or 0)),
    "send_message": _message_sent,
    "prune": lambda order: events.Ticked(),
}
