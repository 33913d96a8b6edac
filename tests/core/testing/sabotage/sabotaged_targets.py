"""Targets that do one thing wrong, each with the tests of the suite that must find it out."""

from __future__ import annotations

import pytest

import luigi
from luigi.testing.contracts import TargetContract

SUITE = TargetContract


class Sound(luigi.Target):
    """A name in a set."""

    def __init__(self, place, name):
        self.place = place
        self.name = name

    def exists(self):
        return self.name in self.place

    def touch(self):
        self.place.add(self.name)


class Away(luigi.Target):
    """Knows nothing."""

    def exists(self):
        raise ConnectionRefusedError("nobody is there")


class TestSound(TargetContract):
    kind = Sound
    away = Away
    caught_by = set()

    @pytest.fixture(autouse=True)
    def place(self):
        self.names = set()

    def make_target(self, name):
        return self.kind(self.names, name)

    def put(self, target):
        target.touch()

    def unreachable(self):
        return self.away()


class TestAlwaysThere(TestSound):
    caught_by = {"test_it_is_there_once_put"}

    class kind(Sound):
        def exists(self):
            return True


class TestVanishesWhenAsked(TestSound):
    caught_by = {"test_asking_changes_nothing"}

    class kind(Sound):
        def exists(self):
            found = super().exists()
            self.place.discard(self.name)
            return found


class TestRemembers(TestSound):
    caught_by = {"test_another_object_is_the_same_thing"}

    class kind(Sound):
        answer = None

        def exists(self):
            if self.answer is None:
                self.answer = super().exists()
            return self.answer


class TestAnyThatBeginsSo(TestSound):
    caught_by = {"test_others_are_not_there_for_that"}

    class kind(Sound):
        def exists(self):
            return any(name.startswith(self.name) for name in self.place)


class TestOnceAlone(TestSound):
    caught_by = {"test_what_is_there_may_be_put_again"}

    class kind(Sound):
        def touch(self):
            assert self.name not in self.place
            super().touch()


class TestNeverThere(TestSound):
    caught_by = {"test_the_task_that_makes_it_runs_once"}

    class kind(Sound):
        def touch(self):
            pass


class TestSaysNoWhenAway(TestSound):
    caught_by = {"test_not_to_know_is_not_to_be_missing"}

    class away(Away):
        def exists(self):
            return False
