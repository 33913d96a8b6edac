"""Time-tables that do one thing wrong, each with the tests of the suite that must find it out."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from luigi.testing.contracts import TimeTableContract
from luigi.timetable import Every

SUITE = TimeTableContract


class Sound:
    """Does as it should."""

    hourly = Every(3600)

    def after(self, moment):
        return self.hourly.after(moment)


class TestSound(TimeTableContract):
    kind = Sound
    caught_by = set()

    @pytest.fixture
    def table(self):
        return self.kind()


class TestNever(TestSound):
    caught_by = {"test_something_is_due", "test_the_zone_of_the_question_changes_nothing"}

    class kind(Sound):
        def after(self, moment):
            return None


class TestNaive(TestSound):
    caught_by = {"test_what_it_gives_is_aware"}

    class kind(Sound):
        def after(self, moment):
            return super().after(moment.astimezone(UTC)).replace(tzinfo=None)


class TestStaysWhereItIs(TestSound):
    caught_by = {"test_each_is_later_than_the_one_before"}

    class kind(Sound):
        def after(self, moment):
            return super().after(moment - timedelta(microseconds=1))


class TestDrifts(TestSound):
    caught_by = {"test_it_says_the_same_whenever_it_is_asked", "test_it_passes_nothing_over"}

    class kind(Sound):
        def after(self, moment):
            return moment + timedelta(hours=1)


class TestRemembers(TestSound):
    caught_by = {"test_it_says_the_same_whenever_it_is_asked"}
    numbers = itertools.count()

    class kind(Sound):
        def after(self, moment):
            return super().after(moment) + timedelta(seconds=next(TestRemembers.numbers))


class TestSkips(TestSound):
    caught_by = {"test_it_passes_nothing_over"}

    class kind(Sound):
        def after(self, moment):
            ahead = Every(60).after(moment)
            return super().after(ahead + timedelta(minutes=40))


class TestGoesByWhatClocksShow(TestSound):
    caught_by = {"test_the_zone_of_the_question_changes_nothing"}

    class kind(Sound):
        def after(self, moment):
            shown = moment.replace(tzinfo=UTC)
            found = super().after(shown)
            return datetime.combine(found.date(), found.time(), moment.tzinfo)
