"""Ranges of minutes, in steps that divide the hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from luigi.errors import ParameterException
from luigi.parameter import DateMinuteParameter, IntParameter
from luigi.tools.range.base import NO_DEFAULT, RangeBase
from luigi.tools.range.bulk import missing_in_bulk
from luigi.tools.range.moments import shifted, steps

MINUTE = timedelta(minutes=1)


class RangeByMinutesBase(RangeBase):
    """Requires a task for each `minutes_interval` between `start` and `stop`, asking each whether it is complete."""

    start = DateMinuteParameter(
        default=NO_DEFAULT,
        description="the minute to begin with; without it the range begins minutes_back ago, and --reverse is needed",
    )
    stop = DateMinuteParameter(
        default=NO_DEFAULT, description="the minute to end before; without it the range goes on with the clock"
    )
    minutes_back = IntParameter(
        default=60 * 24,
        description="how many minutes before now are looked at, however early start is; for data that is deleted "
        "after a while, no more than it is kept",
    )
    minutes_forward = IntParameter(default=0, description="how many minutes after now are looked at")
    minutes_interval = IntParameter(
        default=1, description="minutes from one task to the next, counted from the full hour; it divides 60"
    )

    def datetime_to_parameter(self, dt: datetime) -> datetime:
        """`dt` itself."""
        return dt

    def parameter_to_datetime(self, p: datetime) -> datetime:
        """`p` itself."""
        return p

    def moving_start(self, now: datetime) -> datetime:
        """`minutes_back` before `now`."""
        return shifted(now, MINUTE, -self.minutes_back)

    def moving_stop(self, now: datetime) -> datetime:
        """`minutes_forward` after `now`."""
        return shifted(now, MINUTE, self.minutes_forward)

    def finite_datetimes(self, finite_start: datetime, finite_stop: datetime) -> list[datetime]:
        """The multiples of `minutes_interval` from `finite_start` until before `finite_stop`.

        Raises ParameterException for an interval that does not divide the hour into two parts or more.
        """
        interval = self.minutes_interval
        if not 0 < interval < 60 or 60 % interval:
            raise ParameterException(
                f"{self.task_family}: minutes_interval is {interval}, which does not divide an hour into equal parts",
                hint="it is one of 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30; for full hours there is RangeHourly",
            )
        return steps(finite_start, finite_stop, MINUTE * interval)


class RangeByMinutes(RangeByMinutesBase):
    """Requires a task for each `minutes_interval` between `start` and `stop`, asking for all at once if complete.

    The task has a `bulk_complete`, or its outputs are on a file system.
    """

    def missing_datetimes(self, finite_datetimes: list[datetime]) -> list[datetime]:
        """The steps whose task is not complete, by `bulk_complete` or by listing directories."""
        return missing_in_bulk(self, finite_datetimes)
