"""What keeps tasks findable: by status, by what changed since, and by when time will bring something."""

from __future__ import annotations

from math import inf
from typing import Any

from luigi.interfaces import Progress
from luigi.scheduler import events
from luigi.scheduler.deadlines import Deadlines
from luigi.scheduler.records import TaskRecord
from luigi.task_status import DONE


def record(name: str, age: int = 1) -> TaskRecord:
    return TaskRecord(name, age, {}, 0.0)


def test_what_changed_since_is_found_and_nothing_else(bench: Any) -> None:
    for name in "abcd":
        bench.declare(name)
    index = bench.machine.index
    version = index.version
    assert list(index.changed_since(version)) == []
    bench.take(want=2)
    bench.report("a", DONE)
    assert {task.task_id for task in index.changed_since(version)} == {"a", "b"}
    bench.do(events.HandedIn("w", Progress("b", bench.token("b"), percentage=1)))
    assert [task.task_id for task in index.changed_since(index.version - 1)] == ["b"]
    assert len(list(index.changed_since(0))) == 4


def test_a_family_learnt_later_is_counted_there(bench: Any) -> None:
    bench.declare("top", "dep")
    bench.declare("dep", family="G")
    families = bench.machine.index.families
    assert families["G"]["PENDING"] == 1
    assert not any(families.get("", {}).values())


def test_deadlines_come_soonest_first_and_once() -> None:
    deadlines = Deadlines(lambda when, task: True)
    a, b, c = map(record, "abc")
    for when, task in ((5, a), (3, b), (3, c), (None, a), (inf, a)):
        deadlines.add(when, task)
    assert deadlines.soonest == 3
    assert list(deadlines.reached(2)) == []
    assert list(deadlines.reached(3)) == [(3, b), (3, c)]
    assert deadlines.soonest == 5
    assert list(deadlines.reached(9)) == [(5, a)]
    assert deadlines.soonest is None


def test_of_one_time_the_oldest_come_first() -> None:
    deadlines = Deadlines(lambda when, task: True)
    old, young = record("old", 1), record("young", 2)
    for task in (young, old):
        deadlines.add(3, task)
    assert list(deadlines.reached(3)) == [(3, old), (3, young)]


def test_a_machine_is_due_when_a_tick_would_do_something(new_bench: Any) -> None:
    bench = new_bench(disconnect_delay=60)
    machine = bench.machine
    assert not machine.due(10**9)
    bench.run("a", "FAILED")
    assert not machine.due(49)
    assert machine.due(50)
    bench.tick(50)
    assert not machine.due(60)
    assert machine.due(60.1), "its worker is lost then"
