"""The kernel's own time-tables under the suite for everybody's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from luigi.testing.contracts import TimeTableContract
from luigi.timetable import Cron, Every, TimeTable, zone_named

BERLIN = zone_named("Europe/Berlin")


class TestEvery(TimeTableContract):
    @pytest.fixture
    def table(self) -> TimeTable:
        return Every(900, zone=BERLIN)


class TestEveryThroughTheHourThatComesTwice(TestEvery):
    start = datetime(2026, 10, 24, 23, 20, tzinfo=UTC)


class TestCron(TimeTableContract):
    @pytest.fixture
    def table(self) -> TimeTable:
        return Cron("30 6 1,15 * 1-5", BERLIN)


class TestCronThroughTheHourThatComesTwice(TimeTableContract):
    start = datetime(2026, 10, 24, 23, 20, tzinfo=UTC)

    @pytest.fixture(params=["*/20 * * * *", "*/20 2 * * *", "*/20 1-3 * * *"])
    def table(self, request: pytest.FixtureRequest) -> TimeTable:
        return Cron(request.param, BERLIN)


class TestCronThroughTheHourThatNeverComes(TestCronThroughTheHourThatComesTwice):
    start = datetime(2026, 3, 28, 23, 20, tzinfo=UTC)
