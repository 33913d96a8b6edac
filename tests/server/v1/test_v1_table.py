"""The table: any window of what matches, in any column's order; listed anew when tasks have changed, if not at once."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.interfaces import Report, TaskSpec
from luigi.scheduler import Scheduler
from luigi.testing import FakeClock


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["task_id"] for row in answer.json["tasks"]]


def test_all_tasks_the_newest_change_first(see: Any, busy: Scheduler) -> None:
    answer = see("table")
    assert ids(answer) == ["Load_1", "Clean_1", "Fetch_1", "Report_1"]
    assert (answer.json["offset"], answer.json["total"], "cut" in answer.json) == (0, 4, False)
    assert answer.json["tasks"] == see("tasks").json["tasks"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"status": "FAILED"}, ["Clean_1"]),
        ({"status": "FAILED,DONE"}, ["Clean_1", "Fetch_1"]),
        (
            {"status": "", "family": "", "search": "", "run": "", "order": ""},
            ["Load_1", "Clean_1", "Fetch_1", "Report_1"],
        ),
        ({"family": "Load"}, ["Load_1"]),
        ({"search": "DAY=1 rep"}, ["Report_1"]),
        ({"run": "w", "status": "PENDING"}, ["Report_1"]),
        ({"run": "v"}, []),
        ({"resource": "db"}, ["Load_1"]),
        ({"status": "UPSTREAM_FAILED"}, []),
        ({"sort": "name"}, ["Clean_1", "Fetch_1", "Load_1", "Report_1"]),
        ({"sort": "name", "order": "desc", "limit": "2"}, ["Report_1", "Load_1"]),
        ({"sort": "name", "offset": "1", "limit": "2"}, ["Fetch_1", "Load_1"]),
        ({"sort": "priority"}, ["Fetch_1", "Clean_1", "Load_1", "Report_1"]),
        ({"offset": "4"}, []),
        ({"offset": "999999999"}, []),
    ],
)
def test_windows(see: Any, busy: Scheduler, query: dict[str, str], expected: list[str]) -> None:
    assert ids(see("table", **query)) == expected


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"status": "GREAT"}, "status"),
        ({"status": "DONE,"}, "status"),
        ({"status": "DONE, FAILED"}, "status"),
        ({"sort": "color"}, "sort"),
        ({"sort": ""}, "sort"),
        ({"order": "up"}, "order"),
        ({"offset": "-1"}, "offset"),
        ({"offset": "1_0"}, "offset"),
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"search": "x" * 1001}, "search"),
        ({"cursor": "tasks1.4"}, "cursor"),
    ],
)
def test_a_table_that_cannot_be(see: Any, busy: Scheduler, query: dict[str, str], field: str) -> None:
    answer = see("table", **query)
    assert (answer.status_code, answer.json["field"]) == (400, field)


def test_a_window_that_one_has_is_not_sent_again(see: Any, busy: Scheduler, clock: FakeClock) -> None:
    first = see("table", offset="1")
    tag = first.headers["etag"]
    clock.advance(100)
    again = see("table", offset="1", headers={"If-None-Match": tag})
    assert (again.status_code, again.text) == (304, "")
    busy.declare("w", [TaskSpec("New_1", "New")])
    clock.advance(2)
    assert see("table", offset="1", headers={"If-None-Match": tag}).status_code == 200


def test_a_listing_holds_for_a_moment_and_its_rows_are_of_now(see: Any, busy: Scheduler, clock: FakeClock) -> None:
    before = see("table", status="FAILED")
    busy.forgive_failures("Clean_1")
    clock.advance(1.9)
    held = see("table", status="FAILED")
    assert [(row["task_id"], row["status"]) for row in held.json["tasks"]] == [("Clean_1", "PENDING")]
    assert held.json["version"] == before.json["version"]
    clock.advance(0.2)
    assert ids(see("table", status="FAILED")) == []


def test_what_changes_after_a_window_is_among_the_changes(see: Any, busy: Scheduler) -> None:
    see("table")
    busy.declare("w", [TaskSpec("New_1", "New")])
    held = see("table").json
    assert held["total"] == 4
    assert ids(see("changes", since=held["version"])) == ["New_1"]


def test_durations_grow_though_nothing_happens(see: Any, scheduler: Scheduler, clock: FakeClock) -> None:
    scheduler.declare("w", [TaskSpec("Long_1", "Long", priority=1), TaskSpec("Runs_1", "Runs")])
    (given,) = scheduler.exchange("w", (), 1).assignments
    clock.advance(20)
    scheduler.exchange("w", [Report("Long_1", given.token, "DONE")], 1)
    first = see("table", sort="duration")
    assert ids(first) == ["Long_1", "Runs_1"]
    clock.advance(25)
    again = see("table", sort="duration", headers={"If-None-Match": first.headers["etag"]})
    assert ids(again) == ["Runs_1", "Long_1"]


def test_windows_go_on_where_a_full_one_ends(see: Any, scheduler: Scheduler) -> None:
    text = "ä" * 5000
    scheduler.declare("w", [TaskSpec(f"T_{number:03}", "T", params={"p": text}) for number in range(150)])
    found: list[str] = []
    while len(found) < 150:
        answer = see("table", sort="name", offset=str(len(found)))
        assert len(answer.content) <= 256 * 1024
        assert answer.json["total"] == 150
        assert ("cut" in answer.json) == (len(answer.json["tasks"]) < min(100, 150 - len(found)))
        found += ids(answer)
    assert sorted(found) == [f"T_{number:03}" for number in range(150)]
    assert answer.json["tasks"][0]["cut"] == ["name", "params"]
