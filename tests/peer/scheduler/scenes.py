"""Short scenes, one for each fact about Luigi's scheduler that its manual leaves out, and one for each method.

Each is a configuration and the steps that `player` plays; reference/scheduler-facts.md counts the facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Step = tuple[str, Any]
Scene = tuple[Mapping[str, Any], list[Step]]

OFTEN = {"retry_count": 999999999}
TWICE = {"retry_count": 2}


def worker(name: str, **info: Any) -> Step:
    return "add_worker", {"worker": name, "info": [["workers", 1], ["host", "h"], *([k, v] for k, v in info.items())]}


def add(task_id: str, by: str = "w", **said: Any) -> Step:
    family, _, number = task_id.partition("_")
    usual = {"family": family, "module": "m", "params": {"n": number}}
    return "add_task", {"worker": by, "task_id": task_id} | usual | said


def report(task_id: str, status: str, by: str = "w", **said: Any) -> Step:
    return add(task_id, by, status=status, runnable=None, **said)


def ask(by: str = "w", *running: str, **said: Any) -> Step:
    return "get_work", {"worker": by, "host": "h", "assistant": False, "current_tasks": list(running)} | said


def wait(seconds: float) -> Step:
    return "pass", seconds


def batcher(by: str = "w", **said: Any) -> Step:
    return "add_task_batcher", {"worker": by, "task_family": "B", "batched_args": ["n"]} | said


def ping(by: str = "w") -> Step:
    return "ping", {"worker": by}


def upstream(status: str) -> Step:
    return "task_list", {"status": "PENDING", "upstream_status": status}


GRAPH: Step = ("graph", {})
PRUNE: Step = ("prune", {})
WORKERS: Step = ("worker_list", {})
ALL_TASKS: Step = ("task_list", {})
A, B = "A_1", "B_1"

FACTS: dict[str, Scene] = {
    "01 another worker declares a running task": ({}, [
        add(A, resources={"r": 1}), ask(), add(A, "v", deps=["A_2"], resources={"s": 1}, priority=7), GRAPH, ask("v"),
        report(A, "DONE"), GRAPH,
    ]),
    "02 a report sets all it carries": ({}, [
        add(A, resources={"r": 1}, accepts_messages=True, retry_policy_dict={"retry_count": 1}, priority=3), ask(),
        report(A, "FAILED"), GRAPH,
    ]),
    "02 the new policy applies after the failure is judged": ({}, [
        add(A), ask(), report(A, "FAILED", retry_policy_dict={"retry_count": 1}), GRAPH,
        add(A, retry_policy_dict={"retry_count": 1}), ask(), report(A, "FAILED"), GRAPH,
    ]),
    "03 being done does not clear failures": (TWICE, [
        add(A), ask(), report(A, "FAILED"), add(A), ask(), report(A, "DONE"), add(A), ask(), report(A, "FAILED"),
        GRAPH,
    ]),
    "03 forgiving does not clear failures": (TWICE, [
        add(A), ask(), report(A, "FAILED"), ("forgive_failures", {"task_id": A}), ask(), report(A, "FAILED"), GRAPH,
    ]),
    "03 re-enabling clears failures": (TWICE, [
        add(A), ask(), report(A, "FAILED"), add(A), ask(), report(A, "FAILED"),
        GRAPH, ("re_enable_task", {"task_id": A}),
        add(A), ask(), report(A, "FAILED"), GRAPH,
    ]),
    "04 failing without running counts": (TWICE, [add(A), report(A, "FAILED"), GRAPH, report(A, "FAILED"), GRAPH]),
    "04 declaring a failed task resets it": ({}, [add(A), ask(), report(A, "FAILED"), add(A), GRAPH]),
    "05 re-enabled, then the retry delay": ({"retry_count": 1, "retry_delay": 10}, [
        add(A), ask(), report(A, "FAILED"), ("re_enable_task", {"task_id": A}), ping(), PRUNE, ask(), wait(11),
        PRUNE, ask(),
    ]),
    "05 a negative delay means never": ({"retry_delay": -1}, [
        add(A), ask(), report(A, "FAILED"), wait(50), ping(), PRUNE, ask(), GRAPH,
    ]),
    "05 disabled for disable_persist": ({"retry_count": 1, "retry_delay": 10, "disable_persist": 30}, [
        add(A), ask(), report(A, "FAILED"), wait(20), ping(), GRAPH, wait(20), ping(), GRAPH, wait(20), ping(), GRAPH,
    ]),
    "06 a worker's DISABLED can be overridden": ({}, [
        add(A, status="DISABLED"), GRAPH, ask(), add(A), GRAPH, ask(),
    ]),
    "06 the scheduler's DISABLED cannot": ({"retry_count": 1}, [
        add(A), ask(), report(A, "FAILED"), add(A), GRAPH, ask(), add(A, status="DONE"), GRAPH,
    ]),
    "07 mark_as_done": ({"retry_count": 2}, [
        add(A), ("mark_as_done", {"task_id": A}), ask(), ("mark_as_done", {"task_id": A}), add("A_2"), ask(),
        report("A_2", "FAILED"), ("mark_as_done", {"task_id": "A_2"}), add("A_3", status="DISABLED"),
        ("mark_as_done", {"task_id": "A_3"}), ("mark_as_done", {"task_id": "X_1"}), GRAPH,
    ]),
    "07 forgive_failures": ({}, [
        add(A), ("forgive_failures", {"task_id": A}), ask(), ("forgive_failures", {"task_id": A}),
        report(A, "FAILED"),
        ("forgive_failures", {"task_id": A}), add(A, status="DISABLED"), ("forgive_failures", {"task_id": A}),
        ("forgive_failures", {"task_id": "X_1"}), GRAPH,
    ]),
    "08 upstream states": ({}, [
        add("A_1"), add("A_2", runnable=False), add("A_3", status="FAILED"), add("A_4", status="DISABLED"),
        add("A_5", deps=["A_1"]), add("A_6", deps=["A_2"]), add("A_7", deps=["A_3"]), add("A_8", deps=["A_4"]),
        add("A_9", deps=["A_6", "A_7", "A_8"]), add("A_10", deps=["X_1"]), add("A_11", deps=["A_10"]),
        add("A_12", deps=["A_2", "A_3"]),
        upstream("UPSTREAM_RUNNING"), upstream("UPSTREAM_MISSING_INPUT"), upstream("UPSTREAM_FAILED"),
        upstream("UPSTREAM_DISABLED"),
    ]),
    "09 worker_running stays after the end": ({"worker_disconnect_delay": 40}, [
        add(A, resources={"r": 1}), add("A_2"), ask(), ask("w", A), report(A, "DONE"), GRAPH, wait(50), GRAPH,
    ]),
    "10 a dependency keeps its scheduled removal": ({"remove_delay": 30, "worker_disconnect_delay": 20}, [
        add(A), wait(25), PRUNE, GRAPH, wait(10), ping("v"), add("A_2", "v", deps=[A]), wait(10), ping("v"),
        GRAPH, wait(25),
        ping("v"), GRAPH,
    ]),
    "10 declaring cancels it": ({"remove_delay": 30, "worker_disconnect_delay": 20}, [
        add(A), wait(25), PRUNE, GRAPH, wait(10), add(A, "v"), wait(15), ping("v"), wait(15), ping("v"), GRAPH,
    ]),
    "11 calls that make workers known": ({}, [
        ("count_pending", {"worker": "a"}), ("set_worker_processes", {"worker": "b", "n": 2}),
        ("send_scheduler_message", {"worker": "c", "task": A, "content": "x"}), WORKERS, ping("b"), ping("c"),
    ]),
    "11 a lost worker comes back without its info": ({"worker_disconnect_delay": 20}, [
        worker("w", assistant=True), add(A, "v"), wait(25), ping("v"), PRUNE, ping("w"), WORKERS, ask("w"),
    ]),
    "12 paused, but its own running task again": ({}, [
        add(A), add("A_2"), ask(), ("pause", {}), ask("w", A), ask("w"), ("unpause", {}), ask("w", A),
    ]),
    "13 a trivial worker sees its own tasks": ({}, [
        add(A, "v", priority=9), add("A_2", "w"), ask("w"), ask("w", "A_2"), ask("v"),
    ]),
    "14 batch and resources": ({"resources": {"r": 1}}, [
        batcher(), add("B_1", batchable=True, resources={"r": 1}), add("B_2", batchable=True, resources={"r": 1}),
        ask(),
        GRAPH, ("resource_list", {}), add("B_2", status="RUNNING", batch_id="B_1+B_2"), GRAPH,
    ]),
    "16 an assistant's task": ({"remove_delay": 10}, [
        worker("w", assistant=True), add(A, "v"), ask("w", assistant=True), report(A, "DONE", assistant=True),
        WORKERS, GRAPH,
    ]),
    "17 last scheduled": ({}, [
        add(A, "w"), add("A_2", "w"), add("A_2", "v"), add("A_2", "w"), ("count_pending", {"worker": "w"}),
        ("count_pending", {"worker": "v"}), add("A_3", "u", runnable=False), add("A_2", "u", runnable=False),
        ("count_pending", {"worker": "u"}), ("disable_worker", {"worker": "v"}), ("count_pending", {"worker": "v"}),
        ask("v"),
        ("count_pending", {"worker": "w"}),
    ]),
    "18 a disabled worker's report is accepted": ({}, [
        add(A), ask(), ("disable_worker", {"worker": "w"}), ask(), report(A, "DONE"), GRAPH, add("A_2"), ask("w"),
        WORKERS,
    ]),
    "18 without current_tasks nothing is handed again": ({}, [
        add(A), ask(), ("get_work", {"worker": "w", "host": "h"}), ask("w"), ask("w", A),
    ]),
    "19 fetch_error": ({}, [
        add(A, params={"a": "1", "b": "2", "c": "3"}, param_visibilities={"a": 0, "b": 1}), ask(),
        add(A, status="FAILED", expl="it broke", params={"a": "1", "b": "2", "c": "3"},
            param_visibilities={"a": 0, "b": 1}),
        ("fetch_error", {"task_id": A}), ("fetch_error", {"task_id": "X_1"}), GRAPH,
    ]),
    "20 task_list and its limit": ({"max_shown_tasks": 2}, [
        add("A_1"), add("A_2"), add("A_3"), ALL_TASKS, ("task_list", {"limit": False}),
        ("task_list", {"max_shown_tasks": 3}), ("task_list", {"status": "PENDING"}),
        ("task_list", {"status": "DONE"}),
        upstream("UPSTREAM_MISSING_INPUT"), ("task_list", {"status": "", "upstream_status": "UPSTREAM_FAILED"}),
        ("task_list", {"search": "a n=2"}), ("task_list", {"search": "zzz"}),
        ("task_list", {"status": "DONE", "upstream_status": "UPSTREAM_FAILED"}),
    ]),
    "21 the family of an unknown id": ({}, [
        add(A, deps=["Load_Raw_3", "Load", "a.b.Load_3"]), ("dep_graph", {"task_id": A}),
        ALL_TASKS, ("dep_graph", {"task_id": "X_1"}),
        ("dep_graph", {"task_id": "Load_Raw_3"}),
    ]),
    "22 no pruning when asked": ({"retry_delay": 10}, [
        add(A), ask(), report(A, "FAILED"), wait(20), ask(), ping(), ask(), ALL_TASKS, ask(),
    ]),
    "22 pruning when asked, if configured": ({"retry_delay": 10, "prune_on_get_work": True}, [
        add(A), ask(), report(A, "FAILED"), wait(20), ask(),
    ]),
    "23 ranks and ties": ({}, [
        add("A_1"), add("A_2", priority=-3), add("A_3", priority=-1), add("A_4", deps=["A_2"]),
        add("A_5", priority=0.5),
        ask(), report("A_5", "DONE"), ask(), report("A_1", "DONE"), ask(), report("A_2", "DONE"), ask(),
        report("A_4", "DONE"), ask(),
    ]),
}  # fmt: skip

FOUND: dict[str, Scene] = {
    "done is stable for a while": ({}, [
        add(A, status="DONE"), add(A, "v", priority=3), GRAPH, wait(11), add(A, "v", priority=3), GRAPH,
    ]),
    "failed said of a disabled task is not counted": (TWICE, [
        add(A, status="FAILED"), add(A, status="DISABLED"), add(A, status="FAILED"), GRAPH, add(A, status="FAILED"),
        GRAPH,
    ]),
    "from disabled to done clears failures": (TWICE, [
        add(A), report(A, "FAILED"), report(A, "FAILED"), GRAPH, add(A, status="DONE"), report(A, "FAILED"), GRAPH,
    ]),
    "a worker's disabled turns the scheduler's into its own": (TWICE, [
        add(A), report(A, "FAILED"), report(A, "FAILED"), GRAPH, add(A, status="DISABLED"), GRAPH, add(A), GRAPH,
    ]),
    "batches need the same resources": ({"resources": {"r": 5}}, [
        batcher(), add("B_1", batchable=True, resources={"r": 1}), add("B_2", batchable=True, resources={"r": 2}),
        add("B_3", batchable=True, resources={"r": 1}), ask(),
    ]),
    "what got lost is handed out again, the best first": ({}, [
        add("A_1"), add("A_2", priority=2), ask(), ask("w", "A_2"), add("A_1", priority=7), ask(), ask("w", "A_1"),
    ]),
    "a stranger says that a running task waits": ({}, [
        add(A), ask(), add(A, "v", new_deps=["A_2"]), GRAPH,
    ]),
    "a report on a member of a batch without a runner": ({}, [
        batcher(), add("B_1", batchable=True), add("B_2", batchable=True), ask(), report("B_1", "FAILED"), GRAPH,
    ]),
    "the end of what only an assistant declared": ({"remove_delay": 30}, [
        worker("w", assistant=True), add(A, assistant=True), wait(25), ping(), PRUNE, wait(10), ping(), GRAPH,
    ]),
    "a task of lost workers alone": ({"worker_disconnect_delay": 20}, [
        worker("s", assistant=True), add(A), wait(25), ping("s"), PRUNE, ask("s", assistant=True),
    ]),
    "a failed task below a disabled one": ({}, [
        add("A_1", status="DISABLED"), add("A_2", deps=["A_1"]), report("A_2", "FAILED"),
        ("count_pending", {"worker": "w"}),
    ]),
}  # fmt: skip

METHODS: dict[str, Scene] = {
    "add_task without anything": ({}, [
        ("add_task", {"worker": "w", "task_id": "X_y"}),
        GRAPH, ("add_task", {"worker": "w", "task_id": "X_y", "extra": 1}),
        ("add_task", {"task_id": "X_z"}),
    ]),
    "add_task with null deps and new deps": ({}, [
        add(A, deps=["A_2"]), add(A, deps=None), GRAPH, add(A, deps=None, new_deps=["A_3"]), GRAPH, add(A, deps=[]),
        GRAPH,
    ]),
    "add_task without running": ({}, [add(A, status="RUNNING"), GRAPH, add(A, status="BATCH_RUNNING"),
        GRAPH, report(A, "DONE"), GRAPH]),
    "add_task for a task done elsewhere": ({}, [add(A), ask(), add(A, "v", status="DONE"),
        GRAPH, report(A, "FAILED"), GRAPH]),
    "add_task unknown check": ({}, [add(A, status="UNKNOWN", runnable=False), GRAPH, ask(), add(A), ask()]),
    **{
        f"add_task {status} by the one who runs it": ({}, [
            add(A), ask(), add(A, status=status), GRAPH, add(A, status=status, new_deps=["A_2"]), GRAPH,
        ])
        for status in ("PENDING", "SUSPENDED", "DISABLED", "DONE", "FAILED", "RUNNING")
    },
    "add_task suspended": ({}, [add(A), ask(), report(A, "PENDING", new_deps=["A_2"]), GRAPH, ask(), add("A_2"),
        ask(),
                               report("A_2", "DONE"), ask()]),
    "add_task params change": ({}, [add(A), add(A, params={"n": "2", "m": "3"}, family="C", module="k"), GRAPH]),
    "add_task priority only rises": ({}, [add(A, priority=5), add(A, priority=1), GRAPH, add(A, priority=-2), GRAPH,
                                          add(A, priority=6, deps=["A_2"]), add("A_2"), GRAPH]),
    "add_worker": ({}, [worker("w", first_task=A, pid=3, salt="s", username="u"), add(A),
        WORKERS, worker("w", pid=4), WORKERS,
                        ("add_worker", {"worker": "v", "info": []}), ("worker_list", {"include_running": False}),
                        ("add_worker", {"worker": "v", "info": [], "extra": 1})]),
    "announce_scheduling_failure": ({}, [
        ("announce_scheduling_failure", {"worker": "w", "task_name": "A(n=1)", "family": "A", "params": {"n": "1"},
        "expl": "x", "owners": []}),
        WORKERS, ALL_TASKS,
    ]),
    "count_pending": ({}, [add(A), add("A_2"), add("A_3", deps=["A_2"]), add("A_2", "v"), ask("v"),
        ("count_pending", {"worker": "w"}),
                           ("count_pending", {"worker": "v"}), ask("w"), ask("w", A), ask("w", A)]),
    "counts by status": (OFTEN, [add("A_1"), add("A_2", status="FAILED"), add("A_3", status="DISABLED"),
        add("A_4", status="UNKNOWN"),
                              add("A_5", deps=["A_3"]), add("A_6", deps=["A_2"]), add("A_7", status="DONE"),
                              add("A_8", runnable=False), ("count_pending", {"worker": "w"}), WORKERS]),
    "decrease_running_task_resources": ({"resources": {"r": 3}}, [
        add(A, resources={"r": 3}), ("decrease_running_task_resources", {"task_id": A,
        "decrease_resources": {"r": 1}}), ask(),
        ("decrease_running_task_resources", {"task_id": A, "decrease_resources": {"r": 2, "x": 1}}),
        ("get_running_task_resources", {"task_id": A}), ("resource_list", {}),
        ("decrease_running_task_resources", {"task_id": A, "decrease_resources": {"r": 9}}),
        ("get_running_task_resources", {"task_id": A}), GRAPH,
        ("decrease_running_task_resources", {"task_id": "X_1", "decrease_resources": {"r": 9}}),
    ]),
    "graphs": ({"max_graph_nodes": 4}, [
        add("A_1"), add("A_2", deps=["A_1"]), add("A_3", deps=["A_1"]), add("A_4", deps=["A_2", "A_3"]),
        add("A_5", deps=["A_4"]),
        add("A_6", deps=["A_5", "X_1"]), ("dep_graph", {"task_id": "A_6"}), ("dep_graph", {"task_id": "A_3"}),
        ("inverse_dep_graph", {"task_id": "A_1"}), ("inverse_dep_graph", {"task_id": "A_4"}),
        add("A_4", status="DONE"),
        ("dep_graph", {"task_id": "A_6", "include_done": False}),
        ("inverse_dep_graph", {"task_id": "A_3", "include_done": False}),
        ("dep_graph", {"task_id": "A_4", "include_done": False}),
        ("inverse_dep_graph", {"task_id": "none_1"}), ("graph", {"extra": 1}),
        ("dep_graph", {"task_id": "A_1", "extra": 1}),
    ]),
    "disable_worker": ({}, [("disable_worker", {"worker": "x"}), worker("w"), add(A), ask(), add("A_2"),
        ("disable_worker", {"worker": "w"}), WORKERS, ask("w", A), worker("w"), ask("w", A),
                            WORKERS, add("A_3"), add("A_3", "v"), GRAPH]),
    "messages": ({}, [
        add(A, accepts_messages=True), ask(),
        ("send_scheduler_message", {"worker": "w", "task": A, "content": "hello"}), WORKERS,
        ("get_scheduler_message_response", {"task_id": A, "message_id": "message 1"}), ping(), ping(),
        ("add_scheduler_message_response", {"task_id": A, "message_id": "message 1", "response": "hi"}),
        ("get_scheduler_message_response", {"task_id": A, "message_id": "message 1"}),
        ("get_scheduler_message_response", {"task_id": A, "message_id": "message 1"}),
        ("add_scheduler_message_response", {"task_id": "X_1", "message_id": "q", "response": "hi"}),
        ("get_scheduler_message_response", {"task_id": "X_1", "message_id": "q"}),
    ]),
    "messages switched off": ({"send_messages": False}, [
        add(A, accepts_messages=True), ask(),
        ("send_scheduler_message", {"worker": "w", "task": A, "content": "hello"}), ping(),
    ]),
    "pausing": ({}, [("is_pause_enabled", {}), ("is_paused", {}), ("pause", {}), ("is_paused", {}), add(A), ask(),
        ("unpause", {}), ("is_paused", {}), ask()]),
    "pausing switched off": ({"pause_enabled": False}, [("is_pause_enabled", {}), ("pause", {}), ("is_paused", {}),
        add(A), ask(), ("unpause", {})]),
    "ping": ({}, [ping(), WORKERS, ("ping", {"worker": "w", "extra": 1}), ("ping", {})]),
    "progress": ({}, [
        add(A), ("set_task_status_message", {"task_id": A, "status_message": "early"}), ask(),
        ("set_task_status_message", {"task_id": A, "status_message": "m"}),
        ("get_task_status_message", {"task_id": A}),
        ("set_task_progress_percentage", {"task_id": A, "progress_percentage": 40}),
        ("get_task_progress_percentage", {"task_id": A}), ("get_task_progress_percentage", {"task_id": "X_1"}),
        ("get_task_status_message", {"task_id": "X_1"}),
        ("set_task_status_message", {"task_id": "X_1", "status_message": "m"}),
        ("set_task_progress_percentage", {"task_id": "X_1", "progress_percentage": 4}),
        ("add_task", {"worker": "w", "task_id": A, "status": "RUNNING", "tracking_url": "http://x"}),
        GRAPH, report(A, "FAILED"), GRAPH, add(A), GRAPH, ask(), GRAPH,
    ]),
    "re_enable_task": ({"retry_count": 1}, [add(A), ask(), ("re_enable_task", {"task_id": A}), report(A, "FAILED"),
        ALL_TASKS, ("re_enable_task", {"task_id": A}),
                                            ("re_enable_task", {"task_id": A}),
        ("re_enable_task", {"task_id": "X_1"}),
                                            add("A_2", status="DISABLED"), ("re_enable_task", {"task_id": "A_2"}),
        ALL_TASKS]),
    "resources": ({"resources": {"r": 3, "t": 2}}, [
        add(A, resources={"r": 2, "s": 1}), ask(), ("resources", {}), ("resource_list", {}),
        ("update_resource", {"resource": "s", "amount": 4}),
        ("update_resource", {"resource": "r", "amount": 0}), ("update_resource", {"resource": "q", "amount": -1}),
        ("update_resource", {"resource": "q", "amount": "2"}), ("update_resource", {"resource": "q", "amount": 1.5}),
        ("resources", {}), ("resource_list", {}), ("update_resources", {"t": 1, "u": 6}), ("resources", {}),

    ]),
    "statistics": ({}, [add(A), ask(), ("report_task_statistics", {"task_id": A, "statistics": {"a": 1}}),
        ("report_task_statistics", {"task_id": "X_1", "statistics": {}}),
                        ("has_task_history", {})]),
    "task_search": ({}, [add(A, params={"n": "Cat"}), add("A_2", params={"n": "dog"}),
        add("C_2", status="DONE", params={"n": "dog"}), ("task_search", {"task_str": "dog"}),
                         ("task_search", {"task_str": "DOG c"}), ("task_search", {"task_str": "A_2"}),
        ("task_search", {"task_str": "cat", "extra": 1}), ("task_search", {"task_str": "n=d"})]),
    "hidden parameters": ({}, [
        add(A, params={"a": "1", "b": "2", "c": "3"}, param_visibilities={"a": 0, "b": 1, "c": 2}),
        ALL_TASKS, ("dep_graph", {"task_id": A}),
        ask(), WORKERS, ("task_search", {"task_str": "b=2"}), ("task_list", {"search": "b=2"}),
        ("fetch_error", {"task_id": A}),
    ]),
    "failure before disable_hard_timeout": ({"disable_hard_timeout": 20}, [
        add(A), ask(), report(A, "FAILED"), wait(5), add(A), ask(), report(A, "FAILED"), GRAPH, wait(20), add(A),
        ask(), report(A, "FAILED"), GRAPH,
    ]),
    "failures outside disable_window": ({"retry_count": 2, "disable_window": 10}, [
        add(A), ask(), report(A, "FAILED"), wait(15), add(A), ask(), report(A, "FAILED"), GRAPH, wait(5), add(A),
        ask(), report(A, "FAILED"), GRAPH,
    ]),
    "own retry policy": ({}, [add(A, retry_policy_dict={"retry_count": 1, "disable_hard_timeout": None,
        "disable_window": None}), ask(),
                              report(A, "FAILED", retry_policy_dict={"retry_count": 1, "disable_hard_timeout": None,
        "disable_window": None}), ALL_TASKS]),
    "a lost worker's tasks fail": ({"worker_disconnect_delay": 20}, [
        worker("w"), add(A), add("A_2"), add(A, "v"), ask(), wait(25), ping("v"),
        PRUNE, GRAPH, WORKERS, report(A, "DONE"), GRAPH, wait(400), PRUNE, ("graph", {}),
    ]),
    "what nobody wants is removed": ({"remove_delay": 30, "worker_disconnect_delay": 20}, [
        add(A), add("A_2", status="DONE"), add("A_3", deps=["X_1"]), wait(25), PRUNE, GRAPH, wait(20),
        PRUNE, GRAPH, wait(20), PRUNE, GRAPH,
    ]),
    "assistants that did not say so": ({}, [add(A, "w"), ask("s"), ask("s", assistant=True), WORKERS]),
    "failed when declared": ({}, [add(A, status="FAILED"), GRAPH, ("count_pending", {"worker": "w"})]),
    "assistants": ({}, [
        worker("s", assistant=True), add(A, "w", runnable=True), add("A_2", "w", runnable=False),
        ask("s", assistant=True), ask("s", A, assistant=True),
        ask("s"), report(A, "FAILED", "s", assistant=True), GRAPH, ("count_pending", {"worker": "s"}),
        ("count_pending", {"worker": "w"}),
    ]),
    "resource contention": ({"resources": {"r": 2}}, [
        add("A_1", resources={"r": 1}), add("A_2", resources={"r": 2}, priority=5), add("A_3", resources={"r": 1}),
        ask(), ask("w", "A_2"), report("A_2", "DONE", resources={"r": 2}), ask(), ask("w", "A_1"),
        ask("w", "A_1", "A_3"), add("A_4", resources={"r": 3}, priority=9),
        report("A_1", "DONE", resources={"r": 1}), ask("w", "A_3"),
    ]),
    "a bigger claim keeps smaller ones out": ({"resources": {"r": 2}}, [
        add("A_1", resources={"r": 1}), ask(), add("A_2", "v", resources={"r": 2}, priority=5), worker("v"), ask("v"),
        add("A_3", resources={"r": 1}), ask("w", "A_1"), report("A_1", "DONE", resources={"r": 1}), ask("w"),
        ask("v"),
    ]),
    "a bigger claim of a worker that never asked": ({"resources": {"r": 2}}, [
        add("A_1", resources={"r": 1}), ask(), add("A_2", "v", resources={"r": 2}, priority=5),
        add("A_3", resources={"r": 1}), ask("w", "A_1"),
    ]),
    "a bigger claim of a worker that asked long ago": ({"resources": {"r": 2}}, [
        add("A_1", resources={"r": 1}), ask(), add("A_2", "v", resources={"r": 2}, priority=5), ask("v"), wait(30),
        add("A_3", resources={"r": 1}), ask("w", "A_1"),
    ]),
    "a bigger claim of a worker that runs something": ({"resources": {"r": 2}}, [
        add("A_1", resources={"r": 1}), ask(), add("A_4", "v"), ask("v"),
        add("A_2", "v", resources={"r": 2}, priority=5),
        add("A_3", resources={"r": 1}), ask("w", "A_1"),
    ]),
    "a batch runs as a member": ({}, [
        worker("w"), batcher(), *(add(f"B_{n}", batchable=True, priority=n) for n in (1, 2, 3)), ask(),
        GRAPH, ("count_pending", {"worker": "w"}), WORKERS, ask("w"),
    ]),
    "batches are bounded": ({}, [batcher(max_batch_size=2), *(add(f"B_{n}", batchable=True) for n in (1, 2, 3)),
        ask(), ask("w"), ask("w", "B_3")]),
    "batches of a kind": ({}, [batcher(), *(add(f"B_{n}", batchable=True, params={"n": str(n),
        "k": str(n % 2)}) for n in (1, 2, 3, 4)), ask(), ask()]),
    "a batcher without batchable tasks": ({}, [batcher(), add("B_1"), add("B_2"), ask(), ask("w", "B_1")]),
    "batches of another worker": ({}, [batcher("v"), *(add(f"B_{n}", batchable=True) for n in (1, 2)), ask(),
        ask("w", "B_1")]),
    "batchable tasks that wait are left": ({}, [batcher(), add("B_1", batchable=True),
        add("B_2", batchable=True, deps=["X_1"]), add("B_3", batchable=True, runnable=False), ask(), GRAPH]),
}  # fmt: skip


def batch(ending: str, runner: str, config: Mapping[str, Any]) -> Scene:
    """A batch of three from hand-out to its end."""
    return config, [
        worker("w"), batcher(), *(add(f"B_{n}", batchable=True) for n in (1, 2, 3)), ask(),
        add(runner, status="RUNNING", batch_id="B_1+B_2+B_3"), GRAPH, WORKERS, ask("w", runner),
        report(runner, ending, expl="why", new_deps=["X_1"] if ending == "PENDING" else []),
        GRAPH, ("fetch_error", {"task_id": "B_1"}),
    ]  # fmt: skip


ENDINGS: dict[str, Scene] = {
    f"a batch {ending.lower()} as {runner}": batch(ending, runner, {})
    for ending in ("DONE", "FAILED", "PENDING")
    for runner in ("B_2", "B_9")
}

SCENES: dict[str, Scene] = FACTS | FOUND | METHODS | ENDINGS
