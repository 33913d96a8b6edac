"""Luigi's calls over HTTP: what is accepted, how it is answered, and who may."""

from __future__ import annotations

import inspect
import json
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from falcon.testing import Result, TestClient

from luigi.scheduler import RPC_METHODS, Scheduler, SimpleTaskState
from luigi.server.guard.identity import Role
from luigi.server.wire.methods import METHODS, Method

Call = Callable[..., Result]

FORM = {"Content-Type": "application/x-www-form-urlencoded"}

READS = {method.name for method in METHODS if not method.changes}


def test_every_call_of_the_scheduler_is_there_once() -> None:
    assert sorted(method.name for method in METHODS) == sorted(RPC_METHODS)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_arguments_are_those_of_the_schedulers_method(method: Method) -> None:
    _, *parameters = inspect.signature(RPC_METHODS[method.name]).parameters.values()
    named = {one.name: one for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD}
    takes_any = len(named) < len(parameters)
    asked = {"limit", "max_nodes"} if "limit" in method.optional else set()
    said = {*method.required, *method.optional} - asked
    if method.name == "ping":
        assert said == {"worker"}
    elif method.rest is not None:
        assert takes_any
        assert not named
    else:
        assert said == named.keys() - asked - ({"max_shown_tasks"} if method.name == "task_search" else set())
    assert all(name in said for name, one in named.items() if one.default is one.empty)
    assert method.lenient == (takes_any and method.rest is None)


def test_a_viewer_may_read_and_a_worker_not_give_orders() -> None:
    roles = {method.name: method.role for method in METHODS}
    assert {roles[name] for name in ("task_list", "dep_graph", "is_paused", "fetch_error")} == {Role.VIEWER}
    assert {roles[name] for name in ("add_task", "get_work", "ping", "count_pending")} == {Role.WORKER}
    assert {roles[name] for name in ("pause", "mark_as_done", "update_resources")} == {Role.OPERATOR}


def test_an_answer_is_json_under_response(post: Call) -> None:
    answer = post("is_paused")
    assert (answer.status_code, answer.text) == (200, '{"response": {"paused": false}}')
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"


def test_a_worker_declares_runs_and_reports(post: Call, scheduler: Scheduler) -> None:
    declared = {"task_id": "A", "worker": "w", "family": "Load", "module": "m", "params": {"day": "1"}}
    assert post("add_worker", worker="w", info=[["host", "h"], ["workers", 2]]).json == {"response": None}
    assert post("add_task", **declared, deps=[], runnable=True, status="PENDING").json == {"response": None}
    work = post("get_work", worker="w", host="h", assistant=False, current_tasks=[]).json["response"]
    assert work["task_id"] == "A"
    assert (work["task_family"], work["task_module"], work["task_params"]) == ("Load", "m", {"day": "1"})
    assert (work["n_pending_tasks"], work["worker_state"]) == (1, "active")
    post("add_task", task_id="A", worker="w", status="DONE", expl="null", new_deps=[], runnable=None)
    assert scheduler.machine.tasks["A"].status == "DONE"


def test_a_batch_size_without_bound_is_said_as_workers_say_it(app_client: TestClient, scheduler: Scheduler) -> None:
    said = '{"worker": "w", "task_family": "F", "batched_args": ["a"], "max_batch_size": Infinity}'
    answer = app_client.simulate_post("/api/add_task_batcher", body=urlencode({"data": said}), headers=FORM)
    assert answer.status_code == 200
    assert [batcher.max_size for batcher in scheduler.machine.batchers("w")] == [float("inf")]


def test_unknown_keys_are_left_out_where_luigi_leaves_them_out(post: Call) -> None:
    assert post("ping", worker="w", version=3).json == {"response": {"rpc_messages": []}}
    assert post("task_list", extra=1).status_code == 200


# --- ways of saying it ---------------------------------------------------------------------------------------------

ERROR_OF_A = {"response": {"taskId": "A", "error": ""}}


@pytest.mark.parametrize(
    ("body", "query", "kind"),
    [
        ('data={"task_id": "A"}', "", "application/x-www-form-urlencoded"),
        ('data={"task_id": "A"}', "", "application/x-www-form-urlencoded; charset=utf-8"),
        ('data={"task_id": "A"}', "", None),
        ("", 'data={"task_id": "A"}', "application/x-www-form-urlencoded"),
        ('data={"task_id": "A"}', 'data={"task_id": "B"}', "application/x-www-form-urlencoded"),
        ('data={"task_id": "B"}&data={"task_id": "A"}', "", "application/x-www-form-urlencoded"),
        ('other=1&data={"task_id": "A"}', "", "application/x-www-form-urlencoded"),
    ],
)
def test_arguments_are_found_where_luigis_server_finds_them(
    app_client: TestClient, body: str, query: str, kind: str | None
) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    answer = app_client.simulate_post(
        "/api/fetch_error", body=quote(body, "=&"), query_string=quote(query, "=&"), headers=headers
    )
    assert answer.json == ERROR_OF_A


def test_arguments_may_come_in_parts(app_client: TestClient) -> None:
    body = '--cut\r\nContent-Disposition: form-data; name="data"\r\n\r\n{"task_id": "A"}\r\n--cut--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=cut"}
    assert app_client.simulate_post("/api/fetch_error", body=body, headers=headers).json == ERROR_OF_A


def test_reads_are_got_too(get: Call, app_client: TestClient) -> None:
    assert get("fetch_error", task_id="A").json == ERROR_OF_A
    assert app_client.simulate_get("/api/is_paused").json == {"response": {"paused": False}}


@pytest.mark.parametrize("name", sorted(set(RPC_METHODS) - READS))
def test_a_change_is_not_made_by_getting(app_client: TestClient, name: str, scheduler: Scheduler) -> None:
    data = json.dumps({"worker": "w", "task_id": "A", "resource": "r", "amount": 1})
    answer = app_client.simulate_get(f"/api/{name}", params={"data": data})
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].replace(" ", "").split(",")) == {"POST", "OPTIONS"}
    assert not scheduler.machine.tasks
    assert not list(scheduler.machine.workers)


@pytest.mark.parametrize("verb", ["PUT", "DELETE", "PATCH"])
def test_other_verbs_are_refused(app_client: TestClient, verb: str) -> None:
    answer = app_client.simulate_request(verb, "/api/is_paused")
    assert answer.status_code == 405
    assert {"GET", "POST", "OPTIONS"} <= set(answer.headers["Allow"].replace(" ", "").split(","))


@pytest.mark.parametrize("name", ["get_wrok", "dump", "load", "resources", "task_history", "_handle", "watch"])
def test_what_is_no_call_is_not_found(app_client: TestClient, name: str) -> None:
    answer = app_client.simulate_post(f"/api/{name}", headers=FORM)
    assert answer.status_code == 404
    if name == "get_wrok":
        assert "/api/get_work" in answer.json["hint"]


# --- what will not do ----------------------------------------------------------------------------------------------

TASK = {"task_id": "A", "worker": "w"}


@pytest.mark.parametrize(
    ("name", "said", "field", "expected"),
    [
        ("add_task", {"worker": "w"}, "task_id", "a value"),
        ("add_task", {"task_id": "A"}, "worker", "a value"),
        ("add_task", {**TASK, "task_id": ""}, "task_id", "a text that is not empty"),
        ("add_task", {**TASK, "task_id": "A" * 1001}, "task_id", "at most 1000 characters"),
        ("add_task", {**TASK, "family": "F" * 1001}, "family", "at most 1000 characters"),
        ("add_task", {**TASK, "deps": ["D" * 1001]}, "deps[0]", "at most 1000 characters"),
        ("add_task", {**TASK, "resources": {"r" * 1001: 1}}, "resources", "at most 1000 characters"),
        ("add_task", {**TASK, "worker": None}, "worker", "a text that is not empty"),
        ("add_task", {**TASK, "status": "NOPE"}, "status", "one of PENDING"),
        ("add_task", {**TASK, "deps": "B"}, "deps", "a list"),
        ("add_task", {**TASK, "deps": ["B", 1]}, "deps[1]", "a text that is not empty"),
        ("add_task", {**TASK, "resources": {"r": "1"}}, "resources.r", "a whole number"),
        ("add_task", {**TASK, "resources": {"r": 0.5}}, "resources.r", "a whole number"),
        ("add_task", {**TASK, "resources": {"r": True}}, "resources.r", "a whole number"),
        ("add_task", {**TASK, "priority": "high"}, "priority", "a number"),
        ("add_task", {**TASK, "priority": float("inf")}, "priority", "a number"),
        ("add_task", {**TASK, "priority": float("nan")}, "priority", "a number"),
        ("add_task", {**TASK, "params": {"n": 1}}, "params.n", "a text"),
        ("add_task", {**TASK, "param_visibilities": {"n": 3}}, "param_visibilities.n", "0 (public)"),
        ("add_task", {**TASK, "retry_policy_dict": {"retries": 3}}, "retry_policy_dict.retries", "retry_count"),
        ("add_task", {**TASK, "runnable": "yes"}, "runnable", "true or false"),
        ("add_task_batcher", {"worker": "w", "task_family": "F", "batched_args": "a"}, "batched_args", "a list"),
        ("add_worker", {"worker": "w"}, "info", "a value"),
        ("add_worker", {"worker": "w", "info": "host"}, "info", "a list of [name, value]"),
        ("add_worker", {"worker": "w", "info": [["host"]]}, "info[0]", "[name, value]"),
        ("get_work", {}, "worker", "a value"),
        ("get_work", {"worker": "w", "current_tasks": 1}, "current_tasks", "a list"),
        ("ping", {}, "worker", "a value"),
        ("pause", {"now": True}, "now", "no argument of that name"),
        ("forgive_failures", {"task": "A"}, "task", "no argument of that name"),
        ("set_worker_processes", {"worker": "w", "n": -1}, "n", "a whole number from 0"),
        ("set_worker_processes", {"worker": "w", "n": 1.5}, "n", "a whole number from 0"),
        ("update_resources", {"r": 1, "s": "2"}, "s", "a whole number from 0"),
        ("update_resources", {"": 1}, "", "a text that is not empty"),
        ("task_list", {"limit": 1}, "limit", "true or false"),
        ("dep_graph", {}, "task_id", "a value"),
    ],
)
def test_what_luigi_answers_with_500_is_told(
    post: Call, scheduler: Scheduler, name: str, said: dict[str, Any], field: str, expected: str
) -> None:
    answer = post(name, **said)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json.get("field", "") == field
    assert expected in answer.json["detail"]
    assert not scheduler.machine.tasks
    assert not list(scheduler.machine.workers)
    assert not scheduler.machine.resources.limits


def test_a_misspelt_argument_gets_the_nearest(post: Call) -> None:
    assert post("re_enable_task", task_ids="A").json["hint"] == "did you mean task_id?"
    assert post("pause", now=True).json["hint"] == "pause takes none"


@pytest.mark.parametrize(
    "data",
    [
        "",
        "[]",
        "null",
        "3",
        "{",
        '{"a": }',
        "\x00",
        "[" * 3000,
        '{"worker": ' + "9" * 5000 + "}",
        '{"worker": "\\ud800"}',
    ],
)
def test_what_is_no_json_object_is_told(app_client: TestClient, data: str, scheduler: Scheduler) -> None:
    answer = app_client.simulate_post("/api/ping", body=urlencode({"data": data}), headers=FORM)
    assert answer.status_code == 400
    assert answer.json["field"] == "data"
    assert not list(scheduler.machine.workers)


def test_a_body_of_another_kind_is_not_guessed_at(app_client: TestClient) -> None:
    answer = app_client.simulate_post("/api/ping", json={"worker": "w"})
    assert answer.status_code == 415
    assert "x-www-form-urlencoded" in answer.json["hint"]
    assert app_client.simulate_post("/api/is_paused", headers={"Content-Type": "application/json"}).status_code == 200


@pytest.mark.parametrize("body", [b"data=%FF%FE", b"data=\xff", b"%%%", b"data=%"])
def test_bytes_that_are_no_text_are_told(app_client: TestClient, body: bytes) -> None:
    assert app_client.simulate_post("/api/ping", body=body, headers=FORM).status_code == 400


def test_an_amount_that_makes_no_sense_is_answered_as_luigi_does(post: Call, scheduler: Scheduler) -> None:
    assert [
        post("update_resource", resource="r", amount=amount).json["response"] for amount in (-1, "2", 0.5, None)
    ] == [False] * 4
    assert not scheduler.machine.resources.limits
    assert post("update_resource", resource="r", amount=3).json == {"response": True}
    assert scheduler.machine.resources.limits["r"] == 3


# --- who may ---------------------------------------------------------------------------------------------------------


ROLES = (Role.VIEWER, Role.WORKER, Role.OPERATOR)


def token_of(role: Role) -> str:
    return role.name.lower() * 8


@pytest.fixture
def guarded(client_of: Callable[..., TestClient], tmp_path: Path) -> TestClient:
    """A server that wants tokens: each role's is its name, repeated."""
    lines = [
        f"{role.name}:{role.name.lower()}:sha256${sha256(token_of(role).encode()).hexdigest()}\n" for role in ROLES
    ]
    tokens = tmp_path / "tokens"
    tokens.write_text("".join(lines))
    tokens.chmod(0o600)
    return client_of(tokens_file=str(tokens))


def login_of(role: Role) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"anybody:{token_of(role)}".encode()).decode()}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_make_its_calls(guarded: TestClient, role: Role) -> None:
    for method in METHODS:
        answer = guarded.simulate_post(f"/api/{method.name}", headers=FORM | login_of(role))
        assert (answer.status_code == 403) is (role < method.role), method.name


def test_nobody_may_make_any_call_without_a_token(guarded: TestClient, scheduler: Scheduler) -> None:
    body = urlencode({"data": json.dumps({"worker": "w", "task_id": "A"})})
    for name in [*RPC_METHODS, "no_such_call"]:
        answer = guarded.simulate_post(f"/api/{name}", body=body, headers=FORM)
        assert answer.status_code == 401, name
        assert name not in answer.text
    assert not scheduler.machine.tasks
    assert not list(scheduler.machine.workers)


def test_a_browser_may_ask_beforehand_without_a_token(guarded: TestClient) -> None:
    assert guarded.simulate_options("/api/task_list").status_code == 204


def test_a_private_value_is_kept_nowhere(post: Call, scheduler: Scheduler) -> None:
    params, levels = {"day": "1", "login": "swordfish"}, {"day": 0, "login": 2}
    post("add_task", task_id="A", worker="w", family="F", params=params, param_visibilities=levels)
    assert post("get_work", worker="w").json["response"]["task_params"] == {"day": "1"}
    assert "swordfish" not in json.dumps(SimpleTaskState("unused", scheduler).get_state())
