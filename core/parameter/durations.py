"""Parameters for spans of time: a duration, and an interval of days."""

from __future__ import annotations

import datetime
import re
import warnings
from typing import Any

from luigi.date_interval import Custom, Date, DateInterval, Month, Week, Year
from luigi.parameter.base import Parameter
from luigi.parameter.problems import UnreadableValue

# Texts, not compiled: most programs never read a duration, and `re` keeps what it has compiled.
_NUMBER = r"([+-]?\d+(?:\.\d+)?)"
_PIECE = rf"{_NUMBER}\s*(weeks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)\b,?\s*"
_PACKED = r"(?<=[a-z])(?=[+-]?\d)"  # between the pieces of 1h30m
_ISO = rf"P(?=.)(?:{_NUMBER}W)?(?:{_NUMBER}D)?(?:T(?=.)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?"
_UNITS = ("weeks", "days", "hours", "minutes", "seconds")


class TimeDeltaParameter(Parameter[datetime.timedelta]):
    """A duration: `1 day 2 hours`, `90 min`, `1w2d3h4m5s`, `P1DT2H` (ISO 8601) or a number of seconds."""

    def parse(self, x: Any) -> datetime.timedelta:
        if isinstance(x, datetime.timedelta):
            return x
        try:
            found = _seconds(x) or _iso(x.strip()) or _simple(x.strip())
        except (OverflowError, ValueError) as error:
            raise UnreadableValue(x, self.describe(), error) from error
        if found is None:
            raise UnreadableValue(x, self.describe())
        return found[0]

    def serialize(self, x: Any) -> str:
        if x is None:
            return str(x)
        weeks, days = divmod(x.days, 7)
        hours, rest = divmod(x.seconds, 3600)
        minutes, seconds = divmod(rest, 60)
        fraction = f".{x.microseconds:06d}" if x.microseconds else ""
        return f"{weeks} w {days} d {hours} h {minutes} m {seconds}{fraction} s"

    def describe(self) -> str:
        return 'a duration like "1 day 2 hours", "PT90M" or a number of seconds'

    def _warn_on_wrong_param_type(self, param_name: str, param_value: Any) -> None:
        if not isinstance(param_value, datetime.timedelta):
            shown = self.shown(param_value)
            warnings.warn(f'Parameter "{param_name}" with value "{shown}" is not of type timedelta.', stacklevel=2)


# Each reading gives a tuple of one, so that a duration of zero, which is false, is still a finding.
Found = tuple[datetime.timedelta] | None


def _seconds(x: Any) -> Found:
    try:
        seconds = float(x)
    except ValueError:
        return None
    return (datetime.timedelta(seconds=seconds),)


def _iso(text: str) -> Found:
    found = re.fullmatch(_ISO, text)
    return (_timedelta(zip(_UNITS, found.groups(), strict=True)),) if found else None


def _simple(text: str) -> Found:
    spaced = re.sub(_PACKED, " ", text, flags=re.IGNORECASE)
    pieces = list(re.finditer(_PIECE, spaced, re.IGNORECASE))
    if not pieces or "".join(piece.group() for piece in pieces) != spaced:
        return None
    by_letter = {unit[0]: unit for unit in _UNITS}
    return (_timedelta((by_letter[piece[2][0].lower()], piece[1]) for piece in pieces),)


def _timedelta(pieces: Any) -> datetime.timedelta:
    totals: dict[str, float] = {}
    for unit, number in pieces:
        if number is not None:
            totals[unit] = totals.get(unit, 0.0) + float(number)
    return datetime.timedelta(**totals)  # at once: near the limits the weeks alone may be more than a timedelta holds


class DateIntervalParameter(Parameter[DateInterval]):
    """A span of days: a year, month, week or date, or two dates; see `luigi.date_interval` for their texts."""

    def parse(self, x: Any) -> DateInterval:
        if isinstance(x, DateInterval):
            return x
        if isinstance(x, datetime.date):
            return Date.from_date(x)
        text = str(x)
        for kind in (Year, Month, Week, Date, Custom):
            try:
                found = kind.parse(text)
            except ValueError as error:
                raise UnreadableValue(x, self.describe(), error) from error
            if found is not None:
                return found
        raise UnreadableValue(x, self.describe())

    def describe(self) -> str:
        return "a date interval like 2013, 2013-07, 2013-W27, 2013-07-04 or 2013-07-01-2013-07-08"
