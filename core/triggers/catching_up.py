"""Which of the times a trigger was due are fired now: all but one of them only where no server was there for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from luigi.timetable import all_between, latest
from luigi.triggers.trigger import Trigger

LATE: Final = timedelta(minutes=1)
"""How much later than it was due a firing is still in time: a server takes as long to start anew."""


class Due(NamedTuple):
    """What is to be done about a trigger."""

    fired: Sequence[datetime] = ()
    """When it was due, in order: each of these is fired."""
    passed: datetime | None = None
    """The last of those that are not made up for, where none is fired."""


def due(trigger: Trigger, last: datetime, now: datetime) -> Due:
    """What is due at `now`, when everything up to the time `last` of the table has been done. Both are aware."""
    until = now - trigger.delay
    if trigger.settings.catch_up == "all":
        return Due(all_between(trigger.table, last, until, trigger.settings.catch_up_most))
    found = latest(trigger.table, last, until)
    if found is None:
        return Due()
    if trigger.settings.catch_up == "none" and until - found.astimezone(UTC) > LATE:
        return Due(passed=found)
    return Due([found])
