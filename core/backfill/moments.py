"""The moments of a backfill: from one value of a date's parameter to another, both included, a step at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple

from luigi.errors import KernelError, did_you_mean
from luigi.parameter import DateHourParameter, DateMinuteParameter, DateParameter, MonthParameter, Parameter
from luigi.parameter.dates import YearParameter
from luigi.parameter.times import DateSecondParameter
from luigi.task import Task
from luigi.tools.range.moments import DAY, HOUR, month_number, month_start, months, steps

MINUTE: Final = timedelta(minutes=1)

SPANS: Final[Mapping[str, timedelta]] = {"minute": MINUTE, "hour": HOUR, "day": DAY, "week": 7 * DAY}
MONTHS: Final[Mapping[str, int]] = {"month": 1, "year": 12}
UNITS: Final = (*SPANS, *MONTHS)

KINDS: Final[Mapping[type[Parameter[Any]], str]] = {
    MonthParameter: "month",
    YearParameter: "year",
    DateParameter: "day",
    DateHourParameter: "hour",
    DateMinuteParameter: "minute",
    DateSecondParameter: "minute",
}
"""Parameters that a backfill can fill, and the step that fits each. The first that a parameter is of counts."""


class BadStep(KernelError):
    """A step cannot be read."""

    def __init__(self, text: str) -> None:
        super().__init__(f"--step {text}: that is no step")
        unit = text.lstrip("0123456789").rstrip("s")
        self.hint = did_you_mean(unit, UNITS) or f"one of {', '.join(UNITS)}, with a number before it for several"


class NothingToFill(KernelError):
    """A task has no parameter for the moment that it is about, or not the one that was named."""

    def __init__(self, family: str, name: str = "") -> None:
        told = f"has no parameter {name} that holds a date" if name else "has no parameter that holds a date"
        super().__init__(f"{family} {told}")
        self.hint = "a backfill fills a DateParameter, or another of that kind: name it with --parameter"


class Step(NamedTuple):
    """How far it is from one moment to the next."""

    number: int
    unit: str

    @classmethod
    def read(cls, text: str) -> Step:
        """`day`, `10minutes`, `2 weeks`. Raises BadStep."""
        found = re.fullmatch(r"(\d*) *([a-z]+?)s?", text.strip().lower())
        if not found or found[2] not in UNITS or found[1].strip("0") == "" != found[1]:
            raise BadStep(text)
        return cls(int(found[1] or 1), found[2])

    def moments(self, first: datetime, last: datetime) -> list[datetime]:
        """Those from `first` to `last`, which may be the last of them. Months are told by their beginnings."""
        if self.unit in MONTHS:
            return months(first, month_start(month_number(last) + 1))[:: self.number * MONTHS[self.unit]]
        return steps(first, last + timedelta(microseconds=1), self.number * SPANS[self.unit])


def parameter_to_fill(cls: type[Task], name: str = "") -> str:
    """The name of the parameter that says which moment a task of `cls` is about: `name` if that is one.

    By default it is the first, positional ones before others. Raises NothingToFill.
    """
    dated = {own: param for own, param in cls.get_params() if kind_of(param)}
    if name:
        wanted = name.replace("-", "_")
        if wanted not in dated:
            raise NothingToFill(cls.get_task_family(), name)
        return wanted
    in_order = sorted(dated, key=lambda own: not dated[own].positional)
    if not in_order:
        raise NothingToFill(cls.get_task_family())
    return in_order[0]


def kind_of(param: Parameter[Any]) -> str:
    """The unit of the step that fits a parameter; "" for one that holds no date."""
    return next((unit for kind, unit in KINDS.items() if isinstance(param, kind)), "")


def moment_of(value: date) -> datetime:
    """The moment that a parameter's value stands for."""
    return value if isinstance(value, datetime) else datetime.combine(value, time.min)


def value_at(moment: datetime, param: Parameter[Any]) -> date:
    """The inverse of `moment_of`, for a parameter."""
    return moment.date() if isinstance(param, DateParameter) else moment
