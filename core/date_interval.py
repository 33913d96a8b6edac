"""Spans of whole days: a date, a week, a month, a year, or any two dates.

An interval holds its first day and not its last: `date_a <= day < date_b`. Its text is what
`DateIntervalParameter` reads:

    2013-07-04             Date
    2013-W05               Week (ISO 8601)
    2013-07                Month
    2013                   Year
    2013-07-01-2013-07-08  Custom: from the first date up to, not including, the second
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any, Self

_DAY = datetime.timedelta(days=1)
_HOUR = datetime.timedelta(hours=1)


class DateInterval:
    """The days from `date_a` up to, not including, `date_b`.

    Intervals of one kind are ordered by time. Comparing two kinds is a TypeError: whether a month comes before a
    week that it overlaps has no answer.
    """

    date_a: datetime.date
    date_b: datetime.date

    def __init__(self, date_a: datetime.date, date_b: datetime.date) -> None:
        self.date_a = date_a
        self.date_b = date_b

    # --- text --------------------------------------------------------------------------------------------------

    @classmethod
    def parse(cls, s: str) -> Self | None:
        """The interval of this kind that `s` names, or None when `s` has another form.

        Raises ValueError for the right form with an impossible date.
        """
        raise NotImplementedError(f"{cls.__name__}.parse")

    @classmethod
    def from_date(cls, d: datetime.date) -> Self:
        """The interval of this kind that holds the day `d`."""
        raise NotImplementedError(f"{cls.__name__}.from_date")

    def to_string(self) -> str:
        """The text that `parse` reads back."""
        raise NotImplementedError(f"{type(self).__name__}.to_string")

    def __str__(self) -> str:
        return self.to_string()

    def __repr__(self) -> str:
        return self.to_string()

    # --- days --------------------------------------------------------------------------------------------------

    def dates(self) -> list[datetime.date]:
        """Every day, in order."""
        return list(self)

    def hours(self) -> Iterator[datetime.datetime]:
        """The start of every hour, in order."""
        for day in self:
            midnight = datetime.datetime(day.year, day.month, day.day)
            for hour in range(24):
                yield midnight + hour * _HOUR

    def prev(self) -> Self:
        """The interval of this kind just before."""
        return self.from_date(self.date_a - _DAY)

    def next(self) -> Self:
        """The interval of this kind just after."""
        return self.from_date(self.date_b)

    def __iter__(self) -> Iterator[datetime.date]:
        day = self.date_a
        while day < self.date_b:
            yield day
            day += _DAY

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, datetime.date) or _has_time(day) != _has_time(self.date_a):
            return False
        return self.date_a <= day < self.date_b

    # --- order -------------------------------------------------------------------------------------------------

    def _key(self, other: object) -> tuple[datetime.date, datetime.date]:
        if type(other) is not type(self):
            raise TypeError(f"a {type(self).__name__} and a {type(other).__name__} cannot be compared")
        return other.date_a, other.date_b

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DateInterval):
            return False
        return (self.date_a, self.date_b) == self._key(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: Any) -> bool:
        return (self.date_a, self.date_b) < self._key(other)

    def __le__(self, other: Any) -> bool:
        return (self.date_a, self.date_b) <= self._key(other)

    def __gt__(self, other: Any) -> bool:
        return (self.date_a, self.date_b) > self._key(other)

    def __ge__(self, other: Any) -> bool:
        return (self.date_a, self.date_b) >= self._key(other)

    def __hash__(self) -> int:
        return hash((type(self), self.date_a, self.date_b))


class Date(DateInterval):
    """One day."""

    def __init__(self, y: int, m: int, d: int) -> None:
        day = datetime.date(y, m, d)
        super().__init__(day, _following(day, _DAY))

    def to_string(self) -> str:
        return self.date_a.isoformat()

    @classmethod
    def from_date(cls, d: datetime.date) -> Self:
        return cls(d.year, d.month, d.day)

    @classmethod
    def parse(cls, s: str) -> Self | None:
        found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", s)
        return cls(*map(int, found.groups())) if found else None


class Week(DateInterval):
    """One ISO 8601 week, Monday to Sunday."""

    def __init__(self, y: int, w: int) -> None:
        """Raises ValueError when the year `y` has no week `w`."""
        monday = datetime.date.fromisocalendar(y, w, 1)
        super().__init__(monday, _following(monday, 7 * _DAY))

    def to_string(self) -> str:
        year, week, _ = self.date_a.isocalendar()
        return f"{year:04d}-W{week:02d}"

    @classmethod
    def from_date(cls, d: datetime.date) -> Self:
        return cls(*d.isocalendar()[:2])

    @classmethod
    def parse(cls, s: str) -> Self | None:
        found = re.fullmatch(r"(\d{4})-W(\d\d)", s)
        return cls(*map(int, found.groups())) if found else None


class Month(DateInterval):
    """One month."""

    def __init__(self, y: int, m: int) -> None:
        first = datetime.date(y, m, 1)
        super().__init__(first, _first_of(y + m // 12, m % 12 + 1))

    def to_string(self) -> str:
        return f"{self.date_a.year:04d}-{self.date_a.month:02d}"

    @classmethod
    def from_date(cls, d: datetime.date) -> Self:
        return cls(d.year, d.month)

    @classmethod
    def parse(cls, s: str) -> Self | None:
        found = re.fullmatch(r"(\d{4})-(\d\d)", s)
        return cls(*map(int, found.groups())) if found else None


class Year(DateInterval):
    """One year."""

    def __init__(self, y: int) -> None:
        super().__init__(datetime.date(y, 1, 1), _first_of(y + 1, 1))

    def to_string(self) -> str:
        return f"{self.date_a.year:04d}"

    @classmethod
    def from_date(cls, d: datetime.date) -> Self:
        return cls(d.year)

    @classmethod
    def parse(cls, s: str) -> Self | None:
        found = re.fullmatch(r"\d{4}", s)
        return cls(int(s)) if found else None


class Custom(DateInterval):
    """The days from one date up to, not including, another."""

    def to_string(self) -> str:
        return f"{_day_text(self.date_a)}-{_day_text(self.date_b)}"

    def prev(self) -> Self:
        """The interval of the same length that ends where this one starts."""
        return type(self)(self.date_a - (self.date_b - self.date_a), self.date_a)

    def next(self) -> Self:
        """The interval of the same length that starts where this one ends."""
        return type(self)(self.date_b, self.date_b + (self.date_b - self.date_a))

    @classmethod
    def parse(cls, s: str) -> Self | None:
        found = re.fullmatch(r"(\d{4}-\d\d-\d\d)-(\d{4}-\d\d-\d\d)", s)
        return cls(*map(datetime.date.fromisoformat, found.groups())) if found else None


def _following(day: datetime.date, span: datetime.timedelta) -> datetime.date:
    try:
        return day + span
    except OverflowError as error:
        raise ValueError(f"the interval that starts on {day} ends after the last day there is") from error


def _first_of(year: int, month: int) -> datetime.date:
    return datetime.date(year, month, 1)


def _has_time(day: datetime.date) -> bool:
    return isinstance(day, datetime.datetime)


def _day_text(day: datetime.date) -> str:
    return day.isoformat()[: len("2013-07-04")]
