"""Equal steps of elapsed time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from luigi.errors import ConfigurationError
from luigi.timetable import Every, zone_named


def test_steps_are_counted_from_1970_so_a_restart_does_not_shift_them() -> None:
    moment = datetime(2026, 11, 22, 22, 38, 54, tzinfo=UTC)
    assert Every(3600).after(moment) == datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert Every(86400).after(moment) == datetime(2026, 11, 23, tzinfo=UTC)
    assert Every(90).after(moment) == Every(90).after(moment.replace(second=55))


def test_the_moment_itself_is_not_after_it() -> None:
    at = datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert Every(3600).after(at) == datetime(2026, 11, 23, tzinfo=UTC)


def test_a_shift_moves_all_of_it() -> None:
    assert Every(3600, shift=300).after(datetime(2026, 1, 1, tzinfo=UTC)) == datetime(2026, 1, 1, 0, 5, tzinfo=UTC)


def test_it_goes_by_elapsed_time_where_clocks_are_turned() -> None:
    berlin = zone_named("Europe/Berlin")
    due = Every(3600, zone=berlin).after(datetime(2026, 10, 25, 2, 30, tzinfo=berlin))
    assert due is not None
    assert (due.hour, due.fold) == (2, 1)


@pytest.mark.parametrize("seconds", [0, -5, 0.5, float("inf"), float("nan")])
def test_what_is_no_step_is_refused(seconds: float) -> None:
    with pytest.raises(ConfigurationError, match="at least every second"):
        Every(seconds)


def test_there_is_an_end_of_time() -> None:
    assert Every(3600).after(datetime(9999, 12, 31, 23, 30, tzinfo=UTC)) is None
