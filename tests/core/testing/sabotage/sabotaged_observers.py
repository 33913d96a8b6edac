"""Observers that do one thing wrong, each with the tests of the suite that must find it out."""

from __future__ import annotations

import pytest

import luigi
from luigi.testing.contracts import ObserverContract

SUITE = ObserverContract


class Sound:
    """Does as it should."""

    def __init__(self):
        self.runs = []

    @luigi.hookimpl
    def luigi_run_started(self, run):
        self.runs.append(run.run_id)

    @luigi.hookimpl
    def luigi_task_event(self, task_id, event):
        self.event = task_id, event

    @luigi.hookimpl(wrapper=True)
    def luigi_run_task(self, task):
        return (yield)


class TestSound(ObserverContract):
    kind = Sound
    caught_by = set()

    @pytest.fixture
    def plugin(self):
        return self.kind()


class TestReadsOneLineAlone(TestSound):
    caught_by = {"test_it_follows_every_run"}

    class kind(Sound):
        @luigi.hookimpl
        def luigi_task_event(self, detail):
            assert "\n" not in detail


class TestSwallowsFailures(TestSound):
    caught_by = {"test_it_changes_nothing"}

    class kind(Sound):
        @luigi.hookimpl(wrapper=True)
        def luigi_run_task(self, task):
            try:
                return (yield)
            except ZeroDivisionError:
                return luigi.hookspecs.Ran()


class TestOneRunAlone(TestSound):
    caught_by = {"test_it_follows_one_run_after_another"}

    class kind(Sound):
        @luigi.hookimpl
        def luigi_run_finished(self, run):
            assert len(self.runs) == 1


class TestSwallowsInterrupts(TestSound):
    caught_by = {"test_it_follows_a_run_that_is_interrupted"}

    class kind(Sound):
        @luigi.hookimpl(wrapper=True, tryfirst=True)
        def luigi_run_task(self, task):
            try:
                return (yield)
            except KeyboardInterrupt:
                return luigi.hookspecs.Ran()
