"""A firing moves the time-table on and submits its tasks, or is refused as a whole; one may wait for another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from luigi.errors import KernelError
from luigi.interfaces import Order, Question, TaskSpec
from luigi.scheduler import Scheduler, events
from luigi.scheduler.events import Refused, Settled, Submitted
from luigi.scheduler.machine import Machine
from luigi.scheduler.recovery import recovered
from luigi.scheduler.triggers import MOST_WAITING
from luigi.task_status import DONE, FAILED
from luigi.testing import FakeClock, MemoryStateStore


def fire(bench: Any, due: float, overlap: str = "skip", timely: bool = True, task_id: str = "") -> list[Any]:
    specs = [TaskSpec(task_id or f"t{due:g}", "F", "m", deps=None, unplanned=True)]
    effects: list[Any] = bench.do(events.Fired("g", due, f"g-{due:g}", specs, overlap, {"max_active": 1}, timely))
    return effects


def finish(bench: Any, status: str = DONE) -> None:
    bench.join("p")
    for task_id in bench.take("p", 9):
        bench.report(task_id, status, "p")


def test_a_firing_is_submitted(bench: Any) -> None:
    fire(bench, 5)
    trigger = bench.machine.triggers["g"]
    assert (trigger.last_due, trigger.last_submission, trigger.last_began) == (5, "g-5", bench.now)
    finish(bench)
    assert (trigger.last_status, trigger.last_ended) == ("SUCCESS", bench.now)


@pytest.mark.parametrize("due", [5, 4])
def test_one_that_is_not_later_than_the_last_is_refused_and_changes_nothing(bench: Any, due: float) -> None:
    fire(bench, 5)
    (effect,) = fire(bench, due)
    assert isinstance(effect, Refused)
    assert (bench.machine.triggers["g"].last_due, len(bench.machine.submissions)) == (5, 1)


def test_a_firing_for_nothing_moves_the_time_table_alone(bench: Any) -> None:
    assert bench.do(events.Fired("g", 5, "", [])) == []
    assert (bench.machine.triggers["g"].last_due, bench.machine.submissions) == (5, {})


def test_wanted_now_it_leaves_the_time_table_alone(bench: Any) -> None:
    bench.do(events.TriggerPaused("g"))
    assert Submitted in map(type, fire(bench, 5, timely=False))
    assert bench.machine.triggers["g"].last_due is None


def test_skip_lets_pass_what_comes_too_early(bench: Any) -> None:
    fire(bench, 5)
    fire(bench, 6)
    trigger = bench.machine.triggers["g"]
    assert (trigger.last_due, trigger.last_skipped, trigger.last_submission) == (6, 6, "g-5")


def test_queue_submits_one_after_the_other(bench: Any) -> None:
    for due in (5, 6, 7):
        fire(bench, due, "queue")
    order = []
    for _ in range(3):
        order.append(bench.machine.triggers["g"].last_submission)
        finish(bench, FAILED)
    assert order == ["g-5", "g-6", "g-7"]
    assert bench.machine.triggers["g"].waiting == []


def test_only_so_many_wait(bench: Any) -> None:
    for due in range(1, MOST_WAITING + 4):
        fire(bench, due, "queue")
    trigger = bench.machine.triggers["g"]
    assert (len(trigger.waiting), trigger.last_skipped) == (MOST_WAITING, MOST_WAITING + 3)


def test_replace_puts_an_end_to_what_goes_on_and_to_what_waits(bench: Any) -> None:
    fire(bench, 5, "queue")
    fire(bench, 6, "queue")
    effects = fire(bench, 7, "replace")
    assert Settled("g-5", "CANCELLED") in effects
    assert (bench.machine.triggers["g"].last_submission, bench.machine.triggers["g"].waiting) == ("g-7", [])


def test_a_failing_one_makes_place_before_its_retry(bench: Any) -> None:
    fire(bench, 5)
    finish(bench, FAILED)
    assert Submitted in map(type, fire(bench, 6))


def test_an_older_one_that_goes_on_again_says_nothing_of_the_last(bench: Any) -> None:
    fire(bench, 5)
    finish(bench, FAILED)
    fire(bench, 6)
    bench.tick(50)
    assert bench.take("p", 9) == ["t5", "t6"]
    bench.report("t5", DONE, "p")
    trigger = bench.machine.triggers["g"]
    assert (trigger.last_submission, trigger.last_status) == ("g-6", "")


@pytest.mark.parametrize("taken", ["g-5", "g-6"])
def test_a_firing_needs_an_id_of_its_own(bench: Any, taken: str) -> None:
    """Neither that of a submission, nor that of a firing which waits to be one."""
    fire(bench, 5, "queue")
    fire(bench, 6, "queue")
    (effect,) = bench.do(events.Fired("g", 7, taken, [TaskSpec("t7", "F", "m")], "queue"))
    assert isinstance(effect, Refused)
    assert (bench.machine.triggers["g"].last_due, len(bench.machine.triggers["g"].waiting)) == (6, 1)


def test_paused_it_does_not_fire_and_makes_up_for_nothing(bench: Any) -> None:
    bench.do(events.TriggerPaused("g"))
    (effect,) = fire(bench, 5)
    assert isinstance(effect, Refused)
    bench.now = 100
    bench.do(events.TriggerUnpaused("g"))
    assert bench.machine.triggers["g"].last_due == 100


def test_what_waits_waits_on_while_it_is_paused(bench: Any) -> None:
    fire(bench, 5, "queue")
    fire(bench, 6, "queue")
    bench.do(events.TriggerPaused("g"))
    finish(bench)
    assert bench.machine.triggers["g"].last_submission == "g-5"
    bench.do(events.TriggerUnpaused("g"))
    assert bench.machine.triggers["g"].last_submission == "g-6"


def test_how_it_went_is_known_when_the_submission_is_forgotten(bench: Any) -> None:
    fire(bench, 5)
    finish(bench)
    bench.tick(601)
    assert (bench.machine.submissions, bench.machine.triggers["g"].last_status) == ({}, "SUCCESS")


def test_a_replay_and_a_snapshot_know_all_of_it(bench: Any) -> None:
    fire(bench, 5, "queue")
    fire(bench, 6, "queue")
    bench.restart()
    finish(bench)
    bench.restart()
    bench.check_replay()


# --- by the service ------------------------------------------------------------------------------------------------


def test_the_service_says_what_became_of_a_firing() -> None:
    scheduler = Scheduler(resources={}, clock=FakeClock(1000.0))

    def fired(due: float, overlap: str = "skip", specs: int = 1) -> str:
        told = [TaskSpec(f"t{due:g}", "F", "m")] * specs
        return scheduler.fire("g", due, f"g-{due:g}", told, overlap=overlap, queue="heavy")

    assert fired(1, specs=0) == "passed"
    assert [fired(2), fired(3), fired(4, "queue"), fired(5, "replace")] == [
        "submitted",
        "skipped",
        "queued",
        "replaced",
    ]
    with pytest.raises(KernelError, match="the trigger g does not fire: what was due at 5"):
        fired(5)
    row = scheduler.view(Question("trigger", "g"))
    assert (row["last_due"], row["last_submission"], row["last_skipped"]) == (5, "g-5", 3)
    assert scheduler.machine.tasks["t5"].wish == ("heavy", ())


def test_operators_pause_and_forget_triggers() -> None:
    scheduler = Scheduler(resources={}, clock=FakeClock(1000.0))
    scheduler.control(Order("pause_trigger", "g"))
    assert [(row["name"], row["paused"]) for row in scheduler.view(Question("triggers"))] == [("g", True)]
    scheduler.control(Order("unpause_trigger", "g"))
    scheduler.control(Order("forget_trigger", "g"))
    assert scheduler.view(Question("trigger", "g")) is None
    with pytest.raises(KernelError, match="no trigger has that name"):
        scheduler.control(Order("forget_trigger", "g"))


def test_a_firing_is_one_entry_of_the_journal(known: Callable[[Machine], Any]) -> None:
    """So a server that dies has kept all of it, or nothing."""
    store = MemoryStateStore()
    scheduler = Scheduler(resources={}, clock=FakeClock(1000.0), store=store)
    before = len(list(store.load().entries))
    scheduler.fire("g", 5, "g-5", [TaskSpec("a", "F", "m")])
    assert len(list(store.load().entries)) == before + 1
    assert known(recovered(store.load()).machine) == known(scheduler.machine)
