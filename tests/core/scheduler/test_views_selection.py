"""Some of all tasks: by status, family, words and values, worker, resource; and the names by which they are found."""

from __future__ import annotations

import pytest

from luigi.interfaces import Report, TaskSpec
from luigi.scheduler import Scheduler
from luigi.scheduler.views.folded_names import OF_AN_ENTRY, FoldedNames
from luigi.scheduler.views.selection import STATUSES, Selection, selected
from luigi.testing import FakeClock


@pytest.fixture
def scheduler() -> Scheduler:
    """Worker `v` wants Load_3; `w` wants the rest. Raw_1 failed, Off_1 is disabled; one waits for each of them."""
    scheduler = Scheduler(resources={}, clock=FakeClock())
    tasks = [
        TaskSpec("Raw_1", "etl.Raw", "m", {"day": "2026-01-01"}, priority=9),
        TaskSpec("Raw_2", "etl.Raw", "m", {"day": "2026-01-02", "Where": "Köln Ost"}, resources={"db": 1}, priority=8),
        TaskSpec("Off_1", "Off", status="DISABLED"),
        TaskSpec("Clean_1", "etl.Clean", "m", {"day": "2026-01-01"}, deps=["Raw_1"]),
        TaskSpec("Sum_1", "etlSum", "m", {"key": "Secret-1", "day": ""}, deps=["Clean_1", "Off_1"], hidden=["key"]),
        TaskSpec("Top_1", "etl.Top", "m", {}, deps=["Clean_1", "Later_7"]),
        TaskSpec("Done_1", "Done", "m", {"day": "2026-01-01"}, status="DONE"),
    ]
    scheduler.declare("w", tasks)
    scheduler.declare("v", [TaskSpec("Load_3", "Load")])
    raw, second = scheduler.exchange("w", (), 2).assignments
    scheduler.exchange("w", [Report(raw.task_id, raw.token, "FAILED")], 0)
    assert second.task_id == "Raw_2"
    return scheduler


def found(scheduler: Scheduler, *statuses: str, **options: str) -> set[str]:
    tasks = selected(scheduler, Selection(frozenset(statuses), **options), FoldedNames())
    assert len(set(tasks)) == len(tasks)
    return {task.task_id for task in tasks}


def test_nothing_asked_is_everything(scheduler: Scheduler) -> None:
    assert found(scheduler) == {*scheduler.machine.tasks}


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["FAILED"], {"Raw_1"}),
        (["FAILED", "DISABLED", "BATCH_RUNNING"], {"Raw_1", "Off_1"}),
        (["RUNNING"], {"Raw_2"}),
        (["UNKNOWN"], {"Later_7"}),
        (["UPSTREAM_FAILED"], {"Clean_1", "Top_1"}),
        (["UPSTREAM_DISABLED"], {"Sum_1"}),
        (["UPSTREAM_FAILED", "UPSTREAM_DISABLED", "FAILED"], {"Clean_1", "Top_1", "Sum_1", "Raw_1"}),
        (["UPSTREAM_FAILED", "PENDING"], {"Clean_1", "Top_1", "Sum_1", "Load_3"}),
    ],
)
def test_by_status(scheduler: Scheduler, statuses: list[str], expected: set[str]) -> None:
    assert found(scheduler, *statuses) == expected


def test_a_run_has_the_tasks_of_its_worker(scheduler: Scheduler) -> None:
    assert found(scheduler, run="v") == {"Load_3"}
    assert found(scheduler, run="w") == {*scheduler.machine.tasks} - {"Load_3", "Later_7"}
    assert found(scheduler, "FAILED", "UPSTREAM_DISABLED", run="w") == {"Raw_1", "Sum_1"}
    assert found(scheduler, "UPSTREAM_FAILED", "PENDING", run="v") == {"Load_3"}
    assert found(scheduler, run="gone") == set()


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        ("etl.Raw", {"Raw_1", "Raw_2"}),
        ("etl.", {"Raw_1", "Raw_2", "Clean_1", "Top_1"}),
        ("etl", set()),
        ("Later", set()),
    ],
)
def test_by_family_or_namespace(scheduler: Scheduler, family: str, expected: set[str]) -> None:
    assert found(scheduler, family=family) == expected


def test_by_resource(scheduler: Scheduler) -> None:
    assert found(scheduler, resource="db") == {"Raw_2"}
    assert found(scheduler, resource="d") == set()


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("  ", None),
        ("RAW", {"Raw_1", "Raw_2"}),
        ("raw -02", {"Raw_2"}),
        ("köln", {"Raw_2"}),
        ("later", {"Later_7"}),
        ("day=2026-01-01", {"Raw_1", "Clean_1", "Done_1"}),
        ("day=2026-01-0", set()),
        ("day=2026-01-0*", {"Raw_1", "Raw_2", "Clean_1", "Done_1"}),
        ("DAY=*-01 etl", {"Raw_1", "Clean_1"}),
        ("day=*-*-02 etl", {"Raw_2"}),
        ("day=", {"Sum_1"}),
        ("ay=2026-01-01", set()),
        ("where=köln*", {"Raw_2"}),
        ("where=*ost day=*2", {"Raw_2"}),
        ("where=*köln*ost*nord", set()),
        ("day=2026-01-01*1", set()),
        ("key=secret-1", set()),
        ("secret", set()),
        ("=2026-01-02", {"Raw_2"}),
        ("day=[0-9]*", set()),
    ],
)
def test_by_words_and_values(scheduler: Scheduler, search: str, expected: set[str] | None) -> None:
    assert found(scheduler, search=search) == ({*scheduler.machine.tasks} if expected is None else expected)


def test_all_of_it_has_to_hold(scheduler: Scheduler) -> None:
    assert found(scheduler, "FAILED", "PENDING", family="etl.", search="day=*01", run="w") == {"Raw_1", "Clean_1"}


def test_a_search_that_could_be_tried_in_many_ways_takes_no_time(scheduler: Scheduler) -> None:
    scheduler.declare("w", [TaskSpec("Long_1", "Long", "m", {"p": "a" * 20_000})])
    assert found(scheduler, search=f"p={'*a' * 450}*b") == set()


def test_each_status_can_be_selected(scheduler: Scheduler) -> None:
    assert set().union(*[found(scheduler, status) for status in STATUSES]) == {*scheduler.machine.tasks}


def test_a_task_that_is_declared_otherwise_has_another_name(scheduler: Scheduler) -> None:
    names = FoldedNames()
    task = scheduler.machine.tasks["Load_3"]
    assert names(task) == "load()"
    assert names(task) is names(task)
    scheduler.declare("v", [TaskSpec("Load_3", "Load", "m", {"Day": "1", "key": "k"}, hidden=["key"])])
    assert names(task) == "load(day=1)"
    scheduler.declare("v", [TaskSpec("Load_3", "Load", "m", {"Day": "1", "key": "k"})])
    assert names(task) == "load(day=1, key=k)"


def test_names_take_no_more_room_than_they_may(scheduler: Scheduler) -> None:
    tasks = list(scheduler.machine.tasks.values())
    few, all_of_them = FoldedNames(3 * OF_AN_ENTRY), FoldedNames()
    first = few(tasks[0])
    for task in tasks:
        assert few(task) == all_of_them(task)
    assert few(tasks[0]) == first
    assert few(tasks[0]) is not first
    name = all_of_them(tasks[0])
    all_of_them.forget()
    assert all_of_them(tasks[0]) == name
    assert all_of_them(tasks[0]) is not name
