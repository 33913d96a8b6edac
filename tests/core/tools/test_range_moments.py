"""Arithmetic of moments for ranges."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luigi.tools.range.moments import DAY, month_number, month_start, months, now_or, shifted, steps

moments = st.datetimes(datetime(1, 1, 1), datetime(9998, 12, 31, 23, 59))
spans = st.timedeltas(timedelta(0), timedelta(days=3))
dividing = st.sampled_from([1, 5, 7, 15, 20, 60, 60 * 24]).map(lambda minutes: timedelta(minutes=minutes))


@given(start=moments, span=spans, step=dividing)
def test_steps_are_all_those_in_the_span(start, span, step):
    stop = start + span
    found = steps(start, stop, step)
    assert all(start <= moment < stop for moment in found)
    if DAY % step == timedelta(0):
        assert all((moment - datetime.combine(moment.date(), time.min)) % step == timedelta(0) for moment in found)
    assert all(after - before == step for before, after in pairwise(found))
    if found:
        assert found[0] - start < step
        assert stop - found[-1] <= step


@given(moment=moments)
def test_a_month_starts_where_its_number_says(moment):
    start = month_start(month_number(moment))
    assert start <= moment
    assert (start.year, start.month, start.day) == (moment.year, moment.month, 1)


@given(number=st.integers(12, 12 * 9999 + 11))
def test_the_number_of_a_months_start_is_its_number(number):
    assert month_number(month_start(number)) == number


@given(start=moments, stop=moments)
def test_months_are_whole(start, stop):
    found = months(start, stop)
    assert all(start <= moment <= stop for moment in found)
    assert all(month_number(after) - month_number(before) == 1 for before, after in pairwise(found))


@pytest.mark.parametrize("count", [-(10**12), 10**12])
def test_beyond_the_calendar_is_its_end(count):
    end = datetime.min if count < 0 else datetime.max
    assert shifted(datetime(2015, 1, 1), DAY, count) == end
    assert month_start(count).year == end.year


def test_the_present_is_in_utc(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    assert now_or(1449705610) == datetime(2015, 12, 10, 0, 0, 10)
