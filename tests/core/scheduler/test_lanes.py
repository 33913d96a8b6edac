"""The queue of ready tasks."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from luigi.scheduler.lanes import Lanes
from luigi.scheduler.records import Needs, TaskRecord
from luigi.scheduler.resources import Resources
from luigi.task_status import PENDING, RUNNING


def ready(age: int, rank: float = 0, needs: Needs = (), runners: tuple[str, ...] = ("w",)) -> TaskRecord:
    task = TaskRecord(f"t{age}", age, {}, 0.0)
    task.status, task.rank, task.needs, task.runners = PENDING, rank, needs, runners
    return task


def take(
    lanes: Lanes, worker: str = "w", free: dict[str, int] | None = None, now: float = 0, **limits: int
) -> str | None:
    """What `worker` gets while `free` is left of `limits`."""
    resources = Resources(limits)
    resources.used = {name: limits[name] - amount for name, amount in (free or {}).items()}
    lanes.look_at_all_again()
    task = lanes.pop(worker, resources, now)
    if task is not None:
        task.status = RUNNING
    return None if task is None else task.task_id


def queue(*tasks: TaskRecord) -> Lanes:
    lanes = Lanes()
    for task in tasks:
        lanes.push(task)
    return lanes


def test_highest_rank_then_earliest() -> None:
    lanes = queue(ready(3), ready(1), ready(2, rank=1), ready(0, rank=-1))
    assert [take(lanes) for _ in range(5)] == ["t2", "t1", "t3", "t0", None]


def test_order_holds_across_lanes() -> None:
    lanes = queue(ready(1), ready(0, needs=(("db", 1),)), ready(2, rank=5, needs=(("gpu", 1),)))
    assert [take(lanes, db=1, gpu=1) for _ in range(3)] == ["t2", "t0", "t1"]


def test_a_worker_nobody_queued_for_gets_nothing() -> None:
    assert take(queue(ready(1)), worker="stranger") is None


def test_a_task_for_two_workers_goes_to_one() -> None:
    lanes = queue(ready(1, runners=("w", "v")))
    assert (take(lanes, "v"), take(lanes, "w")) == ("t1", None)


def test_a_task_queued_twice_is_taken_once() -> None:
    task = ready(1)
    lanes = queue(task, task)
    assert (take(lanes), take(lanes)) == ("t1", None)


def test_a_task_whose_rank_or_needs_changed_counts_where_it_was_queued_last() -> None:
    moved, other = ready(1, needs=(("db", 1),)), ready(2, rank=1)
    lanes = queue(moved, other)
    moved.rank, moved.needs = 2, ()
    lanes.push(moved)
    assert [take(lanes, db=0) for _ in range(3)] == ["t1", "t2", None]


def test_what_cannot_be_met_now_holds_its_claim_against_worse_tasks() -> None:
    big, small, other = ready(0, needs=(("db", 3),)), ready(1, needs=(("db", 1),)), ready(2, needs=(("gpu", 1),))
    lanes = queue(big, small, other)
    assert take(lanes, free={"db": 2, "gpu": 1}, db=3, gpu=1) == "t2", "another resource is not claimed"
    assert take(lanes, free={"db": 2}, db=3) is None
    assert take(lanes, free={"db": 3}, db=3) == "t0"


def test_what_can_never_be_met_claims_nothing() -> None:
    lanes = queue(ready(0, rank=9, needs=(("db", 4),)), ready(1, needs=(("db", 1),)))
    assert take(lanes, db=3) == "t1"


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 2)), max_size=30))
def test_with_enough_of_everything_the_queue_sorts(tasks: list[tuple[int, int]]) -> None:
    made = [ready(age, rank, (("r", amount),) if amount else ()) for age, (rank, amount) in enumerate(tasks)]
    lanes = queue(*made)
    taken: list[Any] = []
    while (task_id := take(lanes, r=2)) is not None:
        taken.append(task_id)
    assert taken == [task.task_id for task in sorted(made, key=lambda task: (-task.rank, task.age))]
