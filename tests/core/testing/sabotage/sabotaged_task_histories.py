"""Task histories that do one thing wrong, each with the tests of the suite that must find it out."""

from __future__ import annotations

import threading
from collections import defaultdict

import pytest

from luigi.telling import AttemptEnded, AttemptStarted, RunBegan, RunEnded
from luigi.testing import MemoryHistory
from luigi.testing.contracts import TaskHistoryContract
from luigi.testing.contracts.task_histories import Kept, KeptRun, KeptTask

SUITE = TaskHistoryContract


def read(happened) -> Kept:
    """What a reader makes of it."""
    events, errors, tasks, runs = defaultdict(list), defaultdict(list), {}, {}
    for one in happened:
        match one:
            case RunBegan(run_id, _, host, user, command, code_version):
                runs[run_id] = KeptRun("", host, user, command, code_version)
            case RunEnded(run_id, _, status):
                runs[run_id] = runs.get(run_id, KeptRun())._replace(status=status)
            case _:
                tasks[one.task.id] = one.task
                events[one.task.id].append((name_of(one), one.at))
                errors[one.task.id] += [one.error] if name_of(one) == "FAILED" else []
    return Kept(
        {id: KeptTask(task.family, task.params, events[id], errors[id]) for id, task in tasks.items()},
        runs,
    )


def name_of(one) -> str:
    if isinstance(one, AttemptStarted):
        return "RUNNING"
    if isinstance(one, AttemptEnded):
        return "DONE" if one.successful else "FAILED"
    return "PENDING"


class Sound(MemoryHistory):
    """Does as it should."""

    def __init__(self, happened):
        super().__init__(happened)
        self.maker = threading.get_ident()


class TestSound(TaskHistoryContract):
    kind = Sound
    caught_by = set()

    @pytest.fixture
    def place(self):
        return []

    @pytest.fixture
    def reopen(self, place):
        return lambda: self.kind(place)

    @pytest.fixture
    def kept(self, place):
        return lambda: read(place)


class TestIsNotEmpty(TestSound):
    caught_by = {"test_there_is_nothing_at_first"}

    class kind(Sound):
        def __init__(self, happened):
            super().__init__(happened)
            happened.append(RunBegan("itself", 0))


class TestWholeSecondsAlone(TestSound):
    caught_by = {"test_a_task_s_life_is_kept_with_its_times"}

    class kind(Sound):
        def record(self, happened):
            super().record([one._replace(at=int(one.at)) for one in happened])


class TestLosesErrors(TestSound):
    caught_by = {"test_a_failure_is_kept_with_what_it_said"}

    class kind(Sound):
        def record(self, happened):
            super().record([one._replace(error="") if hasattr(one, "error") else one for one in happened])


class TestFirstOfEachCallAlone(TestSound):
    caught_by = {"test_many_at_once_stay_apart", "test_a_run_is_kept_from_its_beginning_to_its_end"}

    class kind(Sound):
        def record(self, happened):
            super().record(happened[:1])


class TestLastOfEachCallAlone(TestSound):
    caught_by = {"test_an_end_without_a_beginning_does_no_harm"}

    class kind(Sound):
        def record(self, happened):
            super().record(happened[-1:])


class TestNeedsABeginning(TestSound):
    caught_by = {
        "test_it_makes_no_difference_how_facts_are_dealt",
        "test_it_goes_on_after_a_restart",
        "test_what_was_found_done_is_kept",
    }

    class kind(Sound):
        def record(self, happened):
            known = {one.task.id for one in happened if name_of(one) == "PENDING" and hasattr(one, "task")}
            super().record([one for one in happened if not hasattr(one, "task") or one.task.id in known])


class TestOneAttemptAlone(TestSound):
    caught_by = {"test_each_attempt_counts"}

    class kind(Sound):
        def record(self, happened):
            super().record([one for one in happened if not hasattr(one, "task") or one.task.token != 8])


class TestOneWriterAlone(TestSound):
    caught_by = {"test_two_may_write_at_one_place"}

    class kind(Sound):
        def __init__(self, happened):
            super().__init__(list(happened))
            self.place = happened

        def record(self, happened):
            super().record(happened)
            self.place[:] = self.happened


class TestKeepsHalf(TestSound):
    caught_by = {"test_all_is_kept_or_nothing"}

    class kind(Sound):
        def record(self, happened):
            for one in happened:
                super().record([one])


class TestChokesOnSurrogates(TestSound):
    caught_by = {"test_any_text_is_kept_or_cut_and_loses_nothing_else"}

    class kind(Sound):
        def record(self, happened):
            str(happened).encode()
            for one in happened:
                getattr(one, "error", "").encode()
            super().record(happened)


class TestOneThreadAlone(TestSound):
    caught_by = {"test_any_thread_may_call"}

    class kind(Sound):
        def record(self, happened):
            assert threading.get_ident() == self.maker
            super().record(happened)


class TestClosesOnce(TestSound):
    caught_by = {"test_closing_twice_is_closing_once"}

    class kind(Sound):
        closed = False

        def close(self):
            assert not self.closed
            self.closed = True
