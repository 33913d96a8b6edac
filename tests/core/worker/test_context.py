"""What a running task can say of itself, and what steps around it are told."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

import luigi
from luigi.errors import ConfigurationError
from luigi.hookspecs import Ran
from luigi.interfaces import Question, TaskSpec
from luigi.worker.context import process_context


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
