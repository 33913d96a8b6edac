"""Ranges of hours."""

from __future__ import annotations

from datetime import datetime

from luigi.parameter import DateHourParameter, IntParameter
from luigi.tools.range.base import NO_DEFAULT, RangeBase
from luigi.tools.range.bulk import missing_in_bulk
from luigi.tools.range.moments import HOUR, shifted, steps


class RangeHourlyBase(RangeBase):
    """Requires an hourly task for each hour between `start` and `stop`, asking each task whether it is complete."""

    start = DateHourParameter(
        default=NO_DEFAULT,
        description="the hour to begin with; without it the range begins hours_back ago, and --reverse is needed",
    )
    stop = DateHourParameter(
        default=NO_DEFAULT, description="the hour to end before; without it the range goes on with the clock"
    )
    hours_back = IntParameter(
        default=100 * 24,
        description="how many hours before now are looked at, however early start is; for data that is deleted after "
        "a while, no more than it is kept",
    )
    hours_forward = IntParameter(default=0, description="how many hours after now are looked at")

    def datetime_to_parameter(self, dt: datetime) -> datetime:
        """`dt` itself."""
        return dt

    def parameter_to_datetime(self, p: datetime) -> datetime:
        """`p` itself."""
        return p

    def moving_start(self, now: datetime) -> datetime:
        """`hours_back` before `now`."""
        return shifted(now, HOUR, -self.hours_back)

    def moving_stop(self, now: datetime) -> datetime:
        """`hours_forward` after `now`."""
        return shifted(now, HOUR, self.hours_forward)

    def finite_datetimes(self, finite_start: datetime, finite_stop: datetime) -> list[datetime]:
        """The full hours from `finite_start` until before `finite_stop`."""
        return steps(finite_start, finite_stop, HOUR)


class RangeHourly(RangeHourlyBase):
    """Requires an hourly task for each hour between `start` and `stop`, finding out for all at once which are complete.

    The task has a `bulk_complete`, or its outputs are on a file system.
    """

    def missing_datetimes(self, finite_datetimes: list[datetime]) -> list[datetime]:
        """The hours whose task is not complete, by `bulk_complete` or by listing directories."""
        return missing_in_bulk(self, finite_datetimes)
