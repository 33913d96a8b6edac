"""No answer is longer than 256 KiB, whatever tasks are called and however many there are; pages lose nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from luigi.interfaces import Report, TaskSpec
from luigi.scheduler import Scheduler
from luigi.server.v1 import fitting
from luigi.testing import FakeClock

LONGEST = 256 * 1024


@pytest.fixture
def huge(scheduler: Scheduler) -> Scheduler:
    """Everything is long, and in characters that JSON makes longer."""
    text = "\u0001ä" * 20_000
    params = {"p" * 300: "x", **{f"name{number}": text for number in range(20)}}
    names = [f"{'T' * 900}_{number:03}" for number in range(120)]
    tasks = [TaskSpec(name, "T" * 900, "m" * 9000, params, deps=names[:place]) for place, name in enumerate(names)]
    for number in range(60):
        worker = f"{'w' * 900}{number:03}"
        scheduler.add_worker(worker, [("host", text), ("first_task", names[0])])
        scheduler.declare(worker, [task._replace(explanation=text) for task in tasks[:2]] if number else tasks)
    (first,) = scheduler.exchange(f"{'w' * 900}000", (), 1).assignments
    scheduler.exchange(f"{'w' * 900}000", [Report(first.task_id, first.token, "FAILED", (), text * 20)], 0)
    return scheduler


@pytest.mark.parametrize(
    "path",
    [
        "tasks",
        f"tasks/{'T' * 900}_000",
        f"tasks/{'T' * 900}_119",
        f"tasks/{'T' * 900}_000/story",
        f"tasks/{'T' * 900}_119/explanation",
        f"tasks/{'T' * 900}_119/graph",
        f"tasks/{'T' * 900}_000/graph?direction=down&limit=200",
        "changes",
        "errors",
        "families",
        "workers",
        f"workers/{'w' * 900}000",
        "resources",
        "table",
        "families/graph",
        f"tasks/{'T' * 900}_000/lately",
        f"workers/{'w' * 900}000/lately",
        "live-runs",
        "throughput",
    ],
)
def test_every_answer_is_bounded(app_client: Any, huge: Scheduler, path: str) -> None:
    answer = app_client.simulate_get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text[:500]
    assert len(answer.content) <= LONGEST


@pytest.mark.parametrize("noun", ["tasks", "errors", "workers", "families", "graph", "explain", "task"])
def test_questions_that_ask_for_no_more_than_usual(say: Any, huge: Scheduler, noun: str) -> None:
    subject = f"{'T' * 900}_119" if noun in ("graph", "explain", "task") else ""
    answer = say("view", noun=noun, subject=subject)
    assert answer.status_code == 200
    assert len(answer.content) <= LONGEST


@pytest.fixture
def forgotten(see: Any, scheduler: Scheduler, clock: FakeClock) -> Callable[[int], str]:
    """Has so many tasks forgotten, whose names are long; gives the version before that."""

    def forget(number: int) -> str:
        scheduler.declare("w", [TaskSpec(f"{'T' * 990}_{one:04}", "T", status="DONE") for one in range(number)])
        version: str = see("counts").json["version"]
        for _ in range(2):
            clock.advance(3600)
            scheduler.tick()
        assert not scheduler.machine.tasks
        return version

    return forget


@pytest.mark.parametrize(("number", "reset"), [(200, False), (300, True)])
def test_what_is_forgotten_has_its_place_in_the_room(
    see: Any, forgotten: Callable[[int], str], number: int, reset: bool
) -> None:
    changes = see("changes", since=forgotten(number))
    assert len(changes.content) <= LONGEST
    assert (changes.json["reset"], len(changes.json["removed"])) == (reset, 0 if reset else number)


def test_what_has_changed_finds_no_room_beside_what_is_forgotten(
    see: Any, scheduler: Scheduler, forgotten: Callable[[int], str]
) -> None:
    version = forgotten(200)
    scheduler.declare("w", [TaskSpec(f"{'N' * 990}_{one}", "N") for one in range(60)])
    changes = see("changes", since=version)
    assert len(changes.content) <= LONGEST
    assert changes.json["reset"]


@pytest.mark.parametrize(("path", "rows", "key"), [("tasks", "tasks", "task_id"), ("workers", "workers", "worker_id")])
def test_pages_that_are_full_lose_nothing(see: Any, huge: Scheduler, path: str, rows: str, key: str) -> None:
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = see(path, **cursor).json
        found += [row[key] for row in page[rows]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert len(found) == len(set(found)) == (120 if path == "tasks" else 60)


def test_what_is_shortened_is_named_and_asked_for_alone(see: Any, scheduler: Scheduler) -> None:
    scheduler.declare("w", [TaskSpec("A_1", "A", None, {"x": "1" * 50_000, "y": "2"})])
    (row,) = see("tasks").json["tasks"]
    assert (row["cut"], row["params"]["y"]) == (["name", "params"], "2")
    assert row["params"]["x"].endswith("1…")
    whole = see("tasks/A_1").json
    assert "cut" not in whole
    assert len(whole["params"]["x"]) == 50_000


def test_an_explanation_is_there_up_to_its_end_or_says_so(see: Any, scheduler: Scheduler) -> None:
    scheduler.declare("w", [TaskSpec("A_1", "A", explanation="é" * 1_000_000)])
    assert see("tasks/A_1").json["cut"] == ["explanation"]


def test_short_rows_stay_as_they_are() -> None:
    row = {"task_id": "A_1", "params": {"x": "1"}, "runners": ["w"] * 100}
    assert fitting.fitted(row) == row
    assert fitting.page([row] * 3, 2, "task_id") == ([row, row], True)
    assert fitting.page([row] * 2, 2, "task_id") == ([row, row], False)


def test_one_row_is_given_even_where_there_is_no_room() -> None:
    row = {"text": "x" * 3000}
    assert fitting.page([row, row], 100, "task_id", room=10) == ([row], True)


def test_a_hundred_thousand_dependencies_are_told_in_part(see: Any, scheduler: Scheduler) -> None:
    scheduler.declare("w", [TaskSpec("Wrap_1", "Wrap", deps=[f"Part_{number:06}" for number in range(20_000)])])
    whole = see("tasks/Wrap_1")
    assert len(whole.content) <= LONGEST
    assert (whole.json["unmet"], whole.json["cut"]) == (20_000, ["deps"])
    graph = see("tasks/Wrap_1/graph")
    assert len(graph.content) <= LONGEST
    root = graph.json["nodes"][0]
    assert len(root["links"]) + root["left_out"] == 20_000
    assert json.loads(graph.text)["truncated"]
