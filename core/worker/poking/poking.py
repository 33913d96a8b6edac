"""What the rounds of a worker know of the tasks that wait for something to be there, and say of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from luigi.clock import Clock
from luigi.event import Event
from luigi.interfaces import Assignment, Progress, Report, Said
from luigi.task.poke import Poke, poke_of
from luigi.task_status import DONE, FAILED, PENDING, RUNNING
from luigi.worker.poking.poller import Look, Poller
from luigi.worker.poking.waiters import Waiter

if TYPE_CHECKING:
    from luigi.task import Task
    from luigi.watchers import Telling
    from luigi.worker.record import RunRecord

logger = logging.getLogger("luigi-interface")

OFTEN: Final = 300.0
"""Of what is looked for again within so many seconds, one is told how often that is, and not each time when."""

UNITS: Final[Mapping[str, float]] = {"day": 86400.0, "h": 3600.0, "min": 60.0}


class Poking:
    """The tasks of one worker that wait."""

    def __init__(self, record: RunRecord, poller: Poller, clock: Clock, tell: Telling | None) -> None:
        self._record = record
        self._poller = poller
        self._clock = clock
        self._tell_watchers = tell
        self._waiters: dict[str, Waiter] = {}
        self._told: dict[int, float] = {}
        """When its followers were told how a task is getting on, by token."""
        self.close = poller.close

    def __bool__(self) -> bool:
        return bool(self._waiters)

    def begin(self, task: Task, assignment: Assignment) -> None:
        """Look for what a task waits for that is assigned to this worker; at once, if others have looked before."""
        self.drop(task.task_id)
        waited, now = assignment.waited or 0.0, self._clock.monotonic()
        waiter = Waiter(task, assignment.token, poke_of(task) or Poke(), now - waited)
        self._waiters[task.task_id] = waiter
        self._record.seen[task.task_id].status = RUNNING
        self._poller.add(waiter, now if waited else waiter.next_look(now))
        logger.info("%s is waited for: it is looked for every %s", task, duration(waiter.poke.delay(0)))

    def said(self, timeout: float) -> list[Said]:
        """What is to be said of them; waits up to so many seconds for the first news."""
        return [self._settled(look) for look in self._poller.fetch(timeout)]

    def drop(self, task_id: str) -> bool:
        """Look for it no more; whether it was looked for."""
        waiter = self._waiters.pop(task_id, None)
        if waiter is None:
            return False
        waiter.gone = True
        self._told.pop(waiter.token, None)
        return True

    def cancelled(self, unwanted: Callable[[int], bool]) -> list[Said]:
        """Look no more for those whose assignment is `unwanted`."""
        found = [waiter for waiter in self._waiters.values() if unwanted(waiter.token)]
        return [self._over(waiter, FAILED, "it was cancelled") for waiter in found]

    def given_back(self) -> list[Said]:
        """Leave all of them to others, or to the next run."""
        return [self._over(waiter, PENDING) for waiter in list(self._waiters.values())]

    # --- what came of a look -----------------------------------------------------------------------------------

    def _settled(self, look: Look) -> Said:
        if look.found:
            return self._found(look.waiter)
        return self._missing(look.waiter) if look.missing else self._progress(look.waiter)

    def _found(self, waiter: Waiter) -> Report:
        """It is complete, as if it had been so when it was checked first."""
        self._record.seen[waiter.task.task_id].declared = DONE
        logger.info("%s is there, at the %d. look", waiter.task, waiter.looks)
        self._happened(waiter, Event.DEPENDENCY_PRESENT)
        return self._over(waiter, DONE)

    def _missing(self, waiter: Waiter) -> Report:
        why = f"was not there within {duration(waiter.poke.patience or 0)} (looked {counted(waiter.looks)})"
        if waiter.error:
            why += f"; the last look raised {waiter.error}"
        logger.error("%s %s", waiter.task, why)
        self._record.seen[waiter.task.task_id].reason = why
        self._happened(waiter, Event.DEPENDENCY_MISSING, why)
        return self._over(waiter, FAILED, why)._replace(retriable=False)

    def _over(self, waiter: Waiter, status: str, explanation: str | None = None) -> Report:
        task_id = waiter.task.task_id
        self.drop(task_id)
        self._record.seen[task_id].status = status
        return Report(task_id, waiter.token, status, (), explanation)

    def _progress(self, waiter: Waiter) -> Progress:
        """That it is still waited for; now and then also in words, which are kept."""
        now = self._clock.monotonic()
        told = self._told.get(waiter.token)
        if told is not None and now < told + OFTEN:
            return Progress(waiter.task.task_id, waiter.token)
        self._told[waiter.token] = now
        return Progress(waiter.task.task_id, waiter.token, status_message=self._in_words(waiter, now))

    def _in_words(self, waiter: Waiter, now: float) -> str:
        from datetime import datetime

        delay = waiter.next_look(now) - now
        at = datetime.fromtimestamp(self._clock.now() + delay).astimezone()
        again = f"looks every {duration(delay)}" if delay < OFTEN else f"looks again at {at:%Y-%m-%d %H:%M:%S %z}"
        raised = f"; the last look raised {waiter.error}" if waiter.error else ""
        return f"not there yet: looked {counted(waiter.looks)}, {again}{raised}"

    def _happened(self, waiter: Waiter, event: str, detail: str = "") -> None:
        task = waiter.task
        task.trigger_event(event, task)
        if self._tell_watchers is not None and self._tell_watchers.hears():
            self._tell_watchers(task.task_id, task.task_family, event, detail, waiter.token, self._clock.now())


def counted(looks: int) -> str:
    """How often: "once", "25 times"."""
    return "once" if looks == 1 else f"{looks:,} times"


def duration(seconds: float) -> str:
    """A time as one says it: "24 h", "90 s", "2 days"."""
    for unit, length in UNITS.items():
        if seconds >= (2 * length if unit == "day" else length) and seconds % length == 0:
            return f"{seconds / length:g} {unit}{'s' if unit == 'day' else ''}"
    return f"{seconds:g} s"
