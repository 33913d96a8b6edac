"""Orders about one task, messages to it, and the report on one attempt at it, as resources."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from luigi.interfaces import Order, Question, Reply, Report
from luigi.rpc.records import written
from luigi.scheduler.records import ACTIVE
from luigi.server.guard.identity import Role
from luigi.server.problems import Problem
from luigi.server.v1 import order_shapes
from luigi.server.v1.known import the_task
from luigi.server.v1.operations import Act, Call, Operation, looking, ordering
from luigi.server.v1.orders import LONGEST_MESSAGE, carry_out, name_of
from luigi.server.v1.schemas import Id, OfKernel, Strict


class OutgoingMessage(Strict):
    """Text for a running task."""

    text = fields.String(required=True, validate=validate.Length(max=LONGEST_MESSAGE))


class AttemptReport(Strict):
    """How a worker's attempt at a task ended."""

    worker = Id(required=True)
    report = OfKernel(Report, required=True)


def order(verb: str) -> Act:
    """What has an order carried out, and tells how the task stands after it."""

    def ordered(call: Call) -> Any:
        task_id = call.said["task_id"]
        task = the_task(call.scheduler, task_id)
        carry_out(call.scheduler, Order(verb, task_id, by=name_of(call.identity)))
        return {"task_id": task_id, "status": task.status}

    return ordered


def send(call: Call) -> Any:
    """Send a message to a task that runs, by way of its worker."""
    task = the_task(call.scheduler, call.said["task_id"])
    worker = task.lease.worker if task.lease and task.status in ACTIVE else None
    if worker is None or not task.accepts_messages:
        why = "takes no messages" if worker else f"is {task.status}, it does not run"
        raise Problem(409, f"{task.task_id} {why}", hint="messages are for running tasks that have accepts_messages")
    by = name_of(call.identity)
    message = Order("send_message", task.task_id, text=call.said["text"], worker=worker, by=by)
    return {"message_id": carry_out(call.scheduler, message)}


def response(call: Call) -> Any:
    """What it answered."""
    task_id = call.said["task_id"]
    the_task(call.scheduler, task_id)
    options = {"message_id": call.said["message_id"]}
    return {"response": call.scheduler.view(Question("answer", task_id, options))}


def report(call: Call) -> Any:
    """Take in how an attempt ended, from whoever has the lease on the task."""
    worker, told = call.said["worker"], call.said["report"]
    lease = the_task(call.scheduler, told.task_id).lease
    if lease is None or (lease.worker, lease.token) != (worker, told.token):
        raise _stale(told)
    reply = call.scheduler.exchange(worker, [told], 0)
    if told.task_id in reply.refused:
        raise _stale(told)
    return written(reply)


def _stale(told: Report) -> Problem:
    hint = "it was reported on already, or given to somebody else meanwhile"
    return Problem(409, f"{told.task_id} is not this worker's by token {told.token}", hint=hint, field="report.token")


def operations() -> list[Operation]:
    """The orders, messages, reports."""
    of_task = "/tasks/{task_id}"
    return [
        _order("forgive", "forgive", "Have a failed task tried again now"),
        _order("retry", "retry", "Have a failed or disabled task tried again now, as if it had never failed"),
        _order("cancel", "cancel", "Have a task not run; one that runs is ended by its worker"),
        _order("mark-done", "mark_done", "Say that a running, failed or disabled task is done"),
        _order("re-enable", "re_enable", "Give a disabled task back to the workers"),
        ordering(
            f"{of_task}/messages",
            "sendMessage",
            "Send a message to a running task",
            send,
            order_shapes.SentMessage,
            OutgoingMessage,
        ),
        looking(
            f"{of_task}/messages/{{message_id}}",
            "getMessageAnswer",
            "What a task answered to a message",
            response,
            order_shapes.MessageAnswer,
        ),
        Operation(
            method="POST",
            path="/attempts",
            name="reportAttempt",
            summary="Report how one attempt at a task ended",
            role=Role.WORKER,
            act=report,
            body=AttemptReport,
            answer=Reply,
            refusals=(404, 409),
            quiet=True,
            quick=True,
        ),
    ]


def _order(path: str, verb: str, summary: str) -> Operation:
    return ordering(f"/tasks/{{task_id}}/{path}", verb, summary, order(verb), order_shapes.Standing)
