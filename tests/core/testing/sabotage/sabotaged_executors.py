"""Executors that do one thing wrong, each with the tests of the suite that must find it out."""

from __future__ import annotations

import contextlib
import pickle
from dataclasses import replace

from luigi.defaults import luigi_run_task
from luigi.executors.inline import inline_executor
from luigi.executors.processes import process_executor
from luigi.interfaces import Counts, Reply
from luigi.task_status import FAILED
from luigi.testing.contracts import ExecutorContract

SUITE = ExecutorContract


class Through:
    """Passes everything on."""

    def __init__(self, executor):
        self.executor = executor

    def __getattr__(self, name):
        return getattr(self.executor, name)

    @property
    def capacity(self):
        return self.executor.capacity


class TestSound(ExecutorContract):
    kind = Through
    caught_by = set()
    only = ()  # the tests to run where the others cannot be run so

    def __init_subclass__(cls):
        super().__init_subclass__()
        for name in dir(cls):
            if name.startswith("test_") and cls.only and name not in cls.only:
                setattr(cls, name, None)

    def make_executor(self, setup):
        return self.kind(inline_executor(self.changed(setup)))

    def changed(self, setup):
        return setup


class TestPollsOutOfNothing(TestSound):
    only = caught_by = {"test_there_is_room_at_first_and_nothing_to_poll"}

    class kind(Through):
        def poll(self, timeout=None):
            return self.executor.poll(timeout) or [None]


class TestForgetsTokens(TestSound):
    caught_by = {"test_what_ended_well_is_done", "test_a_task_that_comes_too_early_waits_on"}

    class kind(Through):
        def poll(self, timeout=None):
            return [outcome._replace(token=0) for outcome in self.executor.poll(timeout)]


class TestReportsTwice(TestSound):
    caught_by = {"test_each_job_comes_out_once"}

    class kind(Through):
        def poll(self, timeout=None):
            return [*self.executor.poll(timeout)] * 2


class TestRaisesWhatTasksRaise(TestSound):
    caught_by = {"test_what_a_task_raises_is_its_failure"}

    class kind(Through):
        def poll(self, timeout=None):
            outcomes = self.executor.poll(timeout)
            for outcome in outcomes:
                assert outcome.status != FAILED, outcome.explanation
            return outcomes


class TestLooksAtNoRequirements(TestSound):
    caught_by = {"test_missing_requirements_are_named"}

    def changed(self, setup):
        return setup._replace(rules=replace(setup.rules, check_unfulfilled_deps=False))


class TestStartsOver(TestSound):
    caught_by = {"test_a_task_that_waits_goes_on_where_it_was", "test_a_task_that_comes_too_early_waits_on"}

    class kind(Through):
        def submit(self, job):
            self.executor.cancel(job.task.task_id)
            self.executor.submit(job)


class TestGoesOnThoughItSaysItStartsOver(TestSound):
    suspends = False
    only = caught_by = {"test_a_task_that_waits_begins_from_the_top"}


class TestNeverCancels(TestSound):
    caught_by = {"test_cancelling_ends_what_waits"}

    class kind(Through):
        def cancel(self, task_id):
            return True


class TestNeverCloses(TestSound):
    caught_by = {"test_closing_ends_all_that_wait"}

    class kind(Through):
        def close(self):
            pass


class TestSkipsSteps(TestSound):
    caught_by = {"test_steps_are_around_each_stretch_of_a_run"}

    def changed(self, setup):
        return setup._replace(run_task=luigi_run_task)


class TestSkipsContexts(TestSound):
    caught_by = {"test_a_process_context_is_around_each_stretch_of_a_run"}

    def changed(self, setup):
        return setup._replace(rules=replace(setup.rules, process_context=None))


class Deaf:
    """Takes everything, and keeps nothing."""

    def exchange(self, worker, said, want, call=0):
        return Reply((), Counts(0, 0, 0))


class TestSaysNothing(TestSound):
    caught_by = {
        "test_what_a_task_says_of_itself_reaches_the_scheduler",
        "test_a_message_reaches_the_running_task_and_its_answer_the_scheduler",
    }

    def changed(self, setup):
        return setup._replace(scheduler=Deaf())


class TestTakesAllMessages(TestSound):
    caught_by = {"test_who_takes_no_messages_gets_none"}
    only = caught_by

    class kind(Through):
        def send(self, task_id, message):
            return True


class TestRetriesAll(TestSound):
    caught_by = {"test_only_errors_that_retry_on_names_are_worth_another_try"}

    class kind(Through):
        def poll(self, timeout=None):
            return [outcome._replace(retriable=True) for outcome in self.executor.poll(timeout)]


class TestPicklesAll(TestSound):
    caught_by = {"test_a_task_that_cannot_be_pickled_runs_all_the_same"}

    class kind(Through):
        def submit(self, job):
            pickle.dumps(job.task)
            self.executor.submit(job)


class TestSwallowsInterrupts(TestSound):
    only = caught_by = {"test_ctrl_c_gets_through"}

    class kind(Through):
        def submit(self, job):
            with contextlib.suppress(KeyboardInterrupt):
                self.executor.submit(job)

        def poll(self, timeout=None):
            return ["nothing"]


class TestElsewhere(TestSound):
    """In child processes."""

    in_this_process = False
    only = {"test_as_many_run_as_there_are_workers"}

    def make_executor(self, setup):
        return self.kind(process_executor(self.changed(setup)))


class TestOneAtATime(TestElsewhere):
    caught_by = {"test_as_many_run_as_there_are_workers"}

    class kind(Through):
        capacity = 1


class TestNeverTooLong(TestElsewhere):
    only = caught_by = {"test_a_job_that_takes_too_long_is_ended"}

    class kind(Through):
        def poll(self, timeout=None):
            return [outcome._replace(explanation="") for outcome in self.executor.poll(timeout)]


class TestCancelsForEver(TestElsewhere):
    only = caught_by = {"test_a_running_job_can_be_cancelled"}

    class kind(Through):
        def cancel(self, task_id):
            self.executor.cancel(task_id)
            return True


class TestNoRoomAfterADeath(TestElsewhere):
    only = caught_by = {"test_a_process_that_dies_is_the_failure_of_its_job_alone"}

    class kind(Through):
        @property
        def capacity(self):
            return min(self.executor.capacity, 1)


class TestLeavesProcesses(TestElsewhere):
    only = caught_by = {"test_closing_ends_what_runs"}

    class kind(Through):
        closed = False

        def close(self):
            if self.closed:
                self.executor.close()
            self.closed = True
