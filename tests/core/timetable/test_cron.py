"""Cron expressions as clocks of a zone show them: by hand at the turns of daylight-saving time, and against a walk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luigi.errors import ConfigurationError
from luigi.timetable import Cron, zone_named

BERLIN = zone_named("Europe/Berlin")  # 2026: forward at 2:00 on 29 March, back at 3:00 on 25 October
ZONES = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns", "UTC"


def _firings(expression: str, start: str, count: int, zone: str = "Europe/Berlin") -> list[str]:
    table, moment = Cron(expression, zone_named(zone)), datetime.fromisoformat(start)
    found = []
    for _ in range(count):
        moment = table.after(moment)
        assert moment is not None
        found.append(f"{moment:%d %H:%M %z}")
    return found


def test_it_is_due_as_clocks_of_the_zone_show_it() -> None:
    assert _firings("30 6 * * 1-5", "2026-07-03T12:00:00+00:00", 3) == [
        "06 06:30 +0200",
        "07 06:30 +0200",
        "08 06:30 +0200",
    ]


def test_the_moment_itself_is_not_after_it() -> None:
    assert _firings("0 6 * * *", "2026-07-03T06:00:00+02:00", 1) == ["04 06:00 +0200"]


def test_what_clocks_jump_over_is_due_once_when_they_have_jumped() -> None:
    assert _firings("*/20 2 * * *", "2026-03-28T12:00:00+01:00", 4) == [
        "29 03:00 +0200",
        "30 02:00 +0200",
        "30 02:20 +0200",
        "30 02:40 +0200",
    ]


def test_what_is_jumped_over_falls_in_with_what_is_due_right_then() -> None:
    assert _firings("30 2,3 * * *", "2026-03-29T00:00:00+01:00", 3) == [
        "29 03:00 +0200",
        "29 03:30 +0200",
        "30 02:30 +0200",
    ]
    assert _firings("0 2,3 * * *", "2026-03-29T00:00:00+01:00", 2) == ["29 03:00 +0200", "30 02:00 +0200"]


def test_what_clocks_show_twice_is_due_the_first_time() -> None:
    assert _firings("30 2 * * *", "2026-10-24T12:00:00+02:00", 2) == ["25 02:30 +0200", "26 02:30 +0100"]


def test_what_is_due_in_every_hour_goes_on_through_the_one_that_comes_twice() -> None:
    assert _firings("30 * * * *", "2026-10-25T01:00:00+02:00", 4) == [
        "25 01:30 +0200",
        "25 02:30 +0200",
        "25 02:30 +0100",
        "25 03:30 +0100",
    ]


def test_what_is_due_in_every_hour_has_nothing_to_make_up_for_after_the_jump() -> None:
    assert _firings("30 * * * *", "2026-03-29T01:00:00+01:00", 3) == [
        "29 01:30 +0100",
        "29 03:30 +0200",
        "29 04:30 +0200",
    ]


def test_an_alias_is_an_expression() -> None:
    assert _firings("@monthly", "2026-01-31T12:00:00+01:00", 2) == ["01 00:00 +0100", "01 00:00 +0100"]


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("", "''"),
        ("often", "'often'"),
        ("* * * *", "is no cron expression"),
        ("* * * * * *", "is no cron expression"),
        ("61 * * * *", "out of range"),
        ("0 0 30 2 *", "the day it names never comes"),
        ("R * * * *", "is no cron expression"),
        ("1,R(0-9) * * * *", "is no cron expression"),
        ("H * * * *", "is no cron expression"),
    ],
)
def test_what_is_no_expression_is_refused(expression: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said.replace("(", r"\(")) as caught:
        Cron(expression)
    assert "five fields" in caught.value.hint


def test_a_zone_that_there_is_not_is_refused_naming_the_nearest() -> None:
    with pytest.raises(ConfigurationError, match="no time zone Europe/Berln") as caught:
        zone_named("Europe/Berln")
    assert "Europe/Berlin" in caught.value.hint
    for name in ("../passwd", "Europe", ""):
        with pytest.raises(ConfigurationError, match="no time zone"):
            zone_named(name)


minutes = st.sampled_from(["0", "30", "*/15", "5,50", "*/7"])
hours = st.sampled_from(["*", "2", "1-3", "*/2", "0,23", "0-23"])
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda one: one.replace(tzinfo=UTC))
turns = st.sampled_from(
    ["2026-03-29T01", "2026-10-25T01", "2026-03-08T07", "2026-11-01T06", "2026-04-04T15", "2026-10-03T15:30"]
).flatmap(
    lambda turn: st.integers(-200, 200).map(
        lambda minute: datetime.fromisoformat(turn).replace(tzinfo=UTC) + timedelta(minutes=minute)
    )
)


@settings(max_examples=60, deadline=None)
@given(minutes, hours, st.sampled_from(ZONES), st.one_of(turns, moments))
def test_it_finds_what_a_walk_of_minutes_finds(minute: str, hour: str, zone: str, start: datetime) -> None:
    """For a day, but for what is due at certain hours and clocks jump over or show twice: see above for these."""
    table, place = Cron(f"{minute} {hour} * * *", zone_named(zone)), zone_named(zone)
    first = start.replace(second=0, microsecond=0) + timedelta(minutes=1)
    walk = [first + timedelta(minutes=one) for one in range(24 * 60)]
    by_hand = [
        one
        for one in walk
        if _named(minute, one.astimezone(place).minute, 60) and _named(hour, one.astimezone(place).hour, 24)
    ]
    if hour not in ("*", "0-23"):
        by_hand = [one for one in by_hand if not one.astimezone(place).fold]
        if walk[0].astimezone(place).utcoffset() != walk[-1].astimezone(place).utcoffset():
            return
    found, moment = [], table.after(start)
    while moment is not None and moment.astimezone(UTC) <= walk[-1]:
        found.append(moment.astimezone(UTC))
        moment = table.after(moment)
    assert found == by_hand


def _named(field: str, value: int, size: int) -> bool:
    from croniter import croniter

    expanded = croniter(f"{field} * * * *" if size == 60 else f"0 {field} * * *").expanded[0 if size == 60 else 1]
    return expanded == ["*"] or value in expanded
