"""What follows when a trigger fires: its time-table moves on and its tasks are submitted, in one step or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from luigi.scheduler import events
from luigi.scheduler.events import Passed, Refused, Submitted
from luigi.scheduler.submitting import Submitting
from luigi.scheduler.triggers import MOST_WAITING, QUEUE, REPLACE, TriggerRecord, Waiting
from luigi.scheduler.workers import WorkerRecord
from luigi.submissions import introduction


class Firing(Submitting):
    """Triggers fire, and are paused."""

    def _fired(self, event: events.Fired) -> None:
        trigger = self._trigger(event.trigger)
        refused = self._why_not(trigger, event)
        if refused:
            self._effects.append(Refused(event.trigger, refused))
            return
        if event.timely:
            trigger.last_due = event.due
        if event.specs:
            facts = {**event.facts, "kind": "trigger", "name": trigger.name, "by": event.by, "due": event.due}
            self._deal_with(trigger, event.overlap, Waiting(event.due, event.submission, event.specs, facts))

    def _why_not(self, trigger: TriggerRecord, event: events.Fired) -> str:
        """Why a firing is refused; empty when it is not."""
        if event.timely and trigger.paused:
            return "the trigger is paused"
        if event.timely and trigger.last_due is not None and event.due <= trigger.last_due:
            return f"what was due at {event.due} has been dealt with: the last was {trigger.last_due}"
        waits = any(one.submission == event.submission for one in trigger.waiting)
        known = waits or self.workers.get(event.submission) is not None
        return f"there is a submission {event.submission} already" if event.specs and known else ""

    def _deal_with(self, trigger: TriggerRecord, overlap: str, firing: Waiting) -> None:
        """Submit it, unless what was fired before goes on: then `overlap` says what becomes of it."""
        if overlap == REPLACE:
            trigger.waiting.clear()
            last = self.submissions.get(trigger.last_submission)
            if trigger.goes_on and last is not None:
                self._withdraw(last)
        if not (trigger.goes_on or trigger.waiting):
            self._submit(trigger, firing)
        elif overlap == QUEUE and len(trigger.waiting) < MOST_WAITING:
            trigger.waiting.append(firing)
        else:
            trigger.last_skipped = firing.due
            self._effects.append(Passed(trigger.name, firing.due))

    def _submit(self, trigger: TriggerRecord, firing: Waiting) -> None:
        trigger.last_submission, trigger.last_status = firing.submission, ""
        trigger.last_began, trigger.last_ended = self._now, None
        info: Mapping[str, Any] = introduction([spec.task_id for spec in firing.specs], firing.facts)
        self._introduced(events.Introduced(firing.submission, info))
        self._effects.append(Submitted(firing.submission, info))
        self._declared(events.Declared(firing.submission, firing.specs))

    def _tell_of(self, worker: WorkerRecord, status: str) -> None:
        super()._tell_of(worker, status)
        trigger = self.triggers.get(worker.submission.trigger) if worker.submission is not None else None
        if trigger is not None and trigger.last_submission == worker.worker_id:
            trigger.last_status, trigger.last_ended = status, self._now if status else None
            if status:
                self._ended.append(trigger)

    def _look_after_submissions(self) -> None:
        super()._look_after_submissions()
        while self._ended:
            self._submit_next(self._ended.pop(0))
            super()._look_after_submissions()

    def _submit_next(self, trigger: TriggerRecord) -> None:
        """What waited for the last one to end."""
        if trigger.waiting and not trigger.goes_on and not trigger.paused:
            self._submit(trigger, trigger.waiting.pop(0))

    # --- operators ---------------------------------------------------------------------------------------------

    def _trigger(self, name: str) -> TriggerRecord:
        return self.triggers.setdefault(name, TriggerRecord(name))

    def _trigger_paused(self, event: events.TriggerPaused) -> None:
        self._trigger(event.trigger).paused = True

    def _trigger_unpaused(self, event: events.TriggerUnpaused) -> None:
        """What was due meanwhile is not made up for."""
        trigger = self._trigger(event.trigger)
        if trigger.paused:
            trigger.paused, trigger.last_due = False, max(trigger.last_due or self._now, self._now)
            self._submit_next(trigger)

    def _trigger_forgotten(self, event: events.TriggerForgotten) -> None:
        if self.triggers.pop(event.trigger, None) is None:
            self._effects.append(Refused(event.trigger, "no trigger has that name"))
