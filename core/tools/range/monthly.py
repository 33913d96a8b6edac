"""Ranges of months."""

from __future__ import annotations

from datetime import date, datetime

from luigi.parameter import IntParameter, MonthParameter
from luigi.tools.range.base import NO_DEFAULT, RangeBase
from luigi.tools.range.moments import month_number, month_start, months


class RangeMonthly(RangeBase):
    """Requires a monthly task for each month between `start` and `stop` that is over, asking each if it is complete."""

    start = MonthParameter(
        default=NO_DEFAULT,
        description="the month to begin with; without it the range begins months_back ago, and --reverse is needed",
    )
    stop = MonthParameter(
        default=NO_DEFAULT, description="the month to end before; without it the range goes on with the calendar"
    )
    months_back = IntParameter(
        default=13,  # the months from a year ago to the one before the present
        description="how many months before now are looked at, however early start is; for data that is deleted "
        "after a while, no more than it is kept",
    )
    months_forward = IntParameter(
        default=0, description="how many months are looked at from the present one on, which is not over yet"
    )

    def datetime_to_parameter(self, dt: datetime) -> date:
        """The first day of the month of `dt`."""
        return date(dt.year, dt.month, 1)

    def parameter_to_datetime(self, p: date) -> datetime:
        """When the month of `p` begins."""
        return datetime(p.year, p.month, 1)

    def moving_start(self, now: datetime) -> datetime:
        """When the month `months_back` before that of `now` begins."""
        return month_start(month_number(now) - self.months_back)

    def moving_stop(self, now: datetime) -> datetime:
        """When the month `months_forward` after that of `now` begins."""
        return month_start(month_number(now) + self.months_forward)

    def finite_datetimes(self, finite_start: datetime, finite_stop: datetime) -> list[datetime]:
        """The beginnings of the months that begin at `finite_start` or later and are over by `finite_stop`."""
        return months(finite_start, finite_stop)
