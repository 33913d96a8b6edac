"""Freshness policies that do one thing wrong, each with the tests of the suite that must find it out."""

from __future__ import annotations

import itertools

import pytest

import luigi
from luigi.testing.contracts import FreshnessPolicyContract

SUITE = FreshnessPolicyContract


class Sized(luigi.Task):
    folder = luigi.Parameter()
    size = luigi.IntParameter(default=1, significant=False)
    key = luigi.Parameter(default="s3cret", significant=False)


class Sound:
    """Does as it should."""

    follows = False

    def stale(self, task, noted):
        if noted is None or noted.marks == self.note(task):
            return None
        return f"it is of size {task.size} now"

    def note(self, task):
        return {"size": str(task.size)}


class TestSound(FreshnessPolicyContract):
    kind = Sound
    remembers = True
    secrets = ("s3cret",)
    caught_by = set()

    @pytest.fixture
    def make(self):
        return self.kind

    @pytest.fixture
    def task(self, tmp_path):
        return Sized(str(tmp_path))

    @pytest.fixture
    def spoil(self, tmp_path):
        luigi.task_register.Register.clear_instance_cache()
        return lambda: Sized(str(tmp_path), 2)


class TestNeverStale(TestSound):
    caught_by = {"test_what_was_spoiled_is_stale"}

    class kind(Sound):
        def stale(self, task, noted):
            return None


class TestAlwaysStale(TestSound):
    caught_by = {"test_what_has_just_run_is_fresh"}

    class kind(Sound):
        def stale(self, task, noted):
            return "it always is"


class TestRunsEverythingWhenAdopted(TestSound):
    caught_by = {"test_what_never_ran_with_the_policy_is_fresh"}

    class kind(Sound):
        def stale(self, task, noted):
            return "it was never seen" if noted is None else super().stale(task, noted)


class TestSeveralLines(TestSound):
    caught_by = {"test_what_was_spoiled_is_stale"}

    class kind(Sound):
        def stale(self, task, noted):
            why = super().stale(task, noted)
            return why and f"{why}:\nthat is another size"


class TestAnotherAnswerEachTime(TestSound):
    caught_by = {"test_it_says_the_same_twice"}
    numbers = itertools.count()

    class kind(Sound):
        def stale(self, task, noted):
            why = super().stale(task, noted)
            return why and f"{why} ({next(TestAnotherAnswerEachTime.numbers)})"


class TestForgets(TestSound):
    caught_by = {"test_it_remembers"}

    class kind(Sound):
        def note(self, task):
            return None


class TestNumbers(TestSound):
    caught_by = {"test_what_it_remembers_can_be_kept"}

    class kind(Sound):
        def note(self, task):
            return {"size": task.size}


class TestTellsSecrets(TestSound):
    caught_by = {"test_it_tells_no_secret"}

    class kind(Sound):
        def note(self, task):
            return {"size": str(task.size), "key": task.key}


class TestLeavesFiles(TestSound):
    caught_by = {"test_it_touches_nothing"}

    class kind(Sound):
        def note(self, task):
            with open(f"{task.folder}/left", "w") as file:
                file.write("here")
            return super().note(task)


class TestFollowsPerhaps(TestSound):
    caught_by = {"test_it_says_whether_it_follows"}

    class kind(Sound):
        follows = "perhaps"
