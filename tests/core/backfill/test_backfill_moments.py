"""Which moments a backfill is about, and which of their tasks are missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest

import luigi
from luigi.backfill.instances import Instances
from luigi.backfill.moments import BadStep, NothingToFill, Step, kind_of, parameter_to_fill


def moments(text: str, first: datetime, last: datetime) -> list[datetime]:
    return Step.read(text).moments(first, last)


@pytest.mark.parametrize(
    ("text", "step"),
    [("day", (1, "day")), ("days", (1, "day")), ("10minutes", (10, "minute")), ("2 Weeks", (2, "week"))],
)
def test_steps_are_read(text: str, step: Any) -> None:
    assert Step.read(text) == step


@pytest.mark.parametrize("text", ["", "dya", "0days", "1.5 days", "day 2", "-1 day"])
def test_what_is_no_step_is_refused(text: str) -> None:
    with pytest.raises(BadStep):
        Step.read(text)


def test_the_nearest_step_is_named() -> None:
    with pytest.raises(BadStep) as caught:
        Step.read("3 hourss")
    assert caught.value.hint == "did you mean hour?"


def test_the_last_moment_is_one_of_them() -> None:
    assert len(moments("day", datetime(2023, 1, 1), datetime(2023, 12, 31))) == 365
    assert moments("hour", datetime(2023, 1, 1, 22), datetime(2023, 1, 2)) == [
        datetime(2023, 1, 1, 22),
        datetime(2023, 1, 1, 23),
        datetime(2023, 1, 2),
    ]


def test_months_and_years_are_told_by_their_beginnings() -> None:
    found = moments("month", datetime(2023, 11, 1), datetime(2024, 2, 10))
    assert [one.month for one in found] == [11, 12, 1, 2]
    assert moments("year", datetime(2020, 1, 1), datetime(2022, 12, 31)) == [
        datetime(one, 1, 1) for one in range(2020, 2023)
    ]


def test_only_every_so_many() -> None:
    assert [one.day for one in moments("week", datetime(2023, 1, 2), datetime(2023, 1, 31))] == [2, 9, 16, 23, 30]
    assert [one.minute for one in moments("20minutes", datetime(2023, 1, 1), datetime(2023, 1, 1, 0, 59))] == [
        0,
        20,
        40,
    ]


# --- the parameter that is filled ----------------------------------------------------------------------------------


class ByWhatever(luigi.Task):
    name = luigi.Parameter(default="")
    since = luigi.DateParameter(positional=False, default=date(2000, 1, 1))
    hour = luigi.DateHourParameter()
    month = luigi.MonthParameter(default=date(2000, 1, 1))


class Timeless(luigi.Task):
    name = luigi.Parameter(default="")


def test_the_first_positional_date_is_filled_unless_another_is_named() -> None:
    assert parameter_to_fill(ByWhatever) == "hour"
    assert parameter_to_fill(ByWhatever, "since") == "since"
    kinds = {name: kind_of(param) for name, param in ByWhatever.get_params()}
    assert kinds == {"name": "", "since": "day", "hour": "hour", "month": "month"}


@pytest.mark.parametrize("name", ["", "name", "nowhere"])
def test_a_task_without_a_date_cannot_be_backfilled(name: str) -> None:
    with pytest.raises(NothingToFill, match="Timeless has no parameter"):
        parameter_to_fill(Timeless, name)


# --- what is missing -----------------------------------------------------------------------------------------------


class InABulk(luigi.Task):
    """Says of many days at once which are complete."""

    day = luigi.DateParameter()
    place = luigi.Parameter(default="here")
    asked: ClassVar[list[int]] = []

    @classmethod
    def bulk_complete(cls, parameter_tuples: Iterable[date]) -> list[date]:
        days = list(parameter_tuples)
        cls.asked.append(len(days))
        return [day for day in days if day.day % 2]

    def complete(self) -> bool:
        raise AssertionError("it was asked by itself")


class WithFiles(luigi.Task):
    folder = luigi.Parameter()
    day = luigi.DateParameter()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"{self.folder}/{self.day}")


class ByItself(luigi.WrapperTask):
    day = luigi.DateParameter()

    def complete(self) -> bool:
        return self.day.day == 1


def missing(task: luigi.Task) -> list[int]:
    found = Instances(task, "day").missing(moments("day", datetime(2023, 1, 1), datetime(2023, 1, 4)), _asked)
    return [one.day.day for one in found]


def _asked(task: luigi.Task) -> bool:
    return task.complete()


def test_a_class_that_can_is_asked_once() -> None:
    InABulk.asked.clear()
    assert missing(InABulk(day=date(2023, 1, 1), place="there")) == [2, 4]
    assert InABulk.asked == [4]


def test_directories_are_listed(tmp_path: Path) -> None:
    (tmp_path / "2023-01-02").touch()
    assert missing(WithFiles(folder=str(tmp_path), day=date(2023, 1, 1))) == [1, 3, 4]


def test_a_task_with_a_check_of_its_own_is_asked() -> None:
    assert missing(ByItself(day=date(2023, 1, 1))) == [2, 3, 4]


def test_other_parameters_are_kept() -> None:
    (task,) = Instances(InABulk(day=date(2023, 1, 1), place="there"), "day").missing([datetime(2023, 1, 2)], _asked)
    assert (task.day, task.place) == (date(2023, 1, 2), "there")
