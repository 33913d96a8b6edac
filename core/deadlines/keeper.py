"""Looks whether what is to be done by some time is done, tells people when it is not, and when it is at last.

How far it has come is kept with the scheduler's state: a restart neither forgets a deadline nor tells of it again, but
for one that was told of just as the server was killed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from luigi.clock import Clock
from luigi.deadlines.done import History, is_done, status_of
from luigi.errors import KernelError, StoreError
from luigi.scheduler.events import Late
from luigi.timetable import latest

if TYPE_CHECKING:
    from luigi.deadlines.deadline import Deadline
    from luigi.scheduler import Scheduler
    from luigi.telling import TaskFacts

logger = logging.getLogger("luigi.deadlines")

Tell = Callable[[Late, "TaskFacts"], None]
"""Tells people."""

PREFIX: Final = "deadline."
"""What stands before a deadline's name where the scheduler keeps things for others."""

MOST: Final = 10
"""How many times one task may be late, and be waited for: of older ones nobody is told that they are done at last."""


AGAIN: Final = 10.0
"""Seconds between two looks at what is late: it may stay so for ever."""

Times = Sequence[tuple[float, float]]
"""When a task was to be done, and when the one before it: in seconds since the epoch."""


class Looked(NamedTuple):
    """When was last looked at what is late of a deadline, and the version of the state that was seen."""

    at: float
    version: int


NEVER: Final = Looked(-AGAIN, 0)


class DeadlineKeeper:
    """Looks after some deadlines, at a scheduler that this process has."""

    def __init__(
        self,
        deadlines: Mapping[str, Deadline],
        scheduler: Scheduler,
        clock: Clock,
        tell: Tell,
        history: History | None = None,
    ) -> None:
        self._deadlines, self._scheduler, self._clock = deadlines, scheduler, clock
        self._tell, self._history = tell, history
        self._looked: dict[str, Looked] = {}
        self._troubles: dict[str, str] = {}

    def look(self) -> None:
        """See to what is due now. What is wrong with one is logged, once, and hurts no other.

        Raises StoreAway, NotLeading and StoreError as every call of the scheduler does.
        """
        for name, deadline in self._deadlines.items():
            try:
                self._look_at(deadline)
            except StoreError:
                raise
            except (KernelError, OSError) as error:  # a history that is away, say: it is looked at again
                self._worry(name, error)
            else:
                self._troubles.pop(name, None)

    def _look_at(self, deadline: Deadline) -> None:
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        kept = self._scheduler.machine.remembered.get(PREFIX + deadline.name)
        if kept is None:  # it is new: what was due before is not its business
            self._remember(deadline, now.timestamp(), [])
            return
        told = json.loads(kept)
        upto, late = float(told["upto"]), [(float(due), float(before)) for due, before in told["late"]]
        still = self._still(deadline, late, now.timestamp()) if late else []
        due = latest(deadline.table, datetime.fromtimestamp(upto, UTC), now)
        if due is not None:
            before = upto
            upto = due.timestamp()
            if self._missed(deadline, upto, before):
                still = [*still, (upto, before)][-MOST:]
        if due is not None or still != late:
            self._remember(deadline, upto, still)

    def _still(self, deadline: Deadline, late: Times, now: float) -> Times:
        """Those of what was late that still are, as far as it is time to look again."""
        looked = self._looked.get(deadline.name, NEVER)
        if now < looked.at + AGAIN:
            return late
        version = self._scheduler.machine.index.version
        still = [one for one in late if not self._made_up(deadline, *one, looked.version)]
        self._looked[deadline.name] = Looked(now, version)
        return still

    def _missed(self, deadline: Deadline, due: float, before: float) -> bool:
        wanted = deadline.wanted(_moment(deadline, due), _moment(deadline, before))
        if is_done(wanted, self._scheduler, self._history):
            return False
        logger.warning("deadline %s: %s is not done", deadline.name, wanted.name)
        self._tell(Late(wanted.name, due), deadline.facts(wanted, status_of(wanted, self._scheduler)))
        return True

    def _made_up(self, deadline: Deadline, due: float, before: float, version: int) -> bool:
        wanted = deadline.wanted(_moment(deadline, due), _moment(deadline, before))
        if not is_done(wanted, self._scheduler, self._history, version):
            return False
        self._tell(Late(wanted.name, due, done=True), deadline.facts(wanted, "DONE"))
        return True

    def _remember(self, deadline: Deadline, upto: float, late: Times) -> None:
        self._scheduler.remember(PREFIX + deadline.name, json.dumps({"upto": upto, "late": late}))

    def _worry(self, name: str, error: Exception) -> None:
        if self._troubles.get(name) != str(error):
            self._troubles[name] = str(error)
            logger.error("deadline %s could not be looked at: %s", name, error)


def _moment(deadline: Deadline, at: float) -> datetime:
    """Where the deadline is."""
    from luigi.timetable import zone_named

    return datetime.fromtimestamp(at, zone_named(deadline.settings.timezone))
