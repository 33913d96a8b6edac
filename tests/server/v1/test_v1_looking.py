"""Tasks, workers and resources to look at: pages that go on where the last ended, deltas, tags, a way for each."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.interfaces import TaskSpec
from luigi.scheduler import Scheduler


def ids(answer: Any) -> list[str]:
    told = answer if isinstance(answer, dict) else answer.json
    return [row["task_id"] for row in told.get("tasks", told.get("nodes"))]


def test_all_tasks_the_newest_change_first(see: Any, busy: Scheduler) -> None:
    answer = see("tasks")
    assert ids(answer) == ["Load_1", "Clean_1", "Fetch_1", "Report_1"]
    assert (answer.json["total"], answer.json["next"]) == (4, None)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"status": "FAILED"}, ["Clean_1"]),
        ({"family": "Load"}, ["Load_1"]),
        ({"search": "day=1 rep"}, ["Report_1"]),
        ({"upstream": "UPSTREAM_RUNNING"}, ["Report_1"]),
        ({"upstream": "UPSTREAM_FAILED"}, []),
        ({"status": "PENDING", "family": "Load"}, []),
    ],
)
def test_tasks_that_match(see: Any, busy: Scheduler, query: dict[str, str], expected: list[str]) -> None:
    assert ids(see("tasks", **query)) == expected


def test_pages_go_on_where_the_last_ended(see: Any, busy: Scheduler) -> None:
    found, cursor = [], {}
    for _ in range(4):
        answer = see("tasks", limit="1", **cursor)
        found += ids(answer)
        cursor = {"cursor": answer.json["next"]}
    assert found == ["Load_1", "Clean_1", "Fetch_1", "Report_1"]
    assert cursor == {"cursor": None}


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("tasks", {"limit": "0"}, "limit"),
        ("tasks", {"limit": "101"}, "limit"),
        ("tasks", {"limit": "1_0"}, "limit"),
        ("tasks", {"limit": "٣"}, "limit"),
        ("tasks", {"status": "GREAT"}, "status"),
        ("tasks", {"status": ""}, "status"),
        ("tasks", {"cursor": "tasks2.7"}, "cursor"),
        ("tasks", {"cursor": "families1.41"}, "cursor"),
        ("families", {"cursor": "families1.4"}, "cursor"),
        ("families", {"cursor": "families1.ff"}, "cursor"),
        ("tasks", {"stauts": "DONE"}, "stauts"),
        ("counts", {"status": "DONE"}, "status"),
        ("tasks/Load_1/graph", {"direction": "sideways"}, "direction"),
        ("tasks/Load_1/graph", {"include_done": "1"}, "include_done"),
        ("changes", {"since": "x" * 101}, "since"),
    ],
)
def test_a_query_that_cannot_be(see: Any, busy: Scheduler, path: str, query: dict[str, str], field: str) -> None:
    answer = see(path, **query)
    assert (answer.status_code, answer.json["field"]) == (400, field)


def test_a_field_given_twice(app_client: Any, busy: Scheduler) -> None:
    answer = app_client.simulate_get("/api/v1/tasks?limit=1&limit=2")
    assert (answer.status_code, answer.json["field"]) == (400, "limit")


def test_one_task_whole(see: Any, busy: Scheduler) -> None:
    task = see("tasks/Load_1").json
    assert (task["worker"], task["percentage"], task["status_message"]) == ("w", 50, "half way")
    assert (task["dependents"], task["resources"], task["accepts_messages"]) == (1, {"db": 1}, True)


def test_what_is_endless_is_told_as_null(see: Any, busy: Scheduler) -> None:
    busy.declare("w", [TaskSpec("Top_1", "Top", priority=float("inf"))])
    assert see("tasks/Top_1").json["priority"] is None
    assert ids(see("tasks", family="Top")) == ["Top_1"]


def test_the_story_and_the_explanation(see: Any, busy: Scheduler) -> None:
    story = [(change["before"], change["after"]) for change in see("tasks/Clean_1/story").json["story"]]
    assert story == [("UNKNOWN", "PENDING"), ("PENDING", "RUNNING"), ("RUNNING", "FAILED")]
    steps = see("tasks/Report_1/explanation").json["steps"]
    assert [(step["task_id"], step["reason"]) for step in steps] == [("Report_1", "waits"), ("Load_1", "running")]


def test_the_graph(see: Any, busy: Scheduler) -> None:
    graph = see("tasks/Report_1/graph").json
    assert {node["task_id"]: node["links"] for node in graph["nodes"]} == {
        "Report_1": ["Load_1", "Fetch_1"],
        "Load_1": [],
        "Fetch_1": [],
    }
    assert not graph["truncated"]
    undone = see("tasks/Report_1/graph", include_done="false").json
    assert ids(undone) == ["Report_1", "Load_1"]
    short = see("tasks/Report_1/graph", limit="2").json
    assert (short["truncated"], short["nodes"][0]["left_out"]) == (True, 1)
    assert ids(see("tasks/Fetch_1/graph", direction="down").json) == ["Fetch_1", "Report_1"]


def test_what_changed_since(see: Any, busy: Scheduler) -> None:
    version = see("tasks").json["version"]
    nothing = see("changes", since=version).json
    assert (nothing["tasks"], nothing["removed"], nothing["reset"]) == ([], [], False)
    busy.declare("w", [TaskSpec("New_1", "New")])
    changed = see("changes", since=nothing["version"])
    assert (ids(changed), changed.json["reset"]) == (["New_1"], False)


def test_versions_of_another_scheduler_tell_nothing(see: Any, busy: Scheduler) -> None:
    number = see("counts").json["version"].partition(".")[2]
    for since in ("", "nonsense", f"abcdef01.{number}", f"abcdef01.{'9' * 30}"):
        assert see("changes", since=since).json["reset"]


def test_too_many_changes_are_a_reset(see: Any, busy: Scheduler) -> None:
    version = see("counts").json["version"]
    busy.declare("w", [TaskSpec(f"New_{number}", "New") for number in range(300)])
    changed = see("changes", since=version).json
    assert (changed["reset"], changed["tasks"]) == (True, [])
    assert not see("changes", since=changed["version"]).json["reset"]


@pytest.mark.parametrize(
    "path",
    ["tasks", "tasks/Load_1", "counts", "families", "errors", "resources", "workers", "control", "tasks/Load_1/graph"],
)
def test_an_answer_that_one_has_is_not_sent_again(see: Any, busy: Scheduler, path: str) -> None:
    first = see(path)
    tag = first.headers["etag"]
    again = see(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.text, again.headers["etag"]) == (304, "", tag)
    assert see(path, headers={"If-None-Match": f'"other", {tag}'}).status_code == 304
    assert see(path, headers={"If-None-Match": '"other"'}).text == first.text


def test_a_change_makes_another_answer(see: Any, say: Any, busy: Scheduler) -> None:
    tags = {path: see(path).headers["etag"] for path in ("tasks", "counts", "families", "errors")}
    busy.declare("w", [TaskSpec("New_1", "New")])
    for path, tag in tags.items():
        assert see(path, headers={"If-None-Match": tag}).status_code == 200


def test_a_pause_is_another_count(see: Any, say: Any, busy: Scheduler) -> None:
    tag = see("counts").headers["etag"]
    say("control", verb="pause")
    assert see("counts", headers={"If-None-Match": tag}).json["paused"] is True


def test_a_lost_worker_makes_other_tasks(see: Any, busy: Scheduler, clock: Any) -> None:
    busy.add_worker("v", [])
    tag = see("tasks").headers["etag"]
    clock.sleep(30)
    busy.ping(worker="w")
    clock.sleep(50)
    busy.tick()
    assert [worker["worker_id"] for worker in see("workers").json["workers"]] == ["w"]
    assert see("tasks", headers={"If-None-Match": tag}).status_code == 200


def test_counts_families_errors(see: Any, busy: Scheduler) -> None:
    counts = see("counts").json
    assert counts["counts"] == {"PENDING": 1, "RUNNING": 1, "DONE": 1, "FAILED": 1}
    assert counts["stopped"] == {"UPSTREAM_FAILED": 0, "UPSTREAM_DISABLED": 0}
    families = see("families", limit="3").json
    assert families["families"][0] == {"family": "Clean", "counts": {"FAILED": 1}}
    assert see("families", cursor=families["next"]).json["families"] == [{"family": "Report", "counts": {"PENDING": 1}}]
    (failure,) = see("errors").json["tasks"]
    assert (failure["task_id"], failure["explanation"]) == ("Clean_1", "it broke")


def test_families_of_any_name_are_paged(see: Any, scheduler: Scheduler) -> None:
    names = ["", "A", "\ud800", "\U0001f600"]
    scheduler.declare("w", [TaskSpec(f"T_{number}", name) for number, name in enumerate(names)])
    found, cursor = [], {}
    for _ in names:
        page = see("families", limit="1", **cursor)
        assert page.status_code == 200, page.text
        found += [one["family"] for one in page.json["families"]]
        cursor = {"cursor": page.json["next"]}
    assert found == names
    assert cursor == {"cursor": None}


def test_workers_and_resources(see: Any, busy: Scheduler) -> None:
    (worker,) = see("workers").json["workers"]
    assert (worker["worker_id"], worker["running"]) == ("w", ["Load_1"])
    assert worker["info"] == {"host": "h", "first_task": "Report_1"}
    assert see("workers/w").json["info"]["roots"] == ["Report_1"]
    (resource,) = see("resources").json["resources"]
    assert (resource["name"], resource["used"], resource["holders"][0]["task_id"]) == ("db", 1, "Load_1")


def test_how_many_tasks_wait_for_a_resource(see: Any, busy: Scheduler) -> None:
    tasks = [
        TaskSpec("Store_1", "Store", resources={"db": 1, "disk": 2}),
        TaskSpec("Store_2", "Store", resources={"db": 1}, deps=["Load_1"]),
        TaskSpec("Store_3", "Store", resources={"db": 0}),
    ]
    busy.declare("w", tasks)
    told = {
        row["name"]: (row["used"], row["waiting"], len(row["holders"])) for row in see("resources").json["resources"]
    }
    assert told == {"db": (1, 1, 1), "disk": (0, 1, 0)}


@pytest.mark.parametrize(
    "path",
    ["tasks/Load_2", "tasks/Load_2/story", "tasks/Load_2/explanation", "tasks/Load_2/graph", "tasks/Load_2/messages/1"],
)
def test_no_such_task(see: Any, busy: Scheduler, path: str) -> None:
    answer = see(path)
    assert (answer.status_code, answer.json["hint"]) == (404, "did you mean Load_1?")


def test_no_such_worker(see: Any, busy: Scheduler) -> None:
    assert see("workers/ww").json["hint"] == "did you mean w?"


def test_ids_may_be_of_any_characters(see: Any, busy: Scheduler) -> None:
    task_id = 'Ä "quoted" <b>&amp; 100%_1'
    busy.declare("w", [TaskSpec(task_id, "Ä")])
    assert see("tasks/%C3%84%20%22quoted%22%20%3Cb%3E%26amp%3B%20100%25_1").json["task_id"] == task_id


def test_a_wrong_method_says_which_are_right(app_client: Any) -> None:
    answer = app_client.simulate_delete("/api/v1/tasks")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert app_client.simulate_get("/api/v1/exchange").status_code == 405
