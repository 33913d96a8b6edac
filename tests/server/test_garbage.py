"""What the scheduler knows is left out of garbage collections; what is none of it is collected as ever."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from weakref import ref

import pytest

from luigi.interfaces import TaskSpec
from luigi.scheduler import Scheduler
from luigi.server.garbage import CHANGES, Sparing


class Node:
    """Refers to itself: only the collector ever frees it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def sparing() -> Iterator[Sparing]:
    assert gc.get_freeze_count() == 0
    sparing = Sparing()
    yield sparing
    sparing.end()
    assert gc.get_freeze_count() == 0


def scheduler_of(tasks: int) -> Scheduler:
    scheduler = Scheduler(resources={}, remove_delay=0, worker_disconnect_delay=1)
    scheduler.declare("w", [TaskSpec(f"t{number}", "T") for number in range(tasks)])
    return scheduler


def test_few_tasks_are_walked(sparing: Sparing) -> None:
    machine = scheduler_of(100).machine
    sparing.begin(machine)
    sparing.look(machine)
    assert gc.get_freeze_count() == 0


def test_many_that_were_read_are_left_out_at_once(sparing: Sparing) -> None:
    machine = scheduler_of(CHANGES).machine
    sparing.begin(machine)
    assert gc.get_freeze_count() > CHANGES


def test_many_that_become_known_are_left_out_and_garbage_is_not(sparing: Sparing) -> None:
    scheduler = scheduler_of(CHANGES)
    garbage = ref(Node())
    sparing.look(scheduler.machine)
    assert garbage() is None
    before = gc.get_freeze_count()
    assert before > CHANGES
    sparing.look(scheduler.machine)
    assert gc.get_freeze_count() <= before, "nothing has changed"


def test_when_most_are_forgotten_everything_is_looked_at_again(sparing: Sparing) -> None:
    scheduler = scheduler_of(2 * CHANGES)
    kept = [Node()]
    sparing.look(scheduler.machine)
    garbage = ref(kept.pop())
    gc.collect()
    assert garbage() is not None, "it was left out while it was in use"
    for task_id in [f"t{number}" for number in range(2 * CHANGES)]:
        del scheduler.machine.tasks[task_id]
    sparing.look(scheduler.machine)
    assert garbage() is None
