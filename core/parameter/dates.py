"""Parameters for days: a date, a month, a year."""

from __future__ import annotations

import datetime
from typing import Any, Unpack

from luigi.parameter.base import Parameter, ParameterKwargs, _no_value, _NoValueType
from luigi.parameter.problems import UnreadableValue

_EPOCH = datetime.date(1970, 1, 1)


class _DateParameterBase(Parameter[datetime.date]):
    """What parameters for days share: their text, and a grid of `interval` steps that starts at `start`."""

    date_format: str
    """How a value is written, in the notation of `strftime`."""

    def __init__(
        self,
        default: datetime.date | _NoValueType | None = _no_value,
        interval: int = 1,
        start: datetime.date | None = None,
        **kwargs: Unpack[ParameterKwargs],
    ) -> None:
        """A value between two steps of the grid becomes the step before it.

        `interval` is the distance of the steps, in this type's unit; `start` is one of them, 1970-01-01 if not given.
        """
        super().__init__(default=default, **kwargs)
        self.interval = interval
        self.start = _EPOCH if start is None else start

    def parse(self, x: Any) -> datetime.date:
        """The date that `x` writes; a TOML file's own dates are dates already."""
        if isinstance(x, datetime.date):
            return as_date(x, self)
        try:
            return datetime.datetime.strptime(x, self.date_format).date()
        except (ValueError, TypeError) as error:
            raise UnreadableValue(x, self.describe(), _reason(error)) from error

    def serialize(self, x: Any) -> str:
        return str(x) if x is None else write(x, self.date_format)

    def describe(self) -> str:
        return f"a date like {write(datetime.date(2013, 7, 4), self.date_format)}"


class DateParameter(_DateParameterBase):
    """A date, written `2013-07-04`. `interval` counts days."""

    date_format = "%Y-%m-%d"

    def normalize(self, x: Any) -> Any:
        if type(x) is not datetime.date:
            if x is None:
                return x
            x = as_date(x, self)
        if self.interval == 1:
            return x
        return x - datetime.timedelta(days=(x - as_date(self.start, self)).days % self.interval)

    def next_in_enumeration(self, value: datetime.date) -> datetime.date | None:
        try:
            return value + datetime.timedelta(days=self.interval)
        except OverflowError:
            return None


class MonthParameter(DateParameter):
    """A month, written `2013-07`; its value is the first day. `interval` counts months."""

    date_format = "%Y-%m"

    def normalize(self, x: Any) -> Any:
        if x is None:
            return x
        day = as_date(x, self)
        months = (day.year - self.start.year) * 12 + day.month - self.start.month
        return _month(day, -(months % self.interval))

    def next_in_enumeration(self, value: datetime.date) -> datetime.date | None:
        try:
            return _month(value, self.interval)
        except ValueError:
            return None

    def describe(self) -> str:
        return f"a month like {write(datetime.date(2013, 7, 4), self.date_format)}"


class YearParameter(DateParameter):
    """A year, written `2013`; its value is the first day. `interval` counts years."""

    date_format = "%Y"

    def parse(self, x: Any) -> datetime.date:
        return super().parse(str(x) if isinstance(x, int) else x)  # a TOML file writes a year as a number

    def normalize(self, x: Any) -> Any:
        if x is None:
            return x
        year = as_date(x, self).year
        return datetime.date(year - (year - self.start.year) % self.interval, 1, 1)

    def next_in_enumeration(self, value: datetime.date) -> datetime.date | None:
        try:
            return datetime.date(value.year + self.interval, 1, 1)
        except ValueError:
            return None

    def describe(self) -> str:
        return f"a year like {write(datetime.date(2013, 7, 4), self.date_format)}"


def _month(day: datetime.date, later: int) -> datetime.date:
    months = day.year * 12 + day.month - 1 + later
    return datetime.date(months // 12, months % 12 + 1, 1)


def as_date(x: Any, parameter: Parameter[Any]) -> datetime.date:
    """The day of `x`, a date or datetime. Raises UnreadableValue for anything else."""
    if isinstance(x, datetime.datetime):
        return x.date()
    if isinstance(x, datetime.date):
        return x
    raise UnreadableValue(x, parameter.describe(), f"it is a {type(x).__name__}, not a datetime.date")


def write(x: datetime.date, date_format: str) -> str:
    """`x` in the notation of `strftime`, its year always in four digits so that `strptime` reads it back."""
    if date_format == "%Y-%m-%d" and type(x) is datetime.date:
        return x.isoformat()
    if x.year < 1000:
        date_format = date_format.replace("%Y", f"{x.year:04d}")
    return x.strftime(date_format)


def _reason(error: Exception) -> str:
    """What the calendar objects to; that the text has another form is what "is not a date like …" says already."""
    text = str(error)
    return "" if "does not match" in text or "unconverted" in text or "must be str" in text else text
