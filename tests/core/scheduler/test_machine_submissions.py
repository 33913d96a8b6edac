"""Runs that no process stands for: what workers of pools are handed, which roots are held, how they end and leave."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.interfaces import Question, Report, TaskSpec
from luigi.scheduler import events
from luigi.scheduler.events import Assigned, Delivered, Refused, Resumed, Settled, SubmissionLeft
from luigi.scheduler.submissions import RETRIED_FOR
from luigi.scheduler.views import answer
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING


def settled(effects: list[Any]) -> list[str]:
    return [effect.status for effect in effects if isinstance(effect, Settled)]


# --- who is handed what --------------------------------------------------------------------------------------------


def test_a_submission_is_run_by_workers_of_pools_and_by_nobody_else(bench: Any) -> None:
    bench.submit("a")
    assert bench.take("w") == []
    bench.join("p")
    (assignment,) = bench.assign("p")
    assert (assignment.task_id, assignment.submission, assignment.unplanned) == ("a", "run-1", False)


def test_luigis_assistants_take_it_too(bench: Any) -> None:
    bench.submit("a")
    bench.do(events.Introduced("helper", {"assistant": True}))
    assert bench.take("helper") == ["a"]


@pytest.mark.parametrize(
    ("modules", "module", "taken"),
    [
        ((), "m", True),
        (("m",), "m", True),
        (("m",), "m.below", True),
        (("m",), "mm", False),
        (("m.below",), "m", False),
        (("m",), None, False),
        ((), None, True),
    ],
)
def test_a_pool_takes_tasks_of_its_modules_and_of_those_below(
    bench: Any, modules: Any, module: str | None, taken: bool
) -> None:
    bench.submit("a", module=module)
    bench.join("p", *modules)
    assert bench.take("p") == ["a"] * taken


@pytest.mark.parametrize(
    ("queues", "queue", "taken"),
    [((), "", True), ((), "heavy", False), (["heavy"], "heavy", True), (["heavy"], "", False), (["*"], "x", True)],
)
def test_a_task_in_a_queue_is_for_those_that_serve_it(bench: Any, queues: Any, queue: str, taken: bool) -> None:
    bench.submit("a", queue=queue)
    bench.join("p", queues=queues)
    assert bench.take("p") == ["a"] * taken


@pytest.mark.parametrize(
    ("labels", "wanted", "taken"),
    [((), ("gpu",), False), (["gpu"], (), True), (["gpu"], ("gpu",), True), (["gpu"], ("gpu", "ssd"), False)],
)
def test_a_worker_must_have_all_labels_of_a_task(bench: Any, labels: Any, wanted: Any, taken: bool) -> None:
    bench.submit("a", labels=wanted)
    bench.join("p", labels=labels)
    assert bench.take("p") == ["a"] * taken


def test_a_task_that_is_declared_for_another_queue_is_not_given_from_the_first(bench: Any) -> None:
    bench.join("p")
    bench.submit("a")
    bench.submit("a", queue="heavy")
    assert bench.take("p") == []
    bench.join("p", queues=["heavy"])
    assert bench.take("p") == ["a"]


def test_a_pool_helps_with_the_runs_of_programs(bench: Any) -> None:
    """Also with what was ready before the first of its workers came."""
    bench.declare("before", worker="w", module="m")
    bench.join("p", "m")
    bench.declare("after", worker="w", module="m")
    assert bench.take("p", 9) == ["before", "after"]


def test_a_programs_worker_runs_its_own_whatever_the_queue(bench: Any) -> None:
    bench.declare("a", queue="heavy", labels=["gpu"])
    assert bench.take("w") == ["a"]


def test_the_best_of_all_runs_goes_first(bench: Any) -> None:
    bench.submit("low", submission="s1", module="m1")
    bench.submit("high", submission="s2", module="m2", priority=5)
    bench.submit("later", submission="s3", module="m3")
    bench.join("p")
    assert bench.take("p", 9) == ["high", "low", "later"]


def test_a_better_task_in_another_queue_of_the_pool_claims_what_it_needs(new_bench: Any) -> None:
    bench = new_bench(db=2)
    bench.submit("holds", module="m1", resources={"db": 1})
    bench.join("p")
    assert bench.take("p") == ["holds"]
    bench.submit("big", submission="s2", module="m1", resources={"db": 2}, priority=9)
    bench.submit("small", submission="s3", module="m2", resources={"db": 1})
    assert bench.take("p") == []
    bench.report("holds", DONE, "p")
    assert bench.take("p") == ["big"]


def test_a_better_task_of_a_pool_that_waits_claims_what_it_needs(new_bench: Any) -> None:
    bench = new_bench(db=2)
    for number, needed in enumerate((1, 2, 1, 1), start=1):
        bench.submit(f"t{number}", submission=f"s{number}", module=f"m{number % 2}", resources={"db": needed})
    bench.join("even", "m0")
    bench.join("odd", "m1")
    assert bench.take("odd") == ["t1"]
    assert bench.take("even") == [], "it waits for two"
    assert bench.take("odd") == []
    bench.now = 15.1
    assert bench.take("odd") == ["t3"], "who asked so long ago does not wait any more"


def test_what_a_submission_lacks_a_queue_for_goes_to_its_own(bench: Any) -> None:
    bench.do(events.Introduced("s", {"submission": True, "roots": ["a"], "queue": "heavy", "labels": ["gpu"]}))
    bench.do(events.Declared("s", [TaskSpec("a", "F"), TaskSpec("b", "F", queue="light")]))
    wishes = {task_id: bench.machine.tasks[task_id].wish for task_id in "ab"}
    assert wishes == {"a": ("heavy", ("gpu",)), "b": ("light", ("gpu",))}


# --- planning in the pool ------------------------------------------------------------------------------------------


def test_what_a_task_turns_out_to_require_is_the_submissions(bench: Any) -> None:
    bench.submit("a", deps=None, unplanned=True)
    bench.join("p")
    (assignment,) = bench.assign("p")
    assert assignment.unplanned
    bench.do(events.Declared("p", [TaskSpec("b", "F", "m")], submission="run-1"))
    bench.report("a", PENDING, "p", new_deps=["b"])
    assert bench.submission().counts == {PENDING: 2, "UNKNOWN": 0, RUNNING: 0}
    bench.join("q")
    assert bench.take("q", 9) == ["b"]
    bench.report("b", DONE, "q")
    (again,) = bench.assign("q")
    assert (again.task_id, again.unplanned) == ("a", False)


def test_a_task_that_is_given_back_is_still_unplanned(bench: Any) -> None:
    bench.submit("a", deps=None, unplanned=True)
    bench.join("p")
    for _ in range(2):
        (assignment,) = bench.assign("p")
        assert assignment.unplanned
        bench.report("a", PENDING, "p")


def test_nothing_is_declared_for_a_submission_that_is_gone(bench: Any) -> None:
    bench.join("p")
    bench.do(events.Declared("p", [TaskSpec("b", "F", "m")], submission="gone"))
    assert "b" not in bench.machine.tasks


def test_a_task_of_a_lost_worker_is_another_s_at_once(new_bench: Any) -> None:
    bench = new_bench(disconnect_delay=60)
    bench.submit("a")
    bench.join("p")
    bench.take("p")
    bench.now += 61
    bench.join("q")
    bench.tick()
    assert (bench.take("q"), len(bench.machine.tasks["a"].failures)) == (["a"], 1)


def test_what_a_worker_lacks_the_module_for_is_left_to_another(bench: Any) -> None:
    bench.submit("a", "b")
    for worker in "pq":
        bench.join(worker)
    assert bench.take("p") == ["a"]
    bench.report("a", FAILED, "p", lacks_module=True, explanation="no module m")
    assert (bench.status("a"), bench.machine.tasks["a"].explanation) == (PENDING, "no module m")
    assert bench.take("p") == []
    bench.restart()
    assert bench.take("p") == []
    assert bench.take("q", want=2) == ["a", "b"]
    bench.check_replay()


@pytest.mark.parametrize("other", ["nobody", "elsewhere", "disabled"])
def test_what_nobody_else_has_the_module_for_fails(bench: Any, other: str) -> None:
    bench.submit("a")
    bench.join("p")
    if other == "elsewhere":
        bench.join("q", "other_module")
    if other == "disabled":
        bench.join("q")
        bench.do(events.WorkerDisabled("q", ""))
    bench.take("p")
    bench.report("a", FAILED, "p", lacks_module=True)
    assert bench.status("a") == FAILED
    bench.tick(50)
    assert bench.take("p") == ["a"], "it may be there by now"


def test_when_all_have_found_that_they_lack_it_it_fails(bench: Any) -> None:
    bench.submit("a")
    for worker in "pq":
        bench.join(worker)
    for worker, status in (("p", PENDING), ("q", FAILED)):
        assert bench.take(worker) == ["a"]
        bench.report("a", FAILED, worker, lacks_module=True)
        assert bench.status("a") == status


def test_a_policy_that_never_tries_again_holds_there_too(new_bench: Any, policy: Any) -> None:
    bench = new_bench(policy._replace(retry_delay=-1), disconnect_delay=60)
    bench.submit("a")
    bench.join("p")
    bench.take("p")
    bench.tick(61)
    assert bench.status("a") == FAILED


# --- roots that are held -------------------------------------------------------------------------------------------


def test_so_many_roots_are_let_go_at_a_time(bench: Any) -> None:
    bench.submit(*"abcde", max_active=2)
    bench.join("p")
    order = bench.take("p", 9)
    for task_id, status in zip("abc", (DONE, FAILED, DONE), strict=True):
        bench.report(task_id, status, "p")
        order += bench.take("p", 9)
    assert order == list("abcde")


def test_a_root_that_waits_for_a_dead_end_makes_place(bench: Any) -> None:
    bench.submit("a", "b", max_active=1)
    bench.join("p")
    bench.take("p")
    bench.do(events.Declared("p", [TaskSpec("x", "F", "m")], submission="run-1"))
    bench.report("a", PENDING, "p", new_deps=["x"])
    assert bench.take("p", 9) == ["x"]
    bench.report("x", FAILED, "p", retriable=False)
    assert bench.take("p", 9) == ["b"]


def test_a_dead_end_makes_place_while_others_run(bench: Any) -> None:
    bench.submit("a", "b", "c", max_active=2)
    bench.join("p")
    bench.take("p", 2)
    bench.do(events.Declared("p", [TaskSpec("x", "F", "m")], submission="run-1"))
    bench.report("a", PENDING, "p", new_deps=["x"])
    assert bench.take("p", 9) == ["x"]
    bench.report("x", FAILED, "p", retriable=False)
    assert (bench.take("p", 9), bench.status("b")) == (["c"], RUNNING)


def test_a_root_that_waits_for_another_run_does_not_hold_up_its_own(bench: Any) -> None:
    bench.submit("a", max_active=1)
    bench.do(events.Introduced("s", {"submission": True, "roots": ["b", "c"], "max_active": 1}))
    bench.do(events.Declared("s", [TaskSpec("b", "F", deps=["a"]), TaskSpec("c", "F")]))
    bench.join("p")
    assert bench.take("p", 9) == ["a", "c"]


def test_a_root_that_an_active_one_requires_is_let_go(bench: Any) -> None:
    """Also while another runs: it does not wait for a place."""
    bench.submit("a", "b", "c", "d", max_active=2)
    bench.join("p")
    assert bench.take("p", 9) == ["a", "b"]
    bench.report("a", PENDING, "p", new_deps=["d"])
    assert bench.take("p", 9) == ["d"]


def test_a_root_that_another_requires_already_is_not_held(bench: Any) -> None:
    bench.do(events.Introduced("s", {"submission": True, "roots": ["a", "b", "c"], "max_active": 2}))
    for specs in ([TaskSpec("a", "F", deps=["c"]), TaskSpec("b", "F")], [TaskSpec("c", "F")]):
        bench.do(events.Declared("s", specs))
    bench.join("p")
    assert bench.take("p", 9) == ["c", "b"]


@pytest.mark.parametrize("deps", [["b"], []])
def test_a_root_that_a_declared_task_requires_is_let_go(bench: Any, deps: list[str]) -> None:
    bench.submit("a", "b", "c", max_active=1)
    bench.join("p")
    assert bench.take("p", 9) == ["a"]
    bench.do(events.Declared("p", [TaskSpec("x", "F", "m", deps=deps)], submission="run-1"))
    assert bench.take("p", 9) == (deps or ["x"])


def test_a_held_root_may_be_run_by_another_that_wants_it(bench: Any) -> None:
    bench.submit("a", "b", max_active=1)
    bench.declare("b", worker="w")
    assert bench.take("w") == ["b"]
    bench.report("b", DONE, "w")
    bench.join("p")
    bench.take("p")
    assert settled(bench.report("a", DONE, "p")) == ["SUCCESS"]


def test_declaring_once_more_lets_nothing_go(bench: Any) -> None:
    """A call may be made again that was not answered."""
    for _ in range(2):
        bench.submit("a", "b", "c", max_active=1)
    bench.join("p")
    assert bench.take("p", 9) == ["a"]


# --- the end -------------------------------------------------------------------------------------------------------


def test_it_is_settled_when_nothing_of_it_is_ready_or_runs(bench: Any) -> None:
    bench.submit("a", "b")
    bench.join("p")
    bench.take("p", 2)
    assert settled(bench.report("a", DONE, "p")) == []
    assert settled(bench.report("b", FAILED, "p")) == ["FAILED"]
    assert bench.submission().quiet == bench.now


@pytest.mark.parametrize(
    ("said", "status"),
    [({"runnable": False}, "MISSING_EXT"), ({"status": "UNKNOWN"}, "SCHEDULING_FAILED"), ({"status": DONE}, "SUCCESS")],
)
def test_how_it_ends_without_a_run(bench: Any, said: Any, status: str) -> None:
    assert settled(bench.submit("a", **said)) == [status]


def test_a_retry_has_it_go_on(bench: Any) -> None:
    bench.submit("a")
    bench.join("p")
    bench.take("p")
    bench.report("a", FAILED, "p")
    effects = bench.tick(50)
    assert [type(effect) for effect in effects if isinstance(effect, Resumed)] == [Resumed]
    bench.take("p")
    assert settled(bench.report("a", DONE, "p")) == ["SUCCESS"]


def test_what_others_do_has_it_go_on(bench: Any) -> None:
    """A task of it waited for one that it knows by its id alone."""
    effects = bench.submit("a", deps=["b"])
    assert settled(effects) == ["MISSING_EXT"]
    effects = bench.run("b", DONE)
    assert [effect for effect in effects if isinstance(effect, Resumed)] == [Resumed("run-1")]
    bench.join("p")
    assert bench.take("p") == ["a"]


def test_it_leaves_a_while_later(bench: Any) -> None:
    bench.submit("a", status=DONE)
    assert SubmissionLeft("run-1") not in bench.tick(599)
    assert SubmissionLeft("run-1") in bench.tick(1)
    assert bench.submission() is None


def test_silence_is_no_reason_to_give_it_up(new_bench: Any) -> None:
    bench = new_bench(disconnect_delay=60)
    bench.submit("a")
    bench.tick(90_000)
    bench.join("p")
    assert bench.take("p") == ["a"]


def test_it_stays_for_retries_but_not_for_ever(new_bench: Any, policy: Any) -> None:
    bench = new_bench(policy._replace(retry_delay=7000))
    bench.submit("a")
    bench.join("p")
    for _ in range(13):
        assert bench.take("p") == ["a"]
        bench.report("a", FAILED, "p")
        bench.tick(700)
        bench.tick(6300)
    bench.take("p")
    bench.report("a", FAILED, "p")
    assert bench.now > RETRIED_FOR
    bench.tick(600)
    assert bench.submission() is None


def test_one_whose_tasks_were_never_all_declared_leaves_too(bench: Any) -> None:
    bench.do(events.Introduced("s", {"submission": True, "roots": ["a", "b"]}))
    assert bench.submission("s").status == ""
    assert bench.tick(600)[-2:] == [Settled("s", "SCHEDULING_FAILED"), SubmissionLeft("s")]


# --- cancelling ----------------------------------------------------------------------------------------------------


def test_cancelled_it_runs_nothing_more_and_its_runs_are_ended(bench: Any) -> None:
    bench.submit("a", "b", "c", max_active=2)
    bench.join("p")
    bench.take("p")
    assert settled(bench.do(events.SubmissionCancelled("run-1", "anna"))) == ["CANCELLED"]
    assert bench.take("p", 9) == []
    (message,) = [effect.message for effect in bench.do(events.Seen("p")) if isinstance(effect, Delivered)]
    assert (message.name, message.kwargs["task_id"]) == ("cancel_task", "a")


def test_what_was_cancelled_with_it_is_run_when_it_is_submitted_again(bench: Any) -> None:
    bench.submit("a", "b")
    bench.join("p")
    bench.take("p")
    bench.do(events.SubmissionCancelled("run-1"))
    bench.report("a", FAILED, "p")
    bench.submit("a", "b", submission="run-2")
    assert bench.take("p", 9) == ["a", "b"]


def test_what_others_want_goes_on(bench: Any) -> None:
    bench.submit("a")
    bench.submit("a", submission="run-2")
    bench.join("p")
    bench.take("p")
    bench.do(events.SubmissionCancelled("run-1"))
    assert bench.do(events.Seen("p")) == []
    assert settled(bench.report("a", DONE, "p")) == ["SUCCESS"]


def test_what_was_planned_for_it_goes_on_for_others(bench: Any) -> None:
    """The task that both want was planned in the name of the first, down to what it waits for."""
    for submission in ("run-1", "run-2"):
        bench.submit("a", submission=submission)
    bench.join("p")
    bench.take("p")
    specs = [TaskSpec("b", "F", "m", deps=["c"]), TaskSpec("c", "F", "m")]
    bench.do(events.Declared("p", specs, submission="run-1"))
    bench.report("a", PENDING, "p", new_deps=["b"])
    bench.do(events.SubmissionCancelled("run-1"))
    for task_id in "cba":
        assert bench.take("p", 9) == [task_id]
        bench.report(task_id, DONE, "p")
    assert bench.submission("run-2").status == "SUCCESS"


def test_what_is_over_cannot_be_cancelled(bench: Any) -> None:
    bench.submit("a", status=DONE)
    for name in ("run-1", "nobody"):
        (effect,) = bench.do(events.SubmissionCancelled(name))
        assert isinstance(effect, Refused)


def test_an_order_for_one_task_is_as_ever(bench: Any) -> None:
    bench.submit("a", "b")
    bench.do(events.Cancelled("a", "anna"))
    bench.submit("a", submission="run-2")
    bench.join("p")
    assert (bench.take("p", 9), bench.status("a")) == (["b"], DISABLED)


def test_pools_that_say_anything_are_heard(bench: Any) -> None:
    """What a worker says of itself may be anything."""
    bench.submit("a")
    bench.do(events.Introduced("p", {"assistant": True, "pool": {"modules": "m", "queues": 3, "labels": [1]}}))
    assert bench.take("p") == ["a"]
    bench.do(events.Introduced("s", {"submission": True, "roots": 3, "max_active": "many", "labels": 7}))
    assert bench.submission("s").max_active == 0


def test_a_restart_goes_on_with_all_of_it(bench: Any) -> None:
    bench.submit(*"abcd", max_active=2)
    bench.join("p")
    (first, *_) = bench.assign("p", 9)
    bench.restart()
    effects = bench.do(events.HandedIn("p", Report("a", first.token, DONE)))
    assert settled(effects) == []
    bench.restart()
    assigned = [effect.assignment.task_id for effect in bench.do(events.Asked("p", 9)) if isinstance(effect, Assigned)]
    assert assigned == ["c"]


# --- why a task does not run -----------------------------------------------------------------------------------------


def reasons(bench: Any, task_id: str) -> list[tuple[str, str]]:
    told = answer(bench.machine, Question("explain", task_id), bench.now)
    return [(one["reason"], one["sentence"]) for one in told]


def test_it_is_said_that_a_root_is_held_or_that_nobody_takes_it(bench: Any) -> None:
    bench.submit("a", "b", max_active=1, queue="heavy", labels=["gpu"])
    (held,) = reasons(bench, "b")
    assert held == ("held", "F() is held back: run-1 has 1 under way at a time, and 1 to come.")
    (nobody,) = reasons(bench, "a")
    assert nobody[0] == "nobody can run it"
    assert nobody[1].endswith("no worker of a pool is there that takes it: module m, queue heavy, labels gpu.")
    bench.join("p", queues=["heavy"], labels=["gpu"])
    (ready,) = reasons(bench, "a")
    assert ready[1].endswith("by priority, then age: 1 workers of pools take such tasks.")
