"""Histories that answer one thing wrong, each with the tests of the suite that must find it out."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest

from luigi.history_reading import NoSuchPlace, Page, TasksWanted
from luigi.plugins.histories.sql.history import SqlHistory
from luigi.plugins.histories.sql.reading import SqlReading
from luigi.telling import RunBegan
from luigi.testing.contracts import HistoryReadingContract

SUITE = HistoryReadingContract


class Sound(SqlReading):
    """Does as it should."""

    def __init__(self, engine):
        super().__init__(engine)
        self.maker = threading.get_ident()
        self.closed = False

    def close(self):
        self.closed = True  # and the database in memory stays


class SoundHistory(SqlHistory):
    """Has it asked."""

    kind = Sound

    def reading(self):
        return self.kind(self.engine)


class TestSound(HistoryReadingContract):
    kind = Sound
    writes = SoundHistory
    caught_by = set()

    @pytest.fixture
    def history(self):
        with closing(self.writes("sqlite://")) as history:
            history.kind = self.kind
            yield history


class TestGoesOnForEver(TestSound):
    caught_by = {"test_an_empty_one_has_nothing"}

    class kind(Sound):
        def latest(self, since, limit, after=""):
            return super().latest(since, limit, after)._replace(next="1970-01-01~0")


class TestKnowsAll(TestSound):
    caught_by = {"test_what_is_not_there_is_none"}

    class kind(Sound):
        def run(self, run):
            found = super().run(run)
            if found is None:
                raise KeyError(run)
            return found


class TestForgetsAttempts(TestSound):
    caught_by = {"test_a_task_is_found_with_all_that_is_known"}

    class kind(Sound):
        def tasks(self, wanted, limit, after=""):
            found = super().tasks(wanted, limit, after)
            return found._replace(items=[one._replace(attempt=None) for one in found.items])


class TestTellsEventsAsTheyCame(TestSound):
    caught_by = {"test_its_events_are_in_order"}

    class kind(Sound):
        def events(self, record, limit, after=""):
            found = super().events(record, 1000)
            return Page(found.items[::-1])


class TestCountsRows(TestSound):
    """The place is a number of rows, and they are as many as are asked for by chance."""

    caught_by = {"test_what_is_recorded_meanwhile_moves_no_page"}

    class kind(Sound):
        def tasks(self, wanted, limit, after=""):
            if after and not after.isdigit():
                raise NoSuchPlace(after)
            begin = int(after or 0) if len(after) < 10 else 0
            items = super().tasks(wanted, 1000).items[begin : begin + limit]
            return Page(items, str(begin + limit) if len(items) == limit else "")


class TestMissesTheLastOfAPage(TestSound):
    caught_by = {"test_pages_neither_repeat_nor_miss", "test_many_runs"}

    class kind(Sound):
        def tasks(self, wanted, limit, after=""):
            found = super().tasks(wanted, limit, after)
            return found._replace(items=found.items[:-1] if found.next else found.items)

        def runs(self, limit, after=""):
            found = super().runs(limit, after)
            return found._replace(items=found.items[:-1] if found.next else found.items)


class TestTakesNoHeedOfWhatIsWanted(TestSound):
    caught_by = {
        "test_a_family_s_tasks",
        "test_values_of_parameters",
        "test_attempts_of_a_task_and_of_a_run",
        "test_any_text_may_be_asked_for",
    }

    class kind(Sound):
        def tasks(self, wanted, limit, after=""):
            return super().tasks(TasksWanted(), limit, after)

        def attempts(self, wanted, limit, after=""):
            return super().attempts(wanted._replace(run=None), limit, after)


class TestTakesTheNewestForTheLatest(TestSound):
    caught_by = {"test_the_latest_are_those_to_which_something_happened_last"}

    class kind(Sound):
        def latest(self, since, limit, after=""):
            found = super().latest(since, limit, after)
            return found._replace(items=sorted(found.items, key=lambda one: -one.record))


class TestShowsAll(TestSound):
    caught_by = {"test_what_pages_do_not_show_is_not_given"}

    class writes(SoundHistory):
        def record(self, happened):
            super().record(
                [one._replace(task=one.task._replace(hidden=())) if hasattr(one, "task") else one for one in happened]
            )


class TestIsAlwaysWhole(TestSound):
    caught_by = {"test_long_values_are_cut_in_lists_alone", "test_of_many_roots_a_list_has_some"}

    class kind(Sound):
        def tasks(self, wanted, limit, after=""):
            found = super().tasks(wanted, limit, after)
            return found._replace(items=[self.task(one.record) for one in found.items])

        def runs(self, limit, after=""):
            found = super().runs(limit, after)
            return found._replace(items=[self.run(one.run) for one in found.items])


class TestNeverEnds(TestSound):
    caught_by = {"test_a_run_from_its_beginning_to_its_end"}

    class kind(Sound):
        def run(self, run):
            found = super().run(run)
            return found and found._replace(ended=None)


class TestBeginsAnotherEachTime(TestSound):
    caught_by = {"test_a_run_told_again_is_the_same_run"}

    class writes(SoundHistory):
        def _again(self, one, number):
            return one._replace(run_id=f"{one.run_id}{number}") if isinstance(one, RunBegan) else one

        def record(self, happened):
            self.calls = getattr(self, "calls", 0) + 1
            super().record([self._again(one, " " * (self.calls > 1)) for one in happened])


class TestBeginsAtTheFirstInstead(TestSound):
    caught_by = {"test_a_page_that_begins_nowhere_is_refused"}

    class kind(Sound):
        def runs(self, limit, after=""):
            try:
                return super().runs(limit, after)
            except NoSuchPlace:
                return super().runs(limit)


class TestIsUnbounded(TestSound):
    caught_by = {"test_a_limit_is_kept_within_bounds"}

    class kind(Sound):
        def tasks(self, wanted, limit, after=""):
            return super().tasks(wanted, limit, after) if limit else Page([])


class TestOfOneThread(TestSound):
    caught_by = {"test_any_thread_may_ask"}

    class kind(Sound):
        def tasks(self, wanted, limit, after=""):
            assert threading.get_ident() == self.maker
            return super().tasks(wanted, limit, after)


class TestIsGoneWhenClosed(TestSound):
    caught_by = {"test_it_can_be_asked_after_closing"}

    class kind(Sound):
        def tasks(self, wanted, limit, after=""):
            assert not self.closed
            return super().tasks(wanted, limit, after)
