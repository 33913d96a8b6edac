"""Moments in texts."""

from __future__ import annotations

from datetime import datetime

import pytest

from luigi.errors import ConfigurationError
from luigi.parameter import (
    DateHourParameter,
    DateIntervalParameter,
    DateMinuteParameter,
    DateParameter,
    DateSecondParameter,
    MonthParameter,
    Parameter,
    YearParameter,
)
from luigi.timetable import filled, zone_named
from luigi.timetable.templates import require_that_it_can_be_filled

MOMENT = datetime(2026, 3, 31, 22, 38, 54, tzinfo=zone_named("Europe/Berlin"))


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("nothing", "nothing"),
        ("{date}", "2026-03-31"),
        ("{date:-1d}", "2026-03-30"),
        ("{datetime:+2h}", "2026-04-01T003854"),
        ("{minute:-10min}", "2026-03-31T2228"),
        ("{hour}", "2026-03-31T22"),
        ("{week:-1w}", "2026-W13"),
        ("{month:-1m}", "2026-02"),
        ("{month:-1month}", "2026-02"),
        ("{date:-1m}", "2026-02-28"),
        ("{date:-1m-1d}", "2026-02-27"),
        ("{year:+1y}", "2027"),
        ("{timestamp}", "1774989534"),
        ("{timestamp:-1s}", "1774989533"),
        ("{name}/{date}", "nightly/2026-03-31"),
        ("{{date}}", "{date}"),
        ('{"a": {"b": "{date}"}}', '{"a": {"b": "2026-03-31"}}'),
        ("{}", "{}"),
    ],
)
def test_fields_are_filled_in(text: str, becomes: str) -> None:
    assert filled(text, MOMENT, "nightly") == becomes


@pytest.mark.parametrize(
    ("field", "parameter"),
    [
        ("date", DateParameter()),
        ("datetime", DateSecondParameter()),
        ("minute", DateMinuteParameter()),
        ("hour", DateHourParameter()),
        ("month", MonthParameter()),
        ("year", YearParameter()),
        ("week", DateIntervalParameter()),
    ],
)
def test_they_are_written_as_parameters_read_and_write_them(field: str, parameter: Parameter) -> None:
    text = filled(f"{{{field}}}", MOMENT)
    assert parameter.serialize(parameter.parse(text)) == text


def test_hours_are_time_that_passes_and_days_are_of_the_calendar() -> None:
    after_the_jump = datetime(2026, 3, 29, 3, 30, tzinfo=zone_named("Europe/Berlin"))
    assert filled("{minute:-1h}", after_the_jump) == "2026-03-29T0130"
    assert filled("{minute:-1d}", after_the_jump) == "2026-03-28T0330"


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("{dat}", "no field {dat} can be filled in", "did you mean date"),
        ("{xyzzy}", "no field {xyzzy} can be filled in", "there are: date"),
        ("{date:yesterday}", "yesterday is no offset", "-1d"),
        ("{date:1d}", "1d is no offset", "-1d"),
        ("{date:-1q}", "-1q is no offset", "-1d"),
        ("{year:-9999y}", "beyond the years", ""),
    ],
)
def test_what_cannot_be_filled_in_is_an_error(text: str, said: str, hint: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        require_that_it_can_be_filled(text)
    assert said in str(caught.value)
    assert hint in caught.value.hint
