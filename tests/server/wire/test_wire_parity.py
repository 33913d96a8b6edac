"""The same calls to luigid and to our server, over HTTP: the same answers, down to types.

What the scheduler decides is compared in tests/peer/scheduler; here it is how the wire says it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from falcon.testing import Result

pytestmark = pytest.mark.service("luigid")

Call = Callable[..., Result]

WORKER = "Worker(salt=1, workers=1, host=wire, username=u, pid=1)"
OTHER = "Worker(salt=2, workers=1, host=wire, username=u, pid=2)"

TASK: Mapping[str, Any] = {
    "task_id": "WireLoad_1",
    "worker": WORKER,
    "status": "PENDING",
    "runnable": True,
    "deps": [],
    "new_deps": None,
    "expl": None,
    "resources": {"wire_bench": 1},
    "priority": 1.5,
    "family": "WireLoad",
    "module": "wire",
    "params": {"day": "1 & <2>", "hidden": "x"},
    "param_visibilities": {"day": 0, "hidden": 1},
    "accepts_messages": True,
    "assistant": False,
    "tracking_url": None,
    "batchable": False,
    "batch_id": None,
    "retry_policy_dict": {"retry_count": None, "disable_hard_timeout": None, "disable_window": None},
    "owners": [],
}
ABOVE = {**TASK, "task_id": "WireTop", "family": "WireTop", "deps": ["WireLoad_1"], "resources": {}, "params": {}}
ASKED = {"worker": WORKER, "host": "wire", "assistant": False, "current_tasks": []}
MESSAGE = {"worker": WORKER, "task": "WireLoad_1", "content": "é <b>"}
INFO = [["salt", "1"], ["workers", 1], ["host", "wire"], ["username", "u"], ["pid", 1], ["first_task", "WireTop"]]

STORY: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("update_resources", {"wire_bench": 2}),
    ("add_worker", {"worker": WORKER, "info": INFO}),
    ("add_task_batcher", {"worker": WORKER, "task_family": "WireBatch", "batched_args": ["a"], "max_batch_size": 3}),
    ("add_task", ABOVE),
    ("add_task", TASK),
    ("count_pending", {"worker": WORKER}),
    ("count_pending", {"worker": "WireNobody"}),
    ("task_list", {"status": "PENDING", "upstream_status": "", "search": "WireLoad"}),
    ("get_work", ASKED),
    ("get_work", {**ASKED, "current_tasks": ["WireLoad_1"]}),
    ("get_running_task_resources", {"task_id": "WireLoad_1"}),
    ("set_task_status_message", {"task_id": "WireLoad_1", "status_message": "half"}),
    ("set_task_progress_percentage", {"task_id": "WireLoad_1", "progress_percentage": 50}),
    ("get_task_status_message", {"task_id": "WireLoad_1"}),
    ("get_task_progress_percentage", {"task_id": "WireLoad_1"}),
    ("send_scheduler_message", MESSAGE),
    ("ping", {"worker": WORKER}),
    ("ping", {"worker": WORKER}),
    ("report_task_statistics", {"task_id": "WireLoad_1", "statistics": {"memory": 1.5}}),
    ("update_metrics_task_started", {"task": "WireLoad_1"}),
    ("task_list", {"status": "RUNNING", "upstream_status": "", "search": "WireLoad"}),
    ("dep_graph", {"task_id": "WireTop"}),
    ("inverse_dep_graph", {"task_id": "WireLoad_1", "include_done": False}),
    ("dep_graph", {"task_id": "WireNothing"}),
    ("decrease_running_task_resources", {"task_id": "WireLoad_1", "decrease_resources": {"wire_bench": 1}}),
    ("add_task", {**TASK, "status": "FAILED", "expl": json.dumps("Traceback <b>"), "runnable": None, "new_deps": []}),
    ("task_search", {"task_str": "WireLoad"}),
    ("fetch_error", {"task_id": "WireTop"}),
    ("fetch_error", {"task_id": "WireNothing"}),
    ("task_list", {"status": "PENDING", "upstream_status": "UPSTREAM_FAILED", "search": "WireTop"}),
    ("forgive_failures", {"task_id": "WireLoad_1"}),
    ("forgive_failures", {"task_id": "WireNothing"}),
    ("forgive_failures", {}),
    ("get_work", ASKED),
    ("mark_as_done", {"task_id": "WireLoad_1"}),
    ("mark_as_done", {"task_id": "WireNothing"}),
    ("re_enable_task", {"task_id": "WireLoad_1"}),
    ("add_worker", {"worker": OTHER, "info": []}),
    ("set_worker_processes", {"worker": OTHER, "n": 3}),
    ("ping", {"worker": OTHER}),
    ("disable_worker", {"worker": OTHER}),
    ("get_work", {**ASKED, "worker": OTHER}),
    ("update_resource", {"resource": "wire_bench", "amount": 5}),
    ("update_resource", {"resource": "wire_bench", "amount": -5}),
    ("is_paused", {}),
    ("is_pause_enabled", {}),
    ("has_task_history", {}),
    ("get_scheduler_message_response", {"task_id": "WireLoad_1", "message_id": "nobody's"}),
    (
        "announce_scheduling_failure",
        {"worker": WORKER, "task_name": "t", "family": "f", "params": {}, "expl": "", "owners": []},
    ),
    ("prune", {}),
)

REFUSED: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("ping", {}),
    ("get_work", {"worker": WORKER, "current_tasks": 3}),
    ("add_task_batcher", {"worker": WORKER}),
    ("dep_graph", {}),
    ("pause", {"unexpected": 1}),
    ("is_paused", {"unexpected": 1}),
    ("count_pending", {"worker": WORKER, "unexpected": 1}),
    ("fetch_error", {}),
    ("re_enable_task", {}),
    ("add_worker", {"worker": WORKER, "info": 3}),
    ("get_wrok", {}),
    ("dump", {}),
)

NUMBERS = ("last_updated", "start_time", "time_running", "last_active", "started")
"""What the two have in common but for the hour."""


def luigid(port: int, method: str, said: Mapping[str, Any]) -> tuple[int, Any]:
    """The status and the answer of Luigi's own server."""
    body = urlencode({"data": json.dumps(said)}).encode()
    try:
        with urlopen(f"http://127.0.0.1:{port}/api/{method}", body, timeout=30) as answer:
            return answer.status, json.load(answer)["response"]
    except HTTPError as error:
        with error:
            return error.code, None


def plain(answer: Any) -> Any:
    """With nothing in it that is another each time."""
    if isinstance(answer, dict):
        found = {key: plain(value) for key, value in answer.items()}
        for key in NUMBERS:
            if isinstance(found.get(key), float):
                found[key] = "a time"
        if found.get("message_id"):
            found["message_id"] = "an id"
        return found
    return sorted(map(plain, answer), key=str) if isinstance(answer, list) else answer


def test_a_story_is_told_alike(luigid_service: int, post: Call) -> None:
    for method, said in STORY:
        status, theirs = luigid(luigid_service, method, said)
        ours = post(method, **said)
        assert ours.status_code == status == 200, method
        assert plain(ours.json["response"]) == plain(theirs), method


def test_workers_and_resources_are_listed_alike(luigid_service: int, post: Call) -> None:
    for method, said in STORY[:15]:
        luigid(luigid_service, method, said)
        post(method, **said)
    for method, key, name in (("worker_list", "name", WORKER), ("resource_list", "name", "wire_bench")):
        (theirs,) = [row for row in luigid(luigid_service, method, {})[1] if row[key] == name]
        (ours,) = [row for row in post(method).json["response"] if row[key] == name]
        assert ours.keys() == theirs.keys(), method
        assert {field: type(value) for field, value in ours.items()} == {
            field: type(value) for field, value in theirs.items()
        }


@pytest.mark.parametrize(("method", "said"), REFUSED)
def test_what_they_refuse_we_refuse_with_a_reason(
    luigid_service: int, post: Call, method: str, said: Mapping[str, Any]
) -> None:
    status, _ = luigid(luigid_service, method, said)
    ours = post(method, **said)
    assert (status, ours.status_code) in [(500, 400), (404, 404)]
    assert ours.json["detail"]
