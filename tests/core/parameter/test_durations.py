"""Durations and intervals of days."""

from __future__ import annotations

import warnings
from datetime import date, timedelta
from typing import Any

import pytest

import luigi
from luigi.date_interval import Custom, Date, Month, Week, Year

HALF_PAST_ONE = timedelta(hours=1, minutes=30)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 day 2 hours", timedelta(days=1, hours=2)),
        ("1 w 2 d 3 h 4 m 5 s", timedelta(weeks=1, days=2, hours=3, minutes=4, seconds=5)),
        ("1w2d3h4m5s", timedelta(weeks=1, days=2, hours=3, minutes=4, seconds=5)),
        ("1h 30m", HALF_PAST_ONE),
        ("1 hour 30 minutes", HALF_PAST_ONE),
        ("30 minutes 1 hour", HALF_PAST_ONE),
        ("90 min", HALF_PAST_ONE),
        ("1.5 Hours", HALF_PAST_ONE),
        ("1 hour, 30 minutes", HALF_PAST_ONE),
        ("5400", HALF_PAST_ONE),
        ("-5", timedelta(seconds=-5)),
        ("1.5", timedelta(seconds=1.5)),
        ("0", timedelta()),
        ("0 s", timedelta()),
        ("PT1H30M", HALF_PAST_ONE),
        ("P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("P1W", timedelta(weeks=1)),
        ("P1W2D", timedelta(days=9)),
        ("PT0.5S", timedelta(seconds=0.5)),
        (" PT5M ", timedelta(minutes=5)),
    ],
)
def test_texts_of_a_duration(text: str, value: timedelta) -> None:
    assert luigi.TimeDeltaParameter().parse(text) == value


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "P1Y", "p1d", "1 fortnight", "2 microseconds", "nan", "inf", "1 d x"]
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration like"):
        luigi.TimeDeltaParameter().parse(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (timedelta(), "0 w 0 d 0 h 0 m 0 s"),
        (timedelta(weeks=3, hours=25, minutes=61, seconds=61), "3 w 1 d 2 h 2 m 1 s"),
        (timedelta(days=-1), "-1 w 6 d 0 h 0 m 0 s"),
        (timedelta(microseconds=5), "0 w 0 d 0 h 0 m 0.000005 s"),
    ],
)
def test_how_a_duration_is_written(value: timedelta, text: str) -> None:
    assert luigi.TimeDeltaParameter().serialize(value) == text
    assert luigi.TimeDeltaParameter().parse(text) == value


def test_a_duration_minds_another_type() -> None:
    with pytest.warns(UserWarning, match='Parameter "n" with value "5" is not of type timedelta.'):
        luigi.TimeDeltaParameter()._warn_on_wrong_param_type("n", 5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        luigi.TimeDeltaParameter()._warn_on_wrong_param_type("n", HALF_PAST_ONE)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2013", Year(2013)),
        ("2013-07", Month(2013, 7)),
        ("2013-W05", Week(2013, 5)),
        ("2013-07-04", Date(2013, 7, 4)),
        ("2013-07-01-2013-07-08", Custom(date(2013, 7, 1), date(2013, 7, 8))),
    ],
)
def test_texts_of_an_interval(text: str, value: Any) -> None:
    parameter = luigi.DateIntervalParameter()
    assert parameter.parse(text) == value
    assert parameter.serialize(value) == text
    assert parameter.parse(value) == value  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "x", "13", "2013-7", "2013-W5", "2013-07-04 ", "2013-01-2013-02"])
def test_what_is_no_interval(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date interval like 2013, 2013-07,"):
        luigi.DateIntervalParameter().parse(text)


@pytest.mark.parametrize(("text", "reason"), [("2013-13", "month"), ("2013-02-30", "day"), ("2013-W53", "week")])
def test_an_impossible_interval_says_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"is not a date interval.*: .*{reason}"):
        luigi.DateIntervalParameter().parse(text)
