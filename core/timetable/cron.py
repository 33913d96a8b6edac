"""Due by a cron expression, as clocks of a time zone show it.

How it meets daylight-saving time, as Vixie's cron does: one that is due in every hour goes by elapsed time, so that it
is due twice in the hour that comes twice. Any other is due once for each time it names: the first time where clocks
show it twice, and as soon as the clocks have jumped over it where they never do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Final

from luigi.errors import ConfigurationError
from luigi.timetable.zones import end_of_gap, instant

if TYPE_CHECKING:
    from croniter import croniter

FOLD: Final = timedelta(hours=3)
"""No zone puts its clocks back further."""

HINT: Final = "write five fields: minute, hour, day of the month, month, day of the week; or @hourly, @daily, …"


class Cron:
    """A time-table by an expression of five fields, or an alias such as `@daily`.

    Raises ConfigurationError for an expression that is none, or that names a day that never comes.
    """

    def __init__(self, expression: str, zone: tzinfo = UTC) -> None:
        self.expression, self.zone = expression, zone
        self._walls = _parsed(expression)
        self._each_hour = self._walls.expanded[1] in (["*"], list(range(24)))

    def __repr__(self) -> str:
        return f"Cron({self.expression!r}, {self.zone})"

    def after(self, moment: datetime) -> datetime | None:
        """The first time later than `moment` that it is due; None when it is none of the next fifty years."""
        start = moment.astimezone(UTC)  # two moments of one zone are compared by what clocks show, whatever the fold
        due = self._by_elapsed_time(start) if self._each_hour else self._once_each(start)
        return due and due.astimezone(self.zone)

    def _once_each(self, moment: datetime) -> datetime | None:
        for wall in self._named_after(self._shown(moment)):
            due = instant(wall, self.zone) or end_of_gap(wall, self.zone)
            if due > moment:  # not what was due the first time that clocks showed it
                return due
        return None

    def _by_elapsed_time(self, moment: datetime) -> datetime | None:
        shown = self._shown(moment)
        due = self._shown_first(shown, moment)
        if due is not None and self._offset(due) < self._offset(moment):  # put back before that: some come again
            return self._shown_first(shown - FOLD, moment)
        return due

    def _shown_first(self, start: datetime, moment: datetime) -> datetime | None:
        """The first moment after `moment` at which clocks show, once or again, a time named later than `start`."""
        found: list[datetime] = []
        for wall in self._named_after(start):
            both = (instant(wall, self.zone, fold) for fold in (0, 1))
            found += [due for due in both if due is not None and due > moment]
            if found and wall > self._shown(moment):
                break
        return min(found, default=None)

    def _shown(self, moment: datetime) -> datetime:
        """What clocks show, to the second."""
        return moment.astimezone(self.zone).replace(tzinfo=None, microsecond=0)

    def _offset(self, moment: datetime) -> timedelta:
        return moment.astimezone(self.zone).utcoffset() or timedelta(0)

    def _named_after(self, wall: datetime) -> Iterator[datetime]:
        """The times that the expression names, whatever clocks show."""
        from croniter import CroniterBadDateError

        walls = copy(self._walls)  # reading an expression is slow, and several threads may ask
        walls.set_current(wall, force=True)
        try:
            while True:
                yield walls.get_next(datetime)
        except (CroniterBadDateError, OverflowError):
            return


def _parsed(expression: str) -> croniter[datetime]:
    from croniter import CroniterError, croniter

    alias = expression.strip().startswith("@")
    fields = expression.split()
    if (not alias and len(fields) != 5) or re.search(r"\b[hr]\b", expression, re.IGNORECASE):  # these are by chance
        raise ConfigurationError(f"{expression!r} is no cron expression", hint=HINT)
    try:
        walls = croniter(expression, datetime(2000, 1, 1), ret_type=datetime)
        copy(walls).get_next()
    except (CroniterError, ValueError, KeyError) as error:
        raise ConfigurationError(f"{expression!r} is no cron expression: {_told(error)}", hint=HINT) from error
    return walls


def _told(error: Exception) -> Any:
    return "the day it names never comes" if "failed to find" in str(error) else error
