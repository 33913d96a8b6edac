"""The scheduler's algorithm: a pure state machine. Events in, effects out; no clock, no I/O, no log, no lock.

The same events at the same times give the same state and the same effects, so a recorded run can be replayed.

A task is ready when it is PENDING, every dependency is DONE, and a worker can run it. `Dependencies` knows when that
comes to be, ready tasks wait in `Lanes` for `Resources`, `Retry` judges failures, `Left` counts what remains, `Workers`
knows who was heard of when, `Deadlines` what time will bring, and `Index` keeps it all findable; none of them changes
a status. What follows from an event is said in the rooms this class is made of; `Moves` does it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from luigi.scheduler import events
from luigi.scheduler.events import Delivered, Effect, Refused, Repeated
from luigi.scheduler.firing import Firing
from luigi.scheduler.handing_in import HandingIn
from luigi.scheduler.handing_out import HandingOut
from luigi.scheduler.ordering import Ordering
from luigi.scheduler.records import TaskRecord

__all__ = ["Machine"]


class Machine(HandingIn, HandingOut, Ordering, Firing):
    """The state of every task and worker, and the rules by which it changes."""

    def handle(self, event: events.Event, now: float) -> list[Effect]:
        """Take in one event at `now` (seconds since the epoch) and say what follows from it."""
        self._effects = []
        self._now = now
        self._by = ""
        self._handlers[type(event)](event)
        if self._stirred or self._ended:
            self._look_after_submissions()
        return self._effects

    def due(self, now: float) -> bool:
        """Whether a tick would do anything."""
        soonest = self._deadlines.soonest
        due = (soonest is not None and soonest <= now) or bool(self.workers.silent(now))
        return due or bool(self.submissions and self._leaving(now))

    def batched(self, task: TaskRecord) -> Sequence[str]:
        """The parameters in which tasks of its family may differ that are run together."""
        batchers = (batcher for worker in task.runners for batcher in self._lanes.batchers(worker))
        return next((tuple(batcher.batched) for batcher in batchers if batcher.family == task.family), ())

    @cached_property
    def _handlers(self) -> Mapping[type, Callable[[Any], None]]:
        return {
            events.Configured: self._configured,
            events.Heard: self._heard,
            events.Called: self._called,
            events.Introduced: self._introduced,
            events.Declared: self._declared,
            events.HandedIn: self._handed_in,
            events.Asked: self._asked,
            events.Seen: self._seen,
            events.Ticked: self._ticked,
            events.Forgiven: self._forgiven,
            events.Retried: self._retried,
            events.Cancelled: self._cancelled,
            events.MarkedDone: self._marked_done,
            events.ReEnabled: self._re_enabled,
            events.WorkerDisabled: self._worker_disabled,
            events.ProcessesSet: self._processes_set,
            events.MessageSent: self._message_sent,
            events.LimitSet: self._limit_set,
            events.SubmissionCancelled: self._submission_cancelled,
            events.Fired: self._fired,
            events.TriggerPaused: self._trigger_paused,
            events.TriggerUnpaused: self._trigger_unpaused,
            events.TriggerForgotten: self._trigger_forgotten,
            events.Paused: self._pause,
            events.Unpaused: self._unpause,
            events.Remembered: self._remember,
        }

    def _configured(self, event: events.Configured) -> None:
        self.configure(event)
        for worker in self.workers:
            worker.active = self._now

    def _heard(self, event: events.Heard) -> None:
        for worker_id, active, asked, call in event.workers:
            worker = self.workers.get(worker_id)
            if worker is not None:
                worker.active, worker.asked = active, asked
                if call != worker.call:
                    worker.call, worker.answer = call, []

    def _called(self, event: events.Called) -> None:
        worker = self._worker(event.worker)
        if event.number > worker.call:
            worker.call = event.number
            worker.answer = list(self._effects)  # a stranger is told again that it is one
        elif event.number == worker.call:
            self._effects += [*worker.answer, Repeated()]
        else:
            self._effects += [Refused("", f"call {event.number} is older than call {worker.call}"), Repeated()]

    def _seen(self, event: events.Seen) -> None:
        worker = self._worker(event.worker)
        messages, worker.messages = worker.messages, []
        for message in messages:
            self._answer(worker, Delivered(message))
