"""Leases: an assignment is believed in until it ends, and nothing said under another one is."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.interfaces import Answer, Assignment, Progress, Report
from luigi.scheduler import events
from luigi.scheduler.events import Assigned, Refused
from luigi.task_status import DONE, FAILED, PENDING, RUNNING


def told(effects: list[Any]) -> list[type]:
    return [type(effect) for effect in effects]


def test_a_worker_gets_only_what_it_can_run(bench: Any) -> None:
    bench.declare("mine", worker="w")
    bench.declare("theirs", worker="v")
    bench.declare("external", runnable=False)
    assert bench.take("w", want=5) == ["mine"]


def test_a_task_of_two_workers_is_handed_out_once(bench: Any) -> None:
    bench.declare("shared", worker="w")
    bench.declare("shared", worker="v")
    assert bench.take("v") == ["shared"]
    assert bench.take("w") == []
    assert bench.machine.running_elsewhere("w") == {"shared": "v"}
    assert bench.machine.running_elsewhere("v") == {}


def test_a_worker_that_says_it_can_run_a_waiting_task_gets_it(bench: Any) -> None:
    bench.declare("a", runnable=False)
    assert bench.take() == []
    bench.declare("a", worker="v")
    assert bench.take("v") == ["a"]


def test_an_assignment_says_what_to_run(bench: Any) -> None:
    bench.declare("a", family="Fam", module="mod", params={"x": "1"})
    (assignment,) = bench.assign()
    assert assignment == Assignment("a", bench.token("a"), "Fam", "mod", {"x": "1"})


def test_every_assignment_has_a_token_of_its_own(bench: Any) -> None:
    tokens = []
    for name in "abc":
        bench.run(name, FAILED)
        tokens.append(bench.token(name))
    bench.tick(50)
    tokens += [one.token for one in bench.assign(want=3)]
    assert len(set(tokens)) == 6


@pytest.mark.parametrize("status", [DONE, FAILED, PENDING])
def test_a_stale_report_is_refused(bench: Any, status: str) -> None:
    bench.run("a", FAILED)
    stale = bench.token("a")
    bench.do(events.Forgiven("a"))
    bench.take()
    effects = bench.do(events.HandedIn("w", Report("a", stale, status)))
    assert told(effects) == [Refused]
    assert bench.status("a") == RUNNING


def test_a_second_report_is_refused(bench: Any) -> None:
    bench.run("a", DONE)
    assert told(bench.report("a", FAILED)) == [Refused]
    assert bench.status("a") == DONE


def test_a_report_by_a_worker_that_does_not_own_the_task_is_refused(bench: Any) -> None:
    bench.declare("a")
    bench.declare("b", worker="thief")
    bench.take()
    assert told(bench.report("a", DONE, worker="thief")) == [Refused]
    assert bench.status("a") == RUNNING


def test_a_report_on_a_task_nobody_knows_is_refused(bench: Any) -> None:
    bench.declare("a")
    assert told(bench.do(events.HandedIn("w", Report("b", 1, DONE)))) == [Refused]


def test_progress_is_kept_with_the_lease(bench: Any) -> None:
    bench.declare("a")
    bench.take()
    token = bench.token("a")
    bench.do(events.HandedIn("w", Progress("a", token, "http://x", "half", 50)))
    bench.do(events.HandedIn("w", Progress("a", token, status_message="more")))
    lease = bench.lease("a")
    assert (lease.tracking_url, lease.status_message, lease.percentage) == ("http://x", "more", 50)
    version = bench.machine.index.version
    assert bench.do(events.HandedIn("w", Progress("a", token))) == []
    assert bench.machine.index.version == version, "a sign of life is no change"


def test_progress_of_somebody_else_is_refused(bench: Any) -> None:
    bench.declare("a")
    bench.take()
    assert told(bench.do(events.HandedIn("w", Progress("a", bench.token("a") + 1, percentage=9)))) == [Refused]
    assert told(bench.do(events.HandedIn("w", Progress("b", 1)))) == [Refused]
    assert bench.lease("a").percentage is None


def test_a_new_run_begins_without_the_progress_of_the_last(bench: Any) -> None:
    bench.declare("a")
    bench.take()
    bench.do(events.HandedIn("w", Progress("a", bench.token("a"), percentage=50)))
    bench.report("a", FAILED)
    bench.tick(50)
    bench.take()
    assert bench.lease("a").percentage is None


def test_what_got_lost_on_the_way_is_handed_out_again(bench: Any) -> None:
    for name in "abcd":
        bench.declare(name)
    first = bench.assign(want=2)
    effects = bench.do(events.Asked("w", 2, holding=["a"]))
    assert [effect.assignment for effect in effects if isinstance(effect, Assigned)][:1] == first[1:]
    assert bench.statuses("abcd") == [RUNNING, RUNNING, RUNNING, PENDING], "the rest of what was wanted is new"
    assert bench.token("b") == first[1].token


def test_a_paused_machine_still_hands_out_again(bench: Any) -> None:
    bench.declare("a")
    bench.declare("b")
    bench.take()
    bench.do(events.Paused())
    effects = bench.do(events.Asked("w", 5, holding=[]))
    assert [effect.assignment.task_id for effect in effects] == ["a"]


def test_a_worker_that_does_not_say_what_it_holds_gets_nothing_again(bench: Any) -> None:
    bench.declare("a")
    bench.take()
    assert bench.take() == []


def test_a_declared_run_takes_a_lease(new_bench: Any) -> None:
    bench = new_bench(db=1)
    bench.declare("a", resources={"db": 1})
    bench.declare("a", status=RUNNING, resources={"db": 1}, worker="v")
    assert bench.lease("a").worker == "v"
    assert bench.machine.resources.used == {"db": 1}
    bench.declare("a", status=RUNNING)
    assert bench.lease("a").worker == "v", "somebody is running it"
    bench.report("a", DONE, worker="v")


def test_what_others_declare_of_a_running_task_changes_no_status(bench: Any) -> None:
    bench.declare("a")
    bench.take()
    for status in (DONE, FAILED, PENDING):
        bench.declare("a", worker="v", status=status)
        assert bench.status("a") == RUNNING


def test_an_answer_is_kept_by_its_message(bench: Any) -> None:
    bench.declare("a")
    bench.do(events.HandedIn("w", Answer("a", "m1", "yes")))
    bench.do(events.HandedIn("w", Answer("a", "m2", "no")))
    assert bench.machine.tasks["a"].answers == {"m1": "yes", "m2": "no"}
    assert told(bench.do(events.HandedIn("w", Answer("b", "m3", "?")))) == [Refused]
