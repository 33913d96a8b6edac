"""What a time-table held in a time that is over: asked of any that can only say what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from luigi.timetable.table import TimeTable

MOMENT = timedelta(microseconds=1)
"""The shortest time there is between two."""


def latest(table: TimeTable, since: datetime, until: datetime) -> datetime | None:
    """The last time it was due later than `since` and not later than `until`; None when it was not.

    Halves the time that is left, so that a year of minutes costs a few questions.
    """
    found, high = _due(table, since, until), until.astimezone(UTC)
    while found is not None and high > found.astimezone(UTC):
        middle = found.astimezone(UTC) + (high - found.astimezone(UTC)) / 2
        later = _due(table, middle, until)
        if later is None:
            high = middle
        else:
            found = later
    return found


def all_between(table: TimeTable, since: datetime, until: datetime, most: int) -> Sequence[datetime]:
    """All times it was due later than `since` and not later than `until`, in order; of too many, the last `most`."""
    found: list[datetime] = []
    while len(found) < most:
        one = latest(table, since, until)
        if one is None:
            break
        found.append(one)
        until = one.astimezone(UTC) - MOMENT
    return found[::-1]


def _due(table: TimeTable, since: datetime, until: datetime) -> datetime | None:
    due = table.after(since)
    return due if due is not None and due.astimezone(UTC) <= until.astimezone(UTC) else None
