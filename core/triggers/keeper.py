"""Fires what is due: each time of a time-table once, whoever dies in between.

What was done last is in the scheduler's state, and is moved on by the same event that submits the task: see
`luigi.scheduler.firing`. So there is nothing to be lost here, and to look once more does no harm.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from luigi.clock import Clock
from luigi.errors import KernelError, StoreError
from luigi.interfaces import Question
from luigi.submissions import new_id
from luigi.triggers.catching_up import due

if TYPE_CHECKING:
    from luigi.scheduler import Scheduler
    from luigi.triggers.trigger import Trigger

logger = logging.getLogger("luigi.triggers")


class Asleep(NamedTuple):
    """Nothing is to be done about a trigger for a while."""

    last: float
    """What its time-table was up to when that was found; seconds since the epoch."""
    until: float


class Timekeeper:
    """Looks after some triggers at a scheduler that this process has."""

    def __init__(self, triggers: Mapping[str, Trigger], scheduler: Scheduler, clock: Clock) -> None:
        self._triggers, self._scheduler, self._clock = triggers, scheduler, clock
        self._asleep: dict[str, Asleep] = {}
        self._troubles: dict[str, str] = {}

    def look(self) -> None:
        """Fire what is due now. What is wrong with one trigger is logged, once, and hurts no other.

        Raises StoreAway, NotLeading and StoreError as every call of the scheduler does.
        """
        now = self._clock.now()
        known = {row["name"]: row for row in self._scheduler.view(Question("triggers"))}
        for name, trigger in self._triggers.items():
            try:
                self._look_at(trigger, known.get(name), now)
            except StoreError:
                raise
            except Exception as error:  # time-tables may be a plugin's
                self._worry(name, error)
            else:
                self._troubles.pop(name, None)

    def run(self, name: str, by: str = "") -> tuple[str, str]:
        """Fire one now, whatever its time-table says, and leave that as it is. Gives the submission's id, and what
        became of it, as `Scheduler.fire` says. Raises KernelError."""
        now = self._clock.now()
        submission = new_id("trigger", name, now)
        at = datetime.fromtimestamp(now, UTC)
        return submission, self._fire(self._triggers[name], at, submission, timely=False, by=by)

    # --- one of them -------------------------------------------------------------------------------------------

    def _look_at(self, trigger: Trigger, record: Mapping[str, Any] | None, now: float) -> None:
        if record is not None and record["paused"]:
            return  # when that ends, the scheduler moves the time-table up to then
        at = datetime.fromtimestamp(now, UTC)
        if record is None or record["last_due"] is None:
            self._pass(trigger, at - trigger.delay)  # it is new: its time-table begins now
            return
        asleep = self._asleep.get(trigger.name)
        if asleep is None or asleep.last != record["last_due"] or now >= asleep.until:
            self._do(trigger, datetime.fromtimestamp(record["last_due"], UTC), at)

    def _do(self, trigger: Trigger, last: datetime, now: datetime) -> None:
        found = due(trigger, last, now)
        for one in found.fired:
            self._fire(trigger, one, trigger.submission(one))
        if found.passed is not None:
            logger.warning("trigger %s: what was due until %s is not made up for", trigger.name, found.passed)
            self._pass(trigger, found.passed)
        if not found.fired and found.passed is None:
            coming = trigger.coming(now, 1)
            until = (coming[0] + trigger.delay).timestamp() if coming else float("inf")
            self._asleep[trigger.name] = Asleep(last.timestamp(), until)

    def _pass(self, trigger: Trigger, due: datetime) -> None:
        self._scheduler.fire(trigger.name, due.timestamp(), "", ())

    def _fire(self, trigger: Trigger, due: datetime, submission: str, *, timely: bool = True, by: str = "") -> str:
        asked = trigger.settings
        outcome: str = self._scheduler.fire(
            trigger.name,
            due.timestamp(),
            submission,
            [trigger.spec(due, submission)],
            overlap=asked.overlap,
            timely=timely,
            by=by,
            queue=asked.queue,
            labels=list(asked.labels),
        )
        logger.info("trigger %s, due at %s: %s is %s", trigger.name, due, submission, outcome)
        return outcome

    def _worry(self, name: str, error: Exception) -> None:
        sentence = f"{type(error).__name__}: {error}"
        if self._troubles.get(name) != sentence:
            self._troubles[name] = sentence
            known = isinstance(error, KernelError)
            logger.error("trigger %s could not be looked at: %s", name, sentence, exc_info=None if known else error)
