"""Metrics collectors that do one thing wrong, each with the tests of the suite that must find it out."""

from __future__ import annotations

import threading

import pytest

from luigi.testing import MemoryCollector
from luigi.testing.contracts import MetricsCollectorContract

SUITE = MetricsCollectorContract


class Sound(MemoryCollector):
    """Does as it should."""

    limit = 100

    def __init__(self):
        super().__init__()
        self.labels = set()
        self.maker = threading.get_ident()

    def handle(self, what, task):
        family = task.family
        if family not in self.labels and len(self.labels) >= self.limit:
            family = "other"
        self.labels.add(family)
        self.counts[what, family] += 1

    def handle_task_started(self, task):
        self.handle("started", task)

    def handle_task_failed(self, task):
        self.handle("failed", task)

    def handle_task_disabled(self, task, config):
        self.handle("disabled", task)

    def handle_task_done(self, task):
        self.handle("done", task)

    def line(self, what, family):
        return f"{what} {family!r} {self.counts[what, family]}"


class TestSound(MetricsCollectorContract):
    kind = Sound
    many = 500
    caught_by = set()

    @pytest.fixture
    def collector(self):
        return self.kind()

    @pytest.fixture
    def counted(self, collector):
        return lambda what, family: collector.counts[what, family]

    @pytest.fixture
    def exposed(self, collector):
        return lambda: "\n".join(collector.line(*key) for key in collector.counts)


class TestFailedIsDoneToo(TestSound):
    caught_by = {"test_each_thing_counts_once_and_as_nothing_else"}

    class kind(Sound):
        def handle_task_failed(self, task):
            self.handle("failed", task)
            self.handle("done", task)


class TestForgetsFamilies(TestSound):
    caught_by = {"test_counts_add_up_by_family"}

    class kind(Sound):
        def handle(self, what, task):
            super().handle(what, task)
            if task.family == "Clean":
                self.counts[what, "Load"] += 1


class TestNeedsTimes(TestSound):
    caught_by = {"test_times_may_be_unknown_or_odd", "test_a_task_that_was_forgotten_does_no_harm"}

    class kind(Sound):
        def handle_task_done(self, task):
            assert task.updated - task.time_running >= 0
            super().handle_task_done(task)

        handle_task_failed = handle_task_done


class TestShowsAll(TestSound):
    caught_by = {"test_hidden_values_are_shown_to_nobody"}

    class kind(Sound):
        params = {}

        def handle(self, what, task):
            self.params = {**self.params, **task.params}
            super().handle(what, task)

        def line(self, what, family):
            return f"{super().line(what, family)} {self.params}"


class TestTakesPlainNamesAlone(TestSound):
    caught_by = {"test_any_text_may_name_a_family"}

    class kind(Sound):
        def handle(self, what, task):
            assert task.family.isascii()
            super().handle(what, task)


class TestTakesNumbersAlone(TestSound):
    caught_by = {"test_statistics_of_any_shape_do_no_harm"}

    class kind(Sound):
        def handle_task_statistics(self, task, statistics):
            assert all(value >= 0 for value in statistics.values())


class TestGrows(TestSound):
    caught_by = {"test_the_number_of_series_is_bounded"}

    class kind(Sound):
        limit = float("inf")


class TestOneThreadAlone(TestSound):
    caught_by = {"test_any_thread_may_call"}

    class kind(Sound):
        def handle(self, what, task):
            assert threading.get_ident() == self.maker
            super().handle(what, task)
