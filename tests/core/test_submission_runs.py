"""Submissions as those who hear of runs are told of them; and their ids."""

from __future__ import annotations

from typing import Any

from luigi.interfaces import Question, Report, TaskSpec
from luigi.runs import Runs, going_on
from luigi.scheduler import Scheduler
from luigi.submissions import new_id, roots_among
from luigi.task_status import DONE, FAILED
from luigi.telling import RunBegan, RunEnded
from luigi.testing import FakeClock


class Heard:
    """A scheduler, a worker of a pool, and what is told of runs."""

    def __init__(self) -> None:
        self.clock = FakeClock(1000.0)
        self.scheduler = Scheduler(resources={}, clock=self.clock, retry_delay=50.0)
        self.told: list[Any] = []
        runs = Runs(self.told.append, self.told.append)
        self.scheduler.watch_workers(runs.heard)

    def run(self, status: str) -> None:
        for one in self.scheduler.exchange("helper", (), 9).assignments:
            self.scheduler.exchange("helper", [Report(one.task_id, one.token, status)], 0)

    def of(self, submission: str) -> list[Any]:
        return [one for one in self.told if one.run_id == submission]


def test_a_submission_is_a_run() -> None:
    heard = Heard()
    heard.scheduler.add_worker("helper", [("assistant", True)])
    heard.scheduler.submit("run-1", [TaskSpec("a", "F")], name="n", username="ann", host="far")
    heard.run(DONE)
    began, ended = heard.of("run-1")
    assert began == RunBegan("run-1", 1000.0, host="far", user="ann", command="run n", roots=("a",))
    assert ended == RunEnded("run-1", 1000.0, "SUCCESS")


def test_one_that_goes_on_begins_and_ends_once_more() -> None:
    heard = Heard()
    heard.scheduler.add_worker("helper", [("assistant", True)])
    heard.scheduler.submit("run-1", [TaskSpec("a", "F")])
    heard.run(FAILED)
    heard.clock.advance(50)
    heard.scheduler.tick()
    heard.run(DONE)
    statuses = [getattr(one, "status", type(one).__name__) for one in heard.of("run-1")]
    assert statuses == ["RunBegan", "FAILED", "RunBegan", "SUCCESS"]


def test_a_firing_is_one_too() -> None:
    heard = Heard()
    heard.scheduler.fire("g", 5.0, "trigger-g-5", [TaskSpec("a", "F")])
    (began,) = heard.of("trigger-g-5")
    assert began.command == "trigger g"


def test_what_has_ended_does_not_go_on_after_a_restart() -> None:
    heard = Heard()
    heard.scheduler.submit("run-1", [TaskSpec("a", "F", status=DONE)])
    heard.scheduler.submit("run-2", [TaskSpec("b", "F")])
    assert list(going_on(heard.scheduler.machine)) == ["run-2"]


def test_roots_are_what_no_other_requires_unless_it_is_said() -> None:
    specs = [TaskSpec("a", "F", deps=["b"]), TaskSpec("b", "F"), TaskSpec("c", "F", deps=None)]
    assert roots_among(specs) == ["a", "c"]
    heard = Heard()
    heard.scheduler.submit("run-1", specs, roots=["b"])
    assert heard.scheduler.view(Question("submission", "run-1"))["roots"]["total"] == 1


def test_ids_can_be_read_and_are_never_the_same() -> None:
    ids = {new_id("backfill", "Sales", 1000.0) for _ in range(50)}
    assert len(ids) == 50
    assert all(one.startswith("backfill-Sales-19700101T001640-") for one in ids)
