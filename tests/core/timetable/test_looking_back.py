"""What was due in a time that is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from luigi.timetable import Cron, Every, TimeTable, all_between, latest, zone_named

START = datetime(2026, 10, 20, 12, 7, 31, tzinfo=UTC)

TABLES: list[TimeTable] = [
    Every(60),
    Cron("*/7 3 * * *", zone_named("Europe/Berlin")),
    Cron("30 * * * *", zone_named("Europe/Berlin")),
    Cron("0 0 1 * *"),
]


class Counting:
    """A time-table that counts how often it is asked."""

    def __init__(self, table: TimeTable) -> None:
        self.table, self.asked = table, 0

    def after(self, moment: datetime) -> datetime | None:
        self.asked += 1
        return self.table.after(moment)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("days", [0.01, 1, 12])
def test_it_finds_what_a_walk_forward_finds(table: TimeTable, days: float) -> None:
    until = START + timedelta(days=days)
    walked, moment = [], table.after(START)
    while moment is not None and moment.astimezone(UTC) <= until:
        walked.append(moment.astimezone(UTC))
        moment = table.after(moment)
    last = latest(table, START, until)
    assert (last and last.astimezone(UTC)) == (walked[-1] if walked else None)
    assert [one.astimezone(UTC) for one in all_between(table, START, until, 20)] == walked[-20:]


def test_what_is_due_at_the_end_counts_and_at_the_beginning_does_not() -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert latest(Every(3600), noon - timedelta(hours=1), noon) == noon
    assert latest(Every(3600), noon, noon + timedelta(minutes=59)) is None


def test_a_year_of_minutes_costs_a_few_questions() -> None:
    table = Counting(Every(60))
    assert latest(table, START - timedelta(days=365), START) == START.replace(second=0)
    assert table.asked < 60


def test_a_table_that_ends_has_a_last_one() -> None:
    class Once:
        def after(self, moment: datetime) -> datetime | None:
            return START if moment < START else None

    assert latest(Once(), START - timedelta(days=9), START + timedelta(days=9)) == START
    assert latest(Once(), START, START + timedelta(days=9)) is None
