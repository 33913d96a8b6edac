"""Days and moments: their texts, the grid they fall on, what follows them."""

from __future__ import annotations

import datetime
from datetime import date
from datetime import datetime as moment
from typing import Any

import pytest

import luigi

NOON = moment(2013, 7, 9, 13, 14, 15, 16)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (luigi.DateParameter, "2013-07-04", date(2013, 7, 4)),
        (luigi.DateParameter, "2013-7-4", date(2013, 7, 4)),
        (luigi.MonthParameter, "2013-07", date(2013, 7, 1)),
        (luigi.YearParameter, "2013", date(2013, 1, 1)),
        (luigi.DateHourParameter, "2013-07-04T19", moment(2013, 7, 4, 19)),
        (luigi.DateMinuteParameter, "2013-07-04T1930", moment(2013, 7, 4, 19, 30)),
        (luigi.DateSecondParameter, "2013-07-04T193055", moment(2013, 7, 4, 19, 30, 55)),
    ],
)
def test_texts(kind: Any, text: str, value: Any) -> None:
    assert kind().parse(text) == value


@pytest.mark.parametrize("year", [33, 999, 2013])
def test_every_year_has_four_digits(year: int) -> None:
    assert luigi.DateParameter().serialize(date(year, 7, 4)) == f"{year:04d}-07-04"
    assert luigi.DateHourParameter().serialize(moment(year, 7, 4, 19)) == f"{year:04d}-07-04T19"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (luigi.DateParameter, "2013-07"),
        (luigi.DateParameter, "2013-07-04T19"),
        (luigi.DateParameter, ""),
        (luigi.DateParameter, "today"),
        (luigi.DateParameter, 20130704),
        (luigi.MonthParameter, "2013"),
        (luigi.YearParameter, "13"),
        (luigi.DateHourParameter, "2013-07-04"),
        (luigi.DateHourParameter, "2013-07-04T24"),
        (luigi.DateMinuteParameter, "2013-07-04T19"),
        (luigi.DateMinuteParameter, "2013-07-04T193"),
        (luigi.DateSecondParameter, "2013-07-04T1930"),
    ],
)
def test_what_is_another_text(kind: Any, text: Any) -> None:
    with pytest.raises(ValueError, match="is not a (date|month|year|time) like 2013"):
        kind().parse(text)


def test_an_impossible_day_says_why() -> None:
    with pytest.raises(ValueError, match="'2013-02-30' is not a date like 2013-07-04: day is out of range for month"):
        luigi.DateParameter().parse("2013-02-30")


def test_the_old_text_of_a_minute_is_read_with_a_warning() -> None:
    with pytest.warns(DeprecationWarning, match="leave out the H"):
        assert luigi.DateMinuteParameter().parse("2013-07-04T19H30") == moment(2013, 7, 4, 19, 30)


def test_a_format_of_ones_own() -> None:
    class Dotted(luigi.DateParameter):
        date_format = "%d.%m.%Y"

    assert Dotted().parse("04.07.2013") == date(2013, 7, 4)
    assert Dotted().serialize(date(2013, 7, 4)) == "04.07.2013"
    with pytest.raises(ValueError, match="is not a date like 04.07.2013"):
        Dotted().parse("2013-07-04")


@pytest.mark.parametrize(
    ("parameter", "given", "kept"),
    [
        (luigi.DateParameter(), NOON, date(2013, 7, 9)),
        (luigi.MonthParameter(), NOON, date(2013, 7, 1)),
        (luigi.YearParameter(), NOON, date(2013, 1, 1)),
        (luigi.DateHourParameter(), NOON, moment(2013, 7, 9, 13)),
        (luigi.DateMinuteParameter(), NOON, moment(2013, 7, 9, 13, 14)),
        (luigi.DateSecondParameter(), NOON, moment(2013, 7, 9, 13, 14, 15)),
        (luigi.DateHourParameter(), date(2013, 7, 9), moment(2013, 7, 9)),
        # A grid that starts in 1970 unless told otherwise, and goes on before its start.
        (luigi.DateParameter(interval=5), date(2012, 2, 29), date(2012, 2, 25)),
        (luigi.DateParameter(interval=5), date(1960, 5, 6), date(1960, 5, 3)),
        (luigi.DateParameter(interval=7, start=date(2013, 1, 1)), date(2012, 2, 29), date(2012, 2, 28)),
        (luigi.MonthParameter(interval=5), date(2013, 7, 9), date(2013, 5, 1)),
        (luigi.MonthParameter(interval=7, start=date(2013, 1, 1)), date(1960, 5, 6), date(1959, 12, 1)),
        (luigi.YearParameter(interval=5), date(2013, 7, 9), date(2010, 1, 1)),
        (luigi.YearParameter(interval=7, start=date(2013, 1, 1)), date(2012, 2, 29), date(2006, 1, 1)),
        (luigi.DateHourParameter(interval=5), date(2012, 2, 29), moment(2012, 2, 28, 23)),
        (luigi.DateMinuteParameter(interval=5), NOON, moment(2013, 7, 9, 13, 10)),
        (luigi.DateSecondParameter(interval=5), moment(1960, 5, 6, 7, 8, 9), moment(1960, 5, 6, 7, 8, 5)),
        (luigi.DateHourParameter(interval=7, start=moment(2013, 1, 1, 5, 6, 7)), NOON, moment(2013, 7, 9, 12, 6, 7)),
        (luigi.DateHourParameter(start=date(2013, 3, 3)), NOON, moment(2013, 7, 9, 13)),  # type: ignore[arg-type]
    ],
)
def test_a_value_becomes_the_step_before_it(parameter: Any, given: Any, kept: Any) -> None:
    result = parameter.normalize(given)
    assert (result, type(result)) == (kept, type(kept))


@pytest.mark.parametrize(
    ("parameter", "value", "following"),
    [
        (luigi.DateParameter(), date(2012, 2, 29), date(2012, 3, 1)),
        (luigi.DateParameter(interval=7), date(2013, 7, 9), date(2013, 7, 16)),
        (luigi.MonthParameter(), date(2013, 12, 1), date(2014, 1, 1)),
        (luigi.MonthParameter(interval=5), date(2013, 7, 1), date(2013, 12, 1)),
        (luigi.YearParameter(interval=5), date(2013, 1, 1), date(2018, 1, 1)),
        (luigi.DateHourParameter(), moment(2013, 7, 9, 23), moment(2013, 7, 10)),
        (luigi.DateMinuteParameter(interval=5), moment(2013, 7, 9, 23, 55), moment(2013, 7, 10)),
        (luigi.DateSecondParameter(), moment(2013, 7, 9, 23, 55, 1), moment(2013, 7, 9, 23, 55, 2)),
        (luigi.DateParameter(), date.max, None),
        (luigi.MonthParameter(), date.max, None),
        (luigi.YearParameter(), date.max, None),
        (luigi.DateHourParameter(), moment.max, None),
    ],
)
def test_the_value_that_follows(parameter: Any, value: Any, following: Any) -> None:
    assert parameter.next_in_enumeration(value) == following


KINDS = [
    luigi.DateParameter,
    luigi.MonthParameter,
    luigi.YearParameter,
    luigi.DateHourParameter,
    luigi.DateMinuteParameter,
    luigi.DateSecondParameter,
]


@pytest.mark.parametrize("kind", KINDS)
def test_none_passes_for_a_value_not_set(kind: Any) -> None:
    assert kind().normalize(None) is None
    assert kind().serialize(None) == "None"


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_is_not_a_date_to_a_program(kind: Any) -> None:
    with pytest.raises(ValueError, match="it is a str, not a datetime"):
        kind().normalize("2013-07-04")


def test_a_moment_with_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        luigi.DateHourParameter().normalize(NOON.replace(tzinfo=datetime.UTC))


def test_interval_and_start_can_be_given_by_position() -> None:
    parameter = luigi.DateParameter(date(2013, 1, 2), 7, date(2013, 1, 1), significant=False)
    assert (parameter.interval, parameter.start, parameter.significant) == (7, date(2013, 1, 1), False)
