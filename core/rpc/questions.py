"""What can be asked of a server by Luigi's API, in the words of `luigi.scheduler.views` as far as that API goes.

| noun | subject | options | answer |
|---|---|---|---|
| counts | | | status → number of tasks |
| task | a task id | | what is known of it; None when it is not known |
| answer | a task id | message_id | what it answered to a message, or None |
| tasks | | status, upstream, search, limit | a page of rows; there is no second one |
| workers | | include_running | all workers |
| resources | | | limits, and who holds what |
| paused | | | whether nothing is handed out |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from luigi.errors import KernelError, did_you_mean
from luigi.interfaces import Question
from luigi.rpc.operators import Call, read_explanation
from luigi.task_status import BATCH_RUNNING, DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN

STATUSES = (PENDING, RUNNING, BATCH_RUNNING, DONE, FAILED, DISABLED, UNKNOWN)


def look_up(call: Call, question: Question) -> Any:
    """Answer a question. Raises KernelError for a noun there is not."""
    if question.noun not in _ANSWERERS:
        hint = did_you_mean(question.noun, _ANSWERERS) or f"there are: {', '.join(_ANSWERERS)}"
        raise KernelError(f"no question {question.noun!r}", hint=hint)
    return _ANSWERERS[question.noun](call, question.subject, question.options)


def _counts(call: Call, subject: str, options: Mapping[str, Any]) -> dict[str, int]:
    numbers = {status: _number_of(call, status) for status in STATUSES}
    return {status: number for status, number in numbers.items() if number}


def _number_of(call: Call, status: str) -> int:
    """How many tasks have that status. Over its limit, the server says how many instead of listing them."""
    listed = call("task_list", status=status, upstream_status="", limit=True, max_shown_tasks=-1)
    return int(listed.get("num_tasks", len(listed)))


def _task(call: Call, task_id: str, options: Mapping[str, Any]) -> dict[str, Any] | None:
    task = call("dep_graph", task_id=task_id).get(task_id)
    if task is None:
        return None
    explanation = read_explanation(call("fetch_error", task_id=task_id)["error"])
    return {**_row(task_id, task), "deps": task["deps"], "explanation": explanation}


def _row(task_id: str, task: Mapping[str, Any]) -> dict[str, Any]:
    """A task that the server has described. Times are in seconds since the epoch."""
    runs = task["status"] in (RUNNING, BATCH_RUNNING)  # the server keeps the last worker and what it held
    return {
        "task_id": task_id,
        "name": task.get("display_name", task_id),
        "family": task["name"],
        "params": task["params"],
        "status": task["status"],
        "priority": task["priority"],
        "needs": task["resources"] or {},
        "runners": task["workers"],
        "known_since": task["start_time"],
        "updated": task["last_updated"],
        "re_enable_able": task.get("re_enable_able", False),
        "accepts_messages": task.get("accepts_messages", False),
        "worker": task["worker_running"] if runs else None,
        "started": task["time_running"],
        "resources": (task["resources_running"] or {}) if runs else {},
        "tracking_url": task["tracking_url"],
        "status_message": task["status_message"],
        "percentage": task["progress_percentage"],
    }


def _answer(call: Call, task_id: str, options: Mapping[str, Any]) -> str | None:
    answer = call("get_scheduler_message_response", task_id=task_id, message_id=options.get("message_id", ""))
    return None if answer["response"] is None else str(answer["response"])


def _tasks(call: Call, subject: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Over its limit the server says how many there are instead of listing any."""
    listed = call(
        "task_list",
        status=options.get("status", ""),
        upstream_status=options.get("upstream", ""),
        search=options.get("search"),
        max_shown_tasks=options.get("limit"),
    )
    if "num_tasks" in listed:
        return {"rows": [], "next": None, "total": listed["num_tasks"]}
    rows = [_row(task_id, task) for task_id, task in listed.items()]
    return {"rows": sorted(rows, key=lambda row: -row["updated"]), "next": None, "total": len(rows)}


def _workers(call: Call, subject: str, options: Mapping[str, Any]) -> list[dict[str, Any]]:
    whole = options.get("include_running", True)
    return [_worker(told, whole) for told in call("worker_list", include_running=True)]


def _worker(told: Mapping[str, Any], whole: bool) -> dict[str, Any]:
    running = told["running"]
    return {
        "worker_id": told["name"],
        "info": {name: told[name] for name in ("salt", "host", "username", "pid", "workers") if name in told},
        "enabled": told["state"] != "disabled",
        "known_since": told["started"],
        "active": told["last_active"],
        "first_task": told.get("first_task_display_name"),
        "running": [_row(*item) for item in running.items()] if whole else list(running),
        "pending": told["num_pending"],
        "unique": told["num_uniques"],
        "unread_messages": told["num_unread_rpc_messages"],
    }


def _resources(call: Call, subject: str, options: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": told["name"],
            "limit": told["num_total"],
            "used": told["num_used"],
            "holders": [
                {"task_id": task_id, "name": task.get("display_name", task_id), "worker": task["worker_running"]}
                for task_id, task in told["running"].items()
            ],
        }
        for told in call("resource_list")
    ]


_ANSWERERS: Final[Mapping[str, Callable[[Call, str, Mapping[str, Any]], Any]]] = {
    "counts": _counts,
    "task": _task,
    "answer": _answer,
    "tasks": _tasks,
    "workers": _workers,
    "resources": _resources,
    "paused": lambda call, subject, options: bool(call("is_paused")["paused"]),
}
