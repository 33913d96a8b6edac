"""What operators order and ask, in calls of the server's API."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from luigi.errors import KernelError
from luigi.interfaces import Order, Question
from luigi.task_status import BATCH_RUNNING, DISABLED, DONE, FAILED, PENDING, RUNNING, UNKNOWN

Call = Callable[..., Any]

STATUSES = (PENDING, RUNNING, BATCH_RUNNING, DONE, FAILED, DISABLED, UNKNOWN)


def carry_out(call: Call, order: Order) -> None:
    """Carry out an operator's order. Raises KernelError when it does not apply, saying why."""
    match order.verb:
        case "forgive":
            _expect(PENDING, order, call("forgive_failures", task_id=order.subject))
        case "mark_done":
            _expect(DONE, order, call("mark_as_done", task_id=order.subject))
        case "re_enable":
            if not call("re_enable_task", task_id=order.subject):
                raise KernelError(f"re_enable {order.subject}: no disabled task has that id")
        case "set_limit":
            call("update_resource", resource=order.subject, amount=int(order.amount or 0))
        case "pause" | "unpause":
            if not call("is_pause_enabled")["enabled"]:
                raise KernelError(f"{order.verb}: the server does not allow it", hint="see [scheduler] pause_enabled")
            call(order.verb)
        case _:
            hint = "there are: forgive, mark_done, re_enable, set_limit, pause, unpause"
            raise KernelError(f"no order {order.verb!r}", hint=hint)


def _expect(status: str, order: Order, answer: Mapping[str, Any]) -> None:
    if answer["status"] != status:
        raise KernelError(f"{order.verb} {order.subject}: the task is {answer['status'] or 'unknown'}")


def look_up(call: Call, question: Question) -> Any:
    """Answer a question: `counts` (status → number of tasks) or `task` (one task by id, None if unknown)."""
    match question.noun:
        case "counts":
            numbers = {status: _number_of(call, status) for status in STATUSES}
            return {status: number for status, number in numbers.items() if number}
        case "task":
            return _described(call, question.subject)
        case _:
            raise KernelError(f"no question {question.noun!r}", hint="there are: counts, task")


def _number_of(call: Call, status: str) -> int:
    """How many tasks have that status. Over its limit, the server says how many instead of listing them."""
    listed = call("task_list", status=status, upstream_status="", limit=True, max_shown_tasks=-1)
    return int(listed.get("num_tasks", len(listed)))


def _described(call: Call, task_id: str) -> dict[str, Any] | None:
    task = call("dep_graph", task_id=task_id).get(task_id)
    if task is None:
        return None
    runs = task["status"] in (RUNNING, BATCH_RUNNING)  # the server keeps the last worker and what it held
    return {
        "task_id": task_id,
        "family": task["name"],
        "status": task["status"],
        "priority": task["priority"],
        "deps": task["deps"],
        "worker": task["worker_running"] if runs else None,
        "explanation": read_explanation(call("fetch_error", task_id=task_id)["error"]),
        "tracking_url": task["tracking_url"],
        "status_message": task["status_message"],
        "percentage": task["progress_percentage"],
        "resources": (task["resources_running"] or {}) if runs else {},
    }


def written_explanation(text: str | None) -> str | None:
    """An explanation as it travels: JSON within the call's JSON."""
    return None if text is None else json.dumps(text)


def read_explanation(written: str | None) -> str | None:
    """The inverse of `written_explanation`. What some other client wrote plainly is given as it is."""
    if not written:
        return None
    try:
        text = json.loads(written)
    except ValueError:
        return written
    return text if isinstance(text, str) else None
