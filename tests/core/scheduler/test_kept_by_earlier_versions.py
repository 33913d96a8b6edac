"""What earlier versions of the scheduler kept is read still. The files in `kept` were written by them: some calls, and
the snapshot of the same state."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from luigi.errors import StoreError
from luigi.interfaces import Kept, Order, Question, TaskSpec
from luigi.scheduler import Scheduler
from luigi.scheduler.machine import Machine
from luigi.scheduler.recovery import RULES, recovered
from luigi.scheduler.restoring import restored
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING
from luigi.testing import FakeClock, MemoryStateStore

KEPT = Path(__file__).parent / "kept"


def entries() -> list[tuple[int, str]]:
    return list(enumerate((KEPT / "rules_1.journal").read_text().splitlines(), 1))


def parts() -> list[str]:
    return (KEPT / "format_1.snapshot").read_text().splitlines()


def by_journal() -> Machine:
    return recovered(Kept([], 0, entries())).machine


def by_snapshot() -> Machine:
    return recovered(Kept(parts(), 17, [])).machine


@pytest.mark.parametrize("machine_of", [by_journal, by_snapshot])
def test_it_is_all_there(machine_of: Callable[[], Machine]) -> None:
    machine = machine_of()
    statuses = {task.task_id: task.status for task in machine.tasks.values()}
    assert statuses == {"a": PENDING, "b": PENDING, "c": RUNNING, "d": DISABLED, "e": FAILED, "f": DONE}
    assert machine.tasks["c"].lease.status_message == "half"  # type: ignore[union-attr]
    assert (machine.paused, machine.resources.limits) == (True, {"db": 3})
    assert [changed.why for _, changed in machine.story("a")] == ["declared", "handed out", "failed", "forgiven"]


def test_both_are_the_same_but_for_who_did_it(known: Callable[[Machine], Any]) -> None:
    replayed, read = by_journal(), by_snapshot()
    replayed._story = type(read._story)([(at, changed._replace(by="")) for at, changed in replayed._story])
    assert known(replayed) == known(read)


def test_a_scheduler_goes_on_with_them_by_its_own_rules() -> None:
    store, clock = MemoryStateStore(), FakeClock(1006.0)
    store.claim()
    store.save(parts(), 17)
    scheduler = Scheduler(resources={}, clock=clock, store=store)
    scheduler.control(Order("cancel", "c", by="anna"))
    scheduler.control(Order("retry", "d", by="anna"))
    store.close()
    again = Scheduler(resources={}, clock=clock, store=MemoryStateStore(store.place))
    assert again.machine.rules == RULES
    assert again.machine.tasks["c"].lease.cancelled_by == "anna"  # type: ignore[union-attr]
    told = again.view(Question("story", "d"))
    assert [(one["why"], one["by"]) for one in told] == [("declared", ""), ("retried", "anna")]


# --- by the second, without submissions, pools, triggers and rates -------------------------------------------------


def second() -> tuple[Machine, Machine]:
    """What its journal leads to, and what its snapshot is."""
    entries = list(enumerate((KEPT / "rules_2.journal").read_text().splitlines(), 1))
    parts = (KEPT / "format_2.snapshot").read_text().splitlines()
    return recovered(Kept([], 0, entries)).machine, recovered(Kept(parts, len(entries), [])).machine


def test_the_second_is_replayed_as_it_was(known: Callable[[Machine], Any]) -> None:
    replayed, read = second()
    statuses = {task.task_id: task.status for task in replayed.tasks.values()}
    assert statuses == {
        "a": PENDING,
        "b": RUNNING,
        "c": RUNNING,
        "d": DISABLED,
        "e": DISABLED,
        "f": DONE,
        "g": PENDING,
    }
    assert (replayed.submissions, replayed.triggers, replayed.rules) == ({}, {}, 2)
    assert known(replayed) == known(read)


def test_the_second_goes_on_by_these_rules() -> None:
    store = MemoryStateStore()
    store.claim()
    store.save((KEPT / "format_2.snapshot").read_text().splitlines(), 15)
    scheduler = Scheduler(resources={}, clock=FakeClock(1020.0), store=store)
    scheduler.control(Order("unpause"))
    scheduler.add_worker("p", [("assistant", True), ("pool", {})])
    assert scheduler.exchange("p", (), 1).assignments == []
    scheduler.submit("run-1", [TaskSpec("h", "G")])
    assert [one.submission for one in scheduler.exchange("p", (), 1).assignments] == ["run-1"]


def test_a_later_snapshot_is_refused() -> None:
    first, *rest = parts()
    with pytest.raises(StoreError, match="version 9") as caught:
        restored([first.replace('["state",1,', '["state",9,'), *rest])
    assert caught.value.hint == "this version of the kernel reads version 1 and 2 and 3"
