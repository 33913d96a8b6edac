"""Batches: which tasks are run as one, and how they share the fate of the one that runs for them."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.interfaces import Assignment, Batcher, Began, Report, TaskSpec
from luigi.scheduler import events
from luigi.scheduler.events import Assigned, Refused
from luigi.task_status import BATCH_RUNNING, DISABLED, DONE, FAILED, PENDING, RUNNING


def begin(bench: Any, runner: str, token: int, worker: str = "w", **said: Any) -> list[Any]:
    spec = TaskSpec(runner, "B", deps=None, **said)
    return bench.do(events.HandedIn(worker, Began(token, spec)))  # type: ignore[no-any-return]


def running_batch(bench: Any, *task_ids: str, runner: str = "abc", **said: Any) -> int:
    """The token of a batch of these tasks that `runner` runs for."""
    bench.declare_batch(*task_ids, **said)
    (assignment,) = bench.assign()
    assert set(assignment.batch) == set(task_ids)
    begin(bench, runner, assignment.token)
    return int(assignment.token)


def test_what_differs_in_batched_parameters_alone_is_handed_out_as_one(bench: Any) -> None:
    bench.declare_batch("a", "b", "c")
    (assignment,) = bench.assign()
    assert assignment == Assignment("a", bench.token("a"), "B", None, {"day": ["a", "b", "c"]}, ["a", "b", "c"])
    assert bench.statuses("abc") == [BATCH_RUNNING] * 3
    assert bench.take() == []


def test_what_differs_in_another_parameter_is_handed_out_apart(bench: Any) -> None:
    params = {"a": ("1", "x", "0"), "b": ("2", "y", "0"), "c": ("3", "z", "1"), "d": ("4", "x", "0")}
    named = {one: dict(zip(("p1", "p2", "p3"), values, strict=True)) for one, values in params.items()}
    specs = [TaskSpec(one, "B", params=values, batchable=True) for one, values in named.items()]
    bench.do(events.Declared("w", specs, [Batcher("B", ["p1", "p2"])]))
    first, second = bench.assign(want=2)
    assert first.params == {"p1": ["1", "2", "4"], "p2": ["x", "y", "x"], "p3": "0"}
    assert (second.task_id, second.batch, second.params["p1"]) == ("c", (), "3")


def test_a_batch_is_no_greater_than_it_may_be_and_takes_the_best(bench: Any) -> None:
    bench.declare_batch("a", "b", "c", max_size=2)
    bench.declare_batch("d", priority=1, max_size=2)
    assert [list(one.batch) for one in bench.assign(want=9)] == [["d", "a"], ["b", "c"]]


def test_a_batch_of_one_is_a_task(bench: Any) -> None:
    bench.declare_batch("a", "b", max_size=1)
    assert [one.batch for one in bench.assign(want=9)] == [(), ()]
    assert bench.statuses("ab") == [RUNNING] * 2


@pytest.mark.parametrize("status", [DONE, FAILED, DISABLED])
def test_what_is_not_ready_is_not_taken_along(bench: Any, status: str) -> None:
    bench.declare_batch("a", "b", "c", "d")
    bench.declare_batch("b", status=status)
    bench.declare("c", "elsewhere", family="B", params={"day": "c"}, batchable=True)
    bench.declare("d", family="B", params={"day": "d"}, batchable=False)
    assert bench.take(want=9) == ["a", "d"]


def test_only_a_worker_that_batches_gets_batches_and_only_of_what_it_can_run(bench: Any) -> None:
    bench.declare_batch("a", "b", "c")
    for name in "bc":
        bench.declare(name, worker="v", family="B", params={"day": name}, batchable=True)
    assert [one.batch for one in bench.assign("v")] == [()]
    assert [list(one.batch) for one in bench.assign("w")] == [["a", "c"]]


def test_tasks_known_before_it_is_said_how_they_are_batched_are_batched(bench: Any) -> None:
    for name in "ab":
        bench.declare(name, family="B", params={"day": name}, batchable=True)
    bench.do(events.Declared("w", [], [Batcher("B", ["day"])]))
    assert [list(one.batch) for one in bench.assign(want=9)] == [["a", "b"]]


def test_what_a_worker_may_only_wait_for_is_not_batched_for_it_when_it_says_how(bench: Any) -> None:
    bench.do(events.Declared("w", [TaskSpec("a", "B", params={"day": "a"}, batchable=True, runnable=False)]))
    bench.declare_batch("a", worker="v")
    bench.declare_batch("b", "c")
    assert [list(one.batch) for one in bench.assign(want=9)] == [["b", "c"]]


def test_a_new_way_to_batch_counts_from_then_on(bench: Any) -> None:
    bench.declare_batch("a", "b", "c", "d", max_size=9)
    bench.do(events.Declared("w", [], [Batcher("B", ["day"], 3)]))
    assert [len(one.batch) for one in bench.assign(want=9)] == [3, 0]


def test_a_batch_holds_what_each_member_needs_once(new_bench: Any) -> None:
    bench = new_bench(db=2)
    bench.declare_batch("a", "b", resources={"db": 2})
    bench.declare_batch("other", resources={"db": 1})
    (assignment,) = bench.assign()
    assert list(assignment.batch) == ["a", "b"], "what needs something else is no part of it"
    assert bench.machine.resources.used == {"db": 2}
    assert {dict(bench.lease(one).taken)["db"] for one in "ab"} == {2}
    begin(bench, "ab", assignment.token)
    assert dict(bench.lease("ab").held) == {"db": 2}
    bench.report("ab", DONE)
    assert bench.take() == ["other"]


def test_a_unique_resource_keeps_two_batches_apart(bench: Any) -> None:
    bench.declare_batch("a", "b", resources={"table": 1})
    (assignment,) = bench.assign()
    begin(bench, "b", assignment.token, resources={"table": 1})
    bench.declare_batch("c", resources={"table": 1})
    assert bench.take() == []
    bench.report("b", DONE)
    assert bench.take() == ["c"]


@pytest.mark.parametrize("runner", ["b", "abc"])
def test_members_are_done_with_their_runner(bench: Any, runner: str) -> None:
    running_batch(bench, "a", "b", "c", runner=runner)
    assert bench.status(runner) == RUNNING
    assert [bench.status(one) for one in "abc" if one != runner].count(BATCH_RUNNING) == 3 - (runner == "b")
    bench.report(runner, DONE)
    assert bench.statuses("abc") == [DONE] * 3


@pytest.mark.parametrize("runner", ["b", "abc"])
def test_members_fail_with_their_runner_each_by_its_own_policy(new_bench: Any, policy: Any, runner: str) -> None:
    bench = new_bench(policy._replace(retry_count=2))
    bench.declare("a", family="B", status=FAILED)
    running_batch(bench, "a", "b", "c", runner=runner)
    bench.report(runner, FAILED, explanation="why")
    assert bench.statuses("abc") == [DISABLED, FAILED, FAILED]
    assert {bench.machine.tasks[one].explanation for one in "abc"} == {"why"}


def test_members_of_a_runner_that_is_disabled_fail(bench: Any) -> None:
    running_batch(bench, "a", "b", runner="ab")
    bench.report("ab", FAILED, retriable=False)
    assert bench.statuses(["ab", "a", "b"]) == [DISABLED, FAILED, FAILED]


def test_a_batch_that_cannot_be_combined_fails_under_its_first_member(new_bench: Any) -> None:
    bench = new_bench(db=1)
    bench.declare_batch("a", "b", resources={"db": 1})
    bench.assign()
    bench.report("a", FAILED, explanation="cannot combine")
    assert bench.statuses("ab") == [FAILED] * 2
    assert bench.machine.resources.used == {}
    bench.tick(50)
    assert [list(one.batch) for one in bench.assign()] == [["a", "b"]]


def test_a_report_on_any_member_speaks_for_the_batch(bench: Any) -> None:
    bench.declare_batch("a", "b", "c")
    bench.assign()
    bench.report("c", DONE)
    assert bench.statuses("abc") == [DONE] * 3


def test_members_wait_while_their_runner_waits_for_new_requirements(bench: Any) -> None:
    running_batch(bench, "a", "b", runner="ab")
    bench.report("ab", PENDING, new_deps=["new"])
    assert bench.statuses(["ab", "a", "b"]) == [PENDING, BATCH_RUNNING, BATCH_RUNNING]
    bench.declare("new", status=DONE)
    assert [(one.task_id, one.batch) for one in bench.assign()] == [("ab", ())]
    bench.report("ab", DONE)
    assert bench.statuses("ab") == [DONE] * 2


@pytest.mark.parametrize("runner", [None, "a", "ab"])
def test_a_lost_worker_fails_its_batches_and_they_are_batched_again(new_bench: Any, runner: str | None) -> None:
    bench = new_bench(disconnect_delay=10, db=1)
    bench.declare_batch("a", "b", resources={"db": 1})
    (assignment,) = bench.assign()
    if runner is not None:
        begin(bench, runner, assignment.token)
    bench.tick(11)
    assert bench.statuses("ab") == [FAILED] * 2
    assert bench.machine.resources.used == {}
    bench.declare_batch("a", "b", worker="v", resources={"db": 1})
    assert [list(one.batch) for one in bench.assign("v")] == [["a", "b"]]


def test_a_lost_runner_that_waited_lets_its_members_go(new_bench: Any) -> None:
    bench = new_bench(disconnect_delay=10)
    running_batch(bench, "a", "b", runner="ab")
    bench.report("ab", PENDING, new_deps=["new"])
    bench.tick(11)
    assert bench.statuses("ab") == [FAILED] * 2
    bench.declare_batch("a", "b", worker="v")
    bench.declare("ab", worker="v", family="B")
    bench.declare("new", worker="v", status=DONE)
    assert [(one.task_id, len(one.batch)) for one in bench.assign("v", want=3)] == [("a", 2), ("ab", 0)]
    bench.report("ab", DONE, worker="v")
    assert bench.statuses("ab") == [BATCH_RUNNING] * 2, "they are another run's now"


def test_a_lost_runner_that_waits_may_outlive_its_members(new_bench: Any) -> None:
    bench = new_bench(disconnect_delay=100, remove_delay=10)
    running_batch(bench, "a", "b", runner="ab")
    bench.report("ab", PENDING, new_deps=["new"])
    bench.now += 60
    bench.declare("ab", "new", worker="v", family="B")
    bench.declare("new", worker="v")
    bench.tick(50)
    bench.tick(11)
    assert sorted(bench.machine.tasks) == ["ab", "new"]
    bench.restart()
    bench.declare("new", worker="v", status=DONE)
    assert bench.take("v") == ["ab"]
    bench.report("ab", DONE, worker="v")


def test_a_batch_lost_on_the_way_is_given_back(bench: Any) -> None:
    bench.declare_batch("a", "b")
    (lost,) = bench.assign()
    (again,) = [one for one in bench.do(events.Asked("w", 1, holding=[])) if isinstance(one, Assigned)]
    assert list(again.assignment.batch) == ["a", "b"]
    assert again.assignment.token != lost.token
    assert [type(one) for one in begin(bench, "ab", lost.token)] == [Refused]


def test_a_runner_lost_on_the_way_is_handed_out_again(bench: Any) -> None:
    token = running_batch(bench, "a", "b", runner="ab")
    (again,) = bench.do(events.Asked("w", 1, holding=["a", "b"]))
    assert (again.assignment.task_id, again.assignment.token, again.assignment.batch) == ("ab", token, ())
    assert bench.do(events.Asked("w", 1, holding=["ab"])) == []


def test_a_second_beginning_or_one_of_a_stranger_is_refused(bench: Any) -> None:
    bench.declare("other", worker="v")
    token = running_batch(bench, "a", "b", runner="ab")
    for worker, given in (("w", token), ("v", token), ("w", token + 1)):
        (refused,) = begin(bench, "ba", given, worker)
        assert refused.task_id == "ba"
    assert "ba" not in bench.machine.tasks


def test_a_beginning_of_a_single_task_is_refused(bench: Any) -> None:
    bench.declare("a")
    bench.take()
    assert [type(one) for one in begin(bench, "a", bench.token("a"))] == [Refused]
    assert bench.status("a") == RUNNING


@pytest.mark.parametrize("waits", [False, True])
def test_a_batch_whose_runner_runs_already_fails(bench: Any, waits: bool) -> None:
    """Another batch, or another worker, came to the same combined task first."""
    running_batch(bench, "a", "b", runner="max")
    if waits:
        bench.report("max", PENDING, new_deps=["new"])
    bench.declare_batch("c", "d")
    (second,) = bench.assign()
    assert Refused in [type(one) for one in begin(bench, "max", second.token)]
    assert bench.statuses("abcd") == [BATCH_RUNNING, BATCH_RUNNING, FAILED, FAILED]
    if waits:
        bench.declare("new", status=DONE)
        bench.take()
    bench.report("max", DONE)
    assert bench.statuses("abcd") == [DONE, DONE, FAILED, FAILED]


@pytest.mark.parametrize("before", [DONE, FAILED, DISABLED])
def test_a_runner_known_before_runs_whatever_it_was(bench: Any, before: str) -> None:
    bench.declare("ab", family="B", status=before)
    running_batch(bench, "a", "b", runner="ab")
    assert bench.status("ab") == RUNNING
    bench.report("ab", DONE)
    assert bench.statuses("ab") == [DONE] * 2


def test_a_runner_marked_done_is_done_with_its_members(bench: Any) -> None:
    token = running_batch(bench, "a", "b", runner="ab")
    bench.do(events.MarkedDone("ab"))
    assert bench.statuses(["ab", "a", "b"]) == [DONE] * 3
    assert [type(one) for one in bench.do(events.HandedIn("w", Report("ab", token, FAILED)))] == [Refused]


def test_a_runner_whose_check_raises_while_it_waits_fails_its_members(bench: Any) -> None:
    running_batch(bench, "a", "b", runner="ab")
    bench.report("ab", PENDING, new_deps=["new"])
    bench.declare("ab", family="B", status="UNKNOWN", runnable=False)
    assert bench.statuses("ab") == [FAILED] * 2
