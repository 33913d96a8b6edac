"""Parameters for moments: a date with an hour, a minute or a second."""

from __future__ import annotations

import datetime
import warnings
from typing import Any, Unpack

from luigi.parameter.base import Parameter, ParameterKwargs, _no_value, _NoValueType
from luigi.parameter.dates import _reason, write
from luigi.parameter.problems import UnreadableValue

_EPOCH = datetime.datetime(1970, 1, 1)
_MIDNIGHT = datetime.time()
_EXAMPLE = datetime.datetime(2013, 7, 4, 19, 30, 55)


class _DatetimeParameterBase(Parameter[datetime.datetime]):
    """What parameters for moments share: their text, and a grid of `interval` steps that starts at `start`."""

    date_format: str
    """How a value is written, in the notation of `strftime`."""
    _timedelta: datetime.timedelta
    """The unit that `interval` counts."""

    def __init__(
        self,
        default: datetime.datetime | _NoValueType | None = _no_value,
        interval: int = 1,
        start: datetime.datetime | None = None,
        **kwargs: Unpack[ParameterKwargs],
    ) -> None:
        """A value between two steps of the grid becomes the step before it.

        `interval` is the distance of the steps, in this type's unit; `start` is one of them, the start of 1970 if not
        given.
        """
        super().__init__(default=default, **kwargs)
        self.interval = interval
        self.start = _EPOCH if start is None else start

    def parse(self, x: Any) -> datetime.datetime:
        """The moment that `x` writes; a TOML file's own dates and times are moments already."""
        if isinstance(x, datetime.date):
            return self._moment(x)
        try:
            value = datetime.datetime.strptime(x, self.date_format)
        except (ValueError, TypeError) as error:
            raise UnreadableValue(x, self.describe(), _reason(error)) from error
        self._check_digits(x, value)
        return value

    def _check_digits(self, x: str, value: datetime.datetime) -> None:
        # strptime takes one digit where two are meant: it reads T0304 with %H%M%S as three o'clock and four seconds.
        time = x.partition("T")[2]
        if time.isdigit() and time != self.serialize(value).partition("T")[2]:
            raise UnreadableValue(x, self.describe())

    def serialize(self, x: Any) -> str:
        return str(x) if x is None else write(x, self.date_format)

    def normalize(self, x: Any) -> Any:
        if x is None:
            return x
        moment = self._moment(x)
        return moment - (moment - self._moment(self.start)) % (self._timedelta * self.interval)

    def next_in_enumeration(self, value: datetime.datetime) -> datetime.datetime | None:
        try:
            return value + self._timedelta * self.interval
        except OverflowError:
            return None

    def _moment(self, x: Any) -> datetime.datetime:
        if isinstance(x, datetime.datetime):
            if x.tzinfo is None:
                return x
            raise UnreadableValue(x, self.describe(), "it has a time zone, and these values have none")
        if isinstance(x, datetime.date):
            return datetime.datetime.combine(x, _MIDNIGHT)
        raise UnreadableValue(x, self.describe(), f"it is a {type(x).__name__}, not a datetime.datetime")

    def describe(self) -> str:
        return f"a time like {write(_EXAMPLE, self.date_format)}"


class DateHourParameter(_DatetimeParameterBase):
    """A date and hour, written `2013-07-04T19`. `interval` counts hours."""

    date_format = "%Y-%m-%dT%H"
    _timedelta = datetime.timedelta(hours=1)


class DateMinuteParameter(_DatetimeParameterBase):
    """A date, hour and minute, written `2013-07-04T1930`. `interval` counts minutes."""

    date_format = "%Y-%m-%dT%H%M"
    _timedelta = datetime.timedelta(minutes=1)
    deprecated_date_format = "%Y-%m-%dT%HH%M"
    """The old way to write it, still read."""

    def parse(self, x: Any) -> datetime.datetime:
        """The moment that `x` writes; with a DeprecationWarning for the old way, `2013-07-04T19H30`."""
        try:
            value = datetime.datetime.strptime(x, self.deprecated_date_format)
        except (ValueError, TypeError):
            return super().parse(x)
        warnings.warn(f"{x}: leave out the H between hour and minute", DeprecationWarning, stacklevel=2)
        return value


class DateSecondParameter(_DatetimeParameterBase):
    """A date, hour, minute and second, written `2013-07-04T193055`. `interval` counts seconds."""

    date_format = "%Y-%m-%dT%H%M%S"
    _timedelta = datetime.timedelta(seconds=1)
