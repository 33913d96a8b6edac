"""The scheduler in this process: the four verbs by which workers and operators call the machine.

`shell` locks, keeps and tells; here is what each verb means to the machine, and what it is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from luigi.clock import SYSTEM, Clock
from luigi.errors import KernelError
from luigi.interfaces import Assignment, Batcher, Counts, Message, Order, Question, Reply, Said, StateStore, TaskSpec
from luigi.resource_limits import WINDOWS
from luigi.scheduler import events
from luigi.scheduler.config import scheduler as scheduler_config
from luigi.scheduler.events import Assigned, Delivered, Effect, Event, Passed, Refused, Settled, Submitted, Welcomed
from luigi.scheduler.limits import limits_of, windows_of
from luigi.scheduler.machine import Machine
from luigi.scheduler.shell import Shell
from luigi.scheduler.submissions import CANCELLED
from luigi.submissions import introduction, roots_among


class Service(Shell):
    """Decides which task runs where. One of these lives in the process of a local run, or behind the server.

    `config` is the `[scheduler]` section, `resources` the limits by name (by default the `[resources]` section), each
    a number or a rate such as "10/minute"; keywords override single options of `[scheduler]`.
    """

    def __init__(
        self,
        config: scheduler_config | None = None,
        resources: Mapping[str, int | str] | None = None,
        task_history_impl: Any = None,
        *,
        store: StateStore | None = None,
        clock: Clock = SYSTEM,
        **kwargs: Any,
    ) -> None:
        config = scheduler_config(**kwargs) if config is None else config
        limits = limits_of(resources)
        machine = Machine(
            config.retry_policy(),
            limits={name: limit.amount for name, limit in limits.items()},
            windows=windows_of(limits),
            remove_delay=config.remove_delay,
            worker_disconnect_delay=config.worker_disconnect_delay,
            stable_done_cooldown=config.stable_done_cooldown_secs,
        )
        super().__init__(config, machine, clock)
        self.history = task_history_impl
        """Where a program wants the history kept, if it brings a place of its own."""
        if store is not None:
            self.keep_in(store)

    # --- the four verbs ----------------------------------------------------------------------------------------

    def declare(
        self,
        worker: str,
        tasks: Sequence[TaskSpec],
        batchers: Sequence[Batcher] = (),
        call: int = 0,
        submission: str = "",
    ) -> None:
        """Make tasks known and say how they stand; for a `submission`, where the worker has planned them for one."""
        self._handle(events.Declared(worker, tasks, batchers, submission), call=(worker, call))

    def submit(
        self, submission: str, specs: Sequence[TaskSpec], *, roots: Sequence[str] | None = None, **facts: Any
    ) -> None:
        """Hand in a run that no process stands for: workers of pools run its tasks.

        `submission` is an id such as `luigi.submissions.new_id` makes; `roots` are the ids of what is asked for, by
        default those that no other of `specs` requires. `facts`: `name`, `kind` (one of `luigi.submissions.KINDS`),
        `max_active` (roots that are run at a time; 0 for all), `by`, and whatever else a worker says of itself.
        """
        info = introduction(roots_among(specs) if roots is None else roots, facts)
        self._handle(events.Introduced(submission, info), events.Declared(submission, specs))

    def fire(
        self,
        trigger: str,
        due: float,
        submission: str,
        specs: Sequence[TaskSpec],
        *,
        overlap: str = "skip",
        by: str = "",
        timely: bool = True,
        **facts: Any,
    ) -> str:
        """Have a trigger fire, as `events.Fired` says; `facts` are as in `submit`.

        Gives what became of it: submitted, queued, replaced (what it had submitted before), skipped because of that,
        or passed, without specs. Raises KernelError when it is refused.
        """
        fired = events.Fired(trigger, due, submission, specs, overlap, facts, timely, by)
        effects = self._handle(fired)
        refused = next((effect for effect in effects if isinstance(effect, Refused)), None)
        if refused is not None:
            raise KernelError(f"the trigger {trigger} does not fire: {refused.why}")
        if not specs or any(isinstance(effect, Passed) for effect in effects):
            return "skipped" if specs else "passed"
        if any(isinstance(effect, Settled) and effect.status == CANCELLED for effect in effects):
            return "replaced"
        return "submitted" if any(isinstance(effect, Submitted) for effect in effects) else "queued"

    def exchange(self, worker: str, said: Sequence[Said], want: int, call: int = 0, waits: int = 0) -> Reply:
        """Hand in outcomes and progress, take up to `want` new assignments. With neither: a sign of life.

        `waits`: how many tasks are taken besides that only wait.
        """
        happened: list[Event] = [events.HandedIn(worker, one) for one in said]
        if want and self._config.prune_on_get_work and self._due():
            happened.append(events.Ticked())
        if want or waits:
            happened.append(events.Asked(worker, want, waits=waits))
        if not (happened or call) and self._machine.workers.get(worker) is None:
            return LOST  # not welcomed yet: this answer may not arrive, and that of a numbered call is given again
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
        event = _ORDERS[order.verb](order, order.by or SOMEBODY)
        for effect in self._handle(event):
            if isinstance(effect, Refused):
                raise KernelError(f"{order.verb} {effect.task_id}: {effect.why}")
        return event.message_id if isinstance(event, events.MessageSent) else None

    def control_tasks(self, verb: str, task_ids: Sequence[str], by: str = "") -> Sequence[Refused]:
        """Carry out one of `OF_TASKS` for many tasks in one call. Gives those to which it does not apply, and why."""
        happened = [OF_TASKS[verb](task_id, by or SOMEBODY) for task_id in task_ids]
        return [effect for effect in self._handle(*happened) if isinstance(effect, Refused)]

    def view(self, question: Question) -> Any:
        """Answer a question; `luigi.scheduler.views` says which there are."""
        from luigi.scheduler.views import answer

        with self._lock:
            return answer(self._machine, question, self._clock.now())

    def remember(self, name: str, text: str) -> None:
        """Have a text kept with the state under a name, or forget it if it is empty: for parts around the scheduler.

        `machine.remembered` has them all.
        """
        self._handle(events.Remembered(name, text))

    def tick(self) -> None:
        """Do what time has brought: retries, lost workers, tasks that nobody wants any more.

        Raises StoreAway, NotLeading and StoreError as every call does, also when time has brought nothing.
        """
        if self._due():
            self._handle(events.Ticked())
        elif self._journal is not None:
            self._journal.check()
            self._tell_late(self._journal)

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
                elsewhere = self._machine.running_elsewhere(worker)
                soonest = self._machine.soonest(worker, self._clock.now())
                counts = counts._replace(running_elsewhere=elsewhere, soonest=soonest)
        record = self._machine.workers.get(worker)
        enabled = record is None or record.enabled
        return Reply(assignments, counts, refused, messages, stranger, enabled, self._machine.workers.pace)


LOST: Final = Reply((), Counts(0, 0, 0), stranger=True)
"""What the sign of life of a worker is answered that is not known, or not any more."""

SOMEBODY: Final = "operator"
"""Who orders what nobody says the name of."""

OF_TASKS: Final[Mapping[str, Callable[[str, str], Event]]] = {
    "forgive": events.Forgiven,
    "retry": events.Retried,
    "re_enable": events.ReEnabled,
    "mark_done": events.MarkedDone,
    "cancel": events.Cancelled,
}
"""The orders that are about a task and nothing else: each takes its id, and the operator's name."""


def _about_a_task(happened: Callable[[str, str], Event]) -> Callable[[Order, str], Event]:
    return lambda order, by: happened(order.subject, by)


def _limit_set(order: Order, by: str) -> Event:
    if order.text and order.text not in WINDOWS:
        raise KernelError(f"set_limit: {order.text!r} is no time that a rate can be per", hint=", ".join(WINDOWS))
    return events.LimitSet(order.subject, int(order.amount or 0), by, WINDOWS.get(order.text))


def _message_sent(order: Order, by: str) -> Event:
    from uuid import uuid4

    return events.MessageSent(order.worker, order.subject, str(uuid4()), order.text, by)


_ORDERS: Final[Mapping[str, Callable[[Order, str], Event]]] = {
    **{verb: _about_a_task(happened) for verb, happened in OF_TASKS.items()},
    "set_limit": _limit_set,
    "pause": lambda order, by: events.Paused(by),
    "unpause": lambda order, by: events.Unpaused(by),
    "disable_worker": lambda order, by: events.WorkerDisabled(order.subject, by),
    "set_worker_processes": lambda order, by: events.ProcessesSet(order.subject, int(order.amount or 0), by),
    "send_message": _message_sent,
    "cancel_submission": lambda order, by: events.SubmissionCancelled(order.subject, by),
    "pause_trigger": lambda order, by: events.TriggerPaused(order.subject, by),
    "unpause_trigger": lambda order, by: events.TriggerUnpaused(order.subject, by),
    "forget_trigger": lambda order, by: events.TriggerForgotten(order.subject, by),
    "prune": lambda order, by: events.Ticked(),
}
