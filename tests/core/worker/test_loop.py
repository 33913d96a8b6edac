"""The worker: what it takes in, in which order it runs, when it retries, when it stays and when it goes."""

from __future__ import annotations

import datetime
import logging
import re
from collections import Counter
from typing import Any, ClassVar

import pytest

import luigi
from luigi.errors import BadRequirement, CircularRequirement
from luigi.interfaces import RetryPolicy
from luigi.worker import TaskException, Worker

# --- what can be added ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (luigi.WrapperTask, r"make an instance of it: WrapperTask\(…\)"),
        (luigi.LocalTarget("x"), "which is not a task"),
        ("MyTask", "which is not a task"),
        (None, "which is not a task"),
    ],
)
def test_only_tasks_can_be_added(wrong: Any, said: str) -> None:
    with pytest.raises(TaskException, match="can not schedule") as caught, Worker() as worker:
        worker.add(wrong)
    assert re.search(said, f"{caught.value} {caught.value.hint}")


def test_a_task_whose_init_forgot_luigi_s_is_refused() -> None:
    class Forgets(luigi.Task):
        def __init__(self) -> None:
            pass

    with pytest.raises(TaskException, match="Forgets") as caught, Worker() as worker:
        worker.add(Forgets())
    assert "super().__init__" in caught.value.hint


def test_a_graph_that_cannot_be_runs_nothing(bench: Any, kept: Any) -> None:
    class Left(kept):
        def requires(self) -> Any:
            return [kept(1), Right()]

    class Right(kept):
        def requires(self) -> Any:
            return Left()

    class Wrong(kept):
        def requires(self) -> Any:
            return [kept(1), kept]

    with pytest.raises(CircularRequirement, match=r"Left\(n=0\) -> Right\(n=0\) -> Left\(n=0\)"):
        bench.run(Left())
    with pytest.raises(BadRequirement):
        bench.run(Wrong())
    assert kept.ran == []


def test_a_requirement_of_two_roots_runs_once(bench: Any, kept: Any) -> None:
    class Top(kept):
        def requires(self) -> Any:
            return kept(7)

    assert bench.run(Top(1), Top(2))
    assert kept.ran == ["Kept7", "Top1", "Top2"]


def test_add_all_passes_through_a_subclass_s_own_add(kept: Any) -> None:
    class Counting(Worker):
        added = 0

        def add(self, *args: Any, **kwargs: Any) -> bool:
            self.added += 1
            return super().add(*args, **kwargs)

    with Counting() as worker:
        assert worker.add_all([kept(1), kept(2)])
    assert worker.added == 2


def test_add_all_takes_what_add_takes(kept: Any) -> None:
    with Worker() as worker:
        assert worker.add_all(kept(n) for n in (1, 2))
        assert worker.run()
    assert kept.ran == ["Kept1", "Kept2"]
    with pytest.raises(TaskException), Worker() as worker:
        worker.add_all([kept(3), kept])


def test_beyond_the_task_limit_nothing_is_looked_at(bench: Any, kept: Any, caplog: Any) -> None:
    assert bench.run(kept(1), kept(2), kept(3), task_limit=2)
    assert bench.added == [True, True, True], "as in Luigi"
    assert kept.ran == ["Kept1", "Kept2"]
    assert "Will not run Kept(n=3) or any dependencies due to exceeded task-limit of 2" in caplog.text


def test_a_disabled_task_and_what_needs_it_do_not_run(bench: Any, kept: Any) -> None:
    class Off(kept):
        disabled = True

    class Top(kept):
        def requires(self) -> Any:
            return [Off(), kept(1)]

    assert bench.run(Top())
    assert kept.ran == ["Kept1"]
    assert bench.seen(Off()).declared == "DISABLED"


# --- order ----------------------------------------------------------------------------------------------------------


def test_higher_priorities_run_first(bench: Any, kept: Any) -> None:
    class Ranked(kept):
        @property
        def priority(self) -> Any:
            return self.n

    bench.run(Ranked(1), Ranked(3), Ranked(-1), Ranked(2))
    assert kept.ran == ["Ranked3", "Ranked2", "Ranked1", "Ranked-1"]


def test_requirements_run_before_what_needs_them_whatever_the_priorities(bench: Any, kept: Any) -> None:
    class Top(kept):
        priority = 100

        def requires(self) -> Any:
            return [kept(1)]

    bench.run(kept(2), Top())
    assert kept.ran == ["Kept1", "Top0", "Kept2"], "a requirement is as urgent as what needs it"


def test_a_task_that_needs_more_than_there_is_does_not_run_and_keeps_nobody_waiting(bench: Any, kept: Any) -> None:
    class Big(kept):
        resources = {"db": 3}
        priority = 9

    class Small(kept):
        resources = {"db": 1}

    bench.run(Big(), Small(), resources={"db": 2})
    assert kept.ran == ["Small0"]


# --- failures and retries -------------------------------------------------------------------------------------------


@pytest.fixture
def flaky(kept: Any) -> Any:
    """A task class that fails `n` times before it succeeds."""

    class Flaky(kept):
        def run(self) -> None:
            self.ran.append("try")
            if self.ran.count("try") <= self.n:
                raise ValueError
            self.finish()

    return Flaky


def test_without_keep_alive_a_failed_task_is_left(bench: Any, flaky: Any) -> None:
    assert not bench.run(flaky(1))
    assert flaky.ran == ["try"]
    assert bench.clock.slept == []


def test_with_keep_alive_it_is_tried_again_after_the_delay(bench: Any, clock: Any, flaky: Any) -> None:
    assert not bench.run(flaky(2), keep_alive=True, retry_delay=60, wait_interval=10)
    assert flaky.ran == ["try", "try", "try", "Flaky2"]
    assert clock.slept == [10] * 12, "twice six waits of ten seconds"


def test_a_task_that_failed_too_often_is_given_up(bench: Any, flaky: Any) -> None:
    assert not bench.run(flaky(9), keep_alive=True, retry_count=3, retry_delay=60)
    assert flaky.ran == ["try"] * 3


def test_a_task_may_have_its_own_retry_count(bench: Any, flaky: Any) -> None:
    class Stubborn(flaky):
        retry_count = 5

    assert not bench.run(Stubborn(9), keep_alive=True, retry_count=2, retry_delay=1)
    assert flaky.ran == ["try"] * 5


def test_a_task_may_have_its_own_policy(bench: Any, clock: Any, flaky: Any) -> None:
    class Patient(flaky):
        retry_policy = RetryPolicy(retry_count=3, retry_delay=10, backoff_factor=2)

    assert not bench.run(Patient(9), keep_alive=True, retry_delay=500, wait_interval=5)
    assert flaky.ran == ["try"] * 3
    assert clock.slept == [5] * 6, "ten seconds, and then twenty"


@pytest.mark.parametrize(
    ("retry_on", "tries"), [(ValueError, 2), ((KeyError, ValueError), 2), (KeyError, 1), (None, 2)]
)
def test_a_task_is_tried_again_after_the_errors_it_names(bench: Any, flaky: Any, retry_on: Any, tries: int) -> None:
    class Choosy(flaky):
        pass

    Choosy.retry_on = retry_on
    bench.run(Choosy(1), keep_alive=True, retry_delay=5)
    assert flaky.ran.count("try") == tries
    assert bench.seen(Choosy(1)).ran == (tries == 2)


def test_what_waits_for_a_failed_task_runs_when_it_succeeds(bench: Any, kept: Any, flaky: Any) -> None:
    class Top(kept):
        def requires(self) -> Any:
            return flaky(1)

    bench.run(Top(), keep_alive=True)
    assert kept.ran == ["try", "try", "Flaky1", "Top0"]


def test_a_suspended_task_whose_requirement_is_retried_goes_on(bench: Any, kept: Any, flaky: Any) -> None:
    class Top(kept):
        def run(self) -> Any:
            self.ran.append("entered")
            yield flaky(1)
            self.finish()

    bench.run(Top(), keep_alive=True)
    assert kept.ran == ["entered", "try", "try", "Flaky1", "Top0"]


# --- staying --------------------------------------------------------------------------------------------------------


def test_it_stays_no_longer_than_allowed(bench: Any, clock: Any, flaky: Any) -> None:
    longest = datetime.timedelta(seconds=30)
    bench.run(flaky(9), keep_alive=True, retry_delay=9999, wait_interval=10, max_keep_alive_idle_duration=longest)
    assert flaky.ran == ["try"]
    assert clock.now() == 1040, "more than thirty seconds"


@pytest.mark.parametrize("option", ["count_uniques", "count_last_scheduled"])
def test_what_it_stays_for_ends_after_the_same_idle_time(bench: Any, clock: Any, flaky: Any, option: str) -> None:
    longest = datetime.timedelta(seconds=30)
    bench.run(
        flaky(9),
        keep_alive=True,
        retry_delay=9999,
        wait_interval=10,
        max_keep_alive_idle_duration=longest,
        **{option: True},
    )
    assert clock.now() == 1040


def test_idle_time_begins_anew_after_work(bench: Any, clock: Any, flaky: Any) -> None:
    longest = datetime.timedelta(seconds=70)
    bench.run(flaky(2), keep_alive=True, retry_delay=60, wait_interval=10, max_keep_alive_idle_duration=longest)
    assert flaky.ran[-1] == "Flaky2"


def test_a_wait_is_made_longer_by_chance_up_to_the_jitter(bench: Any, clock: Any, flaky: Any) -> None:
    bench.run(flaky(1), keep_alive=True, retry_delay=500, wait_interval=10, wait_jitter=5)
    assert all(10 <= wait < 15 for wait in clock.slept)
    assert len(set(clock.slept)) > 1


# --- external tasks -------------------------------------------------------------------------------------------------


@pytest.fixture
def late() -> Any:
    """An external task class that is there from its third check on."""

    class Late(luigi.ExternalTask):
        checks: ClassVar[list[int]] = []

        def complete(self) -> bool:
            self.checks.append(1)
            return len(self.checks) > 2

    return Late


def test_missing_external_data_is_not_waited_for(bench: Any, kept: Any, late: Any, caplog: Any) -> None:
    class Top(kept):
        def requires(self) -> Any:
            return late()

    assert bench.run(Top(), keep_alive=True, max_keep_alive_idle_duration=datetime.timedelta(seconds=5))
    assert kept.ran == []
    assert len(late.checks) == 1
    assert "Data for Late() does not exist (yet?)" in caplog.text


def test_missing_external_data_is_looked_for_again_when_asked(bench: Any, kept: Any, late: Any) -> None:
    class Top(kept):
        def requires(self) -> Any:
            return late()

    assert not bench.run(Top(), keep_alive=True, retry_external_tasks=True, retry_delay=10)
    assert kept.ran == ["Top0"]
    assert bench.seen(late()).failures == 1


# --- checks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "checks"),
    [
        ({}, {"Top0": 1, "Counted1": 2, "Counted2": 2}),
        ({"check_unfulfilled_deps": False}, {"Top0": 1, "Counted1": 1, "Counted2": 1}),
        ({"cache_task_completion": True}, {"Top0": 1, "Counted1": 1, "Counted2": 1}),
        ({"check_complete_on_run": True}, {"Top0": 2, "Counted1": 3, "Counted2": 3}),
        ({"cache_task_completion": True, "check_complete_on_run": True}, {"Top0": 2, "Counted1": 2, "Counted2": 2}),
    ],
)
def test_how_often_each_task_is_checked(bench: Any, kept: Any, options: Any, checks: Any) -> None:
    checked: Counter[str] = Counter()

    class Counted(kept):
        def complete(self) -> bool:
            checked[f"{type(self).__name__}{self.n}"] += 1
            return super().complete()

    class Top(Counted):
        def requires(self) -> Any:
            return [Counted(1), Counted(2)]

    assert bench.run(Top(), **options)
    assert checked == checks


def test_a_plugin_may_answer_for_a_task(bench: Any, kept: Any) -> None:
    class Bookkeeper:
        @luigi.hookimpl
        def luigi_is_complete(self, task: Any) -> bool | None:
            return True if task.n == 1 else None

    class Top(kept):
        def requires(self) -> Any:
            return [kept(1), kept(2)]

    assert bench.run(Top(), plugins=(Bookkeeper(),))
    assert kept.ran == ["Kept2", "Top0"]


# --- life -----------------------------------------------------------------------------------------------------------


def test_a_worker_can_be_given_more_after_a_run(bench: Any, kept: Any) -> None:
    bench.run(kept(1))
    bench.worker.add(kept(2))
    kept.done.discard(kept(1).task_id)
    bench.worker.add(kept(1))
    assert bench.worker.run()
    assert kept.ran == ["Kept1", "Kept1", "Kept2"]


def test_private_values_are_in_no_line_of_the_log(bench: Any, caplog: Any) -> None:
    private = luigi.parameter.ParameterVisibility.PRIVATE

    class Secret(luigi.Task):
        user = luigi.Parameter()
        password = luigi.Parameter(visibility=private)

        def complete(self) -> bool:
            return False

        def requires(self) -> Any:
            if self.user == "broken":
                raise ValueError("no")
            return Gone(user=self.user, password=self.password) if self.user == "gone" else []

        def run(self) -> Any:
            if self.user == "fails":
                raise ValueError("no")
            if self.user == "yields":
                yield 5

    class Gone(Secret):
        run = None
        requires = luigi.Task.requires

    class Lies(Secret):
        def requires(self) -> Any:
            return Secret("liar", "hunter2")

    caplog.set_level(logging.DEBUG)
    users = ("ok", "fails", "yields", "gone", "broken")
    bench.run(*(Secret(user, "hunter2") for user in users), Lies("lies", "hunter2"), task_limit=7)
    assert "Secret(user=fails, password=***)" in caplog.text
    assert "hunter2" not in caplog.text


def test_a_task_that_yields_what_never_becomes_complete_fails_in_the_end(bench: Any, kept: Any) -> None:
    ran: list[str] = []

    class Empty(luigi.Task):
        def run(self) -> None:
            ran.append("in vain")

        def complete(self) -> bool:
            return False

    class Waits(kept):
        def run(self) -> Any:
            yield Empty()

    assert not bench.run(Waits())
    assert 2 <= len(ran) <= 4


def test_a_waiting_task_that_another_yields_waits_on(bench: Any, kept: Any) -> None:
    entered: list[str] = []

    class Waits(kept):
        def run(self) -> Any:
            entered.append("waits")
            yield kept(1)
            super().run()

    class Beside(kept):
        def run(self) -> Any:
            yield Waits()
            super().run()

    assert bench.run(Waits(), Beside())
    assert entered == ["waits"]
