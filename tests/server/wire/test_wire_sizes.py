"""No answer of Luigi's calls is longer than 256 KiB, unless all of it is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from falcon.testing import Result

from luigi.interfaces import TaskSpec
from luigi.scheduler import Scheduler
from luigi.server.wire.calls import answered
from luigi.server.wire.methods import METHODS
from luigi.server.wire.sizes import LARGEST

Call = Callable[..., Result]

MANY = 3000
FEW = 20


def declare(scheduler: Scheduler, number: int, **facts: Any) -> None:
    """A wrapper, and `number` tasks that it needs."""
    specs = [TaskSpec(f"Load_{n}", "Load", "flow", {"day": str(n)}, **facts) for n in range(number)]
    wrapper = TaskSpec("All", "All", "flow", {}, deps=[spec.task_id for spec in specs])
    scheduler.declare("w", [*specs, wrapper])


def run_all(scheduler: Scheduler, number: int) -> None:
    """Have other workers run so many."""
    for n in range(number):
        scheduler.add_worker(f"worker {n}", [("host", f"host-{n}.example"), ("username", "u" * 200), ("pid", n)])
        scheduler.add_task(task_id=f"Load_{n}", worker=f"worker {n}", status="RUNNING", resources={"bench": 1})


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("task_list", {}),
        ("task_list", {"status": "PENDING"}),
        ("task_list", {"search": "load"}),
        ("task_search", {"task_str": "Load"}),
        ("graph", {}),
        ("dep_graph", {"task_id": "All"}),
        ("inverse_dep_graph", {"task_id": "Load_1"}),
        ("worker_list", {}),
        ("resource_list", {}),
        ("count_pending", {"worker": "w"}),
        ("get_work", {"worker": "w"}),
    ],
)
def test_no_answer_is_long(post: Call, scheduler: Scheduler, method: str, said: Mapping[str, Any]) -> None:
    scheduler.update_resource("bench", MANY)
    declare(scheduler, MANY, resources={"bench": 1})
    run_all(scheduler, 1500)
    answer = post(method, **said)
    assert answer.status_code == 200
    assert 0 < len(answer.content) <= LARGEST


def test_a_long_list_says_how_many_there_are(post: Call, get: Call, scheduler: Scheduler) -> None:
    declare(scheduler, MANY)
    assert post("task_list").json == {"response": {"num_tasks": MANY + 1}}
    assert get("task_list", search="LOAD day").json == {"response": {"num_tasks": MANY}}
    assert post("task_search", task_str="Load_1").json == {"response": {"num_tasks": 1111}}


def test_a_list_of_long_rows_says_how_many_there_are(post: Call, scheduler: Scheduler) -> None:
    specs = [TaskSpec(f"Load_{n}", "Load", "flow", {"day": "d" * 5000}) for n in range(100)]
    scheduler.declare("w", specs)
    assert post("task_list").json == {"response": {"num_tasks": 100}}
    assert post("task_search", task_str="Load_1").json["response"].keys() == {"PENDING"}
    assert post("task_search", task_str="Load").json == {"response": {"num_tasks": 100}}


@pytest.mark.parametrize(
    ("method", "said", "rows"),
    [
        ("task_list", {"limit": False}, MANY + 1),
        ("task_list", {"max_shown_tasks": 100_000}, MANY + 1),
        ("graph", {"limit": False}, MANY + 1),
        ("dep_graph", {"task_id": "All", "limit": False}, MANY + 1),
    ],
)
def test_who_asks_for_all_gets_all(
    post: Call, scheduler: Scheduler, method: str, said: Mapping[str, Any], rows: int
) -> None:
    declare(scheduler, MANY)
    assert len(post(method, **said).json["response"]) == rows


def test_a_search_for_all_gets_all(post: Call, scheduler: Scheduler) -> None:
    declare(scheduler, MANY)
    assert len(post("task_search", task_str="Load", limit=False).json["response"]["PENDING"]) == MANY


@pytest.mark.parametrize("most", [FEW, 200_000])
def test_a_configured_limit_is_kept(most: int) -> None:
    scheduler = Scheduler(resources={}, max_shown_tasks=most, max_graph_nodes=most)
    declare(scheduler, MANY)
    listed = asked(scheduler, "task_list")
    assert listed == {"num_tasks": MANY + 1} if most == FEW else len(listed) == MANY + 1
    assert len(asked(scheduler, "dep_graph", task_id="All")) == min(most, MANY + 1)


def asked(scheduler: Scheduler, name: str, **said: Any) -> Any:
    (method,) = [method for method in METHODS if method.name == name]
    return json.loads(answered(scheduler, method, method.read(said)))["response"]


def test_a_graph_begins_at_its_root_and_names_what_it_leaves_out(post: Call, scheduler: Scheduler) -> None:
    declare(scheduler, 1500)
    rows = post("dep_graph", task_id="All").json["response"]
    assert next(iter(rows)) == "All"
    assert 100 < len(rows) < 1500
    assert len(rows["All"]["deps"]) == 1500


def test_a_root_that_needs_too_much_is_shown_alone(post: Call, scheduler: Scheduler) -> None:
    specs = [TaskSpec(f"Load_{n:0200}", "Load", "flow", {}) for n in range(2000)]
    scheduler.declare("w", [*specs, TaskSpec("All", "All", "flow", {}, deps=[spec.task_id for spec in specs])])
    rows = post("dep_graph", task_id="All").json["response"]
    assert list(rows) == ["All"]
    assert 500 < len(rows["All"]["deps"]) < 2000


def test_counts_are_right_where_rows_are_left_out(post: Call, scheduler: Scheduler) -> None:
    scheduler.update_resource("bench", MANY)
    declare(scheduler, MANY, resources={"bench": 1})
    run_all(scheduler, 1500)
    (resource,) = post("resource_list").json["response"]
    assert resource["running"] == {}
    left = post("count_pending", worker="w").json["response"]
    assert left["n_pending_tasks"] > 0
    assert 100 < len(left["running_tasks"]) < 1500


def test_short_answers_are_whole(post: Call, scheduler: Scheduler) -> None:
    scheduler.update_resource("bench", FEW)
    declare(scheduler, FEW, resources={"bench": 1})
    run_all(scheduler, 3)
    assert len(post("task_list").json["response"]) == FEW + 1
    assert len(post("resource_list").json["response"][0]["running"]) == 3
    assert sum(len(row["running"]) for row in post("worker_list").json["response"]) == 3
    assert len(post("count_pending", worker="w").json["response"]["running_tasks"]) == 3
