"""The shell around the machine: what locks, asks the clock, keeps events and tells those who watch.

lock → handle → append to the store → unlock → tell. Everything a worker or an operator wants goes through the four
verbs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from luigi.clock import SYSTEM, Clock
from luigi.errors import KernelError
from luigi.interfaces import Order, Progress, Question, Reply, Report, RetryPolicy, StateStore, TaskSpec
from luigi.scheduler import events
from luigi.scheduler.config import scheduler as scheduler_config
from luigi.scheduler.events import Assigned, Changed, Effect, Event, Refused
from luigi.scheduler.machine import Machine

Watcher = Callable[[Changed], None]

_ORDERS: Mapping[str, Callable[[Order], Event]] = {
    "forgive": lambda order: events.Forgiven(order.subject),
    "mark_done": lambda order: events.MarkedDone(order.subject),
    "re_enable": lambda order: events.ReEnabled(order.subject),
    "set_limit": lambda order: events.LimitSet(order.subject, int(order.amount or 0)),
    "pause": lambda order: events.Paused(),
    "unpause": lambda order: events.Unpaused(),
}


class Scheduler:
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
        if config is None:
            config = scheduler_config(**kwargs)
        if resources is None:
            from luigi.configuration import get_config

            resources = get_config().getintdict("resources")
        self._ticks_when_asked = config.prune_on_get_work
        self._clock = clock
        self._store: StateStore | None = None
        self._lock = threading.Lock()
        self._watchers: list[Watcher] = []
        self._machine = Machine(
            RetryPolicy(config.retry_count, config.disable_hard_timeout, config.disable_window),
            retry_delay=config.retry_delay,
            disable_persist=config.disable_persist,
            limits=resources,
        )
        if store is not None:
            self.keep_in(store)

    def keep_in(self, store: StateStore) -> None:
        """Take in what `store` holds, and keep every event in it from here on."""
        _, appended = store.load()
        for event, now in appended:
            self._machine.handle(event, now)
        self._store = store

    def watch(self, watcher: Watcher) -> None:
        """Have `watcher` called with every change of a task's status, outside the lock."""
        self._watchers.append(watcher)

    def unwatch(self, watcher: Watcher) -> None:
        """End what `watch` began."""
        self._watchers.remove(watcher)

    # --- the four verbs ----------------------------------------------------------------------------------------

    def declare(self, worker: str, tasks: Sequence[TaskSpec]) -> None:
        """Make tasks known and say how they stand. Repeating it changes nothing."""
        self._handle(events.Declared(worker, tasks))

    def exchange(self, worker: str, reports: Sequence[Report | Progress], want: int) -> Reply:
        """Hand in outcomes and progress, take up to `want` new assignments."""
        happened: list[Event] = [
            events.Reported(worker, report) if isinstance(report, Report) else events.Progressed(worker, report)
            for report in reports
        ]
        if want:
            if self._ticks_when_asked and self._machine.waits:
                happened.append(events.Ticked())
            happened.append(events.Asked(worker, want))
        effects = self._handle(*happened)
        return Reply(
            [effect.assignment for effect in effects if type(effect) is Assigned],
            self._machine.left(worker),
            [effect.task_id for effect in effects if type(effect) is Refused],
        )

    def control(self, order: Order) -> None:
        """Carry out an operator's order. Raises KernelError when it does not apply, saying why."""
        if order.verb not in _ORDERS:
            raise KernelError(f"no order {order.verb!r}", hint=f"there are: {', '.join(_ORDERS)}")
        for effect in self._handle(_ORDERS[order.verb](order)):
            if isinstance(effect, Refused):
                raise KernelError(f"{order.verb} {effect.task_id}: {effect.why}")

    def view(self, question: Question) -> Any:
        """Answer a question: `counts` (status → number of tasks) or `task` (one task by id, None if unknown)."""
        with self._lock:
            if question.noun == "counts":
                return {status: number for status, number in self._machine.counts.items() if number}
            if question.noun == "task":
                return self._describe(question.subject)
        raise KernelError(f"no question {question.noun!r}", hint="there are: counts, task")

    def _describe(self, task_id: str) -> dict[str, Any] | None:
        task = self._machine.tasks.get(task_id)
        if task is None:
            return None
        return {
            "task_id": task.task_id,
            "family": task.family,
            "status": task.status,
            "priority": task.priority,
            "deps": [dep.task_id for dep in task.deps],
            "worker": task.worker,
            "explanation": task.explanation,
            "tracking_url": task.tracking_url,
            "status_message": task.status_message,
            "percentage": task.percentage,
            "resources": dict(task.held),
        }

    # --- lock, handle, keep, tell ------------------------------------------------------------------------------

    def _handle(self, *happened: Event) -> list[Effect]:
        now = self._clock.now()
        effects: list[Effect] = []
        with self._lock:
            for event in happened:
                effects += self._machine.handle(event, now)
                if self._store is not None:
                    self._store.append((event, now))
        if self._watchers:
            self._tell(effects)
        return effects

    def _tell(self, effects: list[Effect]) -> None:
        for effect in effects:
            if type(effect) is Changed:
                for watcher in self._watchers:
                    watcher(effect)
