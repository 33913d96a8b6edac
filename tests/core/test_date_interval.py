"""Intervals of days: their texts, their days, their order."""

from __future__ import annotations

import copy
import datetime
import pickle
from datetime import date
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from luigi.date_interval import Custom, Date, DateInterval, Month, Week, Year

days = st.dates(min_value=date(2, 1, 1), max_value=date(9990, 1, 1))
kinds = st.sampled_from([Date, Week, Month, Year])
EXAMPLES: list[tuple[DateInterval, str, date, date]] = [
    (Date(2013, 2, 28), "2013-02-28", date(2013, 2, 28), date(2013, 3, 1)),
    (Week(2013, 5), "2013-W05", date(2013, 1, 28), date(2013, 2, 4)),
    (Week(2015, 53), "2015-W53", date(2015, 12, 28), date(2016, 1, 4)),
    (Month(2013, 2), "2013-02", date(2013, 2, 1), date(2013, 3, 1)),
    (Month(2013, 12), "2013-12", date(2013, 12, 1), date(2014, 1, 1)),
    (Year(2013), "2013", date(2013, 1, 1), date(2014, 1, 1)),
    (Custom(date(2013, 1, 2), date(2013, 1, 9)), "2013-01-02-2013-01-09", date(2013, 1, 2), date(2013, 1, 9)),
]
each = pytest.mark.parametrize(("interval", "text", "first", "end"), EXAMPLES, ids=[row[1] for row in EXAMPLES])


@each
def test_texts_and_ends(interval: Any, text: str, first: date, end: date) -> None:
    assert (str(interval), repr(interval), interval.to_string()) == (text, text, text)
    assert (interval.date_a, interval.date_b) == (first, end)
    assert type(interval).parse(text) == interval


@each
def test_other_kinds_do_not_read_a_text_that_is_not_theirs(interval: Any, text: str, first: date, end: date) -> None:
    for kind in {Date, Week, Month, Year, Custom} - {type(interval)}:
        assert kind.parse(text) is None


@each
def test_copies_are_equal(interval: Any, text: str, first: date, end: date) -> None:
    assert pickle.loads(pickle.dumps(interval)) == copy.deepcopy(interval) == interval
    assert hash(copy.copy(interval)) == hash(interval)


@pytest.mark.parametrize(
    "text", ["", "x", "13", "2013-1", "2013-W5", "2013-1-2", "2013-01-02 ", "2013-01-02/2013-01-05"]
)
def test_no_kind_reads_another_text(text: str) -> None:
    assert [kind.parse(text) for kind in (Date, Week, Month, Year, Custom)] == [None] * 5


@pytest.mark.parametrize(
    "make",
    [
        lambda: Week(2013, 53),
        lambda: Week(2013, 0),
        lambda: Month(2013, 13),
        lambda: Date(2013, 2, 30),
        lambda: Year(0),
        lambda: Year(9999),
        lambda: Date(9999, 12, 31),
    ],
)
def test_an_interval_that_does_not_exist(make: Any) -> None:
    with pytest.raises(ValueError):
        make()


def test_the_days_and_hours_inside() -> None:
    february = Month(2013, 2)
    assert len(february.dates()) == 28
    assert february.dates()[0] == date(2013, 2, 1)
    assert list(february)[-1] == date(2013, 2, 28)
    hours = list(Date(2013, 2, 1).hours())
    assert len(hours) == 24
    assert hours[23] == datetime.datetime(2013, 2, 1, 23)
    assert Custom(date(2013, 1, 5), date(2013, 1, 1)).dates() == []


def test_what_is_inside() -> None:
    february = Month(2013, 2)
    assert date(2013, 2, 1) in february
    assert date(2013, 3, 1) not in february
    assert datetime.datetime(2013, 2, 3) not in february
    assert 1 not in february


@pytest.mark.parametrize(
    ("interval", "before", "after"),
    [
        (Date(2013, 2, 28), Date(2013, 2, 27), Date(2013, 3, 1)),
        (Week(2013, 1), Week(2012, 52), Week(2013, 2)),
        (Week(2015, 53), Week(2015, 52), Week(2016, 1)),
        (Month(2013, 1), Month(2012, 12), Month(2013, 2)),
        (Year(2013), Year(2012), Year(2014)),
        (
            Custom(date(2013, 1, 2), date(2013, 1, 9)),
            Custom(date(2012, 12, 26), date(2013, 1, 2)),
            Custom(date(2013, 1, 9), date(2013, 1, 16)),
        ),
    ],
)
def test_what_comes_before_and_after(interval: Any, before: Any, after: Any) -> None:
    assert interval.prev() == before
    assert interval.next() == after


def test_the_interval_of_a_day() -> None:
    assert Week.from_date(date(2012, 12, 31)) == Week(2013, 1)
    assert Month.from_date(datetime.datetime(2013, 1, 2, 3)) == Month(2013, 1)


def test_intervals_of_one_kind_are_ordered() -> None:
    assert sorted([Month(2013, 3), Month(2013, 1)]) == [Month(2013, 1), Month(2013, 3)]
    assert Month(2013, 1) <= Month(2013, 1) < Month(2013, 2)
    assert Month(2013, 2) >= Month(2013, 2) > Month(2013, 1)
    assert Month(2013, 1) != Month(2013, 2)


def test_two_kinds_cannot_be_compared() -> None:
    other: Any = Week(2013, 5)
    for compare in ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"):
        with pytest.raises(TypeError, match="a Month and a Week cannot be compared"):
            getattr(Month(2013, 2), compare)(other)
    assert Month(2013, 2) != 1
    assert hash(Month(2013, 2)) != hash(Custom(date(2013, 2, 1), date(2013, 3, 1)))


def test_the_base_class_is_of_no_kind() -> None:
    nameless = DateInterval(date(2013, 1, 1), date(2013, 1, 3))
    assert len(nameless.dates()) == 2
    for ask in (nameless.to_string, nameless.next, lambda: DateInterval.parse("2013")):
        with pytest.raises(NotImplementedError):
            ask()


@given(kinds, days)
def test_neighbours_touch_and_hold_every_day(kind: Any, day: date) -> None:
    interval = kind.from_date(day)
    assert day in interval
    assert interval.next().prev() == interval == interval.prev().next()
    assert interval.prev().date_b == interval.date_a
    assert interval.date_b == interval.next().date_a
    assert kind.parse(str(interval)) == interval


@given(days, days)
def test_a_custom_interval_survives_its_text(first: date, end: date) -> None:
    assert Custom.parse(str(Custom(first, end))) == Custom(first, end)
