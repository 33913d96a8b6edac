"""Ids by how they begin, for people who write no more of an id than it takes."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.interfaces import TaskSpec
from luigi.scheduler import Scheduler


@pytest.fixture(autouse=True)
def tasks(scheduler: Scheduler) -> None:
    ids = [f"Load_{number:03}" for number in range(150)]
    scheduler.declare("w", [TaskSpec(task_id, "Load") for task_id in reversed([*ids, "Loader_1"])])


def test_the_first_are_told_and_all_are_counted(see: Any) -> None:
    told = see("ids", beginning="Load_1", limit="3").json
    assert told == {"ids": ["Load_100", "Load_101", "Load_102"], "total": 50}
    assert see("ids", beginning="Loader").json == {"ids": ["Loader_1"], "total": 1}
    assert see("ids", beginning="load").json == {"ids": [], "total": 0}


def test_an_id_is_the_first_of_those_that_begin_with_it(see: Any, scheduler: Scheduler) -> None:
    scheduler.declare("w", [TaskSpec("Load_1", "Load")])
    assert see("ids", beginning="Load_1", limit="1").json["ids"] == ["Load_1"]


@pytest.mark.parametrize(
    "query", [{}, {"beginning": ""}, {"beginning": "x" * 1001}, {"beginning": "x", "limit": "101"}]
)
def test_a_beginning_is_needed_and_answers_are_short(see: Any, query: dict[str, str]) -> None:
    assert see("ids", **query).status_code == 400
