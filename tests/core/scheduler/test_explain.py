"""Why a task is where it is, in sentences."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.interfaces import Began, Progress, Question, RetryPolicy, TaskSpec
from luigi.scheduler import events
from luigi.scheduler.lanes import PATIENCE
from luigi.scheduler.records import TaskRecord
from luigi.scheduler.views import answer
from luigi.scheduler.views.blockers import ENOUGH, way_to_blocker
from luigi.scheduler.views.steps import for_long, last_line
from luigi.task_status import DISABLED, DONE, FAILED, RUNNING, UNKNOWN


def explain(bench: Any, task_id: str) -> list[dict[str, str]]:
    steps: list[dict[str, str]] = answer(bench.machine, Question("explain", task_id), bench.now)
    return steps


def told(bench: Any, task_id: str) -> list[tuple[str, str]]:
    """Which task, and the word for it, step by step."""
    return [(step["task_id"], step["reason"]) for step in explain(bench, task_id)]


def sentence(bench: Any, task_id: str) -> str:
    """Of the one step there is to be."""
    (step,) = explain(bench, task_id)
    return step["sentence"]


# --- down the chain ------------------------------------------------------------------------------------------------


def test_down_to_what_really_blocks(bench: Any) -> None:
    bench.run("dep", FAILED)
    bench.declare("mid", "dep")
    bench.declare("free")
    bench.declare("top", "free", "mid")
    assert told(bench, "top") == [("top", "waits"), ("mid", "waits"), ("dep", "failed")]
    assert [step["sentence"] for step in explain(bench, "top")][:2] == [
        "F() waits for F(), and for 1 more.",
        "F() waits for F().",
    ]


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("disabled", "failed"),
        ("failed", "unknown"),
        ("unknown", "external"),
        ("external", "ready"),
        ("huge", "running"),
    ],
)
def test_the_worst_is_chosen(bench: Any, worse: str, better: str) -> None:
    bench.declare("running", status=RUNNING)
    bench.declare("ready")
    bench.declare("external", runnable=False)
    bench.declare("huge", resources={"r": 5})
    bench.declare("unknown", status=UNKNOWN)
    bench.declare("failed", status=FAILED)
    bench.declare("disabled", status=DISABLED)
    bench.declare("mid", worse)
    bench.declare("top", better, "mid")
    bench.declare("other", "mid", better)
    assert told(bench, "top")[-1][0] == worse
    assert told(bench, "other")[-1][0] == worse


def test_among_equals_the_one_known_first(bench: Any) -> None:
    for name in ("first", "second"):
        bench.declare(name, status=FAILED)
    bench.declare("top", "second", "first")
    assert told(bench, "top") == [("top", "waits"), ("first", "failed")]


class Asking:
    """Finds nothing stuck, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, task: TaskRecord) -> bool:
        self.asked += 1
        return False


def test_what_is_dead_is_found_without_a_look_at_the_rest(bench: Any) -> None:
    free = [f"free{number}" for number in range(30)]
    for task_id in free:
        bench.declare(task_id)
    bench.declare("off", status=DISABLED)
    bench.declare("mid", *free, "off")
    bench.declare("top", "mid")
    is_stuck = Asking()
    way = way_to_blocker(bench.machine.tasks["top"], is_stuck)
    assert [task.task_id for task in way] == ["top", "mid", "off"]
    assert is_stuck.asked == 0


def test_not_more_is_looked_at_than_enough(new_bench: Any) -> None:
    bench = new_bench(checked=False)
    leaves = [TaskSpec(f"leaf{n}", "F") for n in range(2 * ENOUGH)]
    bench.do(events.Declared("w", leaves))
    for tenth in range(10):
        some = range(tenth * ENOUGH // 5, (tenth + 1) * ENOUGH // 5)
        bench.declare(f"mid{tenth}", *[f"leaf{n}" for n in some])
    bench.declare("top", *[f"mid{tenth}" for tenth in range(10)])
    is_stuck = Asking()
    way = way_to_blocker(bench.machine.tasks["top"], is_stuck)
    assert [task.task_id for task in way] == ["top", "mid0", "leaf0"]
    assert 0 < is_stuck.asked <= ENOUGH


def test_a_long_chain_is_cut_short_in_the_middle(new_bench: Any) -> None:
    bench = new_bench(checked=False)
    chain = [TaskSpec(f"t{n}", "F", deps=[f"t{n + 1}"]) for n in range(30_000)]
    bench.do(events.Declared("w", [*chain, TaskSpec("t30000", "F")]))
    steps = explain(bench, "t0")
    assert [step["task_id"] for step in steps] == [
        *[f"t{n}" for n in (0, 1, 2, 3)],
        "t4",
        *[f"t{n}" for n in (29_996, 29_997, 29_998, 29_999)],
        "t30000",
    ]
    assert steps[4]["sentence"] == "… and so on, over 29,992 more tasks …"


def test_tasks_that_wait_for_each_other(bench: Any) -> None:
    bench = bench.__class__(checked=False)
    bench.declare("a", "b")
    bench.declare("b", "a")
    assert told(bench, "a") == [("a", "circle")]


# --- what failed, what is off, what nobody knows -------------------------------------------------------------------


def test_a_failed_task_says_why_and_when_it_is_tried_again(bench: Any) -> None:
    bench.declare("a", family="Load", params={"day": "1"})
    bench.take()
    bench.report("a", FAILED, explanation="Traceback …\n  in run\nValueError: no data\n")
    bench.now += 20
    step, *story = explain(bench, "a")
    assert (
        step["sentence"] == "Load(day=1) failed 20 seconds ago: ValueError: no data. It is tried again in 30 seconds."
    )
    assert "forgive" in step["advice"]
    assert [one["reason"] for one in story] == ["story"] * 3
    assert story[-1]["sentence"] == "From RUNNING to FAILED 20 seconds ago: failed."


def test_a_cancelled_task_says_by_whom(bench: Any) -> None:
    bench.declare("a", family="Load", params={"day": "1"})
    bench.take()
    bench.do(events.Cancelled("a", "anna"))
    assert explain(bench, "a")[1]["sentence"] == "It was cancelled by anna: its worker is to end it."
    bench.report("a", FAILED)
    bench.now += 20
    bench.declare("top", "a")
    assert told(bench, "top") == [("top", "waits"), ("a", "cancelled")]
    step = explain(bench, "top")[1]
    assert step["sentence"] == "Load(day=1) was cancelled by anna 20 seconds ago."
    assert "retry" in step["advice"]


@pytest.mark.parametrize("delay", [-1, float("inf")])
def test_a_failed_task_that_is_not_tried_again(new_bench: Any, policy: RetryPolicy, delay: float) -> None:
    bench = new_bench(policy._replace(retry_delay=delay))
    bench.run("a", FAILED)
    assert explain(bench, "a")[0]["sentence"] == "F() failed just now. It is not tried again by itself."


def test_a_failed_task_whose_retry_is_due(bench: Any) -> None:
    bench.run("a", FAILED)
    bench.now += 60
    assert explain(bench, "a")[0]["sentence"].endswith("It is tried again any moment.")


def test_a_task_whose_worker_was_lost(new_bench: Any) -> None:
    bench = new_bench(disconnect_delay=5)
    bench.declare("a")
    bench.take()
    bench.tick(6)
    assert "its worker w was lost" in explain(bench, "a")[0]["sentence"]


def test_a_task_disabled_for_its_failures(new_bench: Any, policy: RetryPolicy) -> None:
    bench = new_bench(policy._replace(retry_count=1))
    bench.run("a", FAILED)
    bench.now += 300
    step = explain(bench, "a")[0]
    assert step["sentence"] == (
        "F() has been disabled for 5 minutes: failed too often. It stays so for another 11 minutes."
    )
    assert "re-enable" in step["advice"]


def test_a_task_disabled_for_ever(new_bench: Any, policy: RetryPolicy) -> None:
    bench = new_bench(policy._replace(retry_count=1, disable_persist=float("inf")))
    bench.run("a", FAILED)
    assert explain(bench, "a")[0]["sentence"].endswith(": failed too often.")


def test_a_task_disabled_by_its_class(bench: Any) -> None:
    bench.declare("a", status=DISABLED)
    step = explain(bench, "a")[0]
    assert "by its class" in step["sentence"]
    assert "`disabled`" in step["advice"]


def test_what_nobody_has_declared(bench: Any) -> None:
    bench.declare("top", "Load_1")
    assert told(bench, "top") == [("top", "waits"), ("Load_1", "unknown")]
    assert sentence(bench, "Load_1") == "Load_1 is known by its id alone: no worker has declared it."


def test_what_could_not_be_checked(bench: Any) -> None:
    bench.declare("a", status=UNKNOWN, runnable=False, explanation="Traceback\nOSError: no disk")
    assert sentence(bench, "a") == "Whether F() is complete could not be found out: OSError: no disk."


def test_what_is_done(bench: Any) -> None:
    bench.run("a", DONE)
    bench.now += 7200
    assert explain(bench, "a")[0]["sentence"] == "F() has been done for 2 hours."


# --- what runs -----------------------------------------------------------------------------------------------------


def test_what_runs_says_where_and_how_far_it_is(bench: Any) -> None:
    bench.declare("a")
    bench.take()
    bench.now += 1.5
    bench.do(events.Seen("w"))
    assert sentence(bench, "a") == "F() has run on w for 1 second."
    bench.do(events.HandedIn("w", Progress("a", bench.token("a"), None, "reading", 40)))
    assert sentence(bench, "a") == "F() has run on w for 1 second (40 %: reading)."


def test_what_runs_on_a_worker_that_has_gone_silent(bench: Any) -> None:
    bench.declare("a")
    bench.take()
    bench.now += PATIENCE + 45
    assert told(bench, "a") == [("a", "running"), ("a", "silent")]
    assert explain(bench, "a")[1]["sentence"] == "w was last heard of 1 minute ago."


def test_what_runs_in_a_batch(bench: Any) -> None:
    bench.declare_batch("a", "b", "c")
    bench.take()
    assert sentence(bench, "b") == "B(day=b) has run in a batch of 3 on w for less than a second."
    bench.do(events.HandedIn("w", Began(bench.token("a"), TaskSpec("all", "B", params={"day": "a,b,c"}))))
    assert "in a batch of 3 as B(day=a,b,c) on w" in sentence(bench, "b")
    assert sentence(bench, "all").startswith("B(day=a,b,c) has run in a batch of 3 on w")


# --- what waits for no task ----------------------------------------------------------------------------------------


def test_external_tasks(bench: Any) -> None:
    bench.declare("file", runnable=False)
    bench.declare("top", "file")
    assert told(bench, "top") == [("top", "waits"), ("file", "nobody can run it")]


def test_a_task_that_nobody_wants_any_more(new_bench: Any) -> None:
    bench = new_bench(disconnect_delay=5)
    bench.declare("a")
    bench.tick(6)
    assert sentence(bench, "a") == "No worker is left that wants F() or can run it."


def test_while_paused(bench: Any) -> None:
    bench.declare("a")
    bench.do(events.Paused())
    assert told(bench, "a") == [("a", "paused")]
    assert explain(bench, "a")[0]["advice"] == "Unpause it."


def test_more_than_there_is(new_bench: Any) -> None:
    bench = new_bench(db=2)
    bench.declare("a", resources={"db": 5})
    assert told(bench, "a") == [("a", "too much")]
    assert sentence(bench, "a") == "F() wants 5 of db, and there are only 2 in all."


def test_a_resource_in_use_names_those_who_hold_it(new_bench: Any) -> None:
    bench = new_bench(db=2)
    bench.declare("big", family="Big", resources={"db": 2})
    bench.take()
    bench.now += 90
    bench.declare("a", resources={"db": 1, "free": 1})
    assert told(bench, "a") == [("a", "used up")]
    assert sentence(bench, "a") == "F() wants 1 of db; 2 of 2 in use: 2 by Big() on w for 1 minute."


def test_of_many_holders_a_few_are_named(new_bench: Any) -> None:
    bench = new_bench(db=5)
    for number in range(5):
        bench.declare(f"t{number}", family=f"T{number}", resources={"db": 1})
    bench.take(want=5)
    bench.declare("a", resources={"db": 1})
    assert sentence(bench, "a").count(" by T") == 3
    assert sentence(bench, "a").endswith(" and 2 more.")


def test_a_better_task_has_first_claim(new_bench: Any) -> None:
    bench = new_bench(db=2)
    bench.declare("now", resources={"db": 1})
    bench.take()
    bench.declare("small", family="Small", resources={"db": 1})
    assert told(bench, "small") == [("small", "ready")]
    bench.declare("big", family="Big", priority=1, resources={"db": 2})
    assert bench.take() == []
    assert told(bench, "small") == [("small", "claimed")]
    assert sentence(bench, "small") == "Small() is ready, but Big(), which comes before it, claims db for w."
    assert told(bench, "big") == [("big", "used up")]
    bench.report("now", DONE)
    assert bench.take() == ["big"]
    bench.check_replay()


def test_a_task_of_another_worker_claims_while_that_waits(new_bench: Any) -> None:
    bench = new_bench(db=2)
    bench.now = 100.0
    bench.declare("now", resources={"db": 1})
    bench.take()
    bench.declare("big", worker="v", priority=1, resources={"db": 2})
    bench.declare("small", resources={"db": 1})
    assert told(bench, "small") == [("small", "ready")]
    assert bench.take("v") == []
    assert told(bench, "small") == [("small", "claimed")]
    assert sentence(bench, "small").endswith("claims db for v.")
    bench.now += PATIENCE + 1
    bench.do(events.Seen("w"))
    assert told(bench, "small") == [("small", "ready")]


def test_a_claim_in_one_queue_leaves_the_other_worker(new_bench: Any) -> None:
    bench = new_bench(db=2)
    bench.now = 100.0
    bench.declare("now", resources={"db": 1})
    bench.take()
    bench.declare("big", priority=1, resources={"db": 2})
    bench.declare("small", resources={"db": 1})
    bench.declare("small", worker="v", resources={"db": 1})
    assert told(bench, "small") == [("small", "ready")]
    assert bench.take("v") == ["small"]


def test_what_is_ready_names_who_may_take_it(bench: Any) -> None:
    bench.declare("a")
    bench.declare("a", worker="v")
    assert sentence(bench, "a").endswith(
        "w runs 0 and has not asked for work yet; v runs 0 and has not asked for work yet."
    )
    bench.declare("b")
    bench.take("w")
    bench.now += 3
    assert "w runs 1 and asked for work 3 seconds ago" in sentence(bench, "b")


def test_what_is_ready_while_all_its_workers_are_silent(bench: Any) -> None:
    bench.declare("a")
    bench.now += 40
    assert told(bench, "a") == [("a", "ready"), ("a", "silent")]
    bench.declare("a", worker="v")
    assert told(bench, "a") == [("a", "ready")]


# --- words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.5, "less than a second"),
        (1, "1 second"),
        (59.9, "59 seconds"),
        (60, "1 minute"),
        (7199, "1 hour"),
        (86400 * 3.5, "3 days"),
    ],
)
def test_times_for_readers(seconds: float, words: str) -> None:
    assert for_long(seconds) == words


@pytest.mark.parametrize(("said", "line"), [(None, ""), ("\n", ""), ("a\nb \n\n", "b"), ("x" * 300, "x" * 200 + "…")])
def test_the_last_line_of_an_explanation(said: str | None, line: str) -> None:
    assert last_line(said) == line
