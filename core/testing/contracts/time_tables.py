"""What every time-table of a trigger must do, as a pytest class to subclass.

class TestMyTable(TimeTableContract):
    @pytest.fixture
    def table(self):
        return MyTable(…)
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest

from luigi.testing.contracts.contract import Contract
from luigi.timetable import TimeTable

MOMENT = timedelta(microseconds=1)


class TimeTableContract(Contract):
    """Saying what comes next: later than what was asked about, the next of them all, the same whenever it is asked."""

    start = datetime(2026, 1, 1, 10, 7, 31, 250, tzinfo=UTC)
    """From when on it is tried; something has to be due after it."""

    @pytest.fixture
    def table(self) -> TimeTable:
        """The time-table."""
        raise NotImplementedError("give a `table` fixture")

    @pytest.fixture
    def dues(self, table: TimeTable) -> list[datetime]:
        """What comes first after `start`."""
        found: list[datetime] = []
        moment = table.after(self.start)
        while moment is not None and len(found) < 20:
            found.append(moment)
            moment = table.after(moment)
        return found

    def test_something_is_due(self, dues: list[datetime]) -> None:
        """Otherwise there would be nothing to see here."""
        assert dues

    def test_what_it_gives_is_aware(self, dues: list[datetime]) -> None:
        """A moment is one, whatever clocks show."""
        assert [due for due in dues if due.utcoffset() is None] == []

    def test_each_is_later_than_the_one_before(self, dues: list[datetime]) -> None:
        """A due moment is not after itself: otherwise it would be fired for ever."""
        moments = [self.start, *(due.astimezone(UTC) for due in dues)]
        assert [(one, next) for one, next in pairwise(moments) if next <= one] == []

    def test_it_says_the_same_whenever_it_is_asked(self, table: TimeTable, dues: list[datetime]) -> None:
        """Another server, or this one after a restart, must find what was due."""
        again = [table.after(due.astimezone(UTC) - MOMENT) for due in dues]
        assert [due and due.astimezone(UTC) for due in again] == [due.astimezone(UTC) for due in dues]

    def test_it_passes_nothing_over(self, table: TimeTable, dues: list[datetime]) -> None:
        """From anywhere between two of them the second comes next."""
        for one, next in pairwise([self.start, *(due.astimezone(UTC) for due in dues)]):
            found = table.after(one + (next - one) / 2)
            assert found is not None
            assert found.astimezone(UTC) == next

    def test_the_zone_of_the_question_changes_nothing(self, table: TimeTable, dues: list[datetime]) -> None:
        """A moment is the same in every zone."""
        elsewhere = timezone(timedelta(hours=-7, minutes=-30))
        found = table.after(self.start.astimezone(elsewhere))
        assert found is not None
        assert found.astimezone(UTC) == dues[0].astimezone(UTC)
