"""What a running task can say of itself, and what steps around it are told."""

from __future__ import annotations

import contextlib
import math
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any

import pytest

import luigi
from luigi.errors import ConfigurationError
from luigi.hookspecs import Ran
from luigi.interfaces import Progress, Question, TaskSpec
from luigi.worker.context import Reporter, process_context


def test_a_running_task_is_followed_at_the_scheduler(bench: Any, kept: Any) -> None:
    class Talks(kept):
        def run(self) -> None:
            self.set_tracking_url("http://here")
            self.set_status_message("half way")
            self.set_progress_percentage(50)
            self.shown = bench.scheduler.view(Question("task", self.task_id))
            self.finish()

    bench.run(Talks())
    shown = Talks().shown
    assert (shown["tracking_url"], shown["status_message"], shown["percentage"]) == ("http://here", "half way", 50)


def test_outside_a_run_nobody_listens_and_nothing_breaks(kept: Any) -> None:
    task = kept()
    task.set_tracking_url("http://here")
    task.set_status_message("hello")
    task.set_progress_percentage(50)
    task.decrease_running_resources({"db": 1})
    assert task.scheduler_messages is None


def test_resources_given_back_early_serve_others(bench: Any, kept: Any) -> None:
    class Holds(kept):
        resources = {"db": 3}

        def run(self) -> None:
            bench.scheduler.declare("other", [TaskSpec("waiting", "F", resources={"db": 2})])
            self.before = bench.scheduler.exchange("other", [], 1).assignments
            self.decrease_running_resources({"db": 2})
            self.after = bench.scheduler.exchange("other", [], 1).assignments
            self.finish()

    bench.run(Holds(), resources={"db": 3})
    assert Holds().before == []
    assert [assignment.task_id for assignment in Holds().after] == ["waiting"]


class Hears:
    """Keeps what a task says."""

    def __init__(self) -> None:
        self.said: list[Any] = []

    def exchange(self, worker: str, said: Any, want: int) -> None:
        self.said += said


@pytest.fixture
def hears() -> Hears:
    return Hears()


@pytest.fixture
def reporter(hears: Hears, kept: Any) -> Reporter:
    return Reporter(hears, kept(), "w", 1)


class Count:
    """A whole number of a kind of its own, as numpy has them."""

    def __index__(self) -> int:
        return 7


@pytest.mark.parametrize(
    ("given", "told"),
    [(Count(), 7), (True, 1), (Decimal("2.5"), 2.5), (Fraction(1, 2), 0.5), ("50", 50.0), (33.3, 33.3), (None, None)],
)
def test_how_much_is_done_is_told_as_a_plain_number(reporter: Reporter, hears: Hears, given: Any, told: Any) -> None:
    reporter.update_progress_percentage(given)
    (said,) = hears.said
    assert (type(said.percentage), said.percentage) == (type(told), told)


def test_what_is_said_is_told_as_a_plain_text(reporter: Reporter, hears: Hears) -> None:
    reporter.update_tracking_url(PurePosixPath("/jobs/1"))  # type: ignore[arg-type]
    reporter.update_status_message(ValueError("half"))  # type: ignore[arg-type]
    reporter.update_status_message(None)  # type: ignore[arg-type]
    assert [(said.tracking_url, said.status_message) for said in hears.said] == [
        ("/jobs/1", None),
        (None, "half"),
        (None, None),
    ]


def test_what_is_given_back_is_told_as_plain_numbers(reporter: Reporter, hears: Hears) -> None:
    reporter.decrease_running_resources({"db": Count(), "gpu": True})
    (said,) = hears.said
    assert isinstance(said, Progress)
    assert said.given_back == {"db": 7, "gpu": 1}
    assert {type(amount) for amount in said.given_back.values()} == {int}


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 2**54, Fraction(10**400), Decimal("1e400"), "half"])
def test_a_number_that_no_scheduler_takes_is_the_task_s_mistake(reporter: Reporter, hears: Hears, number: Any) -> None:
    with pytest.raises(ValueError):
        reporter.update_progress_percentage(number)
    with pytest.raises(ValueError):
        reporter.decrease_running_resources({"db": number})
    assert hears.said == []


@pytest.mark.parametrize("number", [object(), 1j, [50]])
def test_what_is_no_number_is_the_task_s_mistake(reporter: Reporter, hears: Hears, number: Any) -> None:
    with pytest.raises(TypeError):
        reporter.update_progress_percentage(number)
    with pytest.raises(TypeError):
        reporter.decrease_running_resources({"db": number})
    assert hears.said == []


def test_half_of_a_resource_is_given_back_as_it_was_taken(reporter: Reporter, hears: Hears) -> None:
    reporter.decrease_running_resources({"db": 0.5})  # type: ignore[dict-item]
    (said,) = hears.said
    assert isinstance(said, Progress)
    assert said.given_back == {"db": 0.5}


def test_a_task_that_says_what_cannot_be_told_fails_alone(bench: Any, kept: Any) -> None:
    class Lost(kept):
        def run(self) -> None:
            self.set_progress_percentage(math.nan)
            self.finish()

    assert not bench.run(Lost(1), kept(2))
    assert kept.ran == ["Kept2"]
    assert "ValueError" in bench.scheduler.view(Question("task", Lost(1).task_id))["explanation"]


def test_nothing_of_the_run_stays_on_the_task(bench: Any, kept: Any) -> None:
    class Fails(kept):
        def run(self) -> None:
            raise ValueError

    class Waits(kept):
        def run(self) -> Any:
            yield Fails()

    bench.run(kept(), Waits())
    for task in (kept(), Fails(), Waits()):
        assert "_reporter" not in vars(task)


def test_a_step_is_told_worker_and_assignment_and_may_run_the_task_itself(bench: Any, kept: Any) -> None:
    told = []

    class Plugin:
        @luigi.hookimpl
        def luigi_run_task(self, task: Any, context: Any) -> Ran:
            told.append((task, context.worker_id, context.token))
            return Ran(context.run())

    bench.run(kept(1), kept(2), plugins=(Plugin(),))
    assert told == [(kept(1), "w", 1), (kept(2), "w", 2)]
    assert kept.ran == ["Kept1", "Kept2"]


def test_a_step_may_stand_in_for_the_run(bench: Any, kept: Any) -> None:
    class DryRun:
        @luigi.hookimpl
        def luigi_run_task(self, task: Any) -> Ran:
            return Ran()

    assert bench.run(kept(1), plugins=(DryRun(),))
    assert bench.seen(kept(1)).ran
    assert kept.ran == []


def test_a_process_context_is_named_in_full() -> None:
    assert process_context("contextlib.closing") is contextlib.closing
    assert process_context("") is process_context(None) is None


@pytest.mark.parametrize("name", ["closing", "contextlib.opening", "luigi.nowhere.Context"])
def test_a_process_context_that_is_not_there_is_a_mistake_in_the_configuration(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"task_process_context: there is no '{name}'") as told:
        process_context(name)
    assert "full name" in told.value.hint


def test_what_is_said_has_no_private_values(hears: Hears) -> None:
    class Opens(luigi.Task):
        password = luigi.SecretParameter(default='pa"ss-4711')

    reporter = Reporter(hears, Opens(), "worker", 1)
    reporter.update_tracking_url('http://here/?pw=pa"ss-4711')
    reporter.update_status_message('opening with {"password": "pa\\"ss-4711"}')
    reporter.add_scheduler_message_response("Opens", "1", 'pa"ss-4711, what else')
    url, status, answer = hears.said
    assert (url.tracking_url, status.status_message) == ("http://here/?pw=***", 'opening with {"password": "***"}')
    assert answer.text == "***, what else"
