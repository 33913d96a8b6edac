"""Ranges of days."""

from __future__ import annotations

from datetime import date, datetime, time

from luigi.parameter import DateParameter, IntParameter
from luigi.tools.range.base import NO_DEFAULT, RangeBase
from luigi.tools.range.bulk import missing_in_bulk
from luigi.tools.range.moments import DAY, shifted, steps


class RangeDailyBase(RangeBase):
    """Requires a daily task for each day between `start` and `stop`, asking each task whether it is complete."""

    start = DateParameter(
        default=NO_DEFAULT,
        description="the day to begin with; without it the range begins days_back ago, and --reverse is needed",
    )
    stop = DateParameter(
        default=NO_DEFAULT, description="the day to end before; without it the range goes on with the calendar"
    )
    days_back = IntParameter(
        default=100,
        description="how many days before now are looked at, however early start is; for data that is deleted after "
        "a while, no more than it is kept",
    )
    days_forward = IntParameter(default=0, description="how many days after now are looked at")

    def datetime_to_parameter(self, dt: datetime) -> date:
        """The day of `dt`."""
        return dt.date()

    def parameter_to_datetime(self, p: date) -> datetime:
        """Midnight of the day `p`."""
        return datetime.combine(date(p.year, p.month, p.day), time.min)

    def moving_start(self, now: datetime) -> datetime:
        """`days_back` before `now`."""
        return shifted(now, DAY, -self.days_back)

    def moving_stop(self, now: datetime) -> datetime:
        """`days_forward` after `now`."""
        return shifted(now, DAY, self.days_forward)

    def finite_datetimes(self, finite_start: datetime, finite_stop: datetime) -> list[datetime]:
        """The midnights from `finite_start` until before `finite_stop`."""
        return steps(finite_start, finite_stop, DAY)


class RangeDaily(RangeDailyBase):
    """Requires a daily task for each day between `start` and `stop`, finding out for all at once which are complete.

    The task has a `bulk_complete`, or its outputs are on a file system.
    """

    def missing_datetimes(self, finite_datetimes: list[datetime]) -> list[datetime]:
        """The days whose task is not complete, by `bulk_complete` or by listing directories."""
        return missing_in_bulk(self, finite_datetimes)
