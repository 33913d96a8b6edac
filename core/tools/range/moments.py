"""Arithmetic of moments for ranges: the steps between two of them, and how far back or forward a range looks.

All moments are naive datetimes that mean UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from luigi import clock

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def now_or(seconds: int | None) -> datetime:
    """The moment `seconds` since the epoch, or the present one when None."""
    since_epoch = clock.SYSTEM.now() if seconds is None else seconds
    return datetime.fromtimestamp(since_epoch, UTC).replace(tzinfo=None)


def steps(start: datetime, stop: datetime, step: timedelta) -> list[datetime]:
    """The moments `start <= moment < stop` that are a whole number of steps from the midnight before `start`."""
    past_a_step = (start - datetime.combine(start.date(), time.min)) % step
    first = start + (step - past_a_step) if past_a_step else start
    # Counted, not added up until `stop`: the last step before year 10000 has no next one.
    count = -((first - stop) // step) if first < stop else 0
    return [first + step * number for number in range(count)]


def months(start: datetime, stop: datetime) -> list[datetime]:
    """The first days of the months that begin at or after `start` and are over by `stop`."""
    first = month_number(start)
    if start > month_start(first):
        first += 1
    return [month_start(number) for number in range(first, month_number(stop))]


def month_number(moment: datetime) -> int:
    """The months from the year 0 to the month of `moment`."""
    return moment.year * 12 + moment.month - 1


def month_start(number: int) -> datetime:
    """When month `number` begins, the inverse of `month_number`; the nearest there is when years run out."""
    year, month = divmod(number, 12)
    if year < datetime.min.year:
        return datetime.min
    if year > datetime.max.year:
        return datetime(datetime.max.year, 12, 1)
    return datetime(year, month + 1, 1)


def shifted(moment: datetime, unit: timedelta, count: int) -> datetime:
    """`moment` and `count` units more; the first or last moment there is when that is beyond it."""
    try:
        return moment + unit * count
    except OverflowError:
        return datetime.min if count < 0 else datetime.max
